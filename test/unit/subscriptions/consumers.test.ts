import { describe, expect, it } from "vitest";
import { expectNothingUncaught } from "../../support/uncaught.ts";
import { event, feed, iterating } from "./setup.ts";

expectNothingUncaught();

const ignore = (): void => undefined;

describe("a topic", () => {
  it("is not subscribed until somebody listens, and is when somebody does", async () => {
    const { client, open, go, calls } = feed();
    await open();
    const trades = client.subscribe("trades");
    await go();
    expect(calls()).toEqual([]);
    trades.listen(ignore);
    await go();
    expect(calls()).toEqual(["subscribe trades"]);
    expect(trades.topic).toBe("trades");
  });

  it("is subscribed once on the wire for all its consumers, and until the last of them leaves", async () => {
    const { client, open, go, calls, publish } = feed();
    const got: string[] = [];
    await open();
    const first = client.subscribe("trades").listen(({ seq }) => got.push(`first ${seq}`));
    const trades = client.subscribe("trades");
    const second = trades.listen(({ seq }) => got.push(`second ${seq}`));
    const state = iterating(trades);
    await go();
    publish(1);
    await go();
    first();
    first();
    publish(2);
    await go();
    second();
    publish(3);
    await go();
    expect(got).toEqual(["first 1", "second 1", "second 2"]);
    expect(state.got).toEqual([{ seq: 1 }, { seq: 2 }, { seq: 3 }]);
    expect(calls()).toEqual(["subscribe trades"]);
    trades.close();
    await go();
    expect(calls()).toEqual(["subscribe trades", "unsubscribe trades"]);
    expect(state.done).toBe(true);
  });

  it("is subscribed afresh by whoever comes after the last one left", async () => {
    const { client, open, go, calls, publish, all } = feed();
    await open();
    const trades = client.subscribe("trades");
    trades.listen(ignore)();
    const got: unknown[] = [];
    trades.listen((trade) => got.push(trade));
    await go();
    expect(calls()).toEqual(["subscribe trades", "unsubscribe trades", "subscribe trades"]);
    expect(trades.live).toBe(true);
    publish(1);
    await go();
    expect(got).toEqual([{ seq: 1 }]);
    expect(all("error")).toEqual([]);
  });

  it("is not mixed up with another, whatever its name", async () => {
    const world = feed();
    const { client, open, go, codes } = world;
    const names = ["a", "b", "__proto__", "constructor", "toString", ""];
    const got: string[] = [];
    await open();
    for (const name of names) client.subscribe(name).listen(() => got.push(name));
    await go();
    for (const name of names) event(world, name, 1);
    await go();
    expect(got).toEqual(names);
    expect(codes()).toEqual([]);
  });

  it("takes a string only", () => {
    const { client } = feed();
    expect(() => client.subscribe(5 as unknown as string)).toThrow(TypeError); // what a caller without types can do
  });

  it("is live from the server's yes to the loss of the link", async () => {
    const world = feed();
    const { client, server, open, go } = world;
    const trades = client.subscribe("trades");
    trades.listen(ignore);
    expect(trades.live).toBe(false);
    world.verdict = "silence";
    await open();
    await go();
    expect(trades.live).toBe(false);
    server.last.drop();
    world.verdict = "yes";
    await go(10_000);
    expect(trades.live).toBe(true);
    server.last.drop();
    await go();
    expect(trades.live).toBe(false);
  });

  it("is bounded in number, and there is room again for each that is left", async () => {
    const { client, open, go } = feed({ maxTopics: 2 });
    await open();
    const stop = client.subscribe("a").listen(ignore);
    client.subscribe("b").listen(ignore);
    client.subscribe("b").listen(ignore);
    expect(() => client.subscribe("c").listen(ignore)).toThrow(expect.objectContaining({ code: "QUEUE_FULL" }));
    const third = client.subscribe("c");
    expect(() => third[Symbol.asyncIterator]()).toThrow(expect.objectContaining({ code: "QUEUE_FULL" }));
    stop();
    client.subscribe("c").listen(ignore);
    await go();
  });
});

describe("an event", () => {
  it("reaches the listeners in order, even if one throws or rejects, which is reported", async () => {
    const { client, open, go, publish, all } = feed();
    const broken = new Error("broken");
    const got: string[] = [];
    await open();
    const trades = client.subscribe("trades");
    trades.listen(() => {
      got.push("throws");
      throw broken;
    });
    trades.listen(() => Promise.reject(broken));
    trades.listen(() => got.push("last"));
    publish(1);
    await go();
    expect(got).toEqual(["throws", "last"]);
    expect(all("error")).toMatchObject([
      { code: "LISTENER_FAILED", cause: broken },
      { code: "LISTENER_FAILED", cause: broken },
    ]);
  });

  it("may come before the server's yes", async () => {
    const { client, server, open, go, publish } = feed();
    const got: unknown[] = [];
    await open();
    server.last.onMessage = undefined;
    client.subscribe("trades").listen((trade) => got.push(trade));
    publish(1);
    await go();
    expect(got).toEqual([{ seq: 1 }]);
  });

  it("of a topic that nobody wants is a message", async () => {
    const world = feed();
    await world.open();
    event(world, "weather", "rain");
    await world.go();
    expect(world.all("message")).toEqual([
      { jsonrpc: "2.0", method: "event", params: { topic: "weather", data: "rain" } },
    ]);
  });

  it("is told to a consumer that leaves and comes back from its own callback once", async () => {
    const { client, open, go, publish } = feed();
    await open();
    const trades = client.subscribe("trades");
    trades.listen(ignore); // keeps the topic
    const got: number[] = [];
    let stop = trades.listen(again);
    function again({ seq }: { seq: number }): void {
      got.push(seq);
      stop();
      if (got.length < 10) stop = trades.listen(again);
    }
    publish(1, 2);
    await go();
    expect(got).toEqual([1, 2]);
  });

  it("does not reach a consumer that another one has ended", async () => {
    const { client, open, go, publish } = feed();
    const got: string[] = [];
    await open();
    const trades = client.subscribe("trades");
    trades.listen(() => {
      got.push("first");
      stop();
    });
    const stop = trades.listen(() => got.push("second"));
    publish(1, 2);
    await go();
    expect(got).toEqual(["first", "first"]);
  });
});

describe("iterating", () => {
  it("a topic twice gives two consumers, each with everything", async () => {
    const { client, open, go, publish, calls } = feed();
    await open();
    const trades = client.subscribe("trades");
    const first = iterating(trades);
    const second = iterating(trades);
    publish(1, 2);
    await go();
    expect(first.got).toEqual([{ seq: 1 }, { seq: 2 }]);
    expect(second.got).toEqual(first.got);
    expect(calls()).toEqual(["subscribe trades"]);
  });

  it("can be begun again on the same object after it has ended", async () => {
    const { client, open, go, publish } = feed();
    await open();
    const trades = client.subscribe("trades");
    const first = iterating(trades);
    trades.close();
    await go();
    expect(first).toEqual({ got: [], done: true });
    const second = iterating(trades);
    publish(1);
    await go();
    expect(second.got).toEqual([{ seq: 1 }]);
  });

  it("ends with break, and the last one ends the subscription", async () => {
    const { client, open, go, publish, calls } = feed();
    await open();
    const loop = (async (): Promise<number> => {
      for await (const { seq } of client.subscribe("trades")) if (seq === 2) return seq;
      return 0;
    })();
    await go();
    publish(1, 2, 3);
    await go();
    await expect(loop).resolves.toBe(2);
    expect(calls()).toEqual(["subscribe trades", "unsubscribe trades"]);
  });

  it("fails by default when it falls behind by more than its buffer, alone", async () => {
    const { client, open, go, publish, calls } = feed();
    await open();
    const trades = client.subscribe("trades", { buffer: 2 });
    const fast = iterating(trades);
    const slow = trades[Symbol.asyncIterator]();
    await go();
    publish(1, 2, 3, 4);
    await go();
    expect(fast.got).toHaveLength(4);
    await expect(slow.next()).resolves.toEqual({ value: { seq: 1 }, done: false });
    await expect(slow.next()).resolves.toEqual({ value: { seq: 2 }, done: false });
    await expect(slow.next()).rejects.toMatchObject({ code: "BUFFER_FULL" });
    await expect(slow.next()).resolves.toEqual({ value: undefined, done: true });
    expect(calls()).toEqual(["subscribe trades"]);
  });

  it.each([
    ["drop-oldest", [3, 4]],
    ["drop-newest", [1, 2]],
  ] as const)("loses values with %s, and goes on", async (overflow, kept) => {
    const { client, open, go, publish } = feed();
    await open();
    const trades = client.subscribe("trades", { buffer: 2, overflow });
    const slow = trades[Symbol.asyncIterator]();
    await go();
    publish(1, 2, 3, 4);
    await go();
    for (const seq of kept) await expect(slow.next()).resolves.toEqual({ value: { seq }, done: false });
    publish(5);
    await go();
    await expect(slow.next()).resolves.toEqual({ value: { seq: 5 }, done: false });
  });

  it("gives what came before close() and then ends", async () => {
    const { client, open, go, publish } = feed();
    await open();
    const trades = client.subscribe("trades");
    const iterator = trades[Symbol.asyncIterator]();
    publish(1);
    await go();
    trades.close();
    trades.close();
    await expect(iterator.next()).resolves.toEqual({ value: { seq: 1 }, done: false });
    await expect(iterator.next()).resolves.toEqual({ value: undefined, done: true });
  });
});
