import { globSync } from "node:fs";
import { inRoot } from "../../scripts/entries.ts";

/** It measures the heap, and here it would fail whatever the code does: it needs longer than a test may take. */
const MEASURING = "test/unit/client/heap.test.ts";

/** The test files in these folders of test/unit that tell what the code does. */
export function testFilesIn(folders: readonly string[]): readonly string[] {
  const patterns = folders.map((folder) => `test/unit/${folder}/*.test.ts`);
  return globSync(patterns, { cwd: inRoot(""), exclude: [MEASURING] }).sort();
}
