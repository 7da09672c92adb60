import { describe, expect, it } from "vitest";
import type { ConnectionState } from "../../../src/connection/state.ts";
import { ConnectionError } from "../../../src/core/errors.ts";
import { describeState, open, record, setup, type World } from "./world.ts";

/** Cold start, drop, three failures, recovery, give-up, manual recovery, close. */
async function story({ connection, clock, server }: World): Promise<void> {
  void connection.connect();
  await clock.advanceAsync(10_000);
  server.next({ type: "refuse" }, { type: "refuse", httpStatus: 503 }, { type: "stall" });
  server.dropAll();
  await clock.advanceUntil(() => server.connections.length === 1, 120_000);
  await clock.advanceAsync(10_000);
  server.closeAll(1_008, "policy");
  await clock.advanceAsync(60_000);
  void connection.reconnect();
  await clock.advanceAsync(10);
  void connection.close();
  await clock.advanceAsync(10);
}

describe("the states of a whole life", () => {
  it("are these, in this order", async () => {
    const world = setup({ options: { handshake: () => Promise.resolve() } });
    await story(world);
    expect(world.states).toEqual([
      "connecting resolve 0",
      "connecting dial 0",
      "connecting handshake 0",
      "open",
      "waiting 1 CONNECTION_LOST",
      "connecting resolve 1",
      "connecting dial 1",
      "waiting 2 DIAL_FAILED",
      "connecting resolve 2",
      "connecting dial 2",
      "waiting 3 DIAL_FAILED",
      "connecting resolve 3",
      "connecting dial 3",
      "waiting 4 CONNECT_TIMEOUT",
      "connecting resolve 4",
      "connecting dial 4",
      "connecting handshake 4",
      "open",
      "closed CONNECTION_LOST",
      "connecting resolve 0",
      "connecting dial 0",
      "connecting handshake 0",
      "open",
      "closing 1000",
      "closed",
    ]);
  });

  it("carry their causes: the close code and reason, the HTTP status, the error below", async () => {
    const world = setup();
    const states = record(world.connection, "state");
    await story(world);
    const causes = states.flatMap((state) => ("cause" in state ? [state.cause] : []));
    expect(causes.every((cause) => cause instanceof ConnectionError)).toBe(true);
    expect(causes.map((cause) => [cause.code, cause.closeCode, cause.httpStatus, cause.reason])).toEqual([
      ["CONNECTION_LOST", 1_006, undefined, ""],
      ["DIAL_FAILED", 1_006, undefined, ""],
      ["DIAL_FAILED", 1_006, 503, ""],
      ["CONNECT_TIMEOUT", undefined, undefined, undefined],
      ["CONNECTION_LOST", 1_008, undefined, "policy"],
    ]);
    for (const cause of causes) expect(cause.message).not.toBe("");
  });
});

describe("a snapshot of the state", () => {
  it("is the object that the event brought, and stays the same one until the next event", async () => {
    const world = setup();
    const { connection, clock } = world;
    let last: ConnectionState = connection.state;
    connection.on("state", (state) => {
      expect(state).not.toBe(last);
      expect(connection.state).toBe(state);
      last = state;
    });
    void connection.connect();
    for (let turn = 0; turn < 200; turn++) {
      await clock.advanceAsync(100);
      expect(connection.state).toBe(last);
      if (turn === 100) world.server.dropAll();
    }
    expect(connection.state.name).toBe("open");
  });

  it("does not change for what changes nothing", async () => {
    const world = setup();
    await open(world);
    const { connection, clock, network, states } = world;
    const { state } = connection;
    const { length } = states;
    void connection.connect();
    network.wake();
    network.goOffline();
    network.goOnline();
    await clock.advanceAsync(60_000); // stable now
    connection.send("x");
    expect(connection.state).toBe(state);
    expect(states).toHaveLength(length);
  });
});

describe("the debug stream", () => {
  it("tells every event with the states before and after it, an unbroken chain", async () => {
    const world = setup({ options: { handshake: () => Promise.resolve() } });
    const debug = record(world.connection, "debug");
    await story(world);
    let before = "idle";
    let [epoch, at] = [0, 1_000_000];
    for (const event of debug) {
      expect(event.from).toBe(before);
      expect(event.epoch).toBeGreaterThanOrEqual(epoch);
      expect(event.at).toBeGreaterThanOrEqual(at);
      [before, epoch, at] = [event.to, event.epoch, event.at];
    }
    expect(before).toBe("closed");
    expect(epoch).toBe(world.server.dials);
    expect(new Set(debug.map(({ event }) => event))).toEqual(
      new Set(["connect", "resolved", "opened", "ready", "ended", "timer", "reconnect", "close"]),
    );
  });

  it("tells of events that change nothing too, and of hints", () => {
    const world = setup();
    const debug = record(world.connection, "debug");
    world.connection.drop();
    void world.connection.connect();
    world.network.wake();
    expect(debug.map(({ event, from, to }) => `${event} ${from} ${to}`)).toEqual([
      "ended idle idle",
      "connect idle connecting",
      "resolved connecting connecting",
      "wake connecting connecting",
    ]);
  });

  it("holds numbers and names, and nothing that could be a secret", async () => {
    const world = setup({
      options: {
        url: () => "ws://user:SECRET@test/?token=SECRET",
        protocols: ["SECRET"],
        headers: { Authorization: "SECRET" },
        handshake: (link) => {
          link.send("SECRET");
        },
      },
    });
    const debug = record(world.connection, "debug");
    world.server.onConnection = (connection) => {
      connection.send("SECRET");
    };
    await story(world);
    expect(debug.length).toBeGreaterThan(20);
    expect(JSON.stringify(debug)).not.toContain("SECRET");
    expect(world.states.join()).not.toContain("SECRET");
    for (const event of debug)
      expect(Object.keys(event).sort()).toEqual(["at", "attempt", "epoch", "event", "from", "to"]);
  });

  it("comes before the state event that it explains", async () => {
    const world = setup();
    const order: string[] = [];
    world.connection.on("state", (state) => order.push(`state ${describeState(state)}`));
    world.connection.on("debug", ({ event }) => order.push(`debug ${event}`));
    void world.connection.connect();
    await world.clock.advanceAsync(0);
    expect(order).toEqual([
      "debug connect",
      "state connecting resolve 0",
      "debug resolved",
      "state connecting dial 0",
      "debug opened",
      "state open",
    ]);
  });
});

describe("the socket behind a connection", () => {
  it("is pinged where the platform can, and says how much it holds", async () => {
    const world = setup({ server: { rate: 1_000 } });
    expect(world.connection.ping()).toBe(false);
    expect(world.connection.bufferedAmount).toBeUndefined();
    await open(world);
    expect(world.connection.ping()).toBe(true);
    expect(world.connection.send("x".repeat(500))).toBe(true);
    expect(world.connection.bufferedAmount).toBe(500);
    await world.clock.advanceAsync(500);
    expect(world.connection.bufferedAmount).toBe(0);
    expect(world.server.last.pingCount).toBe(1);
  });

  it("cannot be pinged where the platform has no pings", async () => {
    const world = setup({ server: { pings: "absent", bufferedAmount: "unknown" } });
    await open(world);
    expect(world.connection.ping()).toBe(false);
    expect(world.connection.bufferedAmount).toBeUndefined();
  });

  it.each([undefined, null, 5, {}, new Blob(["x"]), new Uint8Array(new SharedArrayBuffer(1))])(
    "is not handed what it cannot send: %o",
    async (data) => {
      const world = setup();
      await open(world);
      // The cast: JavaScript callers pass anything.
      expect(() => world.connection.send(data as string)).toThrow(TypeError);
      expect(world.connection.state.name).toBe("open");
    },
  );
});
