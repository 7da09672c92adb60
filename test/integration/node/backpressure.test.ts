import { describe, expect, it } from "vitest";
import { HoldfastError } from "../../../src/core/errors.ts";
import { silence, until } from "../../support/contract-recorder.ts";
import { FaultServer } from "../../support/fault-server.ts";
import { LiveClient } from "../../support/live-client.ts";
import { NODE_TRANSPORTS } from "../../support/transports.ts";
import { expectNothingUncaught } from "../../support/uncaught.ts";

expectNothingUncaught();

const MESSAGE_BYTES = 100_000;
const MESSAGES = 500;
const HIGH_WATER = 1_000_000;
const LOW_WATER = 250_000;
/** A frame's header, and what a runtime counts in its own way. */
const OVERHEAD = 1_000;

const numbered = Array.from({ length: MESSAGES }, (_, index) => index);

/** 100 kB that begin with a number. */
function message(number: number): Uint8Array {
  const bytes = new Uint8Array(MESSAGE_BYTES);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}

/** A server whose connections read nothing until they are told to, and which keeps the numbers that it was sent. */
async function slowReader() {
  const received: number[][] = [];
  const server = await FaultServer.start({
    onConnection: (socket) => {
      const numbers: number[] = [];
      received.push(numbers);
      socket.on("message", (data: Buffer) => numbers.push(data.readUInt32BE(0)));
      if (received.length === 1) socket.pause();
    },
  });
  return Object.assign(server, {
    received,
    read: () => {
      for (const socket of server.sockets) socket.resume();
    },
  });
}

describe.each(NODE_TRANSPORTS)("50 MB to a reader that has stopped, $name", ({ make }) => {
  const options = {
    transport: make(),
    dialect: "raw",
    heartbeat: "off",
    outbox: { highWater: HIGH_WATER, lowWater: LOW_WATER, maxBytes: MESSAGES * MESSAGE_BYTES },
  } as const;

  /** Sends everything, and answers how many were written right through. */
  function sendAll({ client }: LiveClient): number {
    return numbered.map((number) => client.send(message(number))).filter((outcome) => outcome === "written").length;
  }

  it("fill the socket to the high-water mark and no further; the rest waits in the queue", async () => {
    await using server = await slowReader();
    await using live = await LiveClient.open({ url: server.url, ...options });
    const written = sendAll(live);
    await silence(); // what the kernel takes, it takes by now
    expect(live.sockets.maxBuffered).toBeGreaterThan(HIGH_WATER / 2);
    expect(live.sockets.maxBuffered).toBeLessThan(HIGH_WATER + MESSAGE_BYTES + OVERHEAD);
    const { size, bytes } = live.client.queue;
    expect(bytes).toBe(size * MESSAGE_BYTES);
    expect(size).toBeGreaterThan(MESSAGES / 2);
    expect(size).toBeLessThanOrEqual(MESSAGES - written);
  });

  it("arrive in order when it reads again, never above the mark, and then the queue is drained", async () => {
    await using server = await slowReader();
    await using live = await LiveClient.open({ url: server.url, ...options });
    sendAll(live);
    let drained = false;
    const drain = live.client.queue.drain().then(() => {
      drained = true;
    });
    await silence();
    expect(drained).toBe(false);
    server.read();
    await drain;
    expect(live.client.queue).toMatchObject({ size: 0, bytes: 0 });
    await until("all of it", () => server.received[0]?.length === MESSAGES);
    expect(server.received).toEqual([numbered]);
    expect(live.sockets.maxBuffered).toBeLessThan(HIGH_WATER + MESSAGE_BYTES + OVERHEAD);
  });

  it("survive the socket: what it was never given goes to the next one, in order, and the rest is counted", async () => {
    await using server = await slowReader();
    await using live = await LiveClient.open({ url: server.url, ...options });
    sendAll(live);
    await silence();
    server.kill();
    await live.fails("CONNECTION_LOST");
    const { size } = live.client.queue;
    expect(size).toBeGreaterThan(MESSAGES / 2);
    await until("the count", () => live.unconfirmed.length === 1);
    expect(live.unconfirmed).toEqual([MESSAGES - size]);
    await live.opens();
    await live.client.queue.drain();
    await until("the rest", () => server.received[1]?.length === size);
    expect(server.received[1]).toEqual(numbered.slice(MESSAGES - size));
  });

  it("are refused beyond the bound of the queue, with an error that says what is queued", async () => {
    await using server = await slowReader();
    await using live = await LiveClient.open({
      url: server.url,
      ...options,
      outbox: { ...options.outbox, maxBytes: 5_000_000 },
    });
    let refusal: unknown;
    try {
      sendAll(live);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(HoldfastError);
    expect(refusal).toMatchObject({ code: "QUEUE_FULL" });
    expect(live.client.queue).toMatchObject({ size: 50, bytes: 5_000_000 });
  });
});
