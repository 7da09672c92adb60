// One process of `npm run faults`: puts one bug into the source as it is loaded, runs the unit tests or the simulator over
// it, and prints what noticed it. The files stay as they are.
import { loadWith } from "../mutants/hooks.ts";
import { testFilesIn } from "../mutants/test-files.ts";
import { FAULTS, put } from "./faults.ts";

/** So many seeds are enough to notice any of them. */
const MOST_SEEDS = 600;

const fault = FAULTS[Number(process.argv[2])];
if (!fault) throw new Error("there is no such fault");
let strays = 0;
process.on("unhandledRejection", () => strays++);
process.on("uncaughtException", () => strays++);
process.on("disconnect", () => process.exit()); // whoever started it is gone
process.setMaxListeners(0);
Error.stackTraceLimit = 0;
loadWith((file, text) => (file === fault.file ? put(fault, text) : text));

async function unit(folders: readonly string[]): Promise<string> {
  const { collect, nameOf, runTest, tests } = await import("../mutants/harness.ts");
  for (const file of testFilesIn(folders)) await collect(file);
  for (const test of tests) {
    const failed = (await runTest(test)) !== undefined;
    await new Promise(setImmediate);
    if (failed || strays > 0) return nameOf(test).replace(/^test\/unit\//, "");
  }
  return "";
}

async function seeds(): Promise<string> {
  const { simulate } = await import("../simulation/simulate.ts");
  for (let seed = 1; seed <= MOST_SEEDS; seed++) {
    try {
      const [violation] = (await simulate(seed)).violations;
      if (violation) return `${String(seed)}: ${violation.message}`;
      if (strays > 0) return `${String(seed)}: an unhandled error`;
    } catch (error) {
      return `${String(seed)}: ${String(error)}`;
    }
  }
  return "";
}

const noticed = process.argv[3] === "seeds" ? await seeds() : await unit(fault.unit);
process.send?.(noticed, () => process.exit());
