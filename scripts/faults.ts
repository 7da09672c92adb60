// Would anybody notice? Puts bugs into the source on purpose, one at a time and never in the files themselves, and looks
// which unit test and which seed of the simulator notices each of them (the list: test/faults/faults.ts). Fails if one gets
// past either, but for those that the list says no seed can see.
//
//   npm run faults                all of them
//   npm run faults -- jitter      those with such a name
//   --workers N: so many processes
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readFileSync } from "node:fs";
import { type Fault, FAULTS, put } from "../test/faults/faults.ts";
import { inRoot } from "./entries.ts";

const WORKER = fileURLToPath(new URL("../test/faults/worker.ts", import.meta.url));
/** A fault that makes something go on for ever is noticed by that. */
const PATIENCE = 240_000;
const WIDTH = 90;
/** What Node exits with when there is nothing left to do, and something is still awaited. */
const HALTED = 13;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { workers: { type: "string", default: String(availableParallelism()) } },
});

/** What noticed it; "" if nothing did. */
function look(fault: Fault, by: "unit" | "seeds"): Promise<string> {
  return new Promise((resolve, reject) => {
    const worker = fork(WORKER, [String(FAULTS.indexOf(fault)), by], { stdio: ["ignore", "ignore", "pipe", "ipc"] });
    let answer: string | undefined;
    let said = "";
    const timer = setTimeout(() => {
      answer = "it does not end";
      worker.kill("SIGKILL");
    }, PATIENCE);
    worker.stderr?.on("data", (chunk) => (said += String(chunk)));
    worker.on("message", (noticed: string) => (answer = noticed));
    worker.on("exit", (code) => {
      clearTimeout(timer);
      if (code === HALTED) answer ??= "everything comes to a halt";
      if (answer === undefined) reject(new Error(`"${fault.name}": ${said}`));
      else resolve(answer);
    });
  });
}

interface Row {
  readonly fault: Fault;
  readonly unit: string;
  readonly seeds: string;
}

async function rowsOf(faults: readonly Fault[], workers: number): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const waiting = [...faults];
  const lane = async (): Promise<void> => {
    for (let fault = waiting.shift(); fault; fault = waiting.shift()) {
      const unit = await look(fault, "unit");
      const seeds = fault.simulator ? "" : await look(fault, "seeds");
      rows.push({ fault, unit, seeds });
      show({ fault, unit, seeds });
    }
  };
  await Promise.all(Array.from({ length: workers }, lane));
  return rows;
}

function show({ fault, unit, seeds }: Row): void {
  const nothing = "NOTHING NOTICED IT";
  console.log(fault.name);
  console.log(`    test   ${unit === "" ? nothing : cut(unit)}`);
  console.log(`    seed   ${fault.simulator ? `(${fault.simulator.blind})` : seeds === "" ? nothing : cut(seeds)}`);
}

function cut(text: string): string {
  return text.length > WIDTH ? `${text.slice(0, WIDTH - 1)}…` : text;
}

const chosen = FAULTS.filter(({ name }) => positionals.length === 0 || positionals.some((part) => name.includes(part)));
for (const fault of FAULTS) put(fault, readFileSync(inRoot(fault.file), "utf8")); // each has its place
const rows = await rowsOf(chosen, Math.max(1, Number(values.workers)));
const missed = rows.filter(({ fault, unit, seeds }) => unit === "" || (seeds === "" && !fault.simulator));
const bySeed = rows.filter(({ seeds }) => seeds !== "").length;
console.log(
  `${String(rows.length)} faults: ${String(rows.length - missed.length)} noticed, ${String(bySeed)} of them also by a seed; ${String(missed.length)} missed`,
);
process.exitCode = missed.length > 0 ? 1 : 0;
