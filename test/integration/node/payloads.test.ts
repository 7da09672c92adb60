import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { WebSocket } from "ws";
import { until } from "../../support/contract-recorder.ts";
import { FaultServer } from "../../support/fault-server.ts";
import { LiveClient } from "../../support/live-client.ts";
import { NODE_TRANSPORTS } from "../../support/transports.ts";
import { expectNothingUncaught } from "../../support/uncaught.ts";

expectNothingUncaught();

/** Around the places where a frame's header grows (RFC 6455, section 5.2), and a large one. */
const SIZES = [0, 1, 125, 126, 65_535, 65_536, 1_000_000];

/** `size` bytes that are not all the same. */
function bytes(size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, index) => (index * 31 + (index >> 8)) & 0xff);
}

/** A text of `size` bytes in UTF-8, of characters that take one to four of them each. */
function text(size: number): string {
  const four = "aé€😀"; // 1 + 2 + 3 + 4 bytes
  return four.repeat(Math.floor(size / 10)) + "z".repeat(size % 10);
}

/** A message as something short that can be compared: its kind, length and checksum. */
function print(data: unknown): string {
  if (typeof data === "string") return `text ${Buffer.byteLength(data)} ${sum(Buffer.from(data))}`;
  if (data instanceof ArrayBuffer) return `binary ${data.byteLength} ${sum(new Uint8Array(data))}`;
  if (data instanceof Uint8Array) return `binary ${data.byteLength} ${sum(data)}`;
  return typeof data;
}

function sum(data: Uint8Array): string {
  return createHash("sha1").update(data).digest("hex");
}

/** A server that keeps what came in, and sends nothing on its own. */
async function listeningServer() {
  const received: string[] = [];
  const server = await FaultServer.start({
    onConnection: (socket) => {
      socket.on("message", (data: Buffer, binary) => received.push(print(binary ? data : data.toString())));
    },
  });
  return Object.assign(server, { received });
}

function theSocket(server: FaultServer): WebSocket {
  const [socket] = server.sockets;
  if (!socket) throw new Error("Nobody is connected");
  return socket;
}

/** Sends one message in `parts` frames, with a ping between each two. Its texts are cut within their characters, too. */
function sendInParts(socket: WebSocket, data: Uint8Array, binary: boolean, parts: number): void {
  const length = Math.ceil(data.length / parts);
  for (let part = 0; part < parts; part++) {
    socket.send(data.subarray(part * length, (part + 1) * length), { binary, fin: part === parts - 1 });
    if (part < parts - 1) socket.ping();
  }
}

describe.each(NODE_TRANSPORTS)("messages $name", ({ make }) => {
  const options = { transport: make(), dialect: "raw", heartbeat: "off" } as const;

  it.each(SIZES)("of %i bytes arrive at the server as they were, text and binary", async (size) => {
    await using server = await listeningServer();
    await using live = await LiveClient.open({ url: server.url, ...options });
    const whole = bytes(size + 16);
    const sent = [text(size), bytes(size), bytes(size).buffer, whole.subarray(8, 8 + size)];
    for (const data of sent) live.client.send(data);
    await until("all of them", () => server.received.length === sent.length);
    expect(server.received).toEqual(sent.map(print));
  });

  it.each(SIZES)("of %i bytes arrive here as they were, text and binary, in one frame or in several", async (size) => {
    await using server = await listeningServer();
    await using live = await LiveClient.open({ url: server.url, ...options });
    const socket = theSocket(server);
    socket.send(text(size));
    socket.send(bytes(size));
    for (const parts of [2, 3, 7]) {
      sendInParts(socket, Buffer.from(text(size)), false, parts);
      sendInParts(socket, bytes(size), true, parts);
    }
    await until("all of them", () => live.messages.length === 8);
    const pair = [print(text(size)), print(bytes(size))];
    expect(live.messages.map(print)).toEqual([...pair, ...pair, ...pair, ...pair]);
    for (const message of live.messages) {
      expect(typeof message === "string" || message instanceof ArrayBuffer).toBe(true);
    }
  });

  it("keep their order, text and binary by turns, small ones after large ones, both ways", async () => {
    await using server = await FaultServer.start(); // it sends everything back
    await using live = await LiveClient.open({ url: server.url, ...options });
    const sent = Array.from({ length: 200 }, (_, index) => {
      const size = (index * 7919) % 50 === 0 ? 500_000 : (index * 7919) % 300;
      return index % 2 === 0 ? text(size) : bytes(size);
    });
    for (const data of sent) live.client.send(data);
    await until("all of them", () => live.messages.length === sent.length);
    expect(live.messages.map(print)).toEqual(sent.map(print));
  });

  it("keep their order across a reconnect, with what was queued meanwhile", async () => {
    await using server = await listeningServer();
    await using live = await LiveClient.open({ url: server.url, ...options });
    const sent = Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? text(index * 100) : bytes(index * 100)));
    for (const data of sent.slice(0, 20)) live.client.send(data);
    await until("the first third", () => server.received.length === 20);
    await server.stop();
    await live.fails("CONNECTION_LOST");
    for (const data of sent.slice(20, 40)) live.client.send(data);
    live.onState = ({ name }) => {
      if (name === "open") for (const data of sent.slice(40)) live.client.send(data);
    };
    await server.restart();
    await live.opens();
    await until("all of them", () => server.received.length === sent.length);
    expect(server.received).toEqual(sent.map(print));
  });

  it("that are longer than maxMessageSize are reported, and not delivered", async () => {
    await using server = await listeningServer();
    await using live = await LiveClient.open({ url: server.url, ...options, maxMessageSize: 1_000 });
    const socket = theSocket(server);
    socket.send("x".repeat(1_001));
    socket.send(bytes(1_001));
    socket.send("x".repeat(1_000));
    await until("the last", () => live.messages.length === 1);
    expect(live.errors.map(({ code }) => code)).toEqual(["BAD_FRAME", "BAD_FRAME"]);
    expect(live.client.state.name).toBe("open");
  });
});
