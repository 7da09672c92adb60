// One thread of `npm run sim`: runs the seeds that it is given, and answers what they came to.
import { parentPort } from "node:worker_threads";
import type { Report } from "../test/simulation/run.ts";
import { simulate } from "../test/simulation/simulate.ts";
import { add, EMPTY, type Tally, tallyOf } from "../test/simulation/tally.ts";

export interface Chunk {
  readonly from: number;
  readonly count: number;
}

export interface Answer {
  readonly tally: Tally;
  /** The first seed that failed; what comes after it in the chunk has not been run. */
  readonly failed: Report | undefined;
}

Error.stackTraceLimit = 0; // many errors are made, and nobody reads where

parentPort?.on("message", ({ from, count }: Chunk) => {
  void sweep(from, count).then((answer) => {
    parentPort?.postMessage(answer);
  });
});

async function sweep(from: number, count: number): Promise<Answer> {
  let tally = EMPTY;
  for (let seed = from; seed < from + count; seed++) {
    const report = await simulate(seed);
    tally = add(tally, tallyOf(report));
    if (report.violations.length > 0) return { tally, failed: report };
  }
  return { tally, failed: undefined };
}
