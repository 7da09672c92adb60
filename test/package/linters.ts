import { readFile } from "node:fs/promises";
import { inRoot } from "../../scripts/entries.ts";
import { run } from "../../scripts/temp-project.ts";
import { type Consumer, expectSuccess } from "./report.ts";

/** A check of this repository's own, on the packed package. */
function linter(
  [name, owner]: readonly [name: string, owner: string],
  what: string,
  command: (tarball: string) => readonly string[],
): Consumer {
  return {
    name,
    packages: [],
    version: async () => {
      const manifest = await readFile(inRoot(`node_modules/${owner}/package.json`), "utf8");
      return (JSON.parse(manifest) as { version: string }).version;
    },
    what,
    check: async (report, _project, { tarball }) => {
      await report.check("it has nothing to say", async () => {
        expectSuccess(await run(process.execPath, command(tarball), { cwd: inRoot("") }));
      });
    },
  };
}

const bin = (name: string): string => inRoot(`node_modules/.bin/${name}`);

/** What finds mistakes without running anything. */
export const LINTERS: readonly Consumer[] = [
  linter(["publint", "publint"], "strict", (tarball) => [bin("publint"), "run", tarball, "--strict"]),
  linter(
    ["attw", "@arethetypeswrong/cli"],
    "the types of every entry, as `import` and `require` find them",
    (tarball) => [bin("attw"), tarball, "--profile", "node16"],
  ),
  linter(["API report", "@microsoft/api-extractor"], "the public API is the one that was reviewed", () => [
    inRoot("scripts/api.ts"),
  ]),
];
