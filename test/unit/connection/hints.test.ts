import { describe, expect, it } from "vitest";
import { createClient } from "../../../src/index.ts";
import { seededRandom } from "../../../src/testing/seeded-random.ts";
import { PageClock } from "../../../src/testing/page-clock.ts";
import { reach } from "./places.ts";
import { describeState, open, setup, type World } from "./world.ts";

/** A connection that has failed so often that its next attempt is half a minute away. */
async function deepInBackoff(seed = 1, retryIn = 30_000): Promise<World> {
  const world = setup({
    seed,
    options: { retry: ({ attempt }) => (attempt < 8 ? 300 : attempt === 8 ? retryIn : undefined) },
  });
  world.server.stop();
  void world.connection.connect();
  await world.clock.advanceUntil(() => describeState(world.connection.state) === "waiting 9 DIAL_FAILED", 60_000);
  await world.clock.advanceAsync(2_000);
  return world;
}

function dialsSince({ server }: World, start: number): number[] {
  return server.dialTimes.filter((time) => time >= start).map((time) => time - start);
}

describe("a source of hints of one's own that throws", () => {
  it("is reported, and keeps nothing from connecting and closing", async () => {
    const network = {
      online: true,
      watch: () => {
        throw new Error("no such module");
      },
    };
    const { connection, errors, clock } = setup({ options: { network } });
    void connection.connect();
    await clock.advanceAsync(0);
    expect(connection.state.name).toBe("open");
    expect(errors.map(({ code }) => code)).toContain("LISTENER_FAILED");
    void connection.close();
    await clock.advanceAsync(0);
    expect(connection.state.name).toBe("closed");
  });
});

describe("waking up while waiting", () => {
  it.each(["goOnline", "show", "wake"] as const)("%s: tries again within half a second", async (signal) => {
    const world = await deepInBackoff();
    world.server.start();
    const start = world.clock.now();
    world.network[signal]();
    await world.clock.advanceAsync(500);
    expect(world.connection.state.name).toBe("open");
    expect(dialsSince(world, start)).toHaveLength(1);
  });

  it("tries once more within 2 s if that fails, and then waits as before", async () => {
    for (let seed = 1; seed <= 50; seed++) {
      const world = await deepInBackoff(seed);
      const start = world.clock.now();
      world.network.goOnline();
      await world.clock.advanceAsync(29_000);
      const [first = Infinity, second = Infinity, third = Infinity] = dialsSince(world, start);
      expect(first).toBeLessThanOrEqual(500);
      expect(second - first).toBeLessThanOrEqual(2_000);
      expect(second - first).toBeGreaterThanOrEqual(1_000);
      expect(third - second).toBeGreaterThanOrEqual(15_000);
      void world.connection.close();
    }
  });

  it("does so also when the platform woke up a moment before the attempt was due anyway", async () => {
    const world = await deepInBackoff(1, 2_100);
    world.network.goOnline();
    const start = world.clock.now();
    await world.clock.advanceAsync(5_000);
    const [first = Infinity, second = Infinity] = dialsSince(world, start);
    expect(first).toBeLessThanOrEqual(100);
    expect(second - first).toBeLessThanOrEqual(2_000);
  });

  it("comes at once after a sleep in which timers stood still", async () => {
    const world = setup();
    const page = new PageClock(world.clock);
    const client = setup({
      options: { clock: page, transport: world.server.transport, network: world.network, retry: () => 30_000 },
    });
    void client.connection.connect();
    await world.clock.advanceAsync(0);
    world.server.dropAll();
    await world.clock.advanceAsync(10);
    page.adjust(8 * 3_600_000); // the wall clock went on, the timers did not
    world.network.wake();
    await world.clock.advanceAsync(1_000);
    expect(client.connection.state.name).toBe("open");
    void client.connection.close();
    await world.clock.advanceAsync(10);
  });

  it("is spread over half a second among clients that wake together", async () => {
    const delays: number[] = [];
    for (let seed = 1; seed <= 40; seed++) {
      const world = await deepInBackoff(seed);
      world.server.start();
      const start = world.clock.now();
      world.network.wake();
      await world.clock.advanceAsync(500);
      delays.push(...dialsSince(world, start));
      void world.connection.close();
    }
    expect(delays).toHaveLength(40);
    expect(new Set(delays).size).toBeGreaterThan(35);
    expect(Math.max(...delays) - Math.min(...delays)).toBeGreaterThan(300);
  });
});

describe("a platform that says it is offline", () => {
  it("is not believed: the connection opens if the network works", async () => {
    const { connection, clock, network } = setup();
    network.goOffline();
    void connection.connect();
    await clock.advanceAsync(0);
    expect(connection.state.name).toBe("open");
  });

  it("still sees attempts, at growing waits, and only reads `offline` instead of `waiting`", async () => {
    const world = await reach("offline");
    await world.clock.advanceAsync(300_000);
    expect(world.server.dials).toBeGreaterThan(10);
    expect(world.states.some((state) => state.startsWith("waiting"))).toBe(false);
    world.server.start();
    await world.clock.advanceAsync(30_000);
    expect(world.connection.state.name).toBe("open");
  });

  it("changes the label of a wait, and nothing about it", async () => {
    const { connection, network } = await deepInBackoff();
    const { state } = connection;
    network.goOffline();
    expect(connection.state).toEqual({ ...state, name: "offline" });
    network.goOffline();
    network.goOffline();
    expect(describeState(connection.state)).toBe("offline 9 DIAL_FAILED");
  });

  it("does not end a link that works", async () => {
    const world = setup();
    await open(world);
    world.network.goOffline();
    await world.clock.advanceAsync(60_000);
    expect(world.connection.state.name).toBe("open");
    expect(world.server.dials).toBe(1);
  });
});

describe("a network that flaps", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
    "20 times in a second costs two attempts at most, and one socket (seed %d)",
    async (seed) => {
      const world = await deepInBackoff(seed);
      const start = world.clock.now();
      for (let flap = 0; flap < 20; flap++) {
        world.network.goOffline();
        world.network.goOnline();
        await world.clock.advanceAsync(50);
      }
      expect(dialsSince(world, start).length).toBeLessThanOrEqual(2);
      expect(world.server.maxLive).toBe(1);
    },
  );

  it("while dialling starts no second dial", async () => {
    const world = await reach("dialling");
    for (let flap = 0; flap < 20; flap++) {
      world.network.goOffline();
      world.network.goOnline();
      world.network.wake();
    }
    await world.clock.advanceAsync(5_000);
    expect(world.server.dials).toBe(1);
  });
});

describe("waking up while open", () => {
  it("asks the layer above for a sign of life, each time, and ends nothing", async () => {
    let probes = 0;
    const nothing = (): void => undefined;
    const upper = {
      opened: nothing,
      message: nothing,
      pong: nothing,
      lost: nothing,
      ended: nothing,
      probe: () => ++probes,
    };
    const world = setup({ upper });
    await open(world);
    for (const signal of ["wake", "goOffline", "goOnline", "show"] as const) world.network[signal]();
    expect(probes).toBe(4);
    expect(world.connection.state.name).toBe("open");
  });

  it("of a whole client sends one ping for five wake-ups in 100 ms, and a live link stays", async () => {
    const { clock, server, network } = setup();
    const client = createClient({
      url: "ws://test",
      clock,
      network,
      random: seededRandom(1),
      transport: server.transport,
    });
    void client.connect();
    await clock.advanceAsync(1_000);
    server.latency = 200;
    for (let wake = 0; wake < 5; wake++) {
      network.wake();
      await clock.advanceAsync(20);
    }
    await clock.advanceAsync(1_000);
    expect(server.last.pingCount).toBe(1);
    expect(client.state.name).toBe("open");
    expect(server.dials).toBe(1);
    void client.close();
    await clock.advanceAsync(5_000);
  });
});

describe("a page that is left", () => {
  it.each([1, 2, 3, 4, 5])(
    "says goodbye with 1000, and is back within a second of its return (seed %d)",
    async (seed) => {
      const world = setup({ seed });
      await open(world);
      await world.clock.advanceAsync(10_000);
      const [link] = world.server.connections;
      world.network.suspend();
      await world.clock.advanceAsync(0);
      expect(link?.end?.code).toBe(1_000);
      expect(describeState(world.connection.state)).toBe("waiting 0 SUSPENDED");
      world.clock.jump(600_000);
      world.network.wake();
      const start = world.clock.now();
      await world.clock.advanceUntil(() => world.connection.state.name === "open", 999);
      expect(dialsSince(world, start)).toHaveLength(1);
    },
  );

  it("comes back by itself if it was not left after all", async () => {
    const world = await reach("suspended");
    await world.clock.advanceAsync(1_000);
    expect(world.connection.state.name).toBe("open");
  });

  it("asks no policy, for nothing has failed", async () => {
    let asked = 0;
    const retry = (): "stop" => {
      asked++;
      return "stop";
    };
    const world = setup({ options: { retry } });
    await open(world);
    world.network.suspend();
    await world.clock.advanceAsync(2_000);
    expect(asked).toBe(0);
    expect(world.connection.state.name).toBe("open");
  });
});
