// examples/testing-app, as a project of its own with the packed package.
import { cp } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { inRoot } from "../../scripts/entries.ts";
import type { TempProject } from "../../scripts/temp-project.ts";
import manifest from "../../examples/testing-app/package.json" with { type: "json" };
import { consumer } from "../support/consumer.ts";

let project: TempProject;

beforeAll(async () => {
  const { dependencies, devDependencies } = manifest;
  const packages = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => name !== "holdfast");
  project = await consumer("testing-app", packages, manifest);
  for (const part of ["src", "test", "tsconfig.json", "vitest.config.ts"]) {
    await cp(inRoot(`examples/testing-app/${part}`), project.file(part), { recursive: true });
  }
});

afterAll(async () => {
  await project[Symbol.asyncDispose]();
});

it("passes its own tests", async () => {
  const vitest = inRoot("node_modules/vitest/vitest.mjs");
  const { code, output } = await project.run(process.execPath, [vitest, "run", "--no-color"]);
  expect(output).toMatch(/Tests +7 passed/);
  expect(code).toBe(0);
});

it("has no type error with the types of the package", async () => {
  const tsc = inRoot("node_modules/typescript/bin/tsc");
  expect(await project.run(process.execPath, [tsc])).toEqual({ code: 0, output: "" });
});
