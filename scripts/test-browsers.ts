// Runs the suite of test/browsers/ in real browsers, on the built package (`npm run build` first). Prints a table and ends
// with one line: "N passed, N failed". On Debian, root has missing browsers installed; elsewhere they are skipped.
//   --only chromium,firefox   these engines alone; the third is webkit
//   --quick                   without what takes long
//   --filter offline          only sentences with this in them
//   --together                all engines at the same time: less than half as long, with figures that are less even
//   --write                   puts the tables of a whole run into docs/compatibility.md, unless something failed
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import type { EngineName } from "../test/browsers/browser.ts";
import { type Engine, ENGINES, setUp } from "../test/browsers/engines.ts";
import { skipsOf, tablesOf } from "../test/browsers/report.ts";
import { lineOf, type Result } from "../test/browsers/result.ts";
import { runEngine } from "../test/browsers/run.ts";
import { writeSection } from "./section.ts";
import { conclude } from "./tally.ts";
import { inRoot } from "./entries.ts";

const ALL = ENGINES.map(({ key }) => key).join();

const { values } = parseArgs({
  options: {
    only: { type: "string", default: ALL },
    together: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
    filter: { type: "string", default: "" },
    write: { type: "boolean", default: false },
  },
});

const results: Result[] = [];
const versions = new Map<EngineName, string>();

function report(result: Result): void {
  results.push(result);
  // The many that pass stand in the table.
  if (result.error !== undefined || (result.seen !== undefined && result.group !== "cases"))
    console.log(lineOf(result));
}

async function run(engine: Engine): Promise<void> {
  const began = Date.now();
  try {
    versions.set(engine.name, await runEngine(engine, values, report));
  } catch (error) {
    report({ group: "cases", engine: engine.name, sentence: "the browser runs the suite", error: String(error) });
  }
  console.log(`${engine.name}: ${((Date.now() - began) / 1_000).toFixed(0)} s`);
}

function choose(): readonly Engine[] {
  const keys = values.only.split(",");
  const unknown = keys.filter((key) => ENGINES.every((engine) => engine.key !== key));
  if (unknown.length > 0) throw new Error(`--only ${unknown.join()}: there are ${ALL}`);
  return ENGINES.filter(({ key }) => keys.includes(key));
}

if (values.write && (values.quick || values.filter !== "" || values.only !== ALL))
  throw new Error("--write is for a whole run: without --only, --quick and --filter");
if (!existsSync(inRoot("dist/cdn/holdfast.js"))) throw new Error("There is no dist/ yet: npm run build");
const engines = choose();
const obstacles = await setUp(engines);
const able = engines.filter(({ name }) => !obstacles.has(name));
const skips = [...obstacles].map(([name, obstacle]) => `${name}: ${obstacle}`);
if (values.together) await Promise.all(able.map(run));
else for (const engine of able) await run(engine);

// In the order of the engines, whoever was done first.
const inOrder = able.flatMap(({ name }) => results.filter(({ engine }) => engine === name));
const columns = new Map(able.map(({ name }) => [name, versions.get(name) ?? ""]));
const tables = tablesOf(inOrder, columns);
console.log(`\n${tables}\n`);
for (const skip of [...skips, ...skipsOf(inOrder)]) console.log(`skipped: ${skip}`);
const passed = results.filter(({ seen }) => seen !== undefined).length;
const failed = results.filter(({ error }) => error !== undefined).length;
if (values.write && failed === 0 && skips.length === 0) await writeSection("docs/compatibility.md", "browsers", tables);
// What an engine does not have is told above; only an engine that could not run at all counts as skipped.
conclude({ passed, failed, skipped: skips.length });
