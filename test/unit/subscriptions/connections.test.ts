import { describe, expect, it } from "vitest";
import type { SubscribeContext } from "../../../src/subscriptions/topic.ts";
import { callsOf, say } from "../../support/client-world.ts";
import { expectNothingUncaught } from "../../support/uncaught.ts";
import { event, feed, iterating, type Trade } from "./setup.ts";

expectNothingUncaught();

const ignore = (): void => undefined;
const sequence = ({ seq }: Trade): number => seq;

describe("a topic across connections", () => {
  it("waits for the first one, and is subscribed on each, once", async () => {
    const { client, server, open, go, calls, publish } = feed();
    const got: unknown[] = [];
    client.subscribe("trades").listen((trade) => got.push(trade));
    client.subscribe("books").listen(ignore);
    await open();
    await go();
    expect(calls()).toEqual(["subscribe trades", "subscribe books"]);
    for (let round = 1; round <= 3; round++) {
      publish(round);
      await go();
      server.last.drop();
      await go(30_000);
      expect(server.dials).toBe(1 + round);
      expect(calls()).toEqual(["subscribe trades", "subscribe books"]);
    }
    expect(got).toEqual([{ seq: 1 }, { seq: 2 }, { seq: 3 }]);
  });

  it.each(["listened to", "iterated"] as const)(
    "is not subscribed for a consumer that its params end (%s)",
    async (way) => {
      for (const leaving of [false, true]) {
        const { client, server, open, go, calls } = feed();
        const trades = client.subscribe("trades", {
          params: ({ resubscribing }) => {
            if (resubscribing === leaving) trades.close();
            return {};
          },
        });
        if (!leaving) await open();
        if (way === "listened to") trades.listen(ignore);
        else iterating(trades);
        if (leaving) await open();
        if (leaving) server.last.drop();
        await go(30_000);
        expect(calls()).not.toContain("subscribe trades");
      }
    },
  );

  it("asks for what it has missed: since 3, the server has 4 and 5, and the application sees them once", async () => {
    const { client, server, open, go, publish, subscribed, all } = feed();
    const contexts: SubscribeContext[] = [];
    const params = (context: SubscribeContext): unknown => {
      contexts.push(context);
      return { since: context.lastSequence };
    };
    const got: number[] = [];
    client.subscribe("trades", { params, sequence }).listen(({ seq }) => got.push(seq));
    await open();
    await go();
    expect(subscribed()).toEqual([{ topic: "trades" }]);
    publish(1, 2, 3);
    await go();
    server.last.drop();
    await go(10_000);
    expect(subscribed()).toEqual([{ topic: "trades", since: 3 }]);
    publish(4, 5);
    await go();
    expect(got).toEqual([1, 2, 3, 4, 5]);
    expect(all("gap")).toEqual([]);
    expect(contexts).toEqual([
      { topic: "trades", lastSequence: undefined, resubscribing: false },
      { topic: "trades", lastSequence: 3, resubscribing: true },
    ]);
  });

  it("is not asked for on a link that is lost before, and nobody is told of an error", async () => {
    const world = feed();
    const { client, server, open, go, calls, codes } = world;
    world.verdict = "silence";
    const state = iterating(client.subscribe("trades"));
    await open();
    await go();
    server.last.drop();
    world.verdict = "yes";
    await go(10_000);
    expect(calls()).toEqual(["subscribe trades"]);
    expect(state).toEqual({ got: [], done: false });
    expect(codes()).toEqual([]);
  });

  it("is not unsubscribed on a link that is gone, and not subscribed on the next if nobody wants it", async () => {
    const { client, server, open, go, calls } = feed();
    const stop = client.subscribe("trades").listen(ignore);
    await open();
    await go();
    server.last.drop();
    await go();
    stop();
    await go(10_000);
    expect(server.dials).toBe(2);
    expect(calls()).toEqual([]);
  });

  it("is asked for again when the call times out, until it is answered", async () => {
    const world = feed();
    const { client, open, go, calls, codes } = world;
    world.verdict = "silence";
    const trades = client.subscribe("trades");
    trades.listen(ignore);
    await open();
    await go(105_000);
    expect(calls()).toHaveLength(4);
    world.verdict = "yes";
    await go(30_000);
    expect(calls()).toHaveLength(5);
    expect(trades.live).toBe(true);
    await go(100_000);
    expect(calls()).toHaveLength(5);
    expect(codes()).toEqual([]);
  });

  it.each([0, 50])("is not asked for again and again because requests are given up after %d ms", async (timeout) => {
    const { client, server, open, go, calls } = feed({ rpc: { timeout } });
    server.latency = 100;
    await open();
    const trades = client.subscribe("trades");
    trades.listen(ignore);
    await go(10_000);
    expect(calls()).toEqual(["subscribe trades"]);
    expect(trades.live).toBe(true);
  });

  it("is not asked for again before a longer time-out of requests is over", async () => {
    const world = feed({ rpc: { timeout: 60_000 } });
    const { client, open, go, calls } = world;
    world.verdict = "silence";
    await open();
    client.subscribe("trades").listen(ignore);
    await go(59_000);
    expect(calls()).toHaveLength(1);
    await go(2_000);
    expect(calls()).toHaveLength(2);
  });

  it("does not mind the late answer to an earlier call", async () => {
    const world = feed();
    const { client, server, open, go } = world;
    world.verdict = "silence";
    const trades = client.subscribe("trades");
    trades.listen(ignore);
    await open();
    await go(35_000);
    const [first, second] = callsOf(server.last, "subscribe");
    say(server.last, { jsonrpc: "2.0", id: first?.id, error: { code: 1, message: "late no" } });
    await go();
    expect(trades.live).toBe(false);
    say(server.last, { jsonrpc: "2.0", id: second?.id, result: true });
    await go();
    expect(trades.live).toBe(true);
  });
});

describe("a topic that the server refuses", () => {
  it("ends its loops with the server's error, ends its listeners, and is reported once", async () => {
    const world = feed();
    const { client, open, go, all, calls, publish } = world;
    world.verdict = "no";
    const got: unknown[] = [];
    const trades = client.subscribe("trades");
    const loop = iterating(trades);
    trades.listen((trade) => got.push(trade));
    await open();
    await go();
    expect(loop.error).toMatchObject({ code: "REMOTE_ERROR", remoteCode: 403 });
    expect(all("error")).toMatchObject([{ code: "REMOTE_ERROR", remoteCode: 403 }]);
    expect(trades.live).toBe(false);
    publish(1);
    await go();
    expect(got).toEqual([]);
    expect(calls()).toEqual(["subscribe trades"]);
  });

  it("can be tried again, and is not tried on the next connection by itself", async () => {
    const world = feed();
    const { client, server, open, go, calls } = world;
    world.verdict = "no";
    const trades = client.subscribe("trades");
    trades.listen(ignore);
    await open();
    await go();
    server.last.drop();
    world.verdict = "yes";
    await go(10_000);
    expect(calls()).toEqual([]);
    const loop = iterating(trades);
    await go();
    expect(calls()).toEqual(["subscribe trades"]);
    expect(loop.error).toBeUndefined();
    expect(trades.live).toBe(true);
  });
});

describe("a payload that leaves the link", () => {
  it("is not sent on it: the topic is subscribed once on the next", async () => {
    const { client, server, open, go, calls } = feed();
    await open();
    let left = false;
    const params = (): object => {
      if (!left) void client.reconnect();
      left = true;
      return {};
    };
    client.subscribe("trades", { params }).listen(ignore);
    await go(5_000);
    expect(server.dials).toBe(2);
    expect(calls()).toEqual(["subscribe trades"]);
  });

  it("or ends another topic before its turn has come: that one was never subscribed on this link", async () => {
    const { client, server, open, go, calls } = feed();
    await open();
    let stop = ignore;
    let times = 0;
    const params = (): object => {
      if (++times === 2) stop();
      return {};
    };
    client.subscribe("a", { params }).listen(ignore);
    stop = client.subscribe("b").listen(ignore);
    await go();
    server.last.drop();
    await go(10_000);
    expect(calls()).toEqual(["subscribe a"]);
  });
});

describe("a subscribe call that waits behind the water mark", () => {
  it.each([
    ["its queue is cleared", {}],
    ["the time to live of messages is over", { ttl: 1_000 }],
  ])("is not lost when %s", async (_, outbox) => {
    const world = feed({ outbox: { highWater: 1, ...outbox } });
    const { client, server, open, go, calls } = world;
    server.rate = 10;
    await open();
    client.send("x".repeat(100));
    const reading = iterating(client.subscribe("trades"));
    await go(100);
    expect(client.queue.size).toBe(1);
    client.queue.clear();
    await go(20_000);
    expect(reading.error).toBeUndefined();
    expect(calls()).toEqual(["subscribe trades"]);
  });
});

describe("a payload that throws", () => {
  const params = (): never => {
    throw new Error("no payload");
  };

  it("ends the consumers, is reported, and hurts no other topic: on a new connection", async () => {
    const { client, open, go, codes, calls } = feed();
    const loop = iterating(client.subscribe("trades", { params }));
    client.subscribe("books").listen(ignore);
    await open();
    await go();
    expect(loop.error).toMatchObject({ code: "LISTENER_FAILED", cause: { message: "no payload" } });
    expect(codes()).toEqual(["LISTENER_FAILED"]);
    expect(calls()).toEqual(["subscribe books"]);
    expect(client.state.name).toBe("open");
  });

  it("does the same on an open one, and can be tried again", async () => {
    const { client, open, go, codes, calls } = feed();
    await open();
    const trades = client.subscribe("trades", { params });
    const loop = iterating(trades);
    const stop = client.subscribe("trades", { params }).listen(ignore);
    await go();
    expect(loop.error).toMatchObject({ code: "LISTENER_FAILED" });
    expect(codes()).toEqual(["LISTENER_FAILED", "LISTENER_FAILED"]);
    stop();
    trades.close();
    client.subscribe("trades").listen(ignore);
    await go();
    expect(calls()).toEqual(["subscribe trades"]);
  });

  it("or cannot be encoded does the same", async () => {
    const { client, open, go, codes, calls } = feed();
    await open();
    const loop = iterating(client.subscribe("trades", { params: { since: 1n } }));
    await go();
    expect(loop.error).toMatchObject({ code: "ENCODE_FAILED" });
    expect(codes()).toEqual(["ENCODE_FAILED"]);
    expect(calls()).toEqual([]);
  });
});

describe("the params of a topic", () => {
  it("travel with the call, and again when it is left", async () => {
    const { client, server, open, go } = feed();
    await open();
    client.subscribe("trades", { params: { depth: 5 } }).listen(ignore)();
    await go();
    const params = { topic: "trades", depth: 5 };
    expect(callsOf(server.last, "subscribe").map((call) => call.params)).toEqual([params]);
    expect(callsOf(server.last, "unsubscribe").map((call) => call.params)).toEqual([params]);
  });

  it("may be repeated or left out by a later consumer, and not be others", async () => {
    const { client, open, go, calls } = feed();
    const params = (): unknown => ({});
    await open();
    client.subscribe("trades", { params: { depth: 5 } }).listen(ignore);
    client.subscribe("trades", { params: { depth: 5 } }).listen(ignore);
    client.subscribe("trades").listen(ignore);
    expect(() => client.subscribe("trades", { params: { depth: 6 } }).listen(ignore)).toThrow(TypeError);
    expect(() => client.subscribe("trades", { params })[Symbol.asyncIterator]()).toThrow(/"trades"/);
    client.subscribe("books", { params }).listen(ignore);
    client.subscribe("books", { params }).listen(ignore);
    await go();
    expect(calls()).toEqual(["subscribe trades", "subscribe books"]);
  });

  it("do not count any more once nobody listens", async () => {
    const { client, open, go, subscribed } = feed();
    await open();
    client.subscribe("trades", { params: { depth: 5 } }).listen(ignore)();
    client.subscribe("trades", { params: { depth: 6 } }).listen(ignore);
    await go();
    expect(subscribed().map((params) => params?.["depth"])).toEqual([5, 6]);
  });
});

describe("a sequence", () => {
  it("tells a hole once, and delivers what came after it", async () => {
    const { client, open, go, publish, all } = feed();
    const got: number[] = [];
    client.subscribe("trades", { sequence }).listen(({ seq }) => got.push(seq));
    await open();
    publish(1, 2, 5, 6, 10);
    await go();
    expect(got).toEqual([1, 2, 5, 6, 10]);
    expect(all("gap")).toEqual([
      { topic: "trades", expected: 3, received: 5 },
      { topic: "trades", expected: 7, received: 10 },
    ]);
  });

  it("tells a hole that a lost link has left", async () => {
    const { client, server, open, go, publish, all } = feed();
    client.subscribe("trades", { sequence }).listen(ignore);
    await open();
    publish(1, 2);
    await go();
    server.last.drop();
    await go(10_000);
    publish(7);
    await go();
    expect(all("gap")).toEqual([{ topic: "trades", expected: 3, received: 7 }]);
  });

  it("swallows what has been seen: repeats, and a replay that begins with the last one", async () => {
    const { client, server, open, go, publish, all } = feed();
    const got: number[] = [];
    client.subscribe("trades", { sequence }).listen(({ seq }) => got.push(seq));
    await open();
    publish(1, 2, 2, 1, 3, 3);
    await go();
    server.last.drop();
    await go(10_000);
    publish(3, 2, 4, 5);
    await go();
    expect(got).toEqual([1, 2, 3, 4, 5]);
    expect(all("gap")).toEqual([]);
  });

  it("that begins anew on a new connection is told as a gap, and delivered", async () => {
    const { client, server, open, go, publish, all } = feed();
    const got: number[] = [];
    client.subscribe("trades", { sequence }).listen(({ seq }) => got.push(seq));
    await open();
    publish(100, 101);
    await go();
    server.last.drop();
    await go(10_000);
    publish(1, 2, 3);
    await go();
    expect(got).toEqual([100, 101, 1, 2, 3]);
    expect(all("gap")).toEqual([{ topic: "trades", expected: 102, received: 1 }]);
  });

  it.each([[null], [NaN], ["9"]])("takes %j for no number: those events just pass", async (odd) => {
    const world = feed();
    const got: unknown[] = [];
    await world.open();
    world.client
      .subscribe("trades", { sequence: ({ seq }) => (seq === -1 ? (odd as number) : seq) })
      .listen(({ seq }) => {
        got.push(seq);
      });
    await world.go();
    world.publish(1, 2, -1, -1, 3);
    await world.go();
    expect(got).toEqual([1, 2, -1, -1, 3]);
    expect(world.all("gap")).toEqual([]);
  });

  it("may have events without a number: they just pass", async () => {
    const world = feed();
    const { client, open, go, publish, all } = world;
    const got: unknown[] = [];
    const maybe = (trade: Trade): number | undefined => (trade.seq > 0 ? trade.seq : undefined);
    client.subscribe("trades", { sequence: maybe }).listen((trade) => got.push(trade.seq));
    await open();
    publish(1, 0, 2, 0, 3);
    await go();
    expect(got).toEqual([1, 0, 2, 0, 3]);
    expect(all("gap")).toEqual([]);
  });

  it("that throws costs the one event, and is reported", async () => {
    const world = feed();
    const { client, open, go, publish, codes } = world;
    const got: unknown[] = [];
    client
      .subscribe("trades", { sequence: ({ seq }) => (seq as unknown as { deep: { down: number } }).deep.down })
      .listen((trade) => got.push(trade));
    await open();
    event(world, "trades", { seq: { deep: { down: 1 } } });
    publish(2);
    event(world, "trades", null);
    await go();
    expect(got).toHaveLength(1);
    expect(codes()).toEqual(["LISTENER_FAILED", "LISTENER_FAILED"]);
  });

  it("begins anew for whoever comes after the last one left", async () => {
    const { client, open, go, publish, all } = feed();
    await open();
    const stop = client.subscribe("trades", { sequence }).listen(ignore);
    publish(5);
    await go();
    stop();
    client.subscribe("trades", { sequence }).listen(ignore);
    publish(1);
    await go();
    expect(all("gap")).toEqual([]);
  });
});

describe("topics of a client that is closed", () => {
  it("end their loops without an error; listeners wait for the next connection", async () => {
    const { client, open, close, go, publish, subscribed } = feed();
    const got: number[] = [];
    const trades = client.subscribe("trades", { sequence, params: ({ lastSequence }) => ({ since: lastSequence }) });
    const loop = iterating(trades);
    trades.listen(({ seq }) => got.push(seq));
    await open();
    publish(1);
    await go();
    await close();
    expect(loop).toEqual({ got: [{ seq: 1 }], done: true });
    expect(trades.live).toBe(false);
    await open();
    await go();
    expect(subscribed()).toEqual([{ topic: "trades", since: 1 }]);
    publish(2);
    await go();
    expect(got).toEqual([1, 2]);
    trades.close();
  });

  it("end their loops with the cause when the retry policy gives up", async () => {
    const { client, server, open, go } = feed({ retry: () => "stop" });
    const loop = iterating(client.subscribe("trades"));
    await open();
    server.last.close(4000, "go away");
    await go();
    expect(loop.error).toMatchObject({ code: "CONNECTION_LOST", closeCode: 4000 });
  });

  it("can be subscribed while it is closed, for the next connection", async () => {
    const { client, open, close, go, calls } = feed();
    await open();
    await close();
    const loop = iterating(client.subscribe("trades"));
    await open();
    await go();
    expect(calls()).toEqual(["subscribe trades"]);
    expect(loop.done).toBe(false);
  });
});
