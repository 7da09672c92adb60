import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RequestError } from "../../../src/core/errors.ts";
import { answerCalls, callsOf, clientWorld, framesOf, say } from "../../support/client-world.ts";
import { expectNothingUncaught } from "../../support/uncaught.ts";

expectNothingUncaught();

describe("a request whose link is lost", () => {
  it("is not sent again if it was written, and rejects: nobody knows its outcome", async () => {
    const { server, client, open, go } = clientWorld({ outbox: { highWater: 1 } }, { rate: 1 });
    await open();
    const written = client.request("charge", { cents: 100 });
    const queued = client.request("charge", { cents: 200 }); // behind the water mark
    expect(client.queue.size).toBe(1);
    server.rate = Infinity;
    server.last.drop();
    await go();
    const error: unknown = await written.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RequestError);
    expect(error).toMatchObject({
      code: "OUTCOME_UNKNOWN",
      method: "charge",
      sent: true,
      cause: { code: "CONNECTION_LOST" },
    });
    answerCalls(server, ({ params }) => params?.["cents"]);
    await go(10_000);
    await expect(queued).resolves.toBe(200);
    expect(server.dials).toBe(2);
    expect(callsOf(server.last, "charge")).toEqual([
      { jsonrpc: "2.0", id: 2, method: "charge", params: { cents: 200 } },
    ]);
  });

  it("is sent again with the same id, before what is queued, if running it twice does no harm", async () => {
    const { server, client, open, go } = clientWorld({ rpc: { idempotent: ["time"] } });
    await open();
    const time = client.request("time");
    const sum = client.request("sum", [1], { idempotent: "yes" });
    const once = client.request("time", {}, { idempotent: "no" });
    await go();
    expect(framesOf(server.last).map(({ id }) => id)).toEqual([1, 2, 3]);
    server.last.drop();
    await go();
    await expect(once).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN" });
    client.send("queued meanwhile");
    const later = client.request("later");
    answerCalls(server, ({ id }) => `answer ${id}`);
    await go(10_000);
    expect(framesOf(server.last)).toEqual([
      { jsonrpc: "2.0", id: 1, method: "time" },
      { jsonrpc: "2.0", id: 2, method: "sum", params: [1] },
      "queued meanwhile",
      { jsonrpc: "2.0", id: 4, method: "later" },
    ]);
    await expect(Promise.all([time, sum, later])).resolves.toEqual(["answer 1", "answer 2", "answer 4"]);
  });

  it("is sent again as often as it takes, within its one time-out", async () => {
    const { server, client, open, go } = clientWorld({ backoff: { min: 100, base: 100, max: 100 } });
    await open();
    const time = client.request("time", {}, { idempotent: "yes", timeout: 5_000 });
    for (let round = 0; round < 4; round++) {
      await go(900);
      expect(callsOf(server.last, "time")).toHaveLength(1);
      server.last.drop();
      await go(100);
    }
    expect(server.dials).toBe(5);
    await go(1_000);
    await expect(time).rejects.toMatchObject({ code: "TIMEOUT", sent: true });
  });

  it("is sent again if it was queued, and its link is left by who hears that it is written", async () => {
    const { client, server, open, go } = clientWorld({ outbox: { highWater: 1 } }, { rate: 100 });
    await open();
    client.send("x".repeat(50));
    const request = client.request("time", {}, { idempotent: "yes", timeout: Infinity });
    answerCalls(server, () => "noon");
    let left = false;
    client.on("debug", ({ event }) => {
      if (event !== "sent" || left) return;
      left = true;
      void client.reconnect();
    });
    await go(20_000);
    expect(callsOf(server.last, "time")).toHaveLength(1);
    await expect(request).resolves.toBe("noon");
  });

  it("is not sent again after it was given up in between", async () => {
    const { server, client, open, go } = clientWorld();
    const controller = new AbortController();
    await open();
    const time = client.request("time", {}, { idempotent: "yes", signal: controller.signal });
    await go();
    server.last.drop();
    await go();
    controller.abort();
    await expect(time).rejects.toBe(controller.signal.reason);
    await go(10_000);
    expect(server.dials).toBe(2);
    expect(server.last.texts).toEqual([]);
  });

  it("may be answered within the very call that sends it again", async () => {
    const { server, client, go, codes } = clientWorld({}, { delivery: "sync" });
    void client.connect();
    await go();
    const time = client.request("time", {}, { idempotent: "yes" });
    server.last.drop();
    answerCalls(server, () => "now");
    await go(10_000);
    await expect(time).resolves.toBe("now");
    expect(codes()).toEqual([]);
  });

  it("is not kept for the next link if it was meant for this one, idempotent or not", async () => {
    const { server, client, open, go } = clientWorld({ outbox: { highWater: 1 } }, { rate: 1 });
    await open();
    const written = client.request("a", {}, { scope: "connection", idempotent: "yes" });
    const queued = client.request("b", {}, { scope: "connection" });
    server.rate = Infinity;
    server.last.drop();
    await go(10_000);
    await expect(written).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN", sent: true });
    await expect(queued).rejects.toMatchObject({ code: "DISCARDED", sent: false });
    expect(server.dials).toBe(2);
    expect(server.last.texts).toEqual([]);
  });

  it("has an answer that is late for good: what the next link says to its id is no answer", async () => {
    const { server, client, open, go, codes } = clientWorld();
    await open();
    const lost = client.request("a");
    await go();
    server.last.drop();
    await go(10_000);
    await expect(lost).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN" });
    say(server.last, { jsonrpc: "2.0", id: 1, result: "a ghost" });
    await go();
    expect(codes()).toEqual(["UNEXPECTED_REPLY"]);
  });
});

describe("requests of a client that is closed", () => {
  it("reject with what is true of each: never sent, or outcome unknown", async () => {
    const { client, open, close } = clientWorld({ outbox: { highWater: 1 } }, { rate: 1 });
    await open();
    const written = client.request("a");
    const queued = client.request("b");
    await close();
    await expect(written).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN", sent: true });
    await expect(queued).rejects.toMatchObject({ code: "CLOSED" });
    expect(client.queue.size).toBe(0);
  });

  it("reject in the tick of close(), also those that wait to be sent again", async () => {
    const { server, client, clock, open, go } = clientWorld();
    await open();
    const idempotent = client.request("a", {}, { idempotent: "yes" });
    await go();
    server.last.drop();
    await go();
    const queued = client.request("b");
    const codes: unknown[] = [];
    for (const request of [idempotent, queued]) {
      request.catch((error: unknown) => codes.push((error as { code: string }).code)); // a HoldfastError, or the test fails
    }
    void client.close();
    await clock.settle();
    expect(codes).toEqual(["OUTCOME_UNKNOWN", "CLOSED"]);
  });

  it("reject with the cause when the retry policy gives up", async () => {
    const { server, client, go } = clientWorld({ retry: () => "stop" });
    server.answer = { type: "refuse", httpStatus: 403 };
    const queued = client.request("a");
    void client.connect();
    await go();
    expect(client.state.name).toBe("closed");
    await expect(queued).rejects.toMatchObject({ code: "DIAL_FAILED", httpStatus: 403 });
  });
});

describe("whatever happens to the link", () => {
  it("a written request that is not idempotent is never sent twice, and every request ends once", async () => {
    const step = fc.record({
      requests: fc.integer({ min: 0, max: 4 }),
      wait: fc.integer({ min: 0, max: 3_000 }),
      then: fc.constantFrom("drop", "stall", "close frame", "answer", "reconnect", "nothing"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const heartbeat = { interval: 1_000, timeout: 500 };
        const { server, client, go, close } = clientWorld({ heartbeat, rpc: { timeout: 8_000, idempotent: ["get"] } });
        const seen = new Map<string, number>();
        const ends: unknown[] = [];
        let count = 0;
        void client.connect();
        for (const { requests, wait, then } of steps) {
          for (let n = 0; n < requests; n++) {
            const method = ++count % 3 === 0 ? "get" : "post";
            client.request(method, { count }).then(
              () => ends.push("answered"),
              (error: unknown) => ends.push(error),
            );
          }
          await go(wait);
          if (server.dials === 0) continue;
          if (then === "drop") server.last.drop();
          else if (then === "stall") server.last.stall();
          else if (then === "close frame") server.last.close(1012);
          else if (then === "reconnect") void client.reconnect();
          else if (then === "answer") {
            for (const { id } of framesOf(server.last)) say(server.last, { jsonrpc: "2.0", id, result: 1 });
          }
        }
        await go(10_000);
        await close();
        for (const connection of server.all) {
          for (const { id, method } of framesOf(connection)) {
            if (id !== undefined) seen.set(`${method} ${id}`, (seen.get(`${method} ${id}`) ?? 0) + 1);
          }
        }
        for (const [call, times] of seen) if (call.startsWith("post")) expect(times, call).toBe(1);
        expect(ends).toHaveLength(count);
      }),
      { numRuns: 100 },
    );
  });
});
