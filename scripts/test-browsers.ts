// The suite of test/browsers/ in real browsers, on the built package. Ends with one line: "N passed, N failed".
//   --only chromium,firefox   these engines alone
//   --quick                   without what takes long
//   --filter offline          only sentences with this in them
//   --write                   the tables into docs/compatibility.md
import { parseArgs } from "node:util";
import { ENGINES, setUp } from "../test/browsers/engines.ts";
import { runEngine } from "../test/browsers/run.ts";
import type { Result } from "../test/browsers/result.ts";
import { lineOf } from "../test/browsers/result.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    quick: { type: "boolean", default: false },
    filter: { type: "string", default: "" },
    write: { type: "boolean", default: false },
  },
});
const wanted = ENGINES.filter(({ key }) => values.only === "" || values.only.split(",").includes(key));
const obstacles = setUp(wanted, console.log);
const results: Result[] = [];
for (const engine of wanted) {
  const obstacle = obstacles.get(engine.name);
  if (obstacle !== undefined) { console.log(`skipped ${engine.name}: ${obstacle}`); continue; }
  const t = Date.now();
  const version = await runEngine(engine, values, (result) => { results.push(result); console.log(`${((Date.now()-t)/1000).toFixed(0)} ${lineOf(result)}`); });
  console.log(engine.name, version, `${((Date.now()-t)/1000).toFixed(0)} s`);
}
console.log(`${String(results.filter((r) => r.seen !== undefined).length)} passed, ${String(results.filter((r) => r.error !== undefined).length)} failed`);
