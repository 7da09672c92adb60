import { describe, expect, it } from "vitest";
import { RemoteError } from "../../../src/core/errors.ts";
import type { CallContext } from "../../../src/rpc/handlers.ts";
import { callsOf, clientWorld, type Frame, framesOf, say, type World } from "../../support/client-world.ts";
import { expectNothingUncaught } from "../../support/uncaught.ts";

expectNothingUncaught();

/** The server calls, and goes on until what comes of it has come. */
async function call({ server, go }: World<unknown>, method: string, params?: unknown, id: unknown = 7): Promise<void> {
  say(server.last, { jsonrpc: "2.0", id, method, params });
  await go();
}

/** The answers that the server got, oldest first. */
function answers({ server }: World<unknown>): readonly Frame[] {
  return framesOf(server.last).filter(({ method }) => method === undefined);
}

/** A handler that answers when it is told to, and shows its context. */
function slowHandler(): {
  readonly handler: (params: unknown, context: CallContext) => Promise<unknown>;
  readonly contexts: CallContext[];
  readonly answer: (value: unknown) => void;
} {
  const contexts: CallContext[] = [];
  const waiting: ((value: unknown) => void)[] = [];
  return {
    contexts,
    answer: (value) => waiting.shift()?.(value),
    handler: (_params, context) => {
      contexts.push(context);
      return new Promise((resolve) => waiting.push(resolve));
    },
  };
}

describe("a call of the server", () => {
  it.each([3, "three"])("gets the handler's result, under its own id %j", async (id) => {
    const world = clientWorld();
    world.client.handle("add", (params) => {
      const [a, b] = params as [number, number];
      return a + b;
    });
    await world.open();
    await call(world, "add", [1, 2], id);
    expect(answers(world)).toEqual([{ jsonrpc: "2.0", id, result: 3 }]);
  });

  it("gets the value of a promise, and null for nothing and for null", async () => {
    const world = clientWorld();
    world.client.handle("later", () => Promise.resolve({ ok: true }));
    world.client.handle("nothing", () => undefined);
    world.client.handle("null", () => null);
    await world.open();
    await call(world, "later", undefined, 1);
    await call(world, "nothing", undefined, 2);
    await call(world, "null", undefined, 3);
    expect(answers(world)).toEqual([
      { jsonrpc: "2.0", id: 1, result: { ok: true } },
      { jsonrpc: "2.0", id: 2, result: null },
      { jsonrpc: "2.0", id: 3, result: null },
    ]);
    expect(world.codes()).toEqual([]);
  });

  it("gets a RemoteError as it is", async () => {
    const world = clientWorld();
    world.client.handle("refuse", () => {
      throw new RemoteError("not today", 42, { until: "tomorrow" });
    });
    world.client.handle("refuse plainly", () => Promise.reject(new RemoteError("no")));
    await world.open();
    await call(world, "refuse", undefined, 1);
    await call(world, "refuse plainly", undefined, 2);
    expect(answers(world).map(({ error }) => error)).toEqual([
      { code: 42, message: "not today", data: { until: "tomorrow" } },
      { code: -32603, message: "no" },
    ]);
    expect(world.codes()).toEqual([]);
  });

  it("learns of any other error only that there was one; the application gets it", async () => {
    const world = clientWorld();
    const secret = new Error("password=hunter2");
    world.client.handle("throws", () => {
      throw secret;
    });
    world.client.handle("rejects", () => Promise.reject(secret));
    await world.open();
    await call(world, "throws");
    await call(world, "rejects");
    const error = { code: -32603, message: "Internal error" };
    expect(answers(world).map((answer) => answer.error)).toEqual([error, error]);
    expect(world.all("error")).toMatchObject([
      { code: "LISTENER_FAILED", cause: secret },
      { code: "LISTENER_FAILED", cause: secret },
    ]);
  });

  it("is answered also if the result, or the error's data, cannot be encoded", async () => {
    const world = clientWorld();
    world.client.handle("result", () => 1n);
    world.client.handle("data", () => {
      throw new RemoteError("no", 1, 1n);
    });
    await world.open();
    await call(world, "result", undefined, 1);
    await call(world, "data", undefined, 2);
    expect(answers(world).map(({ id, error }) => [id, error?.code])).toEqual([
      [1, -32603],
      [2, -32603],
    ]);
    expect(world.codes()).toEqual(["LISTENER_FAILED", "LISTENER_FAILED"]);
    await call(world, "data", undefined, 2); // the id is free again
    expect(answers(world).at(-1)?.error?.code).toBe(-32603);
  });

  it("is left without an answer if none can be encoded, which is reported and blocks nothing", async () => {
    const codec = {
      encode: (value: unknown): string => {
        if (typeof value === "object" && value !== null && "error" in value) throw new Error("no errors today");
        return JSON.stringify(value);
      },
      decode: (data: unknown): unknown => JSON.parse(data as string),
    };
    const world = clientWorld({ codec, rpc: { maxRunning: 1 } });
    world.client.handle("throws", () => {
      throw new RemoteError("no");
    });
    world.client.handle("add", () => 3);
    await world.open();
    await call(world, "throws", undefined, 1);
    await call(world, "add", undefined, 1);
    expect(answers(world)).toEqual([{ jsonrpc: "2.0", id: 1, result: 3 }]);
    expect(world.codes()).toEqual(["LISTENER_FAILED"]);
  });

  it.each(["unknown", "__proto__", "constructor", "toString", "hasOwnProperty"])(
    "of the method %s, which nobody handles, is answered so",
    async (method) => {
      const world = clientWorld();
      await world.open();
      await call(world, method);
      expect(answers(world)).toMatchObject([{ id: 7, error: { code: -32601, message: "Method not found" } }]);
    },
  );

  it("is refused while too many run, and taken again after that", async () => {
    const world = clientWorld({ rpc: { maxRunning: 2 } });
    const { handler, answer } = slowHandler();
    world.client.handle("slow", handler);
    await world.open();
    for (const id of [1, 2, 3]) await call(world, "slow", undefined, id);
    expect(answers(world)).toMatchObject([{ id: 3, error: { code: -32000 } }]);
    answer("done");
    await world.go();
    await call(world, "slow", undefined, 4);
    answer("done");
    answer("done");
    await world.go();
    expect(answers(world).map(({ id }) => id)).toEqual([3, 1, 2, 4]);
  });

  it("is refused by default when a thousand run", async () => {
    const world = clientWorld();
    world.client.handle("slow", slowHandler().handler);
    await world.open();
    for (let id = 1; id <= 1_001; id++) say(world.server.last, { jsonrpc: "2.0", id, method: "slow" });
    await world.go();
    expect(answers(world)).toMatchObject([{ id: 1_001, error: { code: -32000 } }]);
  });

  it("is refused if its id is running already, and the first one goes on", async () => {
    const world = clientWorld();
    const { handler, contexts, answer } = slowHandler();
    world.client.handle("slow", handler);
    await world.open();
    await call(world, "slow", undefined, 1);
    await call(world, "slow", undefined, 1);
    await call(world, "slow", undefined, "1"); // another id
    expect(contexts).toHaveLength(2);
    expect(answers(world)).toMatchObject([{ id: 1, error: { code: -32600 } }]);
    answer("first");
    await world.go();
    expect(answers(world).at(-1)).toEqual({ jsonrpc: "2.0", id: 1, result: "first" });
  });

  it("is never answered on another link, and its handler is told", async () => {
    const world = clientWorld();
    const { handler, contexts, answer } = slowHandler();
    world.client.handle("slow", handler);
    await world.open();
    await call(world, "slow");
    world.server.last.drop();
    await world.go();
    expect(contexts[0]?.signal.aborted).toBe(true);
    expect(contexts[0]?.signal.reason).toMatchObject({ code: "CONNECTION_LOST" });
    await world.go(10_000);
    expect(world.server.dials).toBe(2);
    await call(world, "slow"); // the same id, on the new link
    answer("for the old link");
    answer("for the new link");
    await world.go();
    expect(answers(world)).toEqual([{ jsonrpc: "2.0", id: 7, result: "for the new link" }]);
    expect(world.codes()).toEqual([]);
  });

  it("is not answered any more once the client closes, and its handler is told", async () => {
    const world = clientWorld();
    const { handler, contexts, answer } = slowHandler();
    world.client.handle("slow", handler);
    await world.open();
    await call(world, "slow");
    await world.close();
    expect(contexts[0]?.signal.aborted).toBe(true);
    answer("too late");
    await world.go();
    expect(answers(world)).toEqual([]);
    expect(world.codes()).toEqual([]);
  });

  it("waits behind the water mark with its answer, and that is discarded with the link", async () => {
    const world = clientWorld({ outbox: { highWater: 1 } }, { rate: 1 });
    world.client.handle("now", () => "now");
    await world.open();
    world.client.send("x");
    await call(world, "now");
    expect(world.client.queue.size).toBe(1);
    world.server.last.drop();
    await world.go();
    expect(world.client.queue.size).toBe(0);
    expect(world.all("dropped")).toMatchObject([{ reason: "discarded" }]);
  });

  it("waits with its answer for as long as it takes, whatever the ttl of messages is", async () => {
    const world = clientWorld({ outbox: { highWater: 1, ttl: 1_000 } }, { rate: 50 });
    world.client.handle("now", () => "now");
    await world.open();
    world.client.send("x".repeat(100));
    await call(world, "now");
    await world.go(1_500);
    expect(world.all("dropped")).toEqual([]);
    await world.go(5_000);
    expect(framesOf(world.server.last).at(-1)).toEqual({ jsonrpc: "2.0", id: 7, result: "now" });
  });

  it("loses its answer in a full queue, which is reported and hurts nobody", async () => {
    const world = clientWorld({ outbox: { highWater: 1, maxCount: 1 } }, { rate: 1 });
    world.client.handle("now", () => "now");
    await world.open();
    world.client.send("x");
    world.client.send("fills the queue");
    await call(world, "now");
    expect(world.codes()).toEqual(["QUEUE_FULL"]);
    expect(world.client.state.name).toBe("open");
  });
});

describe("a call that the server cancels", () => {
  it("is not answered, and its handler is told", async () => {
    const world = clientWorld();
    const { handler, contexts, answer } = slowHandler();
    world.client.handle("slow", handler);
    await world.open();
    await call(world, "slow", undefined, 1);
    say(world.server.last, { jsonrpc: "2.0", method: "$/cancelRequest", params: { id: 1 } });
    await world.go();
    expect(contexts[0]?.signal.aborted).toBe(true);
    answer("for nobody");
    await world.go();
    expect(answers(world)).toEqual([]);
    expect(world.codes()).toEqual([]);
  });

  it.each(["cancelled", "lost"])("is not answered either if its handler fails for that it was %s", async (how) => {
    const world = clientWorld();
    world.client.handle("slow", (_params, { signal }) => {
      const failed = (reject: (error: unknown) => void) => (): void => {
        reject(signal.reason);
      };
      return new Promise((_resolve, reject) => {
        signal.addEventListener("abort", failed(reject));
      });
    });
    await world.open();
    await call(world, "slow");
    if (how === "lost") world.server.last.drop();
    else say(world.server.last, { jsonrpc: "2.0", method: "$/cancelRequest", params: { id: 7 } });
    await world.go(10_000);
    expect(world.client.state.name).toBe("open");
    expect(world.server.all.flatMap((connection) => framesOf(connection))).toEqual([]);
    expect(world.all("dropped")).toEqual([]);
    expect(world.codes()).toEqual([]);
  });

  it("may be over, or never have been: nothing happens", async () => {
    const world = clientWorld();
    world.client.handle("fast", () => 1);
    await world.open();
    await call(world, "fast", undefined, 1);
    for (const id of [1, 2, "1", "__proto__"]) {
      say(world.server.last, { jsonrpc: "2.0", method: "$/cancelRequest", params: { id } });
    }
    await world.go();
    expect(answers(world)).toHaveLength(1);
    expect(world.codes()).toEqual([]);
  });
});

describe("a call that is answered bit by bit", () => {
  async function* count(_params: unknown, { signal }: CallContext): AsyncGenerator<number> {
    for (let n = 1; !signal.aborted; n++) {
      if (n > 3) return;
      yield n;
      await Promise.resolve();
    }
  }

  it("gets each value, and then the end", async () => {
    const world = clientWorld();
    world.client.handle("count", count);
    await world.open();
    await call(world, "count", undefined, 5);
    expect(framesOf(world.server.last)).toEqual([
      ...[1, 2, 3].map((value) => ({ jsonrpc: "2.0", method: "$/next", params: { id: 5, value } })),
      { jsonrpc: "2.0", id: 5, result: null },
    ]);
  });

  it("gets the error that ends it", async () => {
    const world = clientWorld();
    world.client.handle("count", async function* () {
      yield 1;
      await Promise.resolve();
      throw new RemoteError("enough", 9);
    });
    await world.open();
    await call(world, "count", undefined, 5);
    expect(framesOf(world.server.last).at(-1)).toEqual({
      jsonrpc: "2.0",
      id: 5,
      error: { code: 9, message: "enough" },
    });
  });

  it.each(["cancelled", "lost"])("stops when it is %s, and the generator is ended", async (how) => {
    const world = clientWorld();
    let ended = 0;
    world.client.handle("ticks", async function* (): AsyncGenerator<number> {
      try {
        for (let n = 0; ; n++) {
          yield n;
          await new Promise<void>((resolve) => world.page.after(100, resolve));
        }
      } finally {
        ended++;
      }
    });
    await world.open();
    await call(world, "ticks", undefined, 5);
    await world.go(250);
    if (how === "lost") world.server.last.drop();
    else say(world.server.last, { jsonrpc: "2.0", method: "$/cancelRequest", params: { id: 5 } });
    await world.go(200);
    expect(ended).toBe(1);
    expect(framesOf(world.server.all[0] ?? world.server.last)).toHaveLength(3);
  });
});

describe("a call that is answered faster than the link takes it", () => {
  /** Yields without end, and tells how far it got. */
  function endless(world: World<unknown>): { readonly yielded: () => number; readonly ended: () => boolean } {
    let [yielded, ended] = [0, false];
    world.client.handle("ticks", async function* (): AsyncGenerator<number> {
      try {
        while (yielded < 1_000) yield await Promise.resolve(++yielded);
      } finally {
        ended = true;
      }
    });
    return { yielded: () => yielded, ended: () => ended };
  }

  const FULL = { highWater: 200, maxCount: 10 };

  it("waits for the link, and nothing of it is missing", async () => {
    const world = clientWorld({ outbox: FULL }, { rate: 10_000 });
    const source = endless(world);
    await world.open();
    await call(world, "ticks", undefined, 5);
    expect(source.yielded()).toBeLessThan(10);
    await world.go(60_000);
    expect(framesOf(world.server.last)).toEqual([
      ...Array.from({ length: 1_000 }, (_, n) => ({
        jsonrpc: "2.0",
        method: "$/next",
        params: { id: 5, value: n + 1 },
      })),
      { jsonrpc: "2.0", id: 5, result: null },
    ]);
    expect(world.codes()).toEqual([]);
  });

  it.each(["cancelled", "lost"])("ends its generator when it is %s while it waits", async (how) => {
    const world = clientWorld({ outbox: FULL }, { rate: 1 });
    const source = endless(world);
    await world.open();
    await call(world, "ticks", undefined, 5);
    if (how === "lost") world.server.last.drop();
    else say(world.server.last, { jsonrpc: "2.0", method: "$/cancelRequest", params: { id: 5 } });
    await world.go(100);
    expect(source.ended()).toBe(true);
    expect(source.yielded()).toBeLessThan(10);
  });

  it("ends with an error when one of its values is lost", async () => {
    const world = clientWorld({ outbox: FULL }, { rate: 1_000 });
    endless(world);
    await world.open();
    await call(world, "ticks", undefined, 5);
    world.client.queue.clear();
    await world.go(60_000);
    expect(answers(world)).toEqual([
      { jsonrpc: "2.0", id: 5, error: { code: -32603, message: "A value of the answer was lost" } },
    ]);
    expect(world.all("dropped").map(({ reason }) => reason)).toEqual(["discarded"]);
    expect(world.codes()).toEqual([]);
  });

  it("does not end as if it were whole when the queue is full of other things", async () => {
    const world = clientWorld({ outbox: { highWater: 200, maxCount: 1 } }, { rate: 1_000 });
    const source = endless(world);
    await world.open();
    for (let n = 0; n < 2; n++) world.client.send("x".repeat(200));
    await call(world, "ticks", undefined, 5);
    await world.go(60_000);
    expect(answers(world).filter(({ id }) => id === 5)).toEqual([]);
    expect(source.ended()).toBe(true);
    expect(world.codes()).toEqual(["QUEUE_FULL", "QUEUE_FULL"]);
  });
});

describe("a call whose answer nobody wants any more", () => {
  it.each(["cancelled", "lost"])("leaves the iterable that its handler gave, when it is %s", async (how) => {
    const world = clientWorld();
    world.client.handle("watch", () => world.client.subscribe("trades"));
    await world.open();
    await call(world, "watch", undefined, 5);
    expect(callsOf(world.server.last, "subscribe")).toHaveLength(1);
    if (how === "lost") world.server.last.drop();
    else say(world.server.last, { jsonrpc: "2.0", method: "$/cancelRequest", params: { id: 5 } });
    await world.go(10_000);
    expect(callsOf(world.server.last, "subscribe")).toHaveLength(how === "lost" ? 0 : 1);
    expect(callsOf(world.server.last, "unsubscribe")).toHaveLength(how === "lost" ? 0 : 1);
    expect(world.codes()).toEqual([]);
  });

  it("leaves the iterable also when it comes too late", async () => {
    const world = clientWorld();
    const { handler, answer } = slowHandler();
    let left = 0;
    const iterator = {
      next: () => new Promise<never>(() => undefined),
      return: () => Promise.resolve({ done: true, value: ++left }),
    };
    world.client.handle("watch", handler);
    await world.open();
    await call(world, "watch", undefined, 5);
    say(world.server.last, { jsonrpc: "2.0", method: "$/cancelRequest", params: { id: 5 } });
    await world.go();
    answer({ [Symbol.asyncIterator]: () => iterator });
    await world.go();
    expect(left).toBe(1);
    expect(answers(world)).toEqual([]);
  });

  it("counts for maxRunning until its handler is over", async () => {
    const world = clientWorld({ rpc: { maxRunning: 1 } });
    const { handler, contexts, answer } = slowHandler();
    world.client.handle("slow", handler);
    await world.open();
    await call(world, "slow", undefined, 1);
    say(world.server.last, { jsonrpc: "2.0", method: "$/cancelRequest", params: { id: 1 } });
    await call(world, "slow", undefined, 2);
    expect(contexts).toHaveLength(1);
    expect(answers(world)).toMatchObject([{ id: 2, error: { code: -32000 } }]);
    answer("nobody hears it");
    await world.go();
    await call(world, "slow", undefined, 3);
    expect(contexts).toHaveLength(2);
  });

  it("is not answered on the next link, also when its encoding leaves the one on which it came", async () => {
    const world = clientWorld();
    world.client.handle("leave", () => ({
      toJSON: () => {
        void world.client.reconnect();
        return 1;
      },
    }));
    await world.open();
    await call(world, "leave");
    await world.go(1_000);
    expect(world.server.dials).toBe(2);
    expect(framesOf(world.server.last)).toEqual([]);
  });
});

describe("a notification of the server", () => {
  it("gives its handler a signal, which is aborted with the link", async () => {
    const world = clientWorld();
    const signals: CallContext["signal"][] = [];
    world.client.handle("note", (_params, { signal }) => {
      signals.push(signal);
      return new Promise(() => undefined);
    });
    world.client.handle("short", (_params, { signal }) => signals.push(signal));
    await world.open();
    say(world.server.last, { jsonrpc: "2.0", method: "short" });
    await world.go();
    const [over] = signals.splice(0);
    for (let n = 0; n < 2; n++) say(world.server.last, { jsonrpc: "2.0", method: "note" });
    await world.go();
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
    world.server.last.drop();
    await world.go(5_000);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    say(world.server.last, { jsonrpc: "2.0", method: "note" });
    await world.go();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, false]);
    expect(over?.aborted).toBe(false);
  });

  it("runs its handler, and is never answered", async () => {
    const world = clientWorld();
    const got: unknown[] = [];
    world.client.handle("note", (params) => got.push(params));
    await world.open();
    say(world.server.last, { jsonrpc: "2.0", method: "note", params: [1] });
    await world.go();
    expect(got).toEqual([[1]]);
    expect(world.server.last.texts).toEqual([]);
    expect(world.all("message")).toEqual([]);
  });

  it("hurts nobody if its handler fails: that is reported", async () => {
    const world = clientWorld();
    const broken = new Error("broken");
    world.client.handle("throws", () => {
      throw broken;
    });
    world.client.handle("rejects", () => Promise.reject(broken));
    await world.open();
    for (const method of ["throws", "rejects"]) say(world.server.last, { jsonrpc: "2.0", method });
    await world.go();
    expect(world.all("error")).toMatchObject([
      { code: "LISTENER_FAILED", cause: broken },
      { code: "LISTENER_FAILED", cause: broken },
    ]);
    expect(world.server.last.texts).toEqual([]);
  });

  it("is a message if nobody handles it", async () => {
    const world = clientWorld();
    await world.open();
    const note = { jsonrpc: "2.0", method: "note", params: [1] };
    say(world.server.last, note);
    await world.go();
    expect(world.all("message")).toEqual([note]);
  });
});

describe("handle()", () => {
  it("takes one handler for each method, and gives the method back", async () => {
    const world = clientWorld();
    const stop = world.client.handle("a", () => 1);
    expect(() => world.client.handle("a", () => 2)).toThrow(TypeError);
    stop();
    stop();
    const stopSecond = world.client.handle("a", () => 2);
    stop(); // an old one does not remove the new one
    await world.open();
    await call(world, "a", undefined, 1);
    stopSecond();
    await call(world, "a", undefined, 2);
    expect(answers(world)).toMatchObject([
      { id: 1, result: 2 },
      { id: 2, error: { code: -32601 } },
    ]);
  });

  it("gives a method back once: not what was registered after that", async () => {
    const world = clientWorld();
    const handler = (): number => 1;
    const stop = world.client.handle("m", handler);
    stop();
    world.client.handle("m", handler);
    stop();
    await world.open();
    await call(world, "m");
    expect(answers(world)).toMatchObject([{ result: 1 }]);
  });

  it("takes text only as a method", () => {
    const { client } = clientWorld();
    expect(() => client.handle(5 as never, () => 1)).toThrow('Option "method" takes a string');
  });

  it("takes a function only", () => {
    const { client } = clientWorld();
    const wrong = "not a function" as unknown as () => void; // what a caller without types can do
    expect(() => client.handle("a", wrong)).toThrow(TypeError);
  });

  it("survives connections: the same handlers serve the next one", async () => {
    const world = clientWorld();
    world.client.handle("a", () => 1);
    await world.open();
    await world.close();
    await world.open();
    await call(world, "a");
    expect(answers(world)).toEqual([{ jsonrpc: "2.0", id: 7, result: 1 }]);
  });
});
