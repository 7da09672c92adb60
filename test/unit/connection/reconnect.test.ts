import { describe, expect, it } from "vitest";
import { mend, PLACES, reach } from "./places.ts";
import { describeState, fateOf, open, setup } from "./world.ts";

describe.each(PLACES)("reconnect() while %s", (place) => {
  it("begins a new attempt at once, with the failures forgotten", async () => {
    const world = await reach(place);
    const { connection, states } = world;
    mend(world);
    const before = states.length;
    void connection.reconnect();
    expect(states[before]).toBe("connecting resolve 0");
  });

  it("lets go of the socket that there was, and is heard by the server as a new one", async () => {
    const world = await reach(place);
    const { connection, clock, server } = world;
    mend(world);
    const old = server.dials > 0 ? server.last : undefined;
    const { dials } = server;
    const opened = connection.reconnect();
    await clock.advanceAsync(0);
    if (place === "asking its providers") {
      expect(server.dials).toBe(dials);
      return;
    }
    expect(server.dials).toBe(dials + 1);
    expect(server.live).toBe(1);
    if (old) expect(old.state).toBe("closed");
    if (place === "shaking hands") return;
    expect(await fateOf(opened)).toBe("resolved");
    expect(connection.state.name).toBe("open");
    expect(server.connections).toEqual([server.last]);
  });
});

describe.each(PLACES)("connect() while %s", (place) => {
  it("leads to an open connection, unless a callback of the application hangs", async () => {
    const world = await reach(place);
    const { connection, clock, server } = world;
    if (place === "dialling") server.last.accept();
    else mend(world);
    const opened = connection.connect();
    await clock.advanceAsync(0);
    const hangs = place === "asking its providers" || place === "shaking hands";
    expect(await fateOf(opened)).toBe(hangs ? "pending" : "resolved");
    expect(connection.state.name).toBe(hangs ? "connecting" : "open");
    expect(server.maxLive).toBeLessThanOrEqual(1);
  });
});

describe("connect()", () => {
  it.each(["asking its providers", "dialling", "shaking hands", "open"] as const)(
    "disturbs nothing while %s",
    async (place) => {
      const { connection, server, states } = await reach(place);
      const [{ dials }, { length }] = [server, states];
      const { state } = connection;
      void connection.connect();
      expect(connection.state).toBe(state);
      expect([server.dials, states.length]).toEqual([dials, length]);
    },
  );

  it("does not wait for the next attempt, and keeps the count of failures", async () => {
    const world = await reach("waiting");
    void world.connection.connect();
    expect(describeState(world.connection.state)).toBe("connecting dial 1");
  });

  it("after a close begins at the beginning", async () => {
    const world = await reach("closed");
    void world.connection.connect();
    await world.clock.advanceAsync(0);
    expect(world.connection.state.name).toBe("open");
    expect(world.server.dials).toBe(2);
  });

  it("dials in the tick in which it is called when nothing has to be asked for", () => {
    const { connection, server } = setup();
    void connection.connect();
    expect(server.dials).toBe(1);
  });
});

describe("reconnect()", () => {
  it("says goodbye to a link that works", async () => {
    const world = setup();
    await open(world);
    const [old] = world.server.connections;
    void world.connection.reconnect();
    await world.clock.advanceAsync(0);
    expect(old?.end?.code).toBe(1_000);
  });

  it("called many times in a tick leaves one socket", async () => {
    const world = setup();
    await open(world);
    for (let round = 0; round < 10; round++) void world.connection.reconnect();
    await world.clock.advanceAsync(0);
    expect(world.server.connections).toHaveLength(1);
    expect(world.server.live).toBe(1);
    expect(world.connection.state.name).toBe("open");
  });

  it("brings back a connection that gave up", async () => {
    const world = await reach("given up");
    await Promise.all([world.connection.reconnect(), world.clock.advanceAsync(0)]);
    expect(world.states.slice(-4)).toEqual([
      "closed CONNECTION_LOST",
      "connecting resolve 0",
      "connecting dial 0",
      "open",
    ]);
    expect(world.connection.state.name).toBe("open");
  });
});
