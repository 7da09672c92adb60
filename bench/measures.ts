import type { ByteLine, Contestant, Line } from "./contestants/contestant.ts";
import { BYTES, PARAMS, trade } from "./work.ts";

/** What one run gives. */
export interface Sample {
  /** Milliseconds for the work, by the name of what was timed; less is better. */
  readonly times: Readonly<Record<string, number>>;
  /** Messages in the work. */
  readonly messages: number;
}

export interface Measure {
  readonly name: string;
  /** True if this contestant can do that. */
  suits(contestant: Contestant): boolean;
  /** Prepares outside of the clock; `clock` runs and times the work itself. */
  run(contestant: Contestant, base: string, clock: Clock): Promise<Sample>;
}

/** Does a work twice, the first time to warm up, and times the second, with the processor time that it took. */
export type Clock = (work: () => Promise<void>) => Promise<number>;

/** Calls `start`, and resolves when `count` values have come. */
type Until = (count: number, start: () => void) => Promise<void>;

/** One listener for all works on a line: another one for each would be compiled anew while the clock runs. */
function listen(line: Line): Until {
  let left = 0;
  let done: () => void = () => undefined;
  line.onValue = () => {
    if (--left === 0) done();
  };
  return (count, start) =>
    new Promise((resolve) => {
      left = count;
      done = resolve;
      start();
    });
}

async function using<Open extends { close(): unknown }>(
  opened: Promise<Open>,
  work: (open: Open) => Promise<Sample>,
): Promise<Sample> {
  const open = await opened;
  try {
    return await work(open);
  } finally {
    await open.close();
  }
}

function urlOf({ protocol }: Contestant, base: string, role: string): string {
  return `${base}/${protocol}/${role}`;
}

const canSend = ({ name }: Contestant): boolean => name !== "tRPC wsLink"; // it has requests and subscriptions only
const anybody = (): boolean => true;

const INBOUND = 100_000;
const inbound: Measure = {
  name: "inbound",
  suits: anybody,
  run: (contestant, base, clock) =>
    using(contestant.open(urlOf(contestant, base, "flood")), async (line) => {
      const until = listen(line);
      const work = (): Promise<void> =>
        until(INBOUND, () => {
          if (line.flood) line.flood(INBOUND);
          else line.send?.(INBOUND);
        });
      return { times: { inbound: await clock(work) }, messages: INBOUND };
    }),
};

const BURST = 20_000;
const BURSTS = 2;
const burst: Measure = {
  name: "burst",
  suits: canSend,
  run: (contestant, base, clock) =>
    using(contestant.open(urlOf(contestant, base, `sink/${BURST}`)), async (line) => {
      const message = trade(1);
      const until = listen(line);
      const one = (): void => {
        for (let i = 0; i < BURST; i++) line.send?.(message);
      };
      const work = async (): Promise<void> => {
        for (let i = 0; i < BURSTS; i++) await until(1, one);
      };
      return { times: { burst: await clock(work) }, messages: BURST * BURSTS };
    }),
};

const LONE = 2_000;
const lone: Measure = {
  name: "lone",
  suits: canSend,
  run: (contestant, base, clock) =>
    using(contestant.open(urlOf(contestant, base, "echo")), async (line) => {
      const message = trade(1);
      const until = listen(line);
      const one = (): void => line.send?.(message);
      const work = async (): Promise<void> => {
        for (let i = 0; i < LONE; i++) await until(1, one);
      };
      return { times: { lone: await clock(work) }, messages: LONE };
    }),
};

const SEQUENTIAL = 2_000;
const sequential: Measure = {
  name: "sequential",
  suits: anybody,
  run: (contestant, base, clock) =>
    using(contestant.open(urlOf(contestant, base, "rpc")), async (line) => {
      let took: number[] = [];
      await clock(async () => {
        took = [];
        for (let i = 0; i < SEQUENTIAL; i++) {
          const begun = performance.now();
          await line.ask(PARAMS);
          took.push(performance.now() - begun);
        }
      });
      took.sort((a, b) => a - b);
      const at = (share: number): number => took[Math.floor(share * (SEQUENTIAL - 1))] ?? NaN;
      return { times: { "sequential p50": at(0.5), "sequential p99": at(0.99) }, messages: SEQUENTIAL };
    }),
};

const PIPELINED = 10_000;
const IN_FLIGHT = 100;
const pipelined: Measure = {
  name: "pipelined",
  suits: anybody,
  run: (contestant, base, clock) =>
    using(contestant.open(urlOf(contestant, base, "rpc")), async (line) => {
      const work = async (): Promise<void> => {
        let left = PIPELINED;
        const worker = async (): Promise<void> => {
          while (left-- > 0) await line.ask(PARAMS);
        };
        await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
      };
      return { times: { pipelined: await clock(work) }, messages: PIPELINED };
    }),
};

const BINARY = 4_000;
const WINDOW = 16;
const binary: Measure = {
  name: "binary",
  suits: ({ openBytes }) => openBytes !== undefined,
  run: (contestant, base, clock) => {
    const opened = contestant.openBytes?.(urlOf(contestant, base, "bytes"));
    if (!opened) throw new Error(`${contestant.name} has no binary messages`);
    return using(opened, async (line) => ({ times: { binary: await clock(bounce(line)) }, messages: BINARY }));
  },
};

/** A window of messages goes back and forth. */
function bounce(line: ByteLine): () => Promise<void> {
  const bytes = new Uint8Array(BYTES).fill(7);
  let left = 0;
  let done: () => void = () => undefined;
  line.onBytes = (size) => {
    if (size !== BYTES) throw new Error(`A message of ${size} bytes`);
    if (--left === 0) done();
    else if (left >= WINDOW) line.send(bytes);
  };
  return () =>
    new Promise((resolve) => {
      left = BINARY;
      done = resolve;
      for (let i = 0; i < WINDOW; i++) line.send(bytes);
    });
}

const FLUSH = 10_000;
/** What was sent before the link was open, from the first of it until the server has read the last. */
const flush: Measure = {
  name: "flush",
  suits: ({ start }) => start !== undefined,
  run: async (contestant, base, clock) => {
    const lines: Line[] = [];
    const message = trade(1);
    const time = await clock(() => {
      const line = contestant.start?.(urlOf(contestant, base, `sink/${FLUSH}`));
      if (!line) throw new Error(`${contestant.name} queues nothing`);
      lines.push(line);
      return listen(line)(1, () => {
        for (let i = 0; i < FLUSH; i++) line.send?.(message);
      });
    });
    for (const line of lines) await line.close();
    return { times: { flush: time }, messages: FLUSH };
  },
};

export const MEASURES: readonly Measure[] = [inbound, burst, lone, sequential, pipelined, binary, flush];
