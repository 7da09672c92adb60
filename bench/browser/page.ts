// Runs in the page. `bench.run(contestant, work, base)` does one work and resolves with the longest task that it made.
import { createClient } from "holdfast";
import { ReconnectingWebSocket as HoldfastSocket } from "holdfast/websocket";
import { WebSocket as PartySocket } from "partysocket";
import PladariaSocket from "reconnecting-websocket";
import { trade } from "../work.ts";

interface Line {
  send(value: unknown): void;
  onValue: (value: unknown) => void;
  close(): unknown;
}

type Socket = Pick<WebSocket, "send" | "close" | "addEventListener">;

async function lineOf(socket: Socket): Promise<Line> {
  const line: Line = {
    send: (value) => {
      socket.send(JSON.stringify(value));
    },
    onValue: () => undefined,
    close: () => {
      socket.close();
    },
  };
  socket.addEventListener("message", ({ data }) => {
    line.onValue(JSON.parse(data as string));
  });
  await new Promise((resolve) => {
    socket.addEventListener("open", resolve);
  });
  return line;
}

async function clientLine(url: string): Promise<Line> {
  const client = createClient({ url, outbox: { maxCount: Infinity, maxBytes: Infinity } });
  const line: Line = {
    send: (value) => {
      client.send(value);
    },
    onValue: () => undefined,
    close: () => client.close(),
  };
  client.on("message", (value) => {
    line.onValue(value);
  });
  await client.connect();
  return line;
}

const CONTESTANTS: Readonly<Record<string, (url: string) => Promise<Line>>> = {
  "bare WebSocket": (url) => lineOf(new WebSocket(url)),
  holdfast: clientLine,
  "holdfast/websocket": (url) => lineOf(new HoldfastSocket(url)),
  "reconnecting-websocket": (url) => lineOf(new PladariaSocket(url, [], { maxEnqueuedMessages: Infinity })),
  partysocket: (url) => lineOf(new PartySocket(url)),
};

function until(line: Line, count: number, start: () => void): Promise<void> {
  return new Promise((resolve) => {
    let left = count;
    line.onValue = () => {
      if (--left === 0) resolve();
    };
    start();
  });
}

let longest = 0;
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
}).observe({ type: "longtask" });

let line: Line | undefined;

const bench = {
  names: Object.keys(CONTESTANTS),
  /** Opens the line of a contestant. */
  async open(name: string, url: string): Promise<void> {
    line = await CONTESTANTS[name]?.(url);
    longest = 0;
  },
  async inbound(count: number): Promise<void> {
    const open = line;
    if (open) {
      await until(open, count, () => {
        open.send(count);
      });
    }
  },
  async outbound(count: number): Promise<void> {
    const open = line;
    const message = trade(1);
    if (open) {
      await until(open, 1, () => {
        for (let i = 0; i < count; i++) open.send(message);
      });
    }
  },
  /** The longest task since `open` in ms; 0 if all were shorter than 50 ms, which the browser does not report. */
  async close(): Promise<number> {
    await new Promise((resolve) => setTimeout(resolve, 100)); // the report of a task comes after it
    await line?.close();
    return longest;
  },
};

Object.assign(globalThis, { bench });
export type Bench = typeof bench;
