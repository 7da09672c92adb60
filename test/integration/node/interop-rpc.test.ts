import { once } from "node:events";
import type { AddressInfo } from "node:net";
import {
  createJSONRPCNotification,
  createJSONRPCRequest,
  JSONRPCClient,
  JSONRPCErrorException,
  JSONRPCServer,
  JSONRPCServerAndClient,
} from "json-rpc-2.0";
import { Server } from "rpc-websockets";
import { describe, expect, it } from "vitest";
import { RemoteError } from "../../../src/core/errors.ts";
import type { Dialect } from "../../../src/rpc/dialect.ts";
import { jsonRpc } from "../../../src/rpc/json-rpc.ts";
import { wsTransport } from "../../../src/transport/platform-node.ts";
import { until } from "../../support/contract-recorder.ts";
import { FaultServer } from "../../support/fault-server.ts";
import { LiveClient } from "../../support/live-client.ts";
import { expectNothingUncaught } from "../../support/uncaught.ts";

expectNothingUncaught();

const transport = wsTransport();

interface Pair {
  readonly a: number;
  readonly b: number;
}

describe("with a server of rpc-websockets", () => {
  /** Its subscriptions are the calls "rpc.on" and "rpc.off", and its events are no JSON-RPC. */
  const dialect: Dialect = {
    ...jsonRpc,
    read: (frame) => {
      const isEvent = typeof frame === "object" && frame !== null && "notification" in frame && "params" in frame;
      if (!isEvent || typeof frame.notification !== "string") return jsonRpc.read(frame);
      return { type: "event", topic: frame.notification, data: frame.params };
    },
    subscribe: (topic) => ({ method: "rpc.on", params: [topic] }),
    unsubscribe: (topic) => ({ method: "rpc.off", params: [topic] }),
  };

  async function start(port = 0) {
    const server = new Server({ port, host: "127.0.0.1" });
    const told: unknown[] = [];
    server.register("sum", ({ a, b }: Pair) => a + b);
    server.register("first", ([first]: unknown[]) => first);
    server.register("tell", (params: unknown) => {
      told.push(params);
    });
    server.register("fail", () => {
      throw new RangeError("too much");
    });
    server.register("refuse", () => {
      throw server.createError(-32050, "not today", { until: "tomorrow" }) as Error; // it wants a plain object thrown
    });
    server.register("never", () => new Promise(() => undefined));
    server.event("trade");
    await once(server, "listening");
    const address = server.wss.address() as AddressInfo; // a TCP server has no other kind of address
    return Object.assign(server, {
      told,
      port: address.port,
      url: `ws://127.0.0.1:${String(address.port)}/`,
      [Symbol.asyncDispose]: async () => {
        for (const socket of server.wss.clients) socket.terminate();
        await server.close();
      },
    });
  }

  it("calls with named and with positional params, and gets results", async () => {
    await using server = await start();
    await using live = await LiveClient.open({ url: server.url, transport });
    expect(await live.client.request("sum", { a: 1, b: 2 })).toBe(3);
    expect(await live.client.request("first", ["one", "two"])).toBe("one");
    const sums = Array.from({ length: 200 }, (_, i) => live.client.request("sum", { a: i, b: i }));
    expect(await Promise.all(sums)).toEqual(sums.map((_, i) => 2 * i));
    expect(live.errors).toEqual([]);
  });

  it("gets nothing from a method without a result, which answers without the field", async () => {
    await using server = await start();
    await using live = await LiveClient.open({ url: server.url, transport });
    expect(await live.client.request("tell", { n: 1 })).toBeUndefined();
    live.client.notify("tell", { n: 2 });
    await until("the notification", () => server.told.length === 2);
    expect(server.told).toEqual([{ n: 1 }, { n: 2 }]);
    expect(live.errors).toEqual([]);
  });

  it("gets the server's errors as they were thrown", async () => {
    await using server = await start();
    await using live = await LiveClient.open({ url: server.url, transport });
    const failed = live.client.request("fail");
    await expect(failed).rejects.toBeInstanceOf(RemoteError);
    await expect(failed).rejects.toMatchObject({ remoteCode: -32000, message: "RangeError", data: "too much" });
    await expect(live.client.request("refuse")).rejects.toMatchObject({
      remoteCode: -32050,
      message: "not today",
      data: { until: "tomorrow" },
    });
    await expect(live.client.request("no such method")).rejects.toMatchObject({ remoteCode: -32601 });
    expect(live.errors).toEqual([]);
  });

  it("gives up a call that is never answered, and the link goes on", async () => {
    await using server = await start();
    await using live = await LiveClient.open({ url: server.url, transport });
    await expect(live.client.request("never", undefined, { timeout: 50 })).rejects.toMatchObject({ code: "TIMEOUT" });
    expect(await live.client.request("sum", { a: 2, b: 2 })).toBe(4);
    // It does not know "$/cancelRequest", and answers even a notification with an error, without an id.
    expect(live.errors.map(({ code }) => code)).toEqual(["BAD_FRAME"]);
  });

  it("gets events, again after the server has restarted, by a dialect of ten lines", async () => {
    await using first = await start();
    await using live = await LiveClient.open({ url: first.url, transport, dialect });
    const trades = live.client.subscribe("trade");
    const seen: unknown[] = [];
    const off = trades.listen((trade) => seen.push(trade));
    await until("subscribed", () => subscribers(first) === 1);
    first.emit("trade", { price: 1 });
    await until("an event", () => seen.length === 1);
    for (const socket of first.wss.clients) socket.terminate();
    await first.close();
    await live.fails("CONNECTION_LOST");
    await using second = await start(first.port);
    await until("subscribed again", () => subscribers(second) === 1);
    second.emit("trade", { price: 2 });
    await until("another event", () => seen.length === 2);
    expect(seen).toEqual([{ price: 1 }, { price: 2 }]);
    off();
    await until("nobody", () => subscribers(second) === 0);
  });

  it("gets events as messages without that dialect", async () => {
    await using server = await start();
    await using live = await LiveClient.open({ url: server.url, transport });
    expect(await live.client.request("rpc.on", ["trade"])).toEqual({ trade: "ok" });
    server.emit("trade", 1, 2);
    await until("the message", () => live.messages.length === 1);
    expect(live.messages).toEqual([{ notification: "trade", params: [1, 2] }]);
  });

  it("says what the server could not read", async () => {
    await using server = await start();
    await using live = await LiveClient.open({ url: server.url, transport });
    for (const socket of server.wss.clients) socket.emit("message", "{broken", false);
    await until("the error", () => live.errors.length === 1);
    expect(live.errors[0]).toMatchObject({ code: "BAD_FRAME" });
    expect(live.errors[0]?.message).toContain("-32700");
  });

  /** How many sockets the server has in its list for the event. */
  function subscribers(server: Server): number {
    return server.of("/").clients().events["trade"]?.sockets.length ?? 0;
  }
});

describe("with both sides of json-rpc-2.0", () => {
  async function start() {
    const peers: JSONRPCServerAndClient[] = [];
    const told: unknown[] = [];
    const server = await FaultServer.start({
      onConnection: (socket) => {
        const peer = new JSONRPCServerAndClient(
          new JSONRPCServer({ errorListener: () => undefined }),
          new JSONRPCClient((frame) => {
            socket.send(JSON.stringify(frame));
          }),
        );
        peer.addMethod("sum", ({ a, b }: Pair) => a + b);
        peer.addMethod("tell", (params: unknown) => void told.push(params));
        peer.addMethod("refuse", () => {
          throw new JSONRPCErrorException("not today", -32050, { until: "tomorrow" });
        });
        peer.addMethod("relay", async ({ method, params }: { method: string; params: unknown }) => ({
          answer: (await peer.request(method, params)) as unknown,
        }));
        socket.on("message", (data: Buffer) => void peer.receiveAndSend(JSON.parse(data.toString())));
        peers.push(peer);
      },
    });
    return Object.assign(server, { told, peer: () => peers[peers.length - 1] });
  }

  it("calls, notifies, and gets results and errors", async () => {
    await using server = await start();
    await using live = await LiveClient.open({ url: server.url, transport });
    expect(await live.client.request("sum", { a: 1, b: 2 })).toBe(3);
    expect(await live.client.request("tell", "once")).toBeNull();
    live.client.notify("tell", ["twice"]);
    await until("the notification", () => server.told.length === 2);
    expect(server.told).toEqual(["once", ["twice"]]);
    await expect(live.client.request("refuse")).rejects.toMatchObject({
      remoteCode: -32050,
      message: "not today",
      data: { until: "tomorrow" },
    });
    await expect(live.client.request("no such method")).rejects.toMatchObject({ remoteCode: -32601 });
    expect(live.errors).toEqual([]);
  });

  it("is called by the server, also in the middle of a call of its own", async () => {
    await using server = await start();
    await using live = await LiveClient.open({ url: server.url, transport });
    live.client.handle("double", (n) => Number(n) * 2);
    live.client.handle("nothing", () => undefined);
    live.client.handle("refuse", () => {
      throw new RemoteError("not here", -32051, { reason: "rain" });
    });
    live.client.handle("break", () => {
      throw new Error("a secret of this side");
    });
    const peer = server.peer();
    expect(await peer?.request("double", 21)).toBe(42);
    expect(await peer?.request("nothing", undefined)).toBeNull();
    await expect(peer?.request("refuse", undefined)).rejects.toMatchObject({ code: -32051, data: { reason: "rain" } });
    await expect(peer?.request("break", undefined)).rejects.toMatchObject({ message: "Internal error" });
    await expect(peer?.request("no such handler", undefined)).rejects.toMatchObject({ message: "Method not found" });
    expect(await live.client.request("relay", { method: "double", params: 4 })).toEqual({ answer: 8 });
  });

  it("answers a batch, and hears a notification within one", async () => {
    await using server = await start();
    await using live = await LiveClient.open({ url: server.url, transport });
    const heard: unknown[] = [];
    live.client.handle("double", (n) => Number(n) * 2);
    live.client.handle("note", (params) => heard.push(params));
    const answers = await server
      .peer()
      ?.requestAdvanced([
        createJSONRPCRequest(901, "double", 1),
        createJSONRPCNotification("note", "hello"),
        createJSONRPCRequest(902, "double", 2),
        createJSONRPCRequest(903, "no such handler", 3),
      ]);
    expect(answers).toMatchObject([{ result: 2 }, { result: 4 }, { error: { code: -32601 } }]);
    expect(heard).toEqual(["hello"]);
    expect(live.errors).toEqual([]);
  });
});
