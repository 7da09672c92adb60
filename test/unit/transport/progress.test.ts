import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import type { TransportSocket } from "../../../src/transport/transport.ts";
import type { WsConstructor } from "../../../src/transport/ws-class.ts";
import { createWsTransport } from "../../../src/transport/ws.ts";
import { dialRude, Log } from "./rude-socket.ts";

/** A `net.Socket` as far as it is looked at. */
interface FakeStream {
  bytesRead?: number;
  bytesWritten?: number;
  writableLength: number;
  _handle?: { writeQueueSize?: number; _parent?: { writeQueueSize: number } } | null;
}

function overWs(stream: FakeStream | undefined): TransportSocket {
  const construct = function (): object {
    return Object.assign(new EventEmitter(), { _socket: stream });
  };
  const Ws = construct as unknown as WsConstructor; // called with `new`, a function's object is what `new` gives
  return createWsTransport(Ws)({ url: "ws://example.test/", protocols: [] }, new Log());
}

/** What it says, time after time, while the stream changes like that. */
function said(socket: TransportSocket, stream: FakeStream, ...changes: readonly Partial<FakeStream>[]) {
  return changes.map((change) => {
    Object.assign(stream, change);
    return socket.progressed?.();
  });
}

const writing = (writeQueueSize: number) => ({ _handle: { writeQueueSize } });

describe("progress over ws", () => {
  it("is every byte that comes in", () => {
    const stream: FakeStream = { bytesRead: 100, writableLength: 0 };
    const changes = [{}, {}, { bytesRead: 101 }, {}, { bytesRead: 300 }];
    expect(said(overWs(stream), stream, ...changes)).toEqual([false, false, true, false, true]);
  });

  it("is a write that gets on, though it is not done", () => {
    const stream: FakeStream = { bytesRead: 0, bytesWritten: 900, writableLength: 900, ...writing(900) };
    const changes = [{}, writing(500), writing(500), writing(499)];
    expect(said(overWs(stream), stream, ...changes)).toEqual([false, true, false, true]);
  });

  it("is a write that is done, though a longer one has begun", () => {
    const stream: FakeStream = { bytesRead: 0, bytesWritten: 900, writableLength: 900, ...writing(10) };
    const next = { bytesWritten: 1_800, writableLength: 900, ...writing(900) };
    expect(said(overWs(stream), stream, {}, next, {})).toEqual([false, true, false]);
  });

  it("is not what the buffers of a dead link take", () => {
    const stream: FakeStream = { bytesRead: 0, bytesWritten: 0, writableLength: 0, ...writing(0) };
    const changes = [{}, { bytesWritten: 100 }, { bytesWritten: 500, writableLength: 300, ...writing(300) }];
    expect(said(overWs(stream), stream, ...changes)).toEqual([false, false, false]);
    expect(said(overWs(stream), stream, {}, { bytesWritten: 900, writableLength: 700 })).toEqual([false, false]);
  });

  it("is looked for below TLS, where the queue is that of the stream that it stands on", () => {
    const over = (size: number) => ({ _handle: { writeQueueSize: 777, _parent: { writeQueueSize: size } } });
    const stream: FakeStream = { bytesRead: 0, bytesWritten: 900, writableLength: 900, ...over(900) };
    expect(said(overWs(stream), stream, {}, over(800), over(800))).toEqual([false, true, false]);
  });

  it("is not seen where ws has no such stream", () => {
    expect([overWs(undefined).progressed?.(), overWs({ writableLength: 0 }).progressed?.()]).toEqual([false, false]);
    const stream: FakeStream = { writableLength: 0, _handle: null };
    expect(said(overWs(stream), stream, {}, {})).toEqual([false, false]);
  });
});

describe("progress over the platform's WebSocket", () => {
  function open() {
    const { rude, socket } = dialRude();
    rude.fire("open");
    const look = (bufferedAmount: number) => {
      rude.bufferedAmount = bufferedAmount;
      return socket.progressed?.();
    };
    return { socket, look };
  }

  it("is a full socket that lets go of something", () => {
    const { socket, look } = open();
    socket.send("x".repeat(1_000));
    expect([look(1_000), look(1_000), look(999), look(999), look(0), look(0)]).toEqual([
      false,
      false,
      true,
      false,
      true,
      false,
    ]);
  });

  it("is seen though more is sent than leaves", () => {
    const { socket, look } = open();
    socket.send("x".repeat(1_000));
    expect(look(1_000)).toBe(false);
    socket.send(new Uint8Array(1_000));
    expect(look(1_500)).toBe(true);
    socket.send(new Uint8Array(1_000));
    expect(look(2_500)).toBe(false);
  });

  it("is not what an empty socket of a dead link takes", () => {
    const { socket, look } = open();
    expect(look(0)).toBe(false);
    socket.send("x".repeat(1_000));
    expect(look(0)).toBe(false);
    socket.send("x".repeat(1_000));
    expect(look(300)).toBe(false);
  });

  it("is not seen where the platform has no bufferedAmount", () => {
    const { rude, socket } = dialRude();
    Object.assign(rude, { bufferedAmount: undefined });
    rude.fire("open");
    socket.send("x");
    expect([socket.progressed?.(), socket.progressed?.()]).toEqual([false, false]);
  });
});
