import { describe, expect, it } from "vitest";
import { PLACES, reach } from "./places.ts";
import { expectNothingLeft, fateOf, open, setup } from "./world.ts";

describe.each(PLACES)("close() while %s", (place) => {
  it("ends in closed, with no timer, no watcher, no socket and no later dial", async () => {
    const world = await reach(place);
    const { connection, clock } = world;
    const closed = connection.close();
    if (place !== "open" && place !== "closing") expect(connection.state.name).toBe("closed");
    await clock.advanceAsync(2_000);
    expect(await fateOf(closed)).toBe("resolved");
    expect(connection.state.name).toBe("closed");
    expect(clock.pending).toBe(0);
    await expectNothingLeft(world);
  });

  it("can be called again and again, and from many places at once", async () => {
    const { connection, clock, states } = await reach(place);
    const promises = [connection.close(), connection.close(3_000, "again"), connection[Symbol.asyncDispose]()];
    await clock.advanceAsync(2_000);
    promises.push(connection.close());
    for (const promise of promises) expect(await fateOf(promise)).toBe("resolved");
    expect(states.filter((state) => state === "closed").length).toBeLessThanOrEqual(1);
  });

  it("is not undone by anything that the platform says later", async () => {
    const { connection, clock, server, network } = await reach(place);
    void connection.close();
    await clock.advanceAsync(2_000);
    const { dials } = server;
    for (const act of [
      () => {
        network.goOffline();
      },
      () => {
        network.goOnline();
      },
      () => {
        network.wake();
      },
      () => {
        network.suspend();
      },
    ])
      act();
    await clock.advanceAsync(60_000);
    expect(connection.state.name).toBe("closed");
    expect(server.dials).toBe(dials);
  });
});

describe("close() of an open connection", () => {
  it("sends the code and the reason, and resolves when the peer has answered", async () => {
    const world = setup();
    await open(world);
    const { connection, clock, server, states } = world;
    server.latency = 40;
    const closed = connection.close(4_321, "enough");
    expect(states.at(-1)).toBe("closing 4321 enough");
    await clock.advanceAsync(79);
    expect(await fateOf(closed)).toBe("pending");
    await clock.advanceAsync(1);
    expect(await fateOf(closed)).toBe("resolved");
    expect(server.last.end).toMatchObject({ code: 4_321, reason: "enough" });
    expect(states.at(-1)).toBe("closed");
  });

  it("resolves after closeTimeout when the peer never answers, and the socket is gone", async () => {
    const world = setup({ options: { closeTimeout: 700 } });
    await open(world);
    const { connection, clock, server } = world;
    server.last.closeHandshake = "ignore";
    const closed = connection.close();
    await clock.advanceAsync(699);
    expect(await fateOf(closed)).toBe("pending");
    expect(server.live).toBe(1);
    await clock.advanceAsync(1);
    expect(await fateOf(closed)).toBe("resolved");
    expect(server.live).toBe(0);
    expect(clock.pending - server.pending).toBe(0);
  });

  it("gives the peer two seconds by default", async () => {
    const world = setup();
    await open(world);
    world.server.last.stall("both");
    const closed = world.connection.close();
    await world.clock.advanceAsync(1_999);
    expect(await fateOf(closed)).toBe("pending");
    await world.clock.advanceAsync(1);
    expect(await fateOf(closed)).toBe("resolved");
  });

  it("delivers nothing that comes while it closes, and sends nothing", async () => {
    const world = setup();
    await open(world);
    const { connection, clock, server, messages } = world;
    server.last.closeHandshake = "ignore";
    void connection.close();
    server.last.send("late");
    await clock.advanceAsync(0);
    expect(messages).toEqual([]);
    expect(connection.send("later")).toBe(false);
  });

  it("takes a loss of the link meanwhile for the end", async () => {
    const world = setup();
    await open(world);
    world.server.last.closeHandshake = "ignore";
    const closed = world.connection.close();
    world.connection.drop();
    expect(await fateOf(closed)).toBe("resolved");
    expect(world.states.at(-1)).toBe("closed");
  });

  it("cuts a long reason to what fits in a close frame", async () => {
    const world = setup();
    await open(world);
    void world.connection.close(1_000, "ä".repeat(100));
    await world.clock.advanceAsync(0);
    expect(world.server.last.end?.reason).toBe("ä".repeat(61));
  });

  it.each([0, 999, 1_001, 1_005, 1_006, 2_999, 5_000, 1_000.5, NaN, Infinity])(
    "throws for the code %d at once, and goes on",
    async (code) => {
      const world = setup();
      await open(world);
      expect(() => void world.connection.close(code)).toThrow(TypeError);
      expect(world.connection.state.name).toBe("open");
    },
  );
});

describe("close() before the connection is open", () => {
  it("tells the peer goodbye if there is one already", async () => {
    const { connection, clock, server } = await reach("shaking hands");
    void connection.close();
    await clock.advanceAsync(0);
    expect(server.last.end?.code).toBe(1_000);
  });

  it("is what `await using` does at the end of its block", async () => {
    const world = setup();
    const use = async (): Promise<void> => {
      await using connection = world.connection;
      await connection.connect();
      expect(connection.send("hello")).toBe(true);
    };
    const used = use();
    await world.clock.advanceAsync(10);
    expect(await fateOf(used)).toBe("resolved");
    expect(world.server.last.texts).toEqual(["hello"]);
    expect(world.connection.state).toEqual({ name: "closed" });
  });
});
