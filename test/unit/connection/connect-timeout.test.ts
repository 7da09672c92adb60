import { describe, expect, it } from "vitest";
import type { ConnectionOptions } from "../../../src/connection/options.ts";
import { describeState, open, setup, type World } from "./world.ts";

const after = (world: World, delay: number): Promise<void> =>
  new Promise<void>((resolve) => {
    world.clock.after(delay, resolve);
  });

describe("connectTimeout", () => {
  it("is 10 s by default, and covers a dial that is never answered", async () => {
    const { connection, clock, server } = setup();
    server.answer = { type: "stall" };
    void connection.connect();
    await clock.advanceAsync(9_999);
    expect(describeState(connection.state)).toBe("connecting dial 0");
    await clock.advanceAsync(1);
    expect(describeState(connection.state)).toBe("waiting 1 CONNECT_TIMEOUT");
    expect(server.live).toBe(0);
  });

  it.each<[string, (world: World) => Partial<ConnectionOptions>, string]>([
    ["a provider", () => ({ url: () => new Promise<string>(() => undefined) }), "resolve"],
    ["a handshake", () => ({ handshake: () => new Promise<void>(() => undefined) }), "handshake"],
  ])("covers %s that hangs", async (_, options, phase) => {
    const world = setup();
    const hanging = setup({ options: { ...options(world), connectTimeout: 700 } });
    void hanging.connection.connect();
    await hanging.clock.advanceAsync(699);
    expect(describeState(hanging.connection.state)).toBe(`connecting ${phase} 0`);
    await hanging.clock.advanceAsync(1);
    expect(describeState(hanging.connection.state)).toBe("waiting 1 CONNECT_TIMEOUT");
  });

  it.each([
    [300, 300, 300, "open"],
    [300, 300, 399, "open"],
    [400, 300, 300, "waiting 1 CONNECT_TIMEOUT"],
    [999, 1, 0, "waiting 1 CONNECT_TIMEOUT"],
  ])(
    "covers the whole: %d ms for the provider, %d for the dial, %d for the handshake: %s",
    async (url, dial, shake, end) => {
      const world: World = setup({
        options: {
          connectTimeout: 1_000,
          url: async () => {
            await after(world, url);
            return "ws://test";
          },
          handshake: () => after(world, shake),
        },
      });
      world.server.answer = { type: "accept", after: dial };
      void world.connection.connect();
      await world.clock.advanceAsync(1_000);
      expect(describeState(world.connection.state)).toBe(end);
    },
  );

  it("ignores an `open` that comes late: that socket is gone, and the next attempt is the only one", async () => {
    const { connection, clock, server, states } = setup({
      options: { connectTimeout: 1_000 },
      breaks: ["late-after-abandon"],
    });
    server.next({ type: "stall" });
    void connection.connect();
    await clock.advanceAsync(1_000);
    const [first] = server.all;
    const before = states.length;
    first?.accept();
    first?.send("late");
    await clock.advanceAsync(0);
    expect(states.length).toBe(before);
    expect(server.live).toBe(0);
    await clock.advanceUntil(() => connection.state.name === "open", 10_000);
    expect(server.dials).toBe(2);
    expect(server.live).toBe(1);
  });

  it("closes the socket that opens late where the platform is able to", async () => {
    const { connection, clock, server } = setup({ options: { connectTimeout: 1_000 } });
    server.next({ type: "stall" });
    void connection.connect();
    await clock.advanceAsync(1_000);
    await clock.advanceAsync(0);
    expect(server.all[0]?.state).toBe("closed");
  });

  it("is over when the connection is open", async () => {
    const world = setup({ options: { connectTimeout: 1_000 } });
    await open(world);
    await world.clock.advanceAsync(60_000);
    expect(world.states.at(-1)).toBe("open");
    expect(world.server.dials).toBe(1);
  });

  it("begins anew with each attempt", async () => {
    const { connection, clock, server, states } = setup({
      options: { connectTimeout: 1_000, backoff: { min: 500, max: 500 } },
    });
    server.answer = { type: "stall" };
    void connection.connect();
    await clock.advanceAsync(10_000);
    expect(server.dialTimes.map((time) => time - 1_000_000)).toEqual([0, 1_500, 3_000, 4_500, 6_000, 7_500, 9_000]);
    expect(states.filter((state) => state.endsWith("CONNECT_TIMEOUT"))).toHaveLength(7);
  });
});
