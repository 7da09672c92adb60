// Interleaved, paired rounds: bare, A, bare, B, … so that whatever else the machine does meets all of them alike.
// Prints ratios of bare `ws`'s time to the contestant's (more is better: 1.1 means 10 % faster than bare), as a median
// with the least and the most. With --write they stand in docs/performance.md.
import { fork } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { BARE, type Contestant, CONTESTANTS } from "./contestants.ts";
import { type Measure, MEASURES } from "./measures.ts";
import { REQUEST_MEASURES } from "./requests.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "7" },
    only: { type: "string", default: "" },
    write: { type: "boolean", default: false },
  },
});

async function ratios(measure: Measure, contestant: Contestant, base: string, rounds: number): Promise<number[]> {
  const found: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const bare = await measure.run(BARE, base);
    const other = await measure.run(contestant, base);
    if (round > 0) found.push(bare / other); // the first round warms up
  }
  return found.sort((a, b) => a - b);
}

function cell(sorted: readonly number[]): string {
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? NaN).toFixed(2);
  return `${at(0.5)} (${at(0)}–${at(1)})`;
}

async function table(base: string, rounds: number): Promise<string> {
  const measures = [...MEASURES, ...REQUEST_MEASURES].filter(({ name }) => name.includes(values.only));
  const rows = [
    ["", ...measures.map(({ name }) => name)],
    ["---", ...measures.map(() => "---")],
  ];
  for (const contestant of CONTESTANTS) {
    const row = [contestant.name];
    for (const measure of measures) row.push(cell(await ratios(measure, contestant, base, rounds)));
    rows.push(row);
    console.error(row.join("  "));
  }
  return rows.map((row) => `| ${row.join(" | ")} |`).join("\n");
}

const START = "<!-- results -->";
const END = "<!-- /results -->";

function write(text: string): void {
  const file = new URL("../docs/performance.md", import.meta.url);
  const page = readFileSync(file, "utf8");
  const versions = ["ws", "reconnecting-websocket", "partysocket"].map((name) => {
    const path = new URL(`../node_modules/${name}/package.json`, import.meta.url);
    const { version } = JSON.parse(readFileSync(path, "utf8")) as { version: string };
    return `${name} ${version}`;
  });
  const date = new Date().toISOString().slice(0, 10);
  const machine = `${String(cpus().length)} cores, Node ${process.versions.node}; ${versions.join(", ")}; ${date}`;
  const [before = "", after = ""] = [page.split(START)[0], page.split(END)[1]];
  writeFileSync(file, `${before}${START}\n\n${machine}\n\n${text}\n\n${END}${after}`);
}

const child = fork(new URL("./server.ts", import.meta.url), { stdio: "inherit" });
const port = await new Promise<number>((resolve) => {
  child.once("message", (message) => {
    resolve(Number(message));
  });
});
const result = await table(`ws://127.0.0.1:${String(port)}`, Number(values.rounds));
console.log(result);
if (values.write) write(result);
child.disconnect();
