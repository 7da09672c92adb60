// Runs the simulator (docs/simulation.md) over many seeds, on every core, and ends with one line that sums it up:
//
//   npm run sim -- --seeds 10000    so many seeds, counted from --from (default 1)
//   npm run sim -- --minutes 30     as many as fit
//   npm run sim -- --seed 4711      one seed, with its whole trace
//
// --json prints the sum as JSON, --workers N uses so many threads. The first violation ends it: the seed, the step and the
// last 50 events are printed, and the exit code is 1. A run that is interrupted sums up what it has done.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import type { Report } from "../test/simulation/run.ts";
import { simulate } from "../test/simulation/simulate.ts";
import { add, EMPTY, sumUp, type Tally, tallyOf } from "../test/simulation/tally.ts";
import type { Answer, Chunk } from "./sim-worker.ts";

const CHUNK = 20;
/** A long run says so often how far it is. */
const PROGRESS = 60_000;

const { values } = parseArgs({
  options: {
    seeds: { type: "string" },
    seed: { type: "string" },
    from: { type: "string", default: "1" },
    minutes: { type: "string" },
    workers: { type: "string", default: String(availableParallelism()) },
    json: { type: "boolean", default: false },
  },
});
const begun = performance.now();
const seconds = (): number => (performance.now() - begun) / 1_000;

function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  console.error(`--${name} must be a whole number, and not ${text}`);
  process.exit(2);
}

function explain({ seed, violations, last }: Report): void {
  for (const line of last) console.error(line);
  for (const { step, at, message } of violations) {
    console.error(`\nseed ${String(seed)}, step ${String(step)}, after ${String(at)} ms: ${message}`);
  }
  console.error(
    `The last ${String(last.length)} events stand above. All of them: npm run sim -- --seed ${String(seed)}`,
  );
}

async function replay(seed: number): Promise<Tally> {
  const report = await simulate(seed, {
    trace: (line) => {
      if (!values.json) console.log(line);
    },
  });
  console.error(`seed ${String(seed)} has the digest ${report.digest}`);
  if (report.violations.length > 0) explain(report);
  return tallyOf(report);
}

/** The next seeds to run, for whichever thread is idle; none when it is enough. */
function chunks(): () => Chunk | undefined {
  const from = numberOf("from", values.from);
  const minutes = values.minutes === undefined ? Infinity : numberOf("minutes", values.minutes);
  const seeds = values.seeds === undefined ? (minutes < Infinity ? Infinity : 1_000) : numberOf("seeds", values.seeds);
  let next = from;
  let stopped = false;
  process.once("SIGINT", () => (stopped = true)).once("SIGTERM", () => (stopped = true));
  return () => {
    const count = Math.min(CHUNK, from + seeds - next);
    if (stopped || count <= 0 || seconds() > minutes * 60) return undefined;
    next += count;
    return { from: next - count, count };
  };
}

async function sweep(workers: number): Promise<Tally> {
  const take = chunks();
  let sum = EMPTY;
  let failed: Report | undefined;
  const progress = setInterval(() => {
    console.error(`${String(sum.seeds)} seeds, ${sum.hours.toFixed(0)} virtual hours, ${seconds().toFixed(0)} s`);
  }, PROGRESS);
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL("sim-worker.ts", import.meta.url));
      const give = (): void => {
        const chunk = failed ? undefined : take();
        if (chunk) worker.postMessage(chunk);
        else {
          void worker.terminate().then(() => {
            resolve();
          });
        }
      };
      worker.on("message", (answer: Answer) => {
        sum = add(sum, answer.tally);
        failed ??= answer.failed;
        give();
      });
      worker.on("error", reject);
      give();
    });
  await Promise.all(Array.from({ length: workers }, work));
  clearInterval(progress);
  if (failed) explain(failed);
  return sum;
}

const tally =
  values.seed === undefined
    ? await sweep(Math.max(1, numberOf("workers", values.workers)))
    : await replay(numberOf("seed", values.seed));
console.log(values.json ? JSON.stringify({ ...tally, seconds: seconds() }) : sumUp(tally, seconds()));
process.exitCode = tally.violations > 0 ? 1 : 0;
