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

interface World extends Setup, Dialled {
  /** How often it was started. */
  starts: number;
  /** The listeners do nothing of their own any more. */
  isCalm: boolean;
}

type Act = (world: World, random: Random) => void;

/** What the application may do at any time, also in a listener. */
const CALLS: readonly Act[] = [
  ({ socket }) => {
    if (socket.readyState !== socket.CONNECTING) socket.send("x");
  },
  ({ socket }) => {
    socket.close();
  },
  (world) => {
    world.starts++;
    world.socket.reconnect();
  },
  (world) => {
    world.starts += 2;
    world.socket.reconnect();
    world.socket.close(3000);
    world.socket.reconnect();
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

/** A socket that has seen a lot. */
function live(seed: number, options: WebSocketOptions): World {
  const random = seededRandom(seed);
  const all = setup({ ...options, random, connectTimeout: 2_000 });
  const world: World = { ...all, ...all.dial(), starts: 1, isCalm: false };
  for (const type of ["open", "message", "close", "reconnecting", "reconnected", "unconfirmed"]) {
    world.socket.addEventListener(type, () => {
      if (!world.isCalm && random() < 0.1) pick(random, CALLS)(world, random);
    });
  }
  for (let step = 0; step < STEPS; step++) {
    pick(random, random() < 0.3 ? CALLS : TROUBLES)(world, random);
    world.clock.advance(pick(random, [0, 1, 100, 1_000, integer(random, 1, 60_000)]));
  }
  world.isCalm = true;
  return world;
}

/** What the log says of links. */
function lifeline(log: readonly string[]): string[] {
  return log
    .map((line) => line.replace(/@.*/, ""))
    .filter((type) => ["open", "close", "reconnecting", "reconnected"].includes(type));
}

describe.each(STYLES)("ReconnectingWebSocket with %o, whatever happens", (options) => {
  it.each(Array.from({ length: 50 }, (_, seed) => seed))("seed %d", (seed) => {
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
