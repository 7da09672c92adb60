import { describe, expect, it } from "vitest";
import type { Codec } from "../../../src/codec/codec.ts";
import type { Dialect } from "../../../src/rpc/dialect.ts";
import { jsonRpc } from "../../../src/rpc/json-rpc.ts";
import { clientWorld, framesOf, say } from "../../support/client-world.ts";

describe('a client with the dialect "none"', () => {
  it("carries values through the codec, and takes none of them for an answer", async () => {
    const { client, server, open, go, all, codes } = clientWorld({ dialect: "none" });
    await open();
    expect(client.send({ a: 1 })).toBe("written");
    client.send(null);
    const frames = [{ jsonrpc: "2.0", id: 1, result: 1 }, { jsonrpc: "2.0", id: {} }, [], "text", null];
    for (const frame of frames) say(server.last, frame);
    await go();
    expect(framesOf(server.last)).toEqual([{ a: 1 }, null]);
    expect(all("message")).toEqual(frames);
    expect(codes()).toEqual([]);
  });

  it.each(["none", "raw"] as const)("and with %j has no calls and no subscriptions: that is misuse", (dialect) => {
    const { client } = clientWorld({ dialect });
    expect(() => client.request("a")).toThrow(TypeError);
    expect(() => client.stream("a")).toThrow(TypeError);
    expect(() => client.notify("a")).toThrow(TypeError);
    expect(() => client.handle("a", () => undefined)).toThrow(TypeError);
    expect(() => client.subscribe("a")).toThrow(TypeError);
  });

  it("refuses what has no JSON, whole, and goes on", async () => {
    const { client, server, open, go } = clientWorld({ dialect: "none" });
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    await open();
    for (const value of [undefined, () => 1, Symbol("s"), 1n, cycle]) {
      expect(() => client.send(value)).toThrow(expect.objectContaining({ code: "ENCODE_FAILED" }));
    }
    client.send("fine");
    await go();
    expect(framesOf(server.last)).toEqual(["fine"]);
    expect(client.queue.size).toBe(0);
  });
});

describe("a dialect that can subscribe and not leave", () => {
  it("sends nothing when a topic is left", async () => {
    const dialect: Dialect = { ...jsonRpc };
    Reflect.deleteProperty(dialect, "unsubscribe");
    const { client, server, open, go } = clientWorld({ dialect });
    await open();
    client.subscribe("trades").listen(() => undefined)();
    await go();
    expect(framesOf(server.last)).toMatchObject([{ method: "subscribe" }]);
  });
});

describe('a client with the dialect "raw"', () => {
  it("carries text and bytes as they are, both ways", async () => {
    const { client, server, open, go, all } = clientWorld({ dialect: "raw" });
    await open();
    const bytes = new Uint8Array([1, 2, 255]);
    client.send("{not json");
    client.send(bytes);
    client.send(bytes.subarray(1));
    client.send(bytes.buffer);
    server.last.send("{nor this");
    server.last.send(bytes);
    server.last.send("");
    await go();
    expect(server.last.received.map(({ data }) => data)).toEqual([
      "{not json",
      bytes.buffer,
      new Uint8Array([2, 255]).buffer,
      bytes.buffer,
    ]);
    expect(all("message")).toEqual(["{nor this", bytes.buffer, ""]);
  });

  it.each([[{}], [5], [null], [undefined], [["text"]]])("refuses %j", (value) => {
    const { client } = clientWorld({ dialect: "raw" });
    expect(() => client.send(value)).toThrow(expect.objectContaining({ code: "ENCODE_FAILED" }));
    expect(client.queue.size).toBe(0);
  });
});

describe("a codec of the user's own", () => {
  const hex: Codec = {
    encode: (value) => Buffer.from(JSON.stringify(value)).toString("hex"),
    decode: (data) => JSON.parse(Buffer.from(data as string, "hex").toString()) as unknown,
  };

  it("carries everything: messages, requests, the handshake", async () => {
    const { client, server, go, all } = clientWorld({
      codec: hex,
      handshake: async (link) => {
        link.send({ token: 1 });
        expect(await link.receive()).toEqual({ welcome: true });
      },
    });
    const heard: unknown[] = [];
    server.onConnection = (connection) => {
      connection.onMessage = (data) => {
        const value = hex.decode(data) as { id?: number };
        heard.push(value);
        const answer = value.id === undefined ? { welcome: true } : { jsonrpc: "2.0", id: value.id, result: "hex" };
        connection.send(hex.encode(answer));
      };
    };
    void client.connect();
    const request = client.request("a");
    await go();
    await expect(request).resolves.toBe("hex");
    server.last.send(hex.encode("news"));
    await go();
    expect(all("message")).toEqual(["news"]);
    expect(heard).toEqual([{ token: 1 }, { jsonrpc: "2.0", id: 1, method: "a" }]);
  });

  it("may fail either way, and hurts nobody: one frame, one error", async () => {
    const broken = new Error("broken codec");
    const codec: Codec = {
      encode: (value) => {
        if (value === "bad") throw broken;
        return JSON.stringify(value);
      },
      decode: (data) => {
        if (data === '"bad"') throw broken;
        return JSON.parse(data as string) as unknown;
      },
    };
    const { client, server, open, go, all, codes } = clientWorld({ codec });
    await open();
    expect(() => client.send("bad")).toThrow(expect.objectContaining({ code: "ENCODE_FAILED", cause: broken }));
    for (const frame of ["good", "bad", "good"]) say(server.last, frame);
    await go();
    expect(all("message")).toEqual(["good", "good"]);
    expect(codes()).toEqual(["BAD_FRAME"]);
  });

  it.each([[undefined], [5], [{}], [new SharedArrayBuffer(4)]])(
    "that answers %s, which no socket can carry, is refused at the sender and stops nothing",
    async (encoded) => {
      const codec = {
        encode: (value: unknown): string => (value === "bad" ? (encoded as never) : JSON.stringify(value)),
      };
      const { client, server, open, go } = clientWorld({ codec: { ...codec, decode: () => undefined } });
      const bad = expect.objectContaining({ code: "ENCODE_FAILED" }) as unknown as Error; // vitest's matcher, which toThrow takes
      expect(() => client.send("bad")).toThrow(bad);
      client.send("queued");
      await open();
      expect(() => client.send("bad")).toThrow(bad);
      client.send("written");
      await go();
      expect(framesOf(server.last)).toEqual(["queued", "written"]);
      expect([client.queue.size, client.queue.bytes]).toEqual([0, 0]);
    },
  );
});
