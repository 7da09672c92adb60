import { describe, expect, it } from "vitest";
import { callsOf, clientWorld, framesOf, say, type World } from "../../support/client-world.ts";
import { expectNothingUncaught } from "../../support/uncaught.ts";

expectNothingUncaught();

const cancelled = (id: number): object => ({ jsonrpc: "2.0", method: "$/cancelRequest", params: { id } });

/** Sends values of a streaming answer. */
function items({ server }: World<unknown>, id: number, ...values: readonly unknown[]): void {
  for (const value of values) say(server.last, { jsonrpc: "2.0", method: "$/next", params: { id, value } });
}

function end({ server }: World<unknown>, id: number): void {
  say(server.last, { jsonrpc: "2.0", id, result: null });
}

/** Reads a stream to its end in the background. */
function reading(stream: AsyncIterable<unknown>): { readonly values: unknown[]; error?: unknown; done: boolean } {
  const state: { values: unknown[]; error?: unknown; done: boolean } = { values: [], done: false };
  const read = async (): Promise<void> => {
    for await (const value of stream) state.values.push(value);
  };
  read().then(
    () => {
      state.done = true;
    },
    (error: unknown) => {
      state.error = error;
    },
  );
  return state;
}

describe("a stream", () => {
  it("is one request, and comes out of for await in order, to its end", async () => {
    const world = clientWorld();
    await world.open();
    const state = reading(world.client.stream("history", { symbol: "KELP" }));
    await world.go();
    expect(framesOf(world.server.last)).toEqual([
      { jsonrpc: "2.0", id: 1, method: "history", params: { symbol: "KELP" } },
    ]);
    items(world, 1, "a", undefined, null, { b: 1 });
    await world.go();
    expect(state.values).toEqual(["a", undefined, null, { b: 1 }]);
    expect(state.done).toBe(false);
    end(world, 1);
    await world.go(60_000);
    expect(state.done).toBe(true);
    expect(framesOf(world.server.last)).toHaveLength(1);
    expect(world.codes()).toEqual([]);
  });

  it("gives what came before the end also to a reader that comes after it", async () => {
    const world = clientWorld();
    await world.open();
    const stream = world.client.stream("history");
    items(world, 1, 1, 2, 3);
    end(world, 1);
    await world.go();
    const state = reading(stream);
    await world.go();
    expect(state).toEqual({ values: [1, 2, 3], done: true });
  });

  it("tells the server to stop when the reader breaks, once, and expects what is still on its way", async () => {
    const world = clientWorld();
    await world.open();
    items(world, 1, 1, 2, 3);
    const values: unknown[] = [];
    const loop = (async (): Promise<void> => {
      for await (const value of world.client.stream("ticks")) {
        values.push(value);
        if (value === 2) break;
      }
    })();
    await world.go();
    await loop;
    expect(values).toEqual([1, 2]);
    expect(framesOf(world.server.last)).toEqual([{ jsonrpc: "2.0", id: 1, method: "ticks" }, cancelled(1)]);
    items(world, 1, 4, 5);
    end(world, 1);
    await world.go(60_000);
    expect(world.codes()).toEqual([]);
    expect(world.client.lateReplies).toBe(1);
    expect(callsOf(world.server.last, "$/cancelRequest")).toHaveLength(1);
  });

  it("tells it too when the loop's body throws", async () => {
    const world = clientWorld();
    await world.open();
    const broken = new Error("broken");
    const loop = (async (): Promise<void> => {
      for await (const value of world.client.stream("ticks")) throw value === 1 ? broken : value;
    })();
    loop.catch(() => undefined);
    items(world, 1, 1);
    await world.go();
    await expect(loop).rejects.toBe(broken);
    expect(framesOf(world.server.last)).toContainEqual(cancelled(1));
  });

  it("throws the server's error after what came before it, once", async () => {
    const world = clientWorld();
    await world.open();
    const stream = world.client.stream("history");
    items(world, 1, 1);
    say(world.server.last, { jsonrpc: "2.0", id: 1, error: { code: 5, message: "no more" } });
    await world.go();
    await expect(stream.next()).resolves.toEqual({ value: 1, done: false });
    await expect(stream.next()).rejects.toMatchObject({ code: "REMOTE_ERROR", remoteCode: 5 });
    await expect(stream.next()).resolves.toEqual({ value: undefined, done: true });
  });

  it("throws it once also to a reader that was waiting", async () => {
    const world = clientWorld();
    await world.open();
    const stream = world.client.stream("history");
    const waiting = [stream.next(), stream.next()];
    say(world.server.last, { jsonrpc: "2.0", id: 1, error: { code: 5, message: "no more" } });
    await world.go();
    await expect(waiting[0]).rejects.toMatchObject({ code: "REMOTE_ERROR" });
    await expect(waiting[1]).resolves.toEqual({ value: undefined, done: true });
    await expect(stream.next()).resolves.toEqual({ value: undefined, done: true });
  });

  it("may be left without having been read, and then nothing comes of it", async () => {
    const world = clientWorld();
    await world.open();
    const stream = world.client.stream("ticks");
    await stream.return?.();
    await world.go();
    expect(framesOf(world.server.last)).toEqual([{ jsonrpc: "2.0", id: 1, method: "ticks" }, cancelled(1)]);
    await expect(stream.next()).resolves.toEqual({ value: undefined, done: true });
  });

  it("is taken out of the queue, and the server never hears of it, if it is left before it is sent", async () => {
    const { client, server, open, go } = clientWorld();
    const stream = client.stream("ticks");
    expect(client.queue.size).toBe(1);
    await stream.return?.();
    expect(client.queue.size).toBe(0);
    await open();
    await go();
    expect(server.last.texts).toEqual([]);
  });
});

describe("a stream whose reader falls behind", () => {
  it("fails by default after a thousand values, and tells the server to stop", async () => {
    const world = clientWorld();
    await world.open();
    const stream = world.client.stream("ticks");
    items(world, 1, ...Array.from({ length: 1_001 }, (_, n) => n));
    await world.go();
    const state = reading(stream);
    while (state.error === undefined) await world.clock.settle();
    expect(state.values).toHaveLength(1_000);
    expect(state.error).toMatchObject({ code: "BUFFER_FULL" });
    expect(framesOf(world.server.last)).toContainEqual(cancelled(1));
    expect(world.codes()).toEqual([]);
  });

  it.each([
    ["drop-oldest", [3, 4]],
    ["drop-newest", [1, 2]],
  ] as const)("loses values with %s, and goes on", async (overflow, kept) => {
    const world = clientWorld();
    await world.open();
    const stream = world.client.stream("ticks", {}, { buffer: 2, overflow });
    items(world, 1, 1, 2, 3, 4);
    await world.go();
    const state = reading(stream);
    await world.go();
    items(world, 1, 5);
    end(world, 1);
    await world.go();
    expect(state).toEqual({ values: [...kept, 5], done: true });
    expect(callsOf(world.server.last, "$/cancelRequest")).toEqual([]);
  });
});

describe("a stream that ends before its time", () => {
  it("times out as a whole, from the call to the last value", async () => {
    const world = clientWorld();
    await world.open();
    const state = reading(world.client.stream("ticks", {}, { timeout: 1_000 }));
    for (let n = 0; n < 9; n++) {
      items(world, 1, n);
      await world.go(100);
    }
    expect(state.error).toBeUndefined();
    await world.go(100);
    expect(state.values).toHaveLength(9);
    expect(state.error).toMatchObject({ code: "TIMEOUT", sent: true });
    await world.go();
    expect(framesOf(world.server.last)).toContainEqual(cancelled(1));
  });

  it("throws the reason of its signal", async () => {
    const world = clientWorld();
    const controller = new AbortController();
    await world.open();
    const state = reading(world.client.stream("ticks", [], { signal: controller.signal }));
    controller.abort("enough");
    await world.go();
    expect(state.error).toBe("enough");
    expect(framesOf(world.server.last)).toEqual([{ jsonrpc: "2.0", id: 1, method: "ticks", params: [] }, cancelled(1)]);
  });

  it("throws OUTCOME_UNKNOWN with the link, even if its method is idempotent: what was read would come twice", async () => {
    const world = clientWorld({ rpc: { idempotent: ["ticks"] } });
    await world.open();
    const state = reading(world.client.stream("ticks"));
    await world.go();
    items(world, 1, 1);
    await world.go();
    world.server.last.drop();
    await world.go(10_000);
    expect(state).toMatchObject({ values: [1], error: { code: "OUTCOME_UNKNOWN" } });
    expect(world.server.dials).toBe(2);
    expect(world.server.last.texts).toEqual([]);
  });

  it("throws CLOSED if it was never sent, with close()", async () => {
    const world = clientWorld();
    const state = reading(world.client.stream("ticks"));
    await world.close();
    await world.go();
    expect(state.error).toMatchObject({ code: "CLOSED" });
  });

  it("throws at the first read what made it impossible", async () => {
    const world = clientWorld({ rpc: { maxPending: 1 } });
    await world.open();
    await expect(world.client.stream("a", 1n).next()).rejects.toMatchObject({ code: "ENCODE_FAILED" });
    void world.client.request("takes the room");
    await expect(world.client.stream("a").next()).rejects.toMatchObject({ code: "QUEUE_FULL" });
  });
});

describe("a value of a stream that nobody asked for", () => {
  it("is reported once each, and reaches nobody", async () => {
    const world = clientWorld();
    await world.open();
    const state = reading(world.client.stream("ticks"));
    const plain = world.client.request("sum");
    await world.go();
    const foreign = [2, 3, 0, -1, "1", "__proto__"];
    for (const id of foreign) items(world, id as number, "foreign");
    await world.go();
    expect(world.codes()).toEqual(foreign.map(() => "UNEXPECTED_REPLY"));
    items(world, 1, "own");
    end(world, 1);
    await world.go();
    items(world, 1, "after the end");
    say(world.server.last, { jsonrpc: "2.0", id: 2, result: "plain" });
    await world.go();
    expect(state).toEqual({ values: ["own"], done: true });
    await expect(plain).resolves.toBe("plain");
    expect(world.codes()).toHaveLength(foreign.length + 1);
    expect(world.all("message")).toEqual([]);
  });
});

describe("notify()", () => {
  it("writes a frame without an id, or queues it", async () => {
    const world = clientWorld();
    expect(world.client.notify("typing", { room: "tea" })).toBe("queued");
    await world.open();
    expect(world.client.notify("stopped")).toBe("written");
    await world.go();
    expect(framesOf(world.server.last)).toEqual([
      { jsonrpc: "2.0", method: "typing", params: { room: "tea" } },
      { jsonrpc: "2.0", method: "stopped" },
    ]);
  });

  it("throws what send() throws", async () => {
    const world = clientWorld({ outbox: { maxCount: 1 } });
    world.client.notify("a");
    expect(() => world.client.notify("b")).toThrow(expect.objectContaining({ code: "QUEUE_FULL" }));
    expect(() => world.client.notify("c", 1n)).toThrow(expect.objectContaining({ code: "ENCODE_FAILED" }));
    await world.close();
    expect(() => world.client.notify("d")).toThrow(expect.objectContaining({ code: "CLOSED" }));
  });
});

describe("a batch", () => {
  it("is taken apart, each frame for itself", async () => {
    const world = clientWorld();
    world.client.handle("add", (params) => (params as number[]).reduce((a, b) => a + b));
    await world.open();
    const first = world.client.request("a");
    const second = world.client.request("b");
    say(world.server.last, [
      { jsonrpc: "2.0", id: 2, result: "second" },
      { jsonrpc: "2.0", id: 9, method: "add", params: [1, 2] },
      { jsonrpc: "2.0", id: 1, error: { code: 1, message: "first" } },
    ]);
    await world.go();
    await expect(first).rejects.toMatchObject({ message: "first" });
    await expect(second).resolves.toBe("second");
    expect(framesOf(world.server.last).at(-1)).toEqual({ jsonrpc: "2.0", id: 9, result: 3 });
  });

  it("may hold broken frames: each is reported, and the others are not disturbed", async () => {
    const world = clientWorld();
    await world.open();
    const request = world.client.request("a");
    const good = { jsonrpc: "2.0", id: 1, result: "good" };
    say(world.server.last, [null, 5, [good], { jsonrpc: "2.0", id: {} }, { jsonrpc: "1.0" }, good]);
    await world.go();
    await expect(request).resolves.toBe("good");
    expect(world.codes()).toEqual(Array.from({ length: 5 }, () => "BAD_FRAME"));
    expect(world.all("message")).toEqual([]);
  });

  it("without a frame of JSON-RPC is a message like any other array", async () => {
    const world = clientWorld();
    await world.open();
    for (const array of [[], [1, 2], [{ a: 1 }], [[]]]) say(world.server.last, array);
    await world.go();
    expect(world.all("message")).toEqual([[], [1, 2], [{ a: 1 }], [[]]]);
    expect(world.codes()).toEqual([]);
  });
});
