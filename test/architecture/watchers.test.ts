// The lists of `npm run faults` and `npm run mutants` name places in the source. Both take too long for each change, so that
// here is only looked whether those places are still there.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { inRoot } from "../../scripts/entries.ts";
import { FAULTS, put } from "../faults/faults.ts";
import { explained, rowOf } from "../mutants/list.ts";
import { allMutants } from "../mutants/modules.ts";

test.each(FAULTS)("$name: the fault has its place in $file", (fault) => {
  const text = readFileSync(inRoot(fault.file), "utf8");
  expect(put(fault, text)).not.toBe(text);
});

test("every mutant whose survival is explained is among those that are tried", () => {
  const tried = new Set(allMutants().mutants.map(rowOf));
  expect(explained().length).toBeGreaterThan(10);
  expect(explained().filter((row) => !tried.has(row))).toEqual([]);
});
