import { describe, expect, it } from "vitest";
import { clientWorld, framesOf, say } from "../../support/client-world.ts";
import { CountingController } from "../../support/counting-controller.ts";
import { expectNothingUncaught } from "../../support/uncaught.ts";

expectNothingUncaught();

describe("aborting a request", () => {
  it("before it is made: nothing is written, and the reason comes back as it is", async () => {
    const { server, client, open, go } = clientWorld();
    const controller = new CountingController();
    const reason = { not: "an Error" };
    controller.abort(reason);
    await open();
    await expect(client.request("a", {}, { signal: controller.signal })).rejects.toBe(reason);
    await go();
    expect(server.last.texts).toEqual([]);
    expect(controller.listeners).toBe(0);
  });

  it("before it is made: whatever else is wrong with it", async () => {
    const { client } = clientWorld({ rpc: { maxPending: 0 } });
    const request = client.request("a", 1n, { signal: AbortSignal.abort("why") });
    await expect(request).rejects.toBe("why");
  });

  it("while its params are encoded: nothing is written either", async () => {
    const { server, client, open, go } = clientWorld();
    const controller = new AbortController();
    await open();
    const params = {
      toJSON: (): void => {
        controller.abort("why");
      },
    };
    await expect(client.request("a", params, { signal: controller.signal, timeout: Infinity })).rejects.toBe("why");
    await go();
    expect(server.last.texts).toEqual([]);
  });

  it("while it is queued: it leaves the queue, and is never written", async () => {
    const { server, client, open, go } = clientWorld();
    const controller = new CountingController();
    const queued = client.request("a", {}, { signal: controller.signal });
    expect(client.queue.size).toBe(1);
    controller.abort("changed my mind");
    expect(client.queue.size).toBe(0);
    await expect(queued).rejects.toBe("changed my mind");
    expect(controller.listeners).toBe(0);
    await open();
    await go();
    expect(server.last.texts).toEqual([]);
  });

  it("in flight: it rejects at once, and the server is told, once", async () => {
    const { clock, server, client, open, go, codes } = clientWorld();
    const controller = new CountingController();
    await open();
    const request = client.request("report", {}, { signal: controller.signal });
    await go();
    let rejected: unknown;
    request.catch((reason: unknown) => {
      rejected = reason;
    });
    const reason = new Error("the user left the page");
    controller.abort(reason);
    await clock.settle();
    expect(rejected).toBe(reason);
    expect(controller.listeners).toBe(0);
    await go(60_000);
    expect(framesOf(server.last).slice(1)).toEqual([{ jsonrpc: "2.0", method: "$/cancelRequest", params: { id: 1 } }]);
    say(server.last, { jsonrpc: "2.0", id: 1, error: { code: -32800, message: "cancelled" } });
    await go();
    expect(codes()).toEqual([]);
    expect(client.lateReplies).toBe(1);
  });

  it("keeps the platform's own reason where the user gave none", async () => {
    const { client, open } = clientWorld();
    const controller = new AbortController();
    await open();
    const request = client.request("a", {}, { signal: controller.signal });
    controller.abort();
    await expect(request).rejects.toBe(controller.signal.reason);
    await expect(request).rejects.toMatchObject({ name: "AbortError" });
  });

  it("takes its listener off the signal however it ends", async () => {
    const { server, client, open, go, close } = clientWorld();
    const controller = new CountingController();
    const { signal } = controller;
    const settle = (request: Promise<unknown>): void => {
      request.catch(() => undefined);
    };
    await open();
    settle(client.request("answered", {}, { signal }));
    settle(client.request("refused", {}, { signal }));
    settle(client.request("times out", {}, { signal, timeout: 100 }));
    settle(client.request("cannot be encoded", 1n, { signal }));
    void client.stream("streamed", {}, { signal }).return?.();
    expect(controller.listeners).toBe(3);
    say(server.last, { jsonrpc: "2.0", id: 1, result: 1 });
    say(server.last, { jsonrpc: "2.0", id: 2, error: { code: 1, message: "no" } });
    await go(100);
    expect(controller.listeners).toBe(0);
    settle(client.request("is lost", {}, { signal }));
    server.last.drop();
    await go();
    expect(controller.listeners).toBe(0);
    settle(client.request("is queued and closed", {}, { signal }));
    await close();
    expect(controller.listeners).toBe(0);
    controller.abort();
  });

  it("after its end does nothing", async () => {
    const { server, client, open, go } = clientWorld();
    const controller = new AbortController();
    await open();
    const request = client.request("a", {}, { signal: controller.signal });
    say(server.last, { jsonrpc: "2.0", id: 1, result: "done" });
    await go();
    controller.abort();
    await go();
    await expect(request).resolves.toBe("done");
    expect(framesOf(server.last)).toHaveLength(1);
  });

  it("by a callback of the message that it evicted from the queue: it is not queued either", async () => {
    const { client } = clientWorld({ outbox: { maxCount: 1, overflow: "drop-oldest" } });
    const controller = new AbortController();
    client.send("first", {
      settled: () => {
        controller.abort("evicted");
      },
    });
    await expect(client.request("a", {}, { signal: controller.signal })).rejects.toBe("evicted");
    expect(client.queue.size).toBe(0);
  });

  it("tells nobody in a dialect that has no cancellation, nor if the cancellation cannot be encoded", async () => {
    const { jsonRpc } = await import("../../../src/rpc/json-rpc.ts");
    const { cancel, ...without } = jsonRpc;
    expect(cancel).toBeDefined();
    const broken = (): never => {
      throw new Error("no words for it");
    };
    for (const dialect of [without, { ...without, cancel: broken }]) {
      const { server, client, open, go, codes } = clientWorld({ dialect });
      await open();
      const request = client.request("a", {}, { timeout: 100 });
      await go(100);
      await expect(request).rejects.toMatchObject({ code: "TIMEOUT" });
      expect(framesOf(server.last)).toHaveLength(1);
      expect(codes()).toEqual("cancel" in dialect ? ["ENCODE_FAILED"] : []);
    }
  });
});
