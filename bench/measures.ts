import type { Contestant, Line } from "./contestants.ts";

/** One number for one contestant in one round: milliseconds for the same work, so less is better. */
export interface Measure {
  readonly name: string;
  run(contestant: Contestant, base: string): Promise<number>;
}

/** About 100 bytes of JSON. */
const TRADE = { seq: 1, symbol: "KELP-EUR", price: 1234.5678, volume: 0.125, side: "buy", at: 1_700_000_000_000 };

/** Calls `start`, and answers how long it took until `count` values had come. */
function until(line: Line, count: number, start: () => void): Promise<number> {
  return new Promise((resolve) => {
    let left = count;
    const begun = performance.now();
    line.onValue = () => {
      if (--left === 0) resolve(performance.now() - begun);
    };
    start();
  });
}

async function on(contestant: Contestant, url: string, work: (line: Line) => Promise<number>): Promise<number> {
  const line = await contestant.open(url);
  try {
    return await work(line);
  } finally {
    await line.close();
  }
}

const inbound: Measure = {
  name: "inbound",
  run: (contestant, base) =>
    on(contestant, `${base}/flood`, (line) =>
      until(line, 50_000, () => {
        line.send(50_000);
      }),
    ),
};

/** Time until the server has read all of it. */
const burst: Measure = {
  name: "outbound burst",
  run: (contestant, base) =>
    on(contestant, `${base}/sink`, (line) =>
      until(line, 1, () => {
        for (let i = 0; i < 20_000; i++) line.send(TRADE);
        line.send(0);
      }),
    ),
};

/** The main thread's own time for a burst: what an application waits for. */
const handing: Measure = {
  name: "handing over a burst",
  run: (contestant, base) =>
    on(contestant, `${base}/sink`, async (line) => {
      let handed = 0;
      await until(line, 1, () => {
        const begun = performance.now();
        for (let i = 0; i < 20_000; i++) line.send(TRADE);
        handed = performance.now() - begun;
        line.send(0);
      });
      return handed;
    }),
};

const lone: Measure = {
  name: "a lone message and its echo",
  run: (contestant, base) =>
    on(contestant, `${base}/echo`, async (line) => {
      let all = 0;
      for (let i = 0; i < 3_000; i++) {
        all += await until(line, 1, () => {
          line.send(TRADE);
        });
      }
      return all;
    }),
};

export const MEASURES: readonly Measure[] = [inbound, burst, handing, lone];
