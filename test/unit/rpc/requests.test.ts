import { describe, expect, it } from "vitest";
import { RemoteError, RequestError } from "../../../src/core/errors.ts";
import { answerCalls, callsOf, clientWorld, framesOf, parse, say } from "../../support/client-world.ts";
import { expectNothingUncaught } from "../../support/uncaught.ts";

expectNothingUncaught();

describe("a request", () => {
  it("is a frame of JSON-RPC 2.0, and resolves with the result", async () => {
    const { server, client, open, go } = clientWorld();
    answerCalls(server, ({ params }) => Number(params?.["a"]) + Number(params?.["b"]));
    await open();
    const sum = client.request("sum", { a: 1, b: 2 });
    const time = client.request("time");
    await go();
    expect(framesOf(server.last)).toEqual([
      { jsonrpc: "2.0", id: 1, method: "sum", params: { a: 1, b: 2 } },
      { jsonrpc: "2.0", id: 2, method: "time" },
    ]);
    await expect(sum).resolves.toBe(3);
    await expect(time).resolves.toBeNull(); // NaN has no JSON
  });

  it.each([null, 0, false, "", [], { result: "nested" }])("may have the result %j", async (result) => {
    const { server, client, open, go } = clientWorld();
    await open();
    const value = client.request("get");
    say(server.last, { jsonrpc: "2.0", id: 1, result });
    await go();
    await expect(value).resolves.toEqual(result);
  });

  it("resolves with undefined where a server leaves out the result of a method that has none", async () => {
    const { server, client, open, go } = clientWorld();
    await open();
    const value = client.request("log");
    say(server.last, { jsonrpc: "2.0", id: 1 });
    await go();
    await expect(value).resolves.toBeUndefined();
  });

  it("rejects with the server's error as it is", async () => {
    const { server, client, open, go } = clientWorld();
    await open();
    const failing = client.request("sum", {});
    say(server.last, {
      jsonrpc: "2.0",
      id: 1,
      error: { code: -32602, message: "Invalid params", data: { field: "a" } },
    });
    await go();
    const error: unknown = await failing.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RemoteError);
    expect(error).toMatchObject({
      code: "REMOTE_ERROR",
      message: "Invalid params",
      remoteCode: -32602,
      data: { field: "a" },
    });
  });

  it.each([["no"], [[]], [{}], [{ code: {}, message: 5 }], [true]])(
    "rejects also with an error that is none: %j",
    async (error) => {
      const { server, client, open, go } = clientWorld();
      await open();
      const failing = client.request("sum");
      say(server.last, { jsonrpc: "2.0", id: 1, error });
      await go();
      await expect(failing).rejects.toMatchObject({
        code: "REMOTE_ERROR",
        message: "Unknown error",
        remoteCode: -32000,
      });
    },
  );

  it("rejects at once if its params cannot be encoded, and nothing is left of it", async () => {
    const { server, client, open, go } = clientWorld();
    await open();
    await expect(client.request("sum", { a: 1n })).rejects.toMatchObject({
      code: "ENCODE_FAILED",
      method: "sum",
      sent: false,
    });
    await go(60_000);
    expect(server.last.texts).toEqual([]);
  });

  it("rejects at once if too many are pending", async () => {
    const { server, client, open, close, go } = clientWorld({ rpc: { maxPending: 2 } });
    await open();
    const first = client.request("a");
    const second = client.request("b");
    const third = client.request("c");
    await expect(third).rejects.toMatchObject({ code: "QUEUE_FULL", method: "c", sent: false });
    say(server.last, { jsonrpc: "2.0", id: 1, result: 1 });
    await go();
    await expect(first).resolves.toBe(1);
    void client.request("d");
    await go();
    expect(framesOf(server.last).map(({ method }) => method)).toEqual(["a", "b", "d"]);
    await close();
    await expect(second).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN" });
  });

  it("rejects with QUEUE_FULL if the outbox is full, in whichever way the outbox says so", async () => {
    for (const overflow of ["reject", "drop-newest"] as const) {
      const { client } = clientWorld({ outbox: { maxCount: 1, overflow } });
      client.send("takes the room");
      await expect(client.request("a")).rejects.toMatchObject({ code: "QUEUE_FULL" });
    }
    const { client } = clientWorld({ outbox: { maxCount: 1, overflow: "drop-oldest" } });
    const evicted = client.request("a");
    client.send("takes its room");
    await expect(evicted).rejects.toMatchObject({ code: "QUEUE_FULL", method: "a", sent: false });
  });

  it("rejects with DISCARDED if the queue is emptied", async () => {
    const { client } = clientWorld();
    const queued = client.request("a");
    client.queue.clear();
    await expect(queued).rejects.toMatchObject({ code: "DISCARDED", sent: false });
  });

  it("rejects once the client is closed", async () => {
    const { client, open, close } = clientWorld();
    await open();
    await close();
    await expect(client.request("a")).rejects.toMatchObject({ code: "CLOSED" });
  });

  it("may go unawaited: its rejection is nobody's, however it ends", async () => {
    const { server, client, open, go } = clientWorld({ rpc: { maxPending: 3 }, outbox: { maxCount: 2 } });
    void client.request("never sent", {}, { timeout: 5 });
    await go(10);
    await open();
    void client.request("cannot be encoded", 1n);
    void client.request("aborted before", {}, { signal: AbortSignal.abort() });
    void client.request("times out", {}, { timeout: 5 });
    void client.request("fails");
    say(server.last, { jsonrpc: "2.0", id: 5, error: { code: 1, message: "no" } });
    void client.stream("never read", {}, { timeout: 5 });
    await go(10);
    void client.request("is lost");
    server.last.drop();
    await go();
    for (let n = 0; n < 4; n++) void client.request("is too much");
    void client.close();
    void client.request("comes too late");
    await go(60_000);
  });
});

describe("the time-out of a request", () => {
  it("is 30 s by default, and the client's or its own if they say so", async () => {
    const ended: [string, number][] = [];
    const { clock, client, open, go } = clientWorld();
    const other = clientWorld({ rpc: { timeout: 2_000 } });
    const start = (request: Promise<unknown>, name: string, now: () => number): void => {
      request.catch(() => ended.push([name, now()]));
    };
    await open();
    start(client.request("a"), "default", () => clock.now());
    start(client.request("a", {}, { timeout: 500 }), "own", () => clock.now());
    start(client.request("a", {}, { timeout: Infinity }), "for ever", () => clock.now());
    await go(29_999);
    expect(ended).toEqual([["own", 500]]);
    await go(1);
    expect(ended.at(-1)).toEqual(["default", 30_000]);
    await go(3_600_000);
    expect(ended).toHaveLength(2);
    await other.open();
    start(other.client.request("a"), "client's", () => other.clock.now());
    await other.go(2_000);
    expect(ended.at(-1)).toEqual(["client's", 2_000]);
  });

  it("runs while it is queued: then it is never sent", async () => {
    const { server, client, open, go } = clientWorld();
    const queued = client.request("a", {}, { timeout: 1_000 });
    await go(999);
    expect(client.queue.size).toBe(1);
    await go(1);
    await expect(queued).rejects.toMatchObject({ code: "TIMEOUT", method: "a", sent: false });
    expect(client.queue.size).toBe(0);
    await open();
    await go();
    expect(server.last.texts).toEqual([]);
  });

  it("runs while it waits for a connection that hangs", async () => {
    const { server, client, go } = clientWorld();
    server.answer = { type: "stall" };
    void client.connect();
    const waiting = client.request("a", {}, { timeout: 1_000 });
    await go(1_000);
    await expect(waiting).rejects.toMatchObject({ code: "TIMEOUT", sent: false });
  });

  it("covers queue, connection and flight together, and tells the server at its end", async () => {
    const { server, client, clock, go } = clientWorld();
    const request = client.request("a", {}, { timeout: 1_000 });
    await go(300); // in the queue
    server.answer = { type: "accept", after: 300 };
    void client.connect();
    await go(399); // connecting, and in flight
    expect(framesOf(server.last)).toEqual([{ jsonrpc: "2.0", id: 1, method: "a", params: {} }]);
    await go(300);
    let error: unknown;
    request.catch((reason: unknown) => {
      error = reason;
    });
    await clock.settle();
    expect(error).toBeUndefined();
    await go(1);
    expect(error).toBeInstanceOf(RequestError);
    expect(error).toMatchObject({ code: "TIMEOUT", method: "a", sent: true });
    await go();
    expect(framesOf(server.last).at(-1)).toEqual({ jsonrpc: "2.0", method: "$/cancelRequest", params: { id: 1 } });
  });

  it("loses against an answer that has arrived while the page was frozen, though the timers run first", async () => {
    const { clock, page, server, client, open, go } = clientWorld({ heartbeat: "off" });
    await open();
    const request = client.request("a", {}, { timeout: 1_000 });
    await go();
    page.freeze();
    clock.advance(60_000); // the deadline was due...
    say(server.last, { jsonrpc: "2.0", id: 1, result: "waiting" });
    clock.advance(60_000); // ...before the answer came
    page.thaw();
    await go();
    await expect(request).resolves.toBe("waiting");
  });
});

describe("an answer that nobody waits for", () => {
  it("is only counted if it is late, also after an abort", async () => {
    const { server, client, open, go, codes } = clientWorld();
    const controller = new AbortController();
    await open();
    const slow = client.request("slow", {}, { timeout: 1_000 });
    const aborted = client.request("aborted", {}, { signal: controller.signal });
    const other = client.request("other");
    await go(1_000);
    controller.abort();
    say(server.last, { jsonrpc: "2.0", id: 1, result: "late" });
    say(server.last, { jsonrpc: "2.0", id: 2, error: { code: 1, message: "late" } });
    say(server.last, { jsonrpc: "2.0", id: 3, result: "its own" });
    await go();
    await expect(slow).rejects.toMatchObject({ code: "TIMEOUT" });
    await expect(aborted).rejects.toBe(controller.signal.reason);
    await expect(other).resolves.toBe("its own");
    expect(client.lateReplies).toBe(2);
    expect(codes()).toEqual([]);
  });

  it("is remembered to be late for the last ten thousand that were given up", async () => {
    const { server, client, open, go, codes } = clientWorld({ rpc: { maxPending: 20_000, timeout: 1_000 } });
    await open();
    for (let n = 0; n < 10_001; n++) void client.request("slow");
    await go(1_000);
    for (const id of [1, 2, 10_001]) say(server.last, { jsonrpc: "2.0", id, result: "late" });
    await go();
    expect(client.lateReplies).toBe(2);
    expect(codes()).toEqual(["UNEXPECTED_REPLY"]);
  });

  it("is reported, once each, and changes nothing, if it comes twice or with an id that is not ours", async () => {
    const { server, client, open, go, codes, all } = clientWorld();
    await open();
    const request = client.request("a");
    await go();
    const foreign = ["1", 2, -1, 0, 1.5, 1e300, "__proto__", "constructor", "toString"];
    for (const id of foreign) say(server.last, { jsonrpc: "2.0", id, result: "foreign" });
    await go();
    expect(codes()).toEqual(foreign.map(() => "UNEXPECTED_REPLY"));
    say(server.last, { jsonrpc: "2.0", id: 1, result: "right" });
    say(server.last, { jsonrpc: "2.0", id: 1, result: "twice" });
    say(server.last, { jsonrpc: "2.0", id: 1, error: { code: 1, message: "thrice" } });
    await go();
    await expect(request).resolves.toBe("right");
    expect(codes()).toHaveLength(foreign.length + 2);
    expect(client.lateReplies).toBe(0);
    expect(all("message")).toEqual([]);
    expect(client.state.name).toBe("open");
  });

  it("is reported if it names a request that has not been written", async () => {
    const { server, client, open, go, codes } = clientWorld({ outbox: { highWater: 1 } }, { rate: 1 });
    await open();
    client.send("x".repeat(10));
    const queued = client.request("a");
    expect(client.queue.size).toBe(1);
    say(server.last, { jsonrpc: "2.0", id: 1, result: "from nowhere" });
    await go();
    expect(codes()).toEqual(["UNEXPECTED_REPLY"]);
    server.rate = Infinity;
    server.onConnection = undefined;
    server.last.onMessage = (data, connection) => {
      if (parse(data).id === 1) say(connection, { jsonrpc: "2.0", id: 1, result: "right" });
    };
    await go(15_000);
    await expect(queued).resolves.toBe("right");
  });
});

describe("a queued request", () => {
  it("waits as long as its own timeout says, and not as the queue's ttl", async () => {
    const { client, server, open, go, all } = clientWorld({ outbox: { ttl: 1_000 } });
    answerCalls(server, () => "yes");
    const request = client.request("a", {}, { timeout: Infinity });
    client.notify("for as long as the ttl says");
    await go(5_000);
    expect(all("dropped").map(({ reason }) => reason)).toEqual(["expired"]);
    await open();
    await go();
    await expect(request).resolves.toBe("yes");
  });
});

describe("ten thousand requests", () => {
  it("half answered, a quarter timed out, a quarter cut: all are settled, and nothing is left", async () => {
    const { page, server, client, open, go, codes } = clientWorld({ heartbeat: "off", stableAfter: 0 });
    await open();
    await go();
    const ids: number[] = [];
    server.last.onMessage = (data, connection) => {
      const { id, method } = parse(data);
      if (typeof id !== "number") return;
      ids.push(id);
      if (method === "answered") say(connection, { jsonrpc: "2.0", id, result: id });
    };
    const outcomes = new Map<string, number>();
    const note = (outcome: string): void => {
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    };
    const all = Array.from({ length: 10_000 }, (_, n) => {
      const method = n % 2 === 0 ? "answered" : n % 4 === 1 ? "times out" : "is cut";
      const timeout = method === "times out" ? 1_000 + (n % 7) : 30_000;
      return client.request(method, { n }, { timeout }).then(
        (result) => {
          note(result === n + 1 ? "answered" : "wrong");
        },
        (error: unknown) => {
          note(error instanceof RequestError ? error.code : "wrong");
        },
      );
    });
    await go(2_000);
    for (const id of ids.filter((one) => one % 4 === 2)) say(server.last, { jsonrpc: "2.0", id, result: "late" });
    await go();
    expect(client.lateReplies).toBe(2_500);
    server.last.drop();
    await go();
    await Promise.all(all);
    expect(Object.fromEntries(outcomes)).toEqual({ answered: 5_000, TIMEOUT: 2_500, OUTCOME_UNKNOWN: 2_500 });
    expect(ids).toHaveLength(10_000);
    expect(page.pending).toBe(1); // the next attempt
    expect(client.queue.size).toBe(0);
    expect(codes()).toEqual([]);
    await go(10_000);
    expect(client.state.name).toBe("open");
    expect(page.pending).toBe(0);
    expect(callsOf(server.last, "is cut")).toEqual([]);
  });
});
