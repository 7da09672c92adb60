import { describe, expect, it } from "vitest";
import { jsonRpc } from "../../../src/rpc/json-rpc.ts";
import { callsOf, clientWorld, framesOf, say } from "../../support/client-world.ts";
import { expectNothingUncaught } from "../../support/uncaught.ts";

expectNothingUncaught();

function boom(): never {
  throw new Error("boom");
}

const BOOM = { code: "LISTENER_FAILED", cause: { message: "boom" } };

describe("a client lives on", () => {
  it("when the watch on the network throws as it is ended", async () => {
    const world = clientWorld({ network: { online: true, watch: () => boom } });
    await world.open();
    await world.close();
    expect(world.client.state.name).toBe("closed");
    await world.open();
    expect(world.client.state.name).toBe("open");
    expect(world.all("error")).toMatchObject([BOOM]);
  });

  it("when the dice throw: what was asked for next is done", async () => {
    const { client, server, open, go, all } = clientWorld({ random: boom });
    await open();
    server.last.drop();
    await go(1_000);
    expect(all("error")).toMatchObject([BOOM]);
    void client.reconnect();
    await go();
    expect(server.dials).toBe(2);
    expect(client.state.name).toBe("open");
  });

  it("when the dialect cannot make its ping: silence proves nothing then", async () => {
    const dialect = { ...jsonRpc, ping: boom };
    const world = clientWorld({ dialect, heartbeat: { interval: 100, timeout: 100 } }, { pings: "absent" });
    await world.open();
    await world.go(10_000);
    expect(world.client.state.name).toBe("open");
    expect(world.all("error")[0]).toMatchObject(BOOM);
    expect(world.all("error").length).toBeLessThan(12); // about one a second, however short the interval is
  });

  it("when the dialect cannot make the call by which a topic is left", async () => {
    const { client, server, open, go, all } = clientWorld({ dialect: { ...jsonRpc, unsubscribe: boom } });
    await open();
    const stop = client.subscribe("trades").listen(() => undefined);
    await go();
    stop();
    await go();
    expect(callsOf(server.last, "unsubscribe")).toEqual([]);
    expect(all("error")).toMatchObject([BOOM]);
  });

  it("when the socket throws for a request that is sent again: that one ends, and the queue is flushed", async () => {
    const { client, server, open, go, codes } = clientWorld();
    await open();
    const again = client.request("time", {}, { idempotent: "yes" });
    await go();
    server.last.drop();
    await go();
    client.send("queued");
    server.onConnection = (connection) => connection.breaks.add("send-throws");
    client.on("state", ({ name }) => {
      if (name === "open") server.last.breaks.delete("send-throws");
    });
    await open();
    await expect(again).rejects.toThrow();
    client.send("after");
    await go(1_000);
    expect(framesOf(server.last)).toEqual(["after"]);
    expect(codes()).toEqual(["LISTENER_FAILED"]); // for "queued", as documented
  });
});

describe("a batch", () => {
  it("goes on when one of its calls cannot be answered", async () => {
    const { client, server, open, go, codes } = clientWorld({
      codec: {
        encode: (value) => (JSON.stringify(value).includes("-32601") ? boom() : JSON.stringify(value)),
        decode: (data) => JSON.parse(data as string) as unknown,
      },
    });
    await open();
    const request = client.request("a");
    say(server.last, [
      { jsonrpc: "2.0", id: "q", method: "nobody handles it" },
      { jsonrpc: "2.0", id: 1, result: "good" },
    ]);
    await go();
    await expect(request).resolves.toBe("good");
    expect(codes()).toEqual(["ENCODE_FAILED"]);
  });

  it("hands up what would be a message if it came alone", async () => {
    const frames = [
      { jsonrpc: "2.0", method: "notice", params: { text: "hi" } },
      { jsonrpc: "2.0", method: "event", params: { topic: "nobody's", data: 1 } },
    ];
    const { server, open, go, all, codes } = clientWorld();
    await open();
    say(server.last, frames);
    await go();
    expect(all("message")).toEqual(frames);
    expect(codes()).toEqual([]);
  });
});
