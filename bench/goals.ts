import type { Results } from "./rounds.ts";
import { toTable } from "../scripts/markdown-table.ts";

interface Goal {
  readonly measure: string;
  readonly timed: string;
  readonly contestant: string;
  /** The least ratio to bare `ws`. */
  readonly least: number;
}

/** What the package is meant to reach. Latencies of at most 1.05 and 1.1 of bare are ratios of at least 1/1.05 and 1/1.1. */
const GOALS: readonly Goal[] = [
  { measure: "inbound", timed: "inbound", contestant: "holdfast", least: 0.97 },
  { measure: "inbound", timed: "inbound", contestant: "holdfast/websocket", least: 0.93 },
  { measure: "burst", timed: "burst", contestant: "holdfast", least: 3 },
  { measure: "lone", timed: "lone", contestant: "holdfast", least: 0.97 },
  { measure: "pipelined", timed: "pipelined", contestant: "holdfast", least: 1.05 },
  { measure: "sequential", timed: "sequential p50", contestant: "holdfast", least: 1 / 1.05 },
  { measure: "sequential", timed: "sequential p99", contestant: "holdfast", least: 1 / 1.1 },
  { measure: "binary", timed: "binary", contestant: "holdfast", least: 0.98 },
];

export function goalsTable(all: ReadonlyMap<string, Results>): string {
  const rows = GOALS.flatMap(({ measure, timed, contestant, least }) => {
    const found = all.get(measure)?.get(contestant)?.ratios[timed]?.median;
    if (found === undefined) return [];
    return [[`${timed}, ${contestant}`, least.toFixed(2), found.toFixed(2), found >= least ? "met" : "missed"]];
  });
  return toTable([["", "goal", "measured", ""], ...rows], "numbers");
}
