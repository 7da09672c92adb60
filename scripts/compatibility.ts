import { readFile, writeFile } from "node:fs/promises";
import { format, resolveConfig } from "prettier";
import { inRoot } from "./entries.ts";

const PAGE = inRoot("docs/compatibility.md");

/** A table of Markdown. The first row is its head. */
export function toTable(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")));
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = cells;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}

/** Writes what a run has found into docs/compatibility.md, between `<!-- section -->` and `<!-- /section -->`. */
export async function writeSection(section: string, content: string): Promise<void> {
  const text = await readFile(PAGE, "utf8");
  const start = `<!-- ${section} -->`;
  const from = text.indexOf(start);
  const to = text.indexOf(`<!-- /${section} -->`);
  if (from === -1 || to === -1) throw new Error(`docs/compatibility.md has no place for "${section}"`);
  const written = `${text.slice(0, from + start.length)}\n\n${content}\n\n${text.slice(to)}`;
  await writeFile(PAGE, await format(written, { ...(await resolveConfig(PAGE)), parser: "markdown" }));
}

/** What a run adds up to. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** Prints the closing lines, and makes the process fail if anything failed or nothing ran. */
export function conclude({ passed, failed, skipped }: Tally): void {
  if (failed > 0 || passed === 0) process.exitCode = 1;
  if (skipped > 0) console.log(`${String(skipped)} skipped: see above`);
  console.log(`${String(passed)} passed, ${String(failed)} failed`);
}
