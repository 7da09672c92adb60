// npm run bench:herd [-- --only holdfast --write]
// A thousand real clients whose server is killed, and back after 500 ms or 60 s; and 100,000 of holdfast's under the virtual clock.
import { parseArgs } from "node:util";
import { toTable } from "../../scripts/markdown-table.ts";
import { CONTESTANTS } from "../contestants/all.ts";
import { machine, versions, writeResults } from "../page.ts";
import { type Figures, figuresOf } from "./outcome.ts";
import { acceptRate, stampede } from "./real.ts";
import { simulate } from "./simulated.ts";

const { values } = parseArgs({
  options: { only: { type: "string", default: "" }, write: { type: "boolean", default: false } },
});

const REAL = 1_000;
const SIMULATED = 100_000;
/** So many herds lose their server for a short time; the one of the median stands in the table, as chance decides between them. */
const HERDS = 5;
/** Of so many by the dice alone, and of as many simulated ones of the same size. They cost little. */
const DICE = 101;
const SHORT = 500;
/** By then 95 % are to be back from a short outage. */
const GOAL = 3_000;
const LONG = 60_000;
/** So long after the server is back it is given up on the last of them. */
const PATIENCE = 45_000;
/** The long outages run side by side; so long one begins after the other, so that no two herds come back at once. */
const STAGGER = 8_000;

const HERD = [
  "holdfast",
  "reconnecting-websocket",
  "partysocket",
  "centrifuge",
  "Phoenix",
  "socket.io",
  "SignalR",
  "tRPC wsLink",
];
const names = HERD.filter((name) => name.includes(values.only));

const count = (clients: number): string => clients.toLocaleString("en");
const seconds = (ms: number | undefined): string => (ms === undefined ? "–" : `${(ms / 1_000).toFixed(1)} s`);

function row(name: string, { busiest, half, most, nearlyAll, all, wasted }: Figures): string[] {
  const percent = `${(100 * busiest).toFixed(1)} %`;
  return [name, percent, seconds(half), seconds(most), seconds(nearlyAll), seconds(all), wasted.toFixed(2)];
}

/** Nobody wasted, and the server never idle: what clients would do that could talk to each other. */
function ideal(rate: number, outage: number): string[] {
  const by = (share: number): number => outage + (1_000 * share * REAL) / rate;
  const busiest = Math.min(1, rate / 10 / REAL);
  const figures = { busiest, half: by(0.5), most: by(0.95), nearlyAll: by(0.99), all: by(1), wasted: 0 };
  return row(`ideal: ${rate.toFixed(0)} a second`, figures);
}

/**
 * As many clients that know nothing of each other, each at a time of its own between the server's return and `last`: no
 * jitter crowds the server less and is back as soon.
 */
function byChance(outage: number, last: number): string[] {
  const herds = Array.from({ length: DICE }, () => {
    const dials = Array.from({ length: REAL }, () => outage + Math.random() * (last - outage)).sort((a, b) => a - b);
    return figuresOf({ clients: REAL, dials, back: dials });
  });
  return row("the dice alone", median(herds));
}

/** The herd of the median, by its fullest 100 ms. */
function median(herds: Figures[]): Figures {
  const found = herds.sort((a, b) => a.busiest - b.busiest)[herds.length >> 1];
  if (!found) throw new Error("No herd");
  return found;
}

async function realRow(name: string, outage: number, times: number): Promise<string[]> {
  const herds: Figures[] = [];
  while (herds.length < times) herds.push(figuresOf(await stampede(name, REAL, outage, PATIENCE)));
  const found = row(name, median(herds));
  console.error(`${String(outage)} ms  ${found.join("  ")}`);
  return found;
}

/** Many clients at once, where chance averages out. */
function crowd(outage: number): string[] {
  return row(`holdfast, ${count(SIMULATED)} simulated`, figuresOf(simulate(SIMULATED, outage, 1)));
}

/** As many clients as the real ones are, of the package's own code, on a machine that never stalls. */
function simulated(outage: number, min?: number): string[] {
  const herds = Array.from({ length: DICE }, (_, seed) => figuresOf(simulate(REAL, outage, seed, { min })));
  const waits = min === undefined ? "" : `, waits from ${String(min)} ms`;
  return row(`holdfast, ${count(REAL)} simulated${waits}`, median(herds));
}

const HEAD = ["", "busiest 100 ms", "50 % back", "95 % back", "99 % back", "all back", "wasted dials"];
const table = (rows: readonly (readonly string[])[]): string => toTable([HEAD, ...rows], "numbers");

function elapse(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const rate = await acceptRate(REAL);
const short: string[][] = [];
for (const name of names) short.push(await realRow(name, SHORT, HERDS));
const long = await Promise.all(
  names.map(async (name, at) => {
    await elapse(at * STAGGER);
    return realRow(name, LONG, 1);
  }),
);
const last = SHORT + (GOAL - SHORT) / 0.95;
const byDice = [byChance(SHORT, last), simulated(SHORT), simulated(SHORT, SHORT)];
const tables = [
  `Back after 500 ms:\n\n${table([ideal(rate, SHORT), ...short, ...byDice, crowd(SHORT)])}`,
  `Back after 60 s:\n\n${table([ideal(rate, LONG), ...long, crowd(LONG)])}`,
].join("\n\n");
console.log(tables);
if (values.write) {
  const packages = CONTESTANTS.filter(({ name }) => names.includes(name)).map(({ from }) => from);
  await writeResults("herd", `${machine()}; ${versions(["ws", ...packages])}\n\n${tables}`);
}
