// npm run bench [-- --only holdfast --measure inbound,burst --rounds 7 --write]
// Compares clients with bare `ws`: each in a process of its own, against one server in another, in interleaved rounds.
// With --write, everything is measured and the tables of docs/performance.md and its picture are written anew.
import { parseArgs } from "node:util";
import { BARE, CONTESTANTS } from "./contestants/all.ts";
import { footprint } from "./footprint/footprint.ts";
import { MEASURES } from "./measures.ts";
import { ClientProcess, ServerProcess } from "./processes.ts";
import { compare, type Results } from "./rounds.ts";
import { costTable, ratioTable } from "./tables.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "7" },
    only: { type: "string", default: "" },
    measure: { type: "string", default: "" },
    write: { type: "boolean", default: false },
  },
});

/** What a list with commas asks for: all if it is empty, else those whose name holds one of its words. */
function chosen<Thing extends { readonly name: string }>(things: readonly Thing[], list: string): readonly Thing[] {
  const words = list.split(",").filter((word) => word !== "");
  return words.length === 0 ? things : things.filter(({ name }) => words.some((word) => name.includes(word)));
}

async function ratios(): Promise<ReadonlyMap<string, Results>> {
  await using server = await ServerProcess.start();
  using stack = new DisposableStack();
  const processes = new Map<string, ClientProcess>();
  const processOf = (name: string): ClientProcess => {
    let found = processes.get(name);
    if (!found) processes.set(name, (found = stack.use(new ClientProcess(name))));
    return found;
  };
  const results = new Map<string, Results>();
  for (const measure of chosen(MEASURES, values.measure)) {
    const contestants = chosen(CONTESTANTS, values.only).filter((each) => measure.suits(each));
    console.error(`${measure.name}: ${[BARE, ...contestants].map(({ name }) => name).join(", ")}`);
    results.set(measure.name, await compare(measure, contestants, server.url, Number(values.rounds), processOf));
  }
  return results;
}

const results = await ratios();
if (results.size > 0) console.log(`${ratioTable(results)}\n\n${costTable(results)}`);
if (values.measure === "" || values.measure.includes("footprint")) {
  const contestants = chosen(CONTESTANTS, values.only).filter(({ name }) => name !== "bare ws, corked");
  console.log(await footprint(contestants));
}
