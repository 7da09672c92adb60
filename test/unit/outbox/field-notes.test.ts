import { describe, expect, it } from "vitest";
import type { ClientHandshakeLink } from "../../../src/client/options.ts";
import type { Outcome } from "../../../src/core/outcome.ts";
import { clientWorld, framesOf, parse, say, type World } from "../../support/client-world.ts";

const MIB = 1 << 20;

/** Sends values by name, and notes what became of the ones that were queued. */
function sender({ client }: World<unknown>): {
  readonly send: (name: string, options?: object) => string;
  readonly outcomes: Record<string, Outcome>;
} {
  const outcomes: Record<string, Outcome> = {};
  const send = (name: string, options: object = {}): string =>
    client.send(name, {
      settled: (outcome) => {
        expect(outcomes[name]).toBeUndefined();
        outcomes[name] = outcome;
      },
      ...options,
    });
  return { send, outcomes };
}

describe("messages that are sent into a dying socket", () => {
  it("are counted as unconfirmed, and what is sent after the detection is delivered once", async () => {
    const world = clientWorld({ heartbeat: { interval: 5_000, timeout: 2_000 } });
    const { server, client, open, go, all } = world;
    const { send, outcomes } = sender(world);
    await open();
    client.send("confirmed by what comes in next");
    await go();
    say(server.last, "hello");
    await go();
    server.last.stall("both");
    for (const name of ["1", "2", "3", "4", "5"]) expect(send(name)).toBe("written");
    await go(7_000);
    expect(client.state).toMatchObject({ name: "waiting", cause: { code: "HEARTBEAT_TIMEOUT" } });
    expect(all("unconfirmed")).toEqual([{ count: 5 }]);
    for (const name of ["6", "7", "8"]) expect(send(name)).toBe("queued");
    await go(30_000);
    expect(server.dials).toBe(2);
    expect(framesOf(server.last)).toEqual(["6", "7", "8"]);
    expect(outcomes).toEqual({ 6: "written", 7: "written", 8: "written" });
    expect(all("unconfirmed")).toHaveLength(1);
  });

  it("are confirmed by whatever comes in after them: a frame or a pong", async () => {
    const { server, client, open, go, all } = clientWorld();
    await open();
    client.send("1");
    await go(16_000); // a ping and its pong
    expect(server.last.pingCount).toBe(1);
    server.last.drop();
    await go(10_000);
    expect(client.state.name).toBe("open");
    expect(all("unconfirmed")).toEqual([]);
  });
});

describe("a queue that has grown stale", () => {
  it("writes what is still wanted: of [a ttl 1 s, b ttl 60 s, c key k, d key k, e aborted] b and d", async () => {
    const world = clientWorld();
    const { server, client, go, all } = world;
    const { send, outcomes } = sender(world);
    const controller = new AbortController();
    server.stop();
    void client.connect();
    await go();
    send("a", { ttl: 1_000 });
    send("b", { ttl: 60_000 });
    send("c", { key: "k" });
    send("d", { key: "k" });
    send("e", { signal: controller.signal });
    controller.abort();
    await go(5_000);
    server.start();
    void client.reconnect();
    await go();
    expect(framesOf(server.last)).toEqual(["b", "d"]);
    expect(outcomes).toEqual({ a: "expired", b: "written", c: "replaced", d: "written", e: "aborted" });
    expect(all("dropped")).toEqual([
      { data: '"c"', reason: "replaced" },
      { data: '"e"', reason: "aborted" },
      { data: '"a"', reason: "expired" },
    ]);
    expect([client.queue.size, client.queue.bytes]).toEqual([0, 0]);
  });

  it("replays nothing that was meant for the old connection", async () => {
    const world = clientWorld({ outbox: { highWater: 1 } });
    const { server, open, go } = world;
    const { send, outcomes } = sender(world);
    await open();
    server.last.pause();
    expect(send("handed over")).toBe("written");
    expect(send("unsubscribe", { scope: "connection" })).toBe("queued");
    expect(send("order", { scope: "client" })).toBe("queued");
    server.last.drop();
    await go(10_000);
    expect(server.dials).toBe(2);
    expect(framesOf(server.last)).toEqual(["order"]);
    expect(outcomes).toEqual({ unsubscribe: "discarded", order: "written" });
  });

  it("can be looked at and emptied", () => {
    const world = clientWorld();
    const { client } = world;
    const { send, outcomes } = sender(world);
    send("a");
    send("b");
    expect([client.queue.size, client.queue.bytes]).toEqual([2, 6]);
    client.queue.clear();
    expect(outcomes).toEqual({ a: "discarded", b: "discarded" });
    expect([client.queue.size, client.queue.bytes]).toEqual([0, 0]);
  });
});

describe("twenty kilobytes for a queue of ten", () => {
  const text = (n: number): string => `${String(n).padStart(3, "0")}${"x".repeat(97)}`; // 100 bytes each
  const all = Array.from({ length: 200 }, (_, n) => text(n));

  it("are refused exactly at the limit", async () => {
    const { server, client, open } = clientWorld({ dialect: "raw", outbox: { maxBytes: 10_000 } });
    for (const [n, data] of all.entries()) {
      if (n < 100) expect(client.send(data)).toBe("queued");
      else expect(() => client.send(data)).toThrow(expect.objectContaining({ code: "QUEUE_FULL" }));
      expect(client.queue.bytes).toBe(Math.min(n + 1, 100) * 100);
    }
    await open();
    await client.queue.drain();
    expect(server.last.texts).toEqual([]);
  });

  it("go out as the last ten in order with drop-oldest, and each that went is told", async () => {
    const world = clientWorld({ dialect: "raw", outbox: { maxBytes: 10_000, overflow: "drop-oldest" } });
    const { server, client, open, go } = world;
    for (const data of all) expect(client.send(data)).toBe("queued");
    expect(client.queue.bytes).toBe(10_000);
    expect(world.all("dropped")).toEqual(all.slice(0, 100).map((data) => ({ data, reason: "overflow" })));
    await open();
    await go();
    expect(server.last.texts).toEqual(all.slice(100));
  });

  it("go out as the first ten in order with drop-newest, and each that went is told", async () => {
    const world = clientWorld({ dialect: "raw", outbox: { maxBytes: 10_000, overflow: "drop-newest" } });
    const { server, client, open, go } = world;
    for (const data of all) client.send(data);
    expect(world.all("dropped")).toEqual(all.slice(100).map((data) => ({ data, reason: "overflow" })));
    await open();
    await go();
    expect(server.last.texts).toEqual(all.slice(0, 100));
  });

  it("are counted by message too", () => {
    const { client } = clientWorld({ outbox: { maxCount: 10 } });
    for (let n = 0; n < 10; n++) client.send(n);
    expect(() => client.send(10)).toThrow(expect.objectContaining({ code: "QUEUE_FULL" }));
    expect(client.queue.size).toBe(10);
  });
});

describe("a queue behind a handshake", () => {
  const handshake = async (link: ClientHandshakeLink): Promise<void> => {
    link.send("auth");
    if ((await link.receive()) !== "ok") throw new Error("not let in");
  };

  it("is flushed after it, in order: auth, m1, m2, m3, m4", async () => {
    const { server, client, go } = clientWorld({ handshake });
    client.send("m1");
    client.send("m2", {
      settled: () => {
        expect(client.send("m4")).toBe("queued"); // during the flush
      },
    });
    server.onConnection = (connection) => {
      connection.onMessage = (data) => {
        if (parse(data) !== ("auth" as unknown)) return;
        expect(client.state).toMatchObject({ name: "connecting", phase: "handshake" });
        expect(client.send("m3")).toBe("queued"); // during the handshake
        say(connection, "ok");
      };
    };
    void client.connect();
    await go();
    expect(framesOf(server.last)).toEqual(["auth", "m1", "m2", "m3", "m4"]);
  });

  it("is intact when the handshake fails, and flushed by the one that succeeds", async () => {
    const { server, client, go } = clientWorld({ handshake });
    let verdict = "no";
    server.onConnection = (connection) => {
      connection.onMessage = () => {
        say(connection, verdict);
      };
    };
    client.send("m1");
    client.send("m2");
    void client.connect();
    await go();
    expect(client.state).toMatchObject({ name: "waiting", cause: { code: "HANDSHAKE_FAILED" } });
    expect(framesOf(server.last)).toEqual(["auth"]);
    expect(client.queue.size).toBe(2);
    verdict = "ok";
    await go(10_000);
    expect(framesOf(server.last)).toEqual(["auth", "m1", "m2"]);
  });
});

describe("fifty megabytes to a reader that has paused", () => {
  const chunk = MIB / 16;
  const count = 800;

  /** Sends everything, and looks at each step what the socket was handed. */
  async function paused(): Promise<{ world: World<unknown>; handed: () => number }> {
    const outbox = { highWater: MIB, maxBytes: 64 * MIB };
    const world = clientWorld({ dialect: "raw", heartbeat: "off", outbox });
    const { server, client, open, go } = world;
    await open();
    server.last.pause();
    const handed = (): number => count * chunk - client.queue.bytes;
    for (let n = 0; n < count; n++) {
      const message = new Uint8Array(chunk);
      new DataView(message.buffer).setUint32(0, n);
      client.send(message);
    }
    await go(60_000);
    return { world, handed };
  }

  function numbers(connection: { readonly received: readonly { readonly data: unknown }[] }): readonly number[] {
    return connection.received.map(({ data }) => (data instanceof ArrayBuffer ? new DataView(data).getUint32(0) : -1));
  }

  it("hand the socket no more than the high-water mark and one message", async () => {
    const { handed } = await paused();
    expect(handed()).toBeGreaterThanOrEqual(MIB);
    expect(handed()).toBeLessThanOrEqual(MIB + chunk);
  });

  it("arrive in order once it reads on, and drain() says so", async () => {
    const { world } = await paused();
    const { server, client, clock, go } = world;
    let drained = false;
    void client.queue.drain().then(() => {
      drained = true;
    });
    await go(60_000);
    expect(drained).toBe(false);
    server.last.resume();
    await clock.advanceUntil(() => drained, 10_000);
    expect(client.queue.size).toBe(0);
    await go();
    expect(numbers(server.last)).toEqual(Array.from({ length: count }, (_, n) => n));
  });

  it("survive the socket but for what it was handed, which is counted", async () => {
    const { world, handed } = await paused();
    const { server, go, all } = world;
    const lost = handed() / chunk;
    server.last.drop();
    await go(10_000);
    expect(server.dials).toBe(2);
    expect(all("unconfirmed")).toEqual([{ count: lost }]);
    expect(numbers(server.last)).toEqual(Array.from({ length: count - lost }, (_, n) => n + lost));
  });

  it("are discarded by close(), and nobody waits for them any more", async () => {
    const { world, handed } = await paused();
    const { client, all } = world;
    const drained = client.queue.drain();
    const queued = count - handed() / chunk;
    void client.close();
    await drained;
    expect(all("dropped").map(({ reason }) => reason)).toEqual(Array.from({ length: queued }, () => "discarded"));
  });
});
