// What a drop-in WebSocket costs per message, beside reconnecting-websocket and partysocket: bytes allocated and time, on a
// socket without a network. Run it as `npm run bench:drop-in`, which gives Node a young generation so large that nothing is
// collected while it counts. With --write the table stands in docs/performance.md.
import { PerformanceObserver } from "node:perf_hooks";
import { setImmediate as turn, setTimeout as sleep } from "node:timers/promises";
import { ReconnectingWebSocket as Holdfast } from "holdfast/websocket";
import { WebSocket as PartySocket } from "partysocket";
import ReconnectingWebSocket from "reconnecting-websocket";
import { toTable } from "../scripts/markdown-table.ts";
import { FakeSocket } from "./fake-socket.ts";
import { machine, writeResults } from "./page.ts";

const ROUNDS = 15;
const COUNT = 20_000;
const URL = "ws://127.0.0.1:1/";
const TEXT = JSON.stringify({ seq: 1, symbol: "KELP-EUR", price: 1234.5678, volume: 0.125, side: "buy" });
const BYTES = new ArrayBuffer(100);

interface SocketLike {
  send(data: string): void;
  addEventListener(type: "message", listener: (event: { readonly data?: unknown }) => void): void;
}

interface Contestant {
  readonly name: string;
  readonly make: () => SocketLike;
}

const options = { WebSocket: FakeSocket } as never; // each takes a class; their types want a browser's

const CONTESTANTS: readonly Contestant[] = [
  { name: "the platform's class alone", make: () => new FakeSocket(URL) },
  { name: "holdfast/websocket", make: () => new Holdfast(URL, [], options) },
  { name: "reconnecting-websocket", make: () => new ReconnectingWebSocket(URL, [], options) },
  { name: "partysocket", make: () => new PartySocket(URL, [], options) },
];

interface Link {
  readonly outer: SocketLike;
  readonly inner: FakeSocket;
}

async function open({ make }: Contestant): Promise<Link> {
  const before = FakeSocket.made.length;
  const outer = make();
  while (FakeSocket.made.length === before) await turn(); // the others dial in a later turn
  const inner = FakeSocket.made[before];
  if (!inner) throw new Error("unreachable");
  inner.binaryType = "arraybuffer";
  inner.open();
  return { outer, inner };
}

let read = 0;

const WORK: Readonly<Record<string, (link: Link) => void>> = {
  "text in": ({ inner }) => {
    for (let i = 0; i < COUNT; i++) inner.receive(TEXT);
  },
  "bytes in": ({ inner }) => {
    for (let i = 0; i < COUNT; i++) inner.receive(BYTES);
  },
  "text out": ({ outer }) => {
    for (let i = 0; i < COUNT; i++) outer.send(TEXT);
  },
};

interface Cost {
  readonly bytes: number;
  readonly ns: number;
}

const { gc } = globalThis;
if (!gc) throw new Error("The heap may not be collected while it counts: npm run bench:drop-in gives Node its flags");

/** When the heap was last collected. It is told of in a later turn. */
let collected = 0;
new PerformanceObserver((list) => {
  for (const { startTime } of list.getEntries()) collected = Math.max(collected, startTime);
}).observe({ entryTypes: ["gc"] });

/** The cost of one message, or nothing if the heap was collected meanwhile. */
async function measure(link: Link, work: (link: Link) => void): Promise<Cost | undefined> {
  gc?.();
  await turn();
  const heap = process.memoryUsage().heapUsed;
  const begun = performance.now();
  work(link);
  const took = performance.now() - begun;
  const bytes = process.memoryUsage().heapUsed - heap;
  await sleep(5);
  return collected < begun ? { bytes: bytes / COUNT, ns: (took * 1e6) / COUNT } : undefined;
}

function median(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[Math.floor(sorted.length / 2)] ?? NaN).toLocaleString("en");
}

async function row(contestant: Contestant): Promise<string[]> {
  const link = await open(contestant);
  (link.outer as Partial<Record<"binaryType", string>>).binaryType = "arraybuffer";
  link.outer.addEventListener("message", ({ data }) => {
    read += typeof data === "string" ? data.length : 1;
  });
  const cells: string[] = [];
  for (const work of Object.values(WORK)) {
    const costs: Cost[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const cost = await measure(link, work);
      if (cost && round >= 3) costs.push(cost); // the first rounds warm up
    }
    cells.push(median(costs.map(({ bytes }) => bytes)), median(costs.map(({ ns }) => ns)));
  }
  return [contestant.name, ...cells];
}

const head = ["", ...Object.keys(WORK).flatMap((name) => [`${name}: B`, `${name}: ns`])];
const rows = [head];
for (const contestant of CONTESTANTS) rows.push(await row(contestant));
if (read === 0) throw new Error("Nobody has read anything");
const table = toTable(rows, "numbers");
console.log(table);
if (process.argv.includes("--write")) {
  await writeResults("drop-in", `${machine()}\n\n${table}`);
}
process.exit(); // the others leave timers behind
