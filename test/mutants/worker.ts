// One process of `npm run mutants`: finds out which test sees which mutant, brings the mutants that it is given to life one
// after another, and says for each whether a test failed. Whoever started it ends it when it hangs.
import fc from "fast-check";
import type { Test } from "./harness.ts";
import { loadWith } from "./hooks.ts";
import { allMutants, testFiles } from "./modules.ts";

export type Finding =
  | { readonly type: "ready"; readonly tests: number; readonly broken: readonly string[] }
  | { readonly type: "trying"; readonly id: number }
  | { readonly type: "killed"; readonly id: number; readonly by: string }
  | { readonly type: "survived"; readonly id: number; readonly seenBy: number };

declare global {
  /** Is this the mutant that lives? */
  var __mutant: (id: number) => boolean;
  /** A loop goes round. */
  var __turn: () => void;
}

/** A loop that was finite before a mutant came is not any more. */
const MOST_TURNS = 50_000_000;

const ids = (process.argv[2] ?? "").split(",").map(Number);
/** Brought to life before anything is loaded; then it is the only one. */
const onLoad = process.argv[3] === "on-load" ? ids[0] : undefined;

let alive = onLoad;
const { mutants, texts } = allMutants();
/** 1 for each mutant that has been passed. */
const seen = new Uint8Array(mutants.length);
let turns = 0;
let astray: unknown;

globalThis.__mutant = (id) => {
  seen[id] = 1;
  return id === alive;
};
globalThis.__turn = () => {
  if (++turns > MOST_TURNS) throw new Error("a loop does not end");
};
process.on("unhandledRejection", (error) => (astray ??= error ?? "a rejection"));
process.on("disconnect", () => process.exit()); // whoever started it is gone
process.setMaxListeners(0);
Error.stackTraceLimit = 0;
fc.configureGlobal({ endOnFailure: true, seed: 1 }); // that it fails is enough

loadWith((file, text) => texts.get(file) ?? text);
const { collect, nameOf, runTest, tests } = await import("./harness.ts");

function tell(finding: Finding): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(finding, () => {
      resolve();
    });
  });
}

async function fails(test: Test): Promise<boolean> {
  turns = 0;
  astray = undefined;
  const wrong = await runTest(test);
  await new Promise(setImmediate); // rejections that nobody handles are told by now
  return wrong !== undefined || astray !== undefined;
}

interface Watched {
  readonly test: Test;
  readonly sees: Uint8Array;
  readonly took: number;
}

async function watch(): Promise<readonly Watched[]> {
  const watched: Watched[] = [];
  const broken: string[] = [];
  for (const test of tests) {
    seen.fill(0);
    const start = performance.now();
    if (await fails(test)) broken.push(nameOf(test));
    watched.push({ test, sees: seen.slice(), took: performance.now() - start });
  }
  await tell({ type: "ready", tests: tests.length, broken });
  return watched.sort((one, other) => one.took - other.took);
}

async function tryOut(id: number, by: readonly Test[]): Promise<void> {
  await tell({ type: "trying", id });
  alive = id;
  for (const test of by) {
    if (!(await fails(test))) continue;
    await tell({ type: "killed", id, by: nameOf(test) });
    return;
  }
  await tell({ type: "survived", id, seenBy: by.length });
}

try {
  for (const file of testFiles) await collect(file);
} catch (error) {
  if (onLoad === undefined) throw error;
  await tell({ type: "killed", id: onLoad, by: `loading: ${String(error)}` });
  process.exit();
}
if (onLoad === undefined) {
  const watched = await watch();
  for (const id of ids) {
    const seeing = watched.filter(({ sees }) => sees[id] === 1);
    await tryOut(
      id,
      seeing.map(({ test }) => test),
    );
  }
} else await tryOut(onLoad, tests);
process.exit();
