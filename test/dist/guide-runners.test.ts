// The examples of docs/guides/testing.md for runners other than Vitest, each run by its own runner in a project that has
// the packed package; and the transport contract, which is for any runner.
import { readFileSync } from "node:fs";
import { memoryHarness, transportContract } from "holdfast/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inRoot } from "../../scripts/entries.ts";
import type { TempProject } from "../../scripts/temp-project.ts";
import { consumer } from "../support/consumer.ts";
import { readPage } from "../support/markdown.ts";

/** Vitest's own settings for Node are not for a child that runs other tests. */
const OWN_ENV = { NODE_OPTIONS: "", CI: "true" };
const { fences } = readPage("testing.md", readFileSync(inRoot("docs/guides/testing.md"), "utf8"));

/** The example of the guide with this note. */
function example(note: string): string {
  const fence = fences.find(({ notes }) => notes.has(note));
  if (!fence) throw new Error(`The guide has no example with <!-- ${note} -->`);
  return fence.code;
}

/** The contract in virtual time, for a runner whose `test` is imported from `runner`. */
const contract = (runner: string): string => `
  import { test } from "${runner}";
  import { memoryHarness, transportContract, VirtualClock } from "holdfast/testing";

  const { length } = transportContract(memoryHarness());
  for (let index = 0; index < length; index++) {
    const clock = new VirtualClock();
    const { name, run } = transportContract(memoryHarness({ clock }))[index]!;
    test(name, () => clock.advanceFor(run()));
  }
`;
const CONTRACT_CASES = transportContract(memoryHarness()).length;

/** What Jest does to TypeScript: what is to be an ES module stays one. */
const TRANSFORM = `
  const { transformSync } = require(${JSON.stringify(inRoot("node_modules/esbuild"))});
  exports.process = (source, _file, { supportsStaticESM }) =>
    transformSync(source, { loader: "ts", format: supportsStaticESM ? "esm" : "cjs", target: "node20" });
`;

let project: TempProject;

beforeAll(async () => {
  project = await consumer("runners");
  await project.write("fake-timers.jest.ts", example("jest-test"));
  await project.write("contract.jest.ts", contract("@jest/globals"));
  await project.write("transform.cjs", TRANSFORM);
  await project.write("virtual-time.node.ts", example("node-test"));
  await project.write("fake-timers.node.ts", example("node-test-fake-timers"));
  await project.write("contract.node.ts", contract("node:test"));
});

afterAll(async () => {
  await project[Symbol.asyncDispose]();
});

describe("Jest", () => {
  const modes = {
    "with CommonJS": {},
    "with CommonJS and the conditions of a browser, as jsdom has them": {
      testEnvironmentOptions: { customExportConditions: ["browser"] },
    },
    "with ES modules": { extensionsToTreatAsEsm: [".ts"] },
  };

  it.each(Object.entries(modes))("%s", async (_mode, own) => {
    const config = { testMatch: ["**/*.jest.ts"], transform: { "\\.ts$": "./transform.cjs" }, ...own };
    await project.write("jest.config.json", JSON.stringify(config));
    const args = ["--experimental-vm-modules", inRoot("node_modules/jest/bin/jest.js"), "--no-cache", "--watchman=false"];
    const { code, output } = await project.run(process.execPath, args, { env: OWN_ENV });
    expect(output).toContain(`${String(CONTRACT_CASES + 1)} passed, ${String(CONTRACT_CASES + 1)} total`);
    expect(code).toBe(0);
  });
});

it("node:test", async () => {
  const files = ["virtual-time.node.ts", "fake-timers.node.ts", "contract.node.ts"];
  const args = ["--test", "--test-reporter=tap", ...files];
  const { code, output } = await project.run(process.execPath, args, { env: OWN_ENV });
  expect(output).toMatch(new RegExp(`^# pass ${String(CONTRACT_CASES + 2)}$`, "m"));
  expect(output).toMatch(/^# fail 0$/m);
  expect(code).toBe(0);
});
