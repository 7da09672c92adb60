import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import type { WsConstructor } from "../../../src/transport/ws-class.ts";
import { createWsTransport } from "../../../src/transport/ws.ts";
import { Log } from "./rude-socket.ts";

/** What a `net.Socket` does with corks, as a log. */
class FakeStream {
  writableLength = 0;
  readonly calls: string[] = [];

  cork(): void {
    this.calls.push("cork");
  }

  uncork(): void {
    this.calls.push("uncork");
    this.writableLength = 0;
  }
}

function open(inner?: object) {
  const stream = new FakeStream();
  const sent: (readonly [data: string | Uint8Array, options: object | undefined])[] = [];
  const fake = Object.assign(new EventEmitter(), {
    binaryType: "",
    readyState: 1,
    protocol: "",
    bufferedAmount: 0,
    _socket: inner ?? stream,
    send: (data: string | Uint8Array, options?: object) => {
      stream.calls.push(Buffer.from(data as string).toString("utf8", 0, 5)); // text or bytes
      sent.push([data, options]);
      stream.writableLength += data.length;
    },
    ping: () => undefined,
    close: () => undefined,
    terminate: () => undefined,
  });
  const construct = function (): object {
    return fake;
  };
  const Ws = construct as unknown as WsConstructor; // called with `new`, a function's object is what `new` gives
  const socket = createWsTransport(Ws)({ url: "ws://example.test/", protocols: [] }, new Log());
  return { socket, stream, sent };
}

describe("frames that are sent over ws", () => {
  it("leave together if they were sent in one turn, each still a frame of its own", async () => {
    const { socket, stream } = open();
    socket.send("one");
    socket.send("two");
    expect(stream.calls).toEqual(["cork", "one", "two"]);
    await Promise.resolve();
    expect(stream.calls).toEqual(["cork", "one", "two", "uncork"]);
  });

  it("are held back anew in the next turn", async () => {
    const { socket, stream } = open();
    socket.send("one");
    await Promise.resolve();
    socket.send("two");
    await Promise.resolve();
    expect(stream.calls).toEqual(["cork", "one", "uncork", "cork", "two", "uncork"]);
  });

  it("leave before the turn ends when they are many bytes", async () => {
    const { socket, stream } = open();
    const half = "m".repeat(1 << 15);
    for (const text of [half, half, "after"]) socket.send(text);
    await Promise.resolve();
    expect(stream.calls).toEqual(["cork", "mmmmm", "mmmmm", "uncork", "cork", "after", "uncork"]);
  });

  it("are not held back where one alone is many bytes, nor does it overtake what waits", async () => {
    const { socket, stream } = open();
    socket.send("one");
    socket.send("m".repeat(1 << 16));
    expect(stream.calls).toEqual(["cork", "one", "uncork", "mmmmm"]);
    await Promise.resolve();
    expect(stream.calls).toEqual(["cork", "one", "uncork", "mmmmm"]);
  });

  it("are one write each: text goes to ws as bytes, which it may not mask in place, and as a text frame", () => {
    const { socket, sent } = open();
    socket.send("größer");
    expect(sent).toEqual([[Buffer.from("größer"), { binary: false }]]);
  });

  it("go to ws as text where they are long, and where there are no corks", () => {
    const long = "m".repeat(1 << 16);
    const [node, bun] = [open(), open({})];
    node.socket.send(long);
    bun.socket.send("one");
    expect(node.sent).toEqual([[long, undefined]]);
    expect(bun.sent).toEqual([["one", undefined]]);
  });

  it("leave at once where the stream below has no corks, as in Bun", () => {
    const { socket, stream } = open({});
    expect(socket.send("one")).toBe(true);
    expect(stream.calls).toEqual(["one"]);
  });
});
