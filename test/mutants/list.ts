import { readFileSync } from "node:fs";
import { inRoot } from "../../scripts/entries.ts";
import type { Mutant } from "./mutate.ts";

/** The survivors that are explained. */
export const LIST = "docs/decisions/mutants.md";

function cell(text: string): string {
  const code = text.replaceAll("|", "\\|");
  return text === "" ? "left out" : "`" + code + "`";
}

/** How a mutant is called in the list: not by its line, which moves. */
export function rowOf({ file, from, to }: Mutant): string {
  return `| ${cell(file.replace("src/", ""))} | ${cell(from)} | ${cell(to)} |`;
}

/** What the list calls its mutants. */
export function explained(): readonly string[] {
  const rows = readFileSync(inRoot(LIST), "utf8").split("\n");
  return rows
    .filter((row) => row.startsWith("| `"))
    .map((row) => row.split(/(?<!\\)\|/).slice(1, 4))
    .map((cells) => `| ${cells.map((each) => each.trim()).join(" | ")} |`);
}
