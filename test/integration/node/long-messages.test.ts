import type { connect } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { systemClock } from "../../../src/core/clock.ts";
import { wsTransport } from "../../../src/node.ts";
import { Recorder } from "../../../src/testing/contract/recorder.ts";
import type { TransportSocket } from "../../../src/transport/transport.ts";
import { PrivateAuthority } from "../../support/certificates.ts";
import { until } from "../../support/contract-recorder.ts";
import { FaultServer } from "../../support/fault-server.ts";
import { tlsFront } from "../../support/fronts.ts";
import { expectNothingUncaught } from "../../support/uncaught.ts";

expectNothingUncaught();

const authority = new PrivateAuthority();
const here = authority.issue("here", "IP:127.0.0.1");

afterAll(() => {
  authority[Symbol.dispose]();
});

/** More than all buffers between the two take. */
const LONG = 48_000_000;

/** A link whose server can be told not to read. */
async function setup(kind: "ws" | "wss") {
  const server = await FaultServer.start({
    onConnection: (socket) => {
      socket.pause();
    },
  });
  const front = kind === "wss" ? await tlsFront(server.port, here) : undefined;
  const url = front ? `wss://127.0.0.1:${String(front.port)}/` : server.url;
  const recorder = new Recorder(wsTransport({ ca: authority.ca }), systemClock);
  const link = recorder.dial({ url });
  await until("it is open", () => link.protocol !== undefined && server.sockets.length === 1);
  const [peer] = server.sockets;
  if (!peer) throw new Error("unreachable");
  return {
    link,
    peer,
    [Symbol.asyncDispose]: async () => {
      recorder.abandonAll();
      await front?.[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      recorder.check();
    },
  };
}

/** Looks until nothing has moved for a while. */
async function standstill(socket: TransportSocket): Promise<void> {
  let still = 0;
  await until("a standstill", () => (still = socket.progressed?.() ? 0 : still + 1) > 20);
}

describe.each(["ws", "wss"] as const)("a long message over %s", (kind) => {
  it("is seen to leave, though it is one write until its last byte", async () => {
    await using world = await setup(kind);
    const { socket } = world.link;
    socket.send(new Uint8Array(LONG));
    await standstill(socket);
    const held = socket.bufferedAmount;
    world.peer.resume();
    await until("progress", () => socket.progressed?.() === true && socket.bufferedAmount === held);
    world.peer.pause();
    await standstill(socket);
  });

  it("is seen to come, though nothing of it is delivered before its last byte", async () => {
    await using world = await setup(kind);
    const { link, peer } = world;
    const raw = (peer as unknown as { readonly _socket: ReturnType<typeof connect> })._socket; // to write half a frame
    await standstill(link.socket);
    raw.write(Buffer.from([0x82, 126, 0x10, 0x00])); // binary, final, 4096 bytes
    await until("progress", () => link.socket.progressed?.() === true);
    await standstill(link.socket);
    raw.write(Buffer.alloc(4_095));
    await until("progress", () => link.socket.progressed?.() === true);
    expect(link.messages).toEqual([]);
    raw.write(Buffer.alloc(1));
    await until("the message", () => link.messages.length === 1);
    expect(peer.readyState).toBe(WebSocket.OPEN);
  });
});
