import { readFile } from "node:fs/promises";
import { inRoot } from "../../scripts/entries.ts";
import type { TempProject } from "../../scripts/temp-project.ts";
import { RUNTIMES } from "../runtimes/plans.ts";
import { runTool } from "./bundlers.ts";
import { type Consumer, expectSuccess } from "./report.ts";

async function put(project: TempProject, name: string): Promise<string> {
  return project.write(name, await readFile(inRoot(`test/package/consumers/${name}`), "utf8"));
}

/** Runs a script of consumers/ in the project, on the given executable. */
async function expectWell(project: TempProject, executable: string, args: readonly string[]): Promise<void> {
  const ended = await project.run(executable, args, { timeout: 60_000 });
  expectSuccess(ended);
  if (ended.output !== "well") throw new Error(ended.output);
}

function nodeConsumer(name: string): Consumer {
  const plan = RUNTIMES.find((each) => each.name === name);
  if (!plan) throw new Error(`There is no plan for ${name}`);
  const { alias, range } = plan;
  return {
    name,
    packages: [`${alias}@npm:${plan.package}@${range}`],
    version: (project) => project.version(alias),
    what: "every entry by `import` and `require`, errors known across both, a round trip",
    check: async (report, project, { echoUrl }) => {
      const script = await put(project, "import-all.mjs");
      await report.check("it is imported and required, and works", () =>
        expectWell(project, project.file(`node_modules/${alias}/${plan.executable}`), [script, echoUrl]),
      );
    },
  };
}

const LOWEST = 18;
const lowest: Consumer = {
  ...nodeConsumer(`Node ${String(LOWEST)}`),
  check: async (report, project, bench) => {
    await report.check("`engines` names this version as the lowest", async () => {
      const { engines } = JSON.parse(await project.read("node_modules/holdfast/package.json")) as {
        engines: { node: string };
      };
      if (engines.node !== `>=${String(LOWEST)}`) throw new Error(`it says ${engines.node}`);
    });
    await nodeConsumer(`Node ${String(LOWEST)}`).check(report, project, bench);
  },
};

const bare: Consumer = {
  name: "A bare context",
  packages: [],
  version: () => `Node ${process.versions.node}`,
  what: "every browser entry in a `vm` context without a platform: no global asked for or made",
  check: async (report, project) => {
    const script = await put(project, "bare.mjs");
    await report.check("it is imported and required without an effect", () =>
      expectWell(project, process.execPath, ["--no-warnings", "--experimental-vm-modules", script]),
    );
  },
};

const jest: Consumer = {
  name: "Jest",
  packages: ["jest@30", "jest-environment-jsdom@30"],
  version: (project) => project.version("jest"),
  what: "`require` and a round trip in its Node and in jsdom",
  slow: true,
  check: async (report, project, { echoUrl }) => {
    await put(project, "jest.test.cjs");
    for (const testEnvironment of ["node", "jsdom"])
      await report.check(`it works in the environment ${testEnvironment}`, async () => {
        const config = { testEnvironment, testMatch: ["**/jest.test.cjs"], globals: { echoUrl } };
        expectSuccess(await runTool(project, ["jest", "--ci", "--config", JSON.stringify(config)]));
      });
  },
};

/** What runs the package as it is. */
export const RUNNERS: readonly Consumer[] = [lowest, nodeConsumer("Node 26"), bare, jest];
