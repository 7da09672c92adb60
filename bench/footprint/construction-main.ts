// `node construction-main.ts <contestant>`: makes clients without dialling and prints the microseconds that one takes.
import { BARE, CONTESTANTS } from "../contestants/all.ts";
import { medianOf } from "../statistics.ts";

const BATCH = 2_000;
const BATCHES = 15;

const contestant = [BARE, ...CONTESTANTS].find(({ name }) => name === process.argv[2]);
const make = contestant?.make;
if (!make) throw new Error("It cannot be made without dialling");

let last: unknown;
function batch(): number {
  const begun = performance.now();
  for (let i = 0; i < BATCH; i++) last = make?.("ws://127.0.0.1:1/");
  return (1_000 * (performance.now() - begun)) / BATCH;
}

for (let i = 0; i < 3; i++) batch();
console.log(medianOf(Array.from({ length: BATCHES }, batch)).toFixed(2));
process.exit(last === undefined ? 1 : 0);
