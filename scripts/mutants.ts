// How good are the tests? Changes the source of the parts in which everything is decided in one small place after another
// (an operator, a condition, a statement left out: test/mutants/mutate.ts), and looks whether a unit test fails. A mutant
// that survives must stand with its reason in docs/decisions/mutants.md, and nothing else may stand there.
//
//   npm run mutants                     all of them
//   npm run mutants -- outbox rpc       those of files with such names
//   --workers N: so many processes; --list: prints the rows for the table of the survivors that are not explained
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { explained, LIST, rowOf } from "../test/mutants/list.ts";
import { allMutants } from "../test/mutants/modules.ts";
import type { Mutant } from "../test/mutants/mutate.ts";
import type { Finding } from "../test/mutants/worker.ts";

const WORKER = fileURLToPath(new URL("../test/mutants/worker.ts", import.meta.url));
/** A process that says nothing for so long hangs, and the mutant that it tried is noticed by that. */
const PATIENCE = 60_000;

type Fate = "killed" | "hangs" | "survived" | "not seen";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    workers: { type: "string", default: String(availableParallelism()) },
    list: { type: "boolean", default: false },
  },
});
const fates = new Map<number, Fate>();

/** Runs one process until it has tried them all, or hangs. Answers those that are left. */
function tryIn(ids: readonly number[], how: "on-load" | "later"): Promise<readonly number[]> {
  return new Promise((resolve, reject) => {
    const worker = fork(WORKER, [ids.join(","), how], { stdio: ["ignore", "ignore", "pipe", "ipc"] });
    let left = [...ids];
    let trying: number | undefined;
    let said = "";
    const hangs = (): void => {
      if (trying === undefined) reject(new Error(`the tests do not end, though nothing is changed ${said}`));
      else fates.set(trying, "hangs");
      left = left.filter((id) => id !== trying);
      worker.kill("SIGKILL");
    };
    let timer = setTimeout(hangs, 4 * PATIENCE);
    worker.stderr?.on("data", (chunk) => (said += String(chunk)));
    worker.on("message", (finding: Finding) => {
      clearTimeout(timer);
      timer = setTimeout(hangs, PATIENCE);
      if (finding.type === "ready" && finding.broken.length > 0) reject(new Error(finding.broken.join("\n")));
      if (finding.type === "ready") return;
      trying = finding.id;
      if (finding.type === "trying") return;
      const unseen = finding.type === "survived" && finding.seenBy === 0;
      fates.set(finding.id, unseen ? "not seen" : finding.type);
      left = left.filter((id) => id !== finding.id);
    });
    worker.on("exit", (code) => {
      clearTimeout(timer);
      // A mutant may also end the whole process, for instance by taking all of its memory.
      if (code !== 0 && trying === undefined) reject(new Error(said));
      else if (code !== 0 && trying !== undefined && !fates.has(trying)) hangs();
      resolve(left);
    });
  });
}

async function tryAll(mutants: readonly Mutant[], workers: number): Promise<void> {
  const [early, late] = [mutants.filter(({ onLoad }) => onLoad), mutants.filter(({ onLoad }) => !onLoad)];
  const lane = async (index: number): Promise<void> => {
    let left: readonly number[] = late.filter((_, place) => place % workers === index).map(({ id }) => id);
    while (left.length > 0) left = await tryIn(left, "later");
    for (const { id } of early.filter((_, place) => place % workers === index)) await tryIn([id], "on-load");
  };
  await Promise.all(Array.from({ length: workers }, (_, index) => lane(index)));
}

function scores(mutants: readonly Mutant[]): void {
  const files = [...new Set(mutants.map(({ file }) => file))];
  const lines = [...files, undefined].map((file) => {
    const all = mutants.filter((one) => file === undefined || one.file === file);
    const count = (fate: Fate): number => all.filter(({ id }) => fates.get(id) === fate).length;
    const noticed = count("killed") + count("hangs");
    return {
      file: file ?? "all",
      mutants: all.length,
      killed: count("killed"),
      hangs: count("hangs"),
      survived: count("survived"),
      "not seen": count("not seen"),
      score: `${((noticed / all.length) * 100).toFixed(1)} %`,
    };
  });
  console.table(lines);
}

const { mutants: all } = allMutants();
const chosen = all.filter(({ file }) => positionals.length === 0 || positionals.some((name) => file.includes(name)));
await tryAll(chosen, Math.max(1, Number(values.workers)));
scores(chosen);
const survivors = chosen.filter(({ id }) => fates.get(id) === "survived" || fates.get(id) === "not seen");
const known = explained();
const unknown = survivors.filter((mutant) => !known.includes(rowOf(mutant)));
const rows = survivors.map(rowOf);
const places = new Set(chosen.map(rowOf));
const stale = known.filter((row) => !rows.includes(row) && (positionals.length === 0 || places.has(row)));
for (const mutant of unknown) {
  console.log(values.list ? `${rowOf(mutant)} |` : `survived: ${mutant.file}:${String(mutant.line)} ${rowOf(mutant)}`);
}
for (const row of stale) console.log(`stands in ${LIST}, and does not survive: ${row}`);
process.exitCode = unknown.length + stale.length > 0 ? 1 : 0;
