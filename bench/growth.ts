// npm run bench:growth [-- --write]
// The time of one operation on the outbox, the pending requests and the subscriptions, when there are 1,000, 10,000 and
// 100,000 entries. What costs the same at any length shows the same number in each column, but for the caches of the processor.
import { parseArgs } from "node:util";
import { createClient } from "holdfast";
import { ManualNetwork, VirtualClock } from "holdfast/testing";
import { toTable } from "../scripts/markdown-table.ts";
import { machine, writeResults } from "./page.ts";
import { medianOf } from "./statistics.ts";

const { values } = parseArgs({ options: { write: { type: "boolean", default: false } } });

/** Filling leaves rubbish behind, and collecting it is no part of an operation. */
const { gc } = globalThis as unknown as { gc: () => void };

const SIZES = [1_000, 10_000, 100_000];
/** Operations of one timing, at any size. */
const COUNT = 1_000;
const ROUNDS = 5;
/** A timing takes so many microseconds at least: the kernel counts in ticks of milliseconds. */
const LEAST = 50_000;
const UNBOUNDED = { maxCount: Infinity, maxBytes: Infinity };

/** A client without a network, under a virtual clock. `open` says whether its link takes what is written. */
function setup(link: "open" | "none") {
  const clock = new VirtualClock({ timersPerInstant: 1e7 });
  let receive: (frame: unknown) => void = () => undefined;
  const client = createClient({
    url: "ws://growth/",
    clock,
    network: new ManualNetwork(),
    heartbeat: "off",
    outbox: UNBOUNDED,
    rpc: { maxPending: Infinity, timeout: 60_000 },
    maxTopics: Infinity,
    transport: (_request, events) => {
      receive = (frame) => {
        events.message(JSON.stringify(frame));
      };
      if (link === "open") {
        clock.after(0, () => {
          events.opened("");
        });
      }
      return { bufferedAmount: 0, send: () => true, close: () => undefined, abandon: () => undefined };
    },
  });
  void client.connect();
  clock.advance(1);
  return {
    clock,
    client,
    receive: (frame: unknown) => {
      receive(frame);
    },
  };
}

type World = ReturnType<typeof setup>;

interface Operation {
  readonly name: string;
  readonly link: "open" | "none";
  /** Puts `size` entries in, and answers the operation: the work on `COUNT` of them, which leaves as many as it found. */
  fill(world: World, size: number): () => void;
}

function each(work: (at: number) => void): () => void {
  return () => {
    for (let at = 0; at < COUNT; at++) work(at);
  };
}

const OPERATIONS: readonly Operation[] = [
  {
    name: "outbox: queue, then abort from the middle",
    link: "none",
    fill: ({ client }, size) => {
      for (let i = 0; i < size; i++) client.send(i);
      return each(() => {
        const controller = new AbortController();
        client.send("one more", { signal: controller.signal });
        client.send("and one behind it", { key: "behind" });
        controller.abort();
      });
    },
  },
  {
    name: "outbox: replace by key",
    link: "none",
    fill: ({ client }, size) => {
      for (let i = 0; i < size; i++) client.send(i, { key: String(i) });
      return each((at) => {
        client.send("newer", { key: String(at % size) });
      });
    },
  },
  {
    name: "outbox: expire",
    link: "none",
    fill: ({ client, clock }, size) => {
      for (let i = 0; i < size; i++) client.send(i, { ttl: 3_600_000 });
      return () => {
        for (let at = 0; at < COUNT; at++) client.send(at, { ttl: 1 });
        clock.advance(2);
      };
    },
  },
  {
    name: "requests: ask and be answered",
    link: "open",
    fill: ({ client, receive }, size) => {
      for (let i = 0; i < size; i++) void client.request("wait", i);
      let id = size;
      return each(() => {
        void client.request("echo", 1);
        receive({ jsonrpc: "2.0", id: ++id, result: 1 });
      });
    },
  },
  {
    name: "requests: ask and abort",
    link: "open",
    fill: ({ client }, size) => {
      for (let i = 0; i < size; i++) void client.request("wait", i);
      return each(() => {
        const controller = new AbortController();
        void client.request("echo", 1, { signal: controller.signal });
        controller.abort();
      });
    },
  },
  {
    name: "requests: ask and time out",
    link: "open",
    fill: ({ client, clock }, size) => {
      for (let i = 0; i < size; i++) void client.request("wait", i, { timeout: 3_600_000 });
      return () => {
        for (let at = 0; at < COUNT; at++) void client.request("echo", 1, { timeout: 1 });
        clock.advance(3);
      };
    },
  },
  {
    name: "requests: the same, each after a time of its own",
    link: "open",
    fill: ({ client, clock }, size) => {
      for (let i = 0; i < size; i++) void client.request("wait", i, { timeout: 3_600_000 + i });
      return () => {
        for (let at = 0; at < COUNT; at++) void client.request("echo", 1, { timeout: 1 + at / COUNT });
        clock.advance(3);
      };
    },
  },
  {
    name: "subscriptions: one event",
    link: "open",
    fill: ({ client, receive }, size) => {
      for (let i = 0; i < size; i++) client.subscribe(`topic ${String(i)}`).listen(() => undefined);
      return each((at) => {
        receive({ jsonrpc: "2.0", method: "event", params: { topic: `topic ${String(at % size)}`, data: 1 } });
      });
    },
  },
  {
    name: "subscriptions: subscribe and leave",
    link: "open",
    fill: ({ client, receive }, size) => {
      for (let i = 0; i < size; i++) client.subscribe(`topic ${String(i)}`).listen(() => undefined);
      let id = size;
      let next = size;
      return each(() => {
        client.subscribe(`topic ${String(next++)}`).listen(() => undefined)();
        for (let answers = 0; answers < 2; answers++) receive({ jsonrpc: "2.0", id: ++id, result: null });
      });
    },
  },
];

/** The microseconds of one operation: processor time of this thread, so that it does not matter what else the machine does. */
async function time(operation: Operation, size: number): Promise<number> {
  const work = operation.fill(setup(operation.link), size);
  const times: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    gc();
    const before = process.threadCpuUsage();
    let spent = 0;
    let works = 0;
    while (spent < LEAST) {
      work();
      await new Promise(setImmediate); // what its promises still have to do
      const { user, system } = process.threadCpuUsage(before);
      spent = user + system;
      works++;
    }
    if (round > 0) times.push(spent / works / COUNT);
  }
  return medianOf(times);
}

const rows: string[][] = [];
for (const operation of OPERATIONS) {
  await time(operation, 1_000); // compiled by now
  const row = [operation.name];
  for (const size of SIZES) row.push((await time(operation, size)).toFixed(2));
  rows.push(row);
}
const table = toTable([["µs", ...SIZES.map((size) => size.toLocaleString("en"))], ...rows], "numbers");
console.log(table);
if (values.write) await writeResults("growth", `${machine()}\n\n${table}`);
