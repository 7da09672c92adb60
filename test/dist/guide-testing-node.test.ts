// The example of docs/guides/testing.md for node:test, run by Node's own runner.
import { execFile } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { inRoot } from "../../scripts/entries.ts";
import { readPage } from "../support/markdown.ts";

it("the example for node:test passes there", async () => {
  const { fences } = readPage("testing.md", readFileSync(inRoot("docs/guides/testing.md"), "utf8"));
  const example = fences.find(({ notes }) => notes.has("node-test"));
  // In the repository, so that Node finds the package by its own name.
  const file = inRoot("dist/node-test-example.test.ts");
  writeFileSync(file, example?.code ?? "");
  try {
    // Vitest's own settings for Node are not for a child that runs other tests.
    const env = { ...process.env, NODE_OPTIONS: "", NODE_TEST_CONTEXT: undefined };
    const { stdout } = await promisify(execFile)(process.execPath, ["--test", "--test-reporter=tap", file], { env });
    expect(stdout).toMatch(/^# pass 1$/m);
    expect(stdout).toMatch(/^# fail 0$/m);
  } finally {
    rmSync(file);
  }
});
