import { createClient } from "holdfast";
import type { Contestant, Line } from "./contestants.ts";
import type { Measure } from "./measures.ts";

type Ask = (params: unknown) => Promise<unknown>;

/** What one writes by hand to match answers to requests: a counter, a map, a timer for each. */
function byHand(line: Line): Ask {
  const pending = new Map<number, { resolve(value: unknown): void; timer: NodeJS.Timeout }>();
  let lastId = 0;
  line.onValue = (value) => {
    const { id, result } = value as { id: number; result: unknown }; // the peer is ours
    const waiting = pending.get(id);
    pending.delete(id);
    clearTimeout(waiting?.timer);
    waiting?.resolve(result);
  };
  return (params) =>
    new Promise((resolve, reject) => {
      const id = ++lastId;
      const timer = setTimeout(reject, 30_000);
      pending.set(id, { resolve, timer });
      line.send({ jsonrpc: "2.0", id, method: "echo", params });
    });
}

async function asking<Value>(contestant: Contestant, base: string, work: (ask: Ask) => Promise<Value>): Promise<Value> {
  if (contestant.name === "holdfast") {
    await using client = createClient({ url: `${base}/rpc` });
    await client.connect();
    return await work((params) => client.request("echo", params));
  }
  const line = await contestant.open(`${base}/rpc`);
  try {
    return await work(byHand(line));
  } finally {
    await line.close();
  }
}

const PARAMS = { symbol: "KELP-EUR", side: "buy", volume: 0.125 };

const sequential: Measure = {
  name: "requests, one by one",
  run: (contestant, base) =>
    asking(contestant, base, async (ask) => {
      const begun = performance.now();
      for (let i = 0; i < 3_000; i++) await ask(PARAMS);
      return performance.now() - begun;
    }),
};

const pipelined: Measure = {
  name: "requests, 100 in flight",
  run: (contestant, base) =>
    asking(contestant, base, async (ask) => {
      const begun = performance.now();
      let left = 20_000;
      const worker = async (): Promise<void> => {
        while (left-- > 0) await ask(PARAMS);
      };
      await Promise.all(Array.from({ length: 100 }, worker));
      return performance.now() - begun;
    }),
};

export const REQUEST_MEASURES: readonly Measure[] = [sequential, pipelined];
