import type { Result, Results } from "./rounds.ts";
import type { Spread } from "./statistics.ts";

/** A table in Markdown, as prettier would have it. The first column is text, the others are numbers. */
export function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) => Math.max(3, cell.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(" | ")} |`;
  const rule = widths.map((width, at) => (at === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(head), `| ${rule.join(" | ")} |`, ...rows.map(line)].join("\n");
}

/** In these the client waits for the network half of the time, whoever it is. */
const WAITING: ReadonlySet<string> = new Set(["lone", "sequential"]);
/** Below this share of a processor somebody else may have been the bottleneck. */
const BUSY = 0.8;

function cell({ median, least, most }: Spread, busy: boolean): string {
  return `${median.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})${busy ? "" : " \\*"}`;
}

function namesOf(all: ReadonlyMap<string, Results>): readonly string[] {
  return [...new Set([...all.values()].flatMap((results) => [...results.keys()]))];
}

export function ratioTable(all: ReadonlyMap<string, Results>): string {
  const columns = [...all].flatMap(([measure, results]) => {
    const first: Result | undefined = results.values().next().value;
    return Object.keys(first?.ratios ?? {}).map((timed) => ({ measure, timed, results }));
  });
  const rows = namesOf(all)
    .slice(1) // the first is what all are compared with
    .map((name) => [
      name,
      ...columns.map(({ measure, timed, results }) => {
        const result = results.get(name);
        const spread = result?.ratios[timed];
        return result && spread ? cell(spread, WAITING.has(measure) || result.load >= BUSY) : "–";
      }),
    ]);
  return markdown(["", ...columns.map(({ timed }) => timed)], rows);
}

/** Processor time of the client for one message, in µs. */
export function costTable(all: ReadonlyMap<string, Results>): string {
  const measures = [...all];
  if (measures.length === 0) return "";
  const rows = namesOf(all).map((name) => [
    name,
    ...measures.map(([, results]) => results.get(name)?.cpu.toFixed(1) ?? "–"),
  ]);
  return markdown(["µs", ...measures.map(([name]) => name)], rows);
}
