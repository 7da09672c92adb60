// What the migration guide says that behaves better: each row of its table has a test here, by the text of its second cell.
import { readFileSync } from "node:fs";
import { WebSocket as PartySocket } from "partysocket";
import ReconnectingWebSocket from "reconnecting-websocket";
import { expect, it } from "vitest";
import { inRoot } from "../../../scripts/entries.ts";
import { systemClock } from "../../../src/core/clock.ts";
import { MemoryServer } from "../../../src/testing/memory-server.ts";
import { memoryWebSocket } from "../../../src/testing/memory-websocket.ts";
import type { WebSocketOptions } from "../../../src/websocket/options.ts";
import { ReconnectingWebSocket as Holdfast } from "../../../src/websocket/websocket.ts";
import { readPage } from "../../support/markdown.ts";
import { setup } from "../../unit/websocket/setup.ts";

interface SocketLike {
  readonly readyState: number;
  readonly bufferedAmount: number;
  send(data: string): unknown;
  close(code?: number): void;
  reconnect(): void;
  addEventListener(type: string, listener: (event: Event) => void, options?: object): void;
}

type Make = (url: string, protocols: string[], options: object) => SocketLike;

const RECONNECTING: Make = (...args) => new ReconnectingWebSocket(...args); // types of its own
const PARTY: Make = (...args) => new PartySocket(...args);
const OURS: Make = (...args) => new Holdfast(...args);
const URL = "ws://test/";

/** All three dial one server in memory, with the same class and options, on real time. */
function world(options: object = {}): { server: MemoryServer; make: (from: Make) => SocketLike } {
  const server = new MemoryServer({ clock: systemClock });
  const quick = { minReconnectionDelay: 20, maxReconnectionDelay: 20 };
  const make = (from: Make): SocketLike => from(URL, [], { WebSocket: memoryWebSocket(server), ...quick, ...options });
  return { server, make };
}

/** The next event of that type, with its fields. */
function next(socket: SocketLike, type: string): Promise<Readonly<Record<string, unknown>>> {
  return new Promise((resolve) => {
    socket.addEventListener(type, (event) => {
      resolve(event as unknown as Readonly<Record<string, unknown>>); // whatever it has
    });
  });
}

async function opened(socket: SocketLike): Promise<SocketLike> {
  await next(socket, "open");
  return socket;
}

/** Time in which theirs would have dialled, if they did. Ours does in the call. */
const elapse = (ms: number): Promise<void> => new Promise((resolve) => systemClock.after(ms, resolve));
const virtual = (options: WebSocketOptions): ReturnType<typeof setup> => setup(options);

const claims: Readonly<Record<string, () => Promise<void> | void>> = {
  "the code is 1006, and `wasClean` is false": async () => {
    for (const [make, code] of [
      [RECONNECTING, 1000],
      [PARTY, 1000],
      [OURS, 1006],
    ] as const) {
      const { server, make: dial } = world({ maxRetries: 0 });
      server.answer = { type: "refuse" };
      const close = await next(dial(make), "close");
      expect(close["code"]).toBe(code);
      if (make === OURS) expect(close["wasClean"]).toBe(false);
    }
  },

  "`wasClean` says whether a close frame came": async () => {
    for (const [make, wasClean] of [
      [PARTY, true],
      [OURS, false],
    ] as const) {
      const { server, make: dial } = world({ maxRetries: 0 });
      server.answer = { type: "refuse" };
      expect((await next(dial(make), "close"))["wasClean"]).toBe(wasClean);
    }
  },

  "`reconnect()` works from every state": async () => {
    for (const [make, dials] of [
      [RECONNECTING, 1],
      [OURS, 2],
    ] as const) {
      const { server, make: dial } = world({ maxRetries: 0 });
      server.next({ type: "refuse" });
      const socket = dial(make);
      await next(socket, "close");
      await elapse(50); // nothing of its own is under way any more
      socket.reconnect();
      await elapse(100);
      expect(server.dials).toBe(dials);
    }
  },

  "it dials at once": async () => {
    for (const [make, dials] of [
      [RECONNECTING, 1],
      [PARTY, 1],
      [OURS, 2],
    ] as const) {
      const { server, make: dial } = world({
        minReconnectionDelay: 60_000,
        maxReconnectionDelay: 60_000,
        minUptime: 1,
      });
      const socket = dial(make);
      await opened(socket);
      server.dropAll();
      await next(socket, "close");
      socket.reconnect();
      await elapse(100);
      expect(server.dials).toBe(dials);
      socket.close();
    }
  },

  "it is a failed attempt, and there is a next one": async () => {
    // Theirs would end this very process: an unhandled rejection.
    const { server } = world();
    let asked = 0;
    const url = (): Promise<string> => (++asked === 1 ? Promise.reject(new Error("no token")) : Promise.resolve(URL));
    const socket = new Holdfast(url, [], { WebSocket: memoryWebSocket(server), backoff: { min: 1, base: 1, max: 1 } });
    await next(socket, "open");
    expect(asked).toBe(2);
    socket.close();
  },

  "`send` throws `QUEUE_FULL`, or with `maxEnqueuedMessages` a `dropped` event says so": () => {
    for (const make of [RECONNECTING, PARTY]) {
      const socket = world({ startClosed: true, maxEnqueuedMessages: 1 }).make(make);
      socket.send("a");
      socket.send("b");
      expect(socket.bufferedAmount).toBe(1); // "b" is gone, and nobody was told
    }
    const { dial } = virtual({ maxEnqueuedMessages: 1 });
    const { socket, log } = dial();
    socket.send("a");
    socket.send("b");
    expect(log).toEqual(["dropped@0 b overflow"]);
    const bounded = virtual({ outbox: { maxCount: 1 } }).dial().socket;
    bounded.send("a");
    expect(() => {
      bounded.send("b");
    }).toThrow(expect.objectContaining({ code: "QUEUE_FULL" }));
  },

  "an `unconfirmed` event counts them": () => {
    const { clock, server, open } = virtual({});
    const { socket, log } = open();
    socket.send("a");
    socket.send("b");
    server.dropAll();
    clock.advance(0);
    expect(log).toContain("unconfirmed@1 2");
  },

  "the jitter stays, up to the cap": () => {
    const waits = [0, 0.999].map((dice) => {
      const { clock, server, dial } = virtual({ random: () => dice, maxReconnectionDelay: 1_000 });
      server.answer = { type: "refuse" };
      dial();
      clock.advance(60_000);
      return (server.dialTimes.at(-1) ?? 0) - (server.dialTimes.at(-2) ?? 0);
    });
    expect(waits[1]).toBeLessThanOrEqual(1_000);
    expect((waits[1] ?? 0) - (waits[0] ?? 0)).toBeGreaterThan(400);
  },

  "a heartbeat; in Node by itself, in browsers with a message that the server knows": () => {
    const { clock, server, open } = virtual({});
    const { log } = open();
    server.last.stall();
    clock.advance(20_100); // 15 s of silence, and 5 s for the answer
    expect(log[0]).toContain("close@3 1006");
  },

  "it probes the link, or dials, at once": () => {
    const { clock, network, server, dial } = virtual({});
    server.next({ type: "refuse" });
    dial();
    clock.advance(0);
    expect(server.dials).toBe(1);
    network.wake();
    clock.advance(1_000); // spread a little, and less than any wait of theirs
    expect(server.dials).toBe(2);
  },

  "it counts bytes": () => {
    for (const [make, amount] of [
      [RECONNECTING, 1],
      [PARTY, 1],
      [OURS, 2],
    ] as const) {
      const socket = world({ startClosed: true }).make(make);
      if (make === OURS) socket.reconnect();
      socket.send("\u00e4");
      expect(socket.bufferedAmount).toBe(amount);
      socket.close();
    }
  },

  "as the standard has it, at the call": () => {
    const twice = ["a", "a"];
    for (const make of [RECONNECTING, PARTY]) {
      expect(() => make(URL, twice, { startClosed: true })).not.toThrow();
      expect(() => {
        make(URL, [], { startClosed: true }).close(1);
      }).not.toThrow();
    }
    expect(() => OURS(URL, twice, { startClosed: true })).toThrow(expect.objectContaining({ name: "SyntaxError" }));
    expect(() => {
      OURS(URL, [], { startClosed: true }).close(1);
    }).toThrow(expect.objectContaining({ name: "InvalidAccessError" }));
  },

  "`close()` discards the queue; each message is a `dropped` event": async () => {
    for (const make of [RECONNECTING, PARTY]) {
      const socket = world({ startClosed: true }).make(make);
      socket.send("a");
      socket.close();
      expect(socket.bufferedAmount).toBe(1);
    }
    const { server, make } = world();
    const socket = make(OURS);
    const dropped = next(socket, "dropped");
    socket.send("a");
    socket.close();
    expect(await dropped).toMatchObject({ data: "a", reason: "discarded" });
    expect(server.dials).toBeLessThanOrEqual(1);
  },

  "it is an `EventTarget`": async () => {
    for (const [make, calls] of [
      [RECONNECTING, 2],
      [OURS, 1],
    ] as const) {
      const { server, make: dial } = world();
      const socket = dial(make);
      let called = 0;
      socket.addEventListener("message", () => called++, { once: true });
      await opened(socket);
      const second = new Promise<void>((resolve) => {
        socket.addEventListener("message", (event) => {
          if ((event as MessageEvent).data === "2") resolve();
        });
      });
      server.last.send("1");
      server.last.send("2");
      await second;
      expect(called).toBe(calls);
      expect(socket instanceof EventTarget).toBe(make === OURS);
      socket.close();
    }
  },
};

const file = "docs/guides/migrating-from-reconnecting-websocket.md";
const table = readPage(file, readFileSync(inRoot(file), "utf8")).tables.find(({ notes }) => notes.has("better"));
const rows =
  table?.rows.slice(1).map(([, ours = ""]) => ours.replace(/\[(.*?)\]\(.*?\)/g, "$1").replace(/^`|`$/g, "")) ?? [];

it.each(rows)("%s", async (row) => {
  const claim = Object.entries(claims).find(([name]) => name.replace(/^`|`$/g, "") === row);
  expect(claim).toBeDefined();
  await claim?.[1]();
});

it("every test belongs to a row", () => {
  expect(Object.keys(claims)).toHaveLength(rows.length);
});
