// npm run bench [-- --only holdfast --measure inbound,burst --rounds 7 --profile <folder> --flags=<flags of node> --write]
// Compares clients with bare `ws`: each in a process of its own, against one server in another, in interleaved rounds.
// With --write, everything is measured and the tables of docs/performance.md and its picture are written anew; with
// --measure footprint --write, what a client weighs alone.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { inRoot } from "../scripts/entries.ts";
import { BARE, CONTESTANTS } from "./contestants/all.ts";
import { footprint } from "./footprint/footprint.ts";
import { goalsTable } from "./goals.ts";
import { MEASURES } from "./measures.ts";
import { machine, versions, writeResults } from "./page.ts";
import { plot } from "./plot.ts";
import { ClientProcess, ServerProcess } from "./processes.ts";
import { compare, type Results } from "./rounds.ts";
import { costTable, ratioTable } from "./tables.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "7" },
    only: { type: "string", default: "" },
    measure: { type: "string", default: "" },
    profile: { type: "string", default: "" },
    flags: { type: "string", default: "" },
    write: { type: "boolean", default: false },
  },
});

const weighsAlone = values.measure === "footprint";
if (values.write && (values.only !== "" || values.flags !== "" || !(values.measure === "" || weighsAlone)))
  throw new Error("--write takes a whole run, or --measure footprint and nothing else");

/** What a list with commas asks for: all if it is empty, else those whose name holds one of its words. */
function chosen<Thing extends { readonly name: string }>(things: readonly Thing[], list: string): readonly Thing[] {
  const words = list.split(",").filter((word) => word !== "");
  return words.length === 0 ? things : things.filter(({ name }) => words.some((word) => name.includes(word)));
}

/** What the clients' Node gets: `--flags=--no-opt`, and a profiler that writes into `--profile`. */
function flagsOf(name: string): string[] {
  const profiler = ["--cpu-prof", `--cpu-prof-dir=${values.profile}/${name.replace(/\W+/g, "-")}`];
  return [...values.flags.split(" "), ...(values.profile === "" ? [] : profiler)].filter((flag) => flag !== "");
}

async function ratios(): Promise<ReadonlyMap<string, Results>> {
  await using server = await ServerProcess.start();
  const start = (name: string): ClientProcess => new ClientProcess(name, flagsOf(name));
  const results = new Map<string, Results>();
  for (const measure of chosen(MEASURES, values.measure)) {
    const contestants = chosen(CONTESTANTS, values.only).filter((each) => measure.suits(each));
    console.error(`${measure.name}: ${[BARE, ...contestants].map(({ name }) => name).join(", ")}`);
    results.set(measure.name, await compare(measure, contestants, server.url, Number(values.rounds), start));
  }
  return results;
}

const compared = chosen(CONTESTANTS, values.only);
const results = await ratios();
const ratio = ratioTable(results);
const cost = costTable(results);
if (results.size > 0) console.log([ratio, cost, goalsTable(results)].join("\n\n"));
const wantsFootprint = values.measure === "" || values.measure.includes("footprint");
const weights = wantsFootprint ? await footprint(compared.filter(({ name }) => !name.startsWith("bare ws,"))) : "";
console.log(weights);
if (values.write) {
  const made = `${machine()}; ${versions([BARE, ...CONTESTANTS].map(({ from }) => from))}`;
  await writeResults("footprint", `${made}\n\n${weights}`);
  if (!weighsAlone) {
    await writeResults("results", `${made}; \`npm run bench -- --rounds ${values.rounds} --write\`\n\n${ratio}`);
    await writeResults("cost", cost);
    await writeResults("goals", goalsTable(results));
    writeFileSync(inRoot("docs/performance.svg"), plot(results));
  }
}
