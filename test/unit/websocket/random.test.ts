import { describe, expect, it } from "vitest";
import type { Random } from "../../../src/core/random.ts";
import { integer, pick, seededRandom } from "../../../src/testing/seeded-random.ts";
import type { WebSocketOptions } from "../../../src/websocket/options.ts";
import { type Dialled, type Setup, setup } from "./setup.ts";

const STEPS = 60;
const STYLES: readonly WebSocketOptions[] = [
  { events: "transparent" },
  { events: "single" },
  { events: "handover" },
  { retry: "off" },
];

type Act = (world: Setup & Dialled, random: Random) => void;

/** What the application may do at any time, also in a listener. */
const CALLS: readonly Act[] = [
  ({ socket }) => {
    if (socket.readyState !== socket.CONNECTING) socket.send("x");
  },
  ({ socket }) => {
    socket.close();
  },
  ({ socket }) => {
    socket.reconnect();
  },
  ({ socket }) => {
    socket.reconnect();
    socket.close(3000);
    socket.reconnect();
  },
];

/** What the world may do between two tasks. */
const TROUBLES: readonly Act[] = [
  ({ server }) => {
    server.dropAll();
  },
  ({ server }, random) => {
    server.closeAll(pick(random, [1000, 1001, 1008, 1012, 4000, 4401]));
  },
  ({ server }) => {
    server.next({ type: "refuse" });
  },
  ({ server }) => {
    server.next({ type: "stall" });
  },
  ({ server }) => {
    for (const connection of server.connections) connection.send("y");
  },
  ({ server }) => {
    for (const connection of server.connections) connection.closeHandshake = "ignore";
  },
  ({ network }, random) => {
    network.signal(pick(random, ["online", "offline", "wake", "suspend"]));
  },
];

/** One life with its ups and downs; `calls` counts those that start it again. */
function live(seed: number, options: WebSocketOptions): Setup & Dialled & { readonly starts: number } {
  const random = seededRandom(seed);
  const world = setup({ ...options, random, connectTimeout: 2_000 });
  const dialled = world.dial();
  const { socket } = dialled;
  const all = { ...world, ...dialled };
  let starts = 1;
  const { reconnect } = Object.getPrototypeOf(socket) as { reconnect(this: typeof socket): void };
  socket.reconnect = () => {
    starts++;
    reconnect.call(socket);
  };
  for (const type of ["open", "message", "close", "reconnecting", "reconnected", "unconfirmed"]) {
    socket.addEventListener(type, () => {
      if (starts < STEPS && random() < 0.1) pick(random, CALLS)(all, random);
    });
  }
  for (let step = 0; step < STEPS; step++) {
    pick(random, random() < 0.3 ? CALLS : TROUBLES)(all, random);
    world.clock.advance(pick(random, [0, 1, 100, 1_000, integer(random, 1, 60_000)]));
  }
  return Object.assign(all, { starts });
}

/** The lines of the log without what is said of messages. */
function lifeline(log: readonly string[]): string[] {
  return log
    .map((line) => line.replace(/@.*/, ""))
    .filter((type) => ["open", "close", "reconnecting", "reconnected"].includes(type));
}

describe.each(STYLES)("ReconnectingWebSocket with %o, whatever happens", (options) => {
  it.each(Array.from({ length: 150 }, (_, seed) => seed))("seed %d", (seed) => {
    const { clock, network, server, socket, log, starts } = live(seed, options);
    const types = lifeline(log);

    // Links open and close in turn; in the style "single" the return has a name of its own.
    let isOpen = false;
    let isBroken = false;
    for (const type of types) {
      if (type === "open") expect(isOpen).toBe(false);
      if (type === "reconnected") expect([isOpen, isBroken]).toEqual([true, true]);
      if (type === "open" || type === "reconnected") isBroken = false;
      if (type === "reconnecting") isBroken = true;
      if (type === "open" || type === "close") isOpen = type === "open";
    }
    if (options.events !== "single") expect(types).not.toContain("reconnected");
    if (options.events === "transparent" || options.retry) expect(types).not.toContain("reconnecting");
    if (options.retry) expect(server.dials).toBeLessThanOrEqual(starts);
    expect(log.every((line) => !line.startsWith("open") || line.startsWith("open@1"))).toBe(true);
    expect(server.maxLive).toBeLessThanOrEqual(1);

    log.length = 0;
    const wasOver = socket.readyState === socket.CLOSED;
    socket.close();
    clock.runAll();
    expect(socket.readyState).toBe(socket.CLOSED);
    expect(lifeline(log)).toEqual(wasOver ? [] : ["close"]);
    expect(socket.state.name).toBe("closed");
    expect([clock.pending, network.watchers, server.live]).toEqual([0, 0, 0]);
  });
});
