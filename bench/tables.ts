import { toTable } from "../scripts/markdown-table.ts";
import type { Result, Results } from "./rounds.ts";
import { cellOf, type Spread } from "./statistics.ts";

/** In these the client waits for the network half of the time, whoever it is. */
const WAITING: ReadonlySet<string> = new Set(["lone", "sequential"]);
/** Below this share of a processor somebody else may have been the bottleneck. */
const BUSY = 0.8;

function cell(spread: Spread, busy: boolean): string {
  return `${cellOf(spread)}${busy ? "" : " \\*"}`;
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
  return toTable([["", ...columns.map(({ timed }) => timed)], ...rows], "numbers");
}

/** Processor time of the client for one message, in µs. */
export function costTable(all: ReadonlyMap<string, Results>): string {
  const measures = [...all];
  if (measures.length === 0) return "";
  const rows = namesOf(all).map((name) => [
    name,
    ...measures.map(([, results]) => results.get(name)?.cpu.toFixed(1) ?? "–"),
  ]);
  return toTable([["µs", ...measures.map(([name]) => name)], ...rows], "numbers");
}
