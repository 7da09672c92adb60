import { describe, expect, it } from "vitest";
import type { ClientOptions } from "../../../src/client/options.ts";
import { systemClock } from "../../../src/core/clock.ts";
import { wsTransport } from "../../../src/transport/platform-node.ts";
import { webSocketTransport } from "../../../src/transport/websocket.ts";
import { until } from "../../support/contract-recorder.ts";
import { FaultProxy } from "../../support/fault-proxy.ts";
import { FaultServer } from "../../support/fault-server.ts";
import { answerCalls } from "../../support/json-rpc-peer.ts";
import { LiveClient } from "../../support/live-client.ts";
import { ServerThread } from "../../support/server-thread.ts";
import { expectNothingUncaught } from "../../support/uncaught.ts";

expectNothingUncaught();

const BEAT = { interval: 200, timeout: 250 };
/** What a busy machine may add to a timer. */
const SLACK = 300;

/** The ways in which a client can ask for a sign of life. */
const ways: readonly { readonly name: string; readonly options: Omit<ClientOptions, "url"> }[] = [
  { name: "protocol pings over ws", options: { transport: wsTransport(), dialect: "raw", heartbeat: BEAT } },
  { name: "calls over Node's own WebSocket", options: { transport: webSocketTransport(), heartbeat: BEAT } },
  {
    name: "messages of its own over Node's own WebSocket",
    options: {
      transport: webSocketTransport(),
      dialect: "raw",
      heartbeat: { ...BEAT, ping: { message: "are you there?" }, pong: (message) => message === "are you there?" },
    },
  },
];

/** A server that keeps what each of its connections has sent, behind a network that can be cut. */
async function cutNetwork() {
  const received: string[][] = [];
  const server = await FaultServer.start({
    onConnection: (socket, request) => {
      const frames: string[] = [];
      received.push(frames);
      socket.on("message", (data: Buffer) => frames.push(data.toString()));
      answerCalls(socket, request);
    },
  });
  const proxy = await FaultProxy.start(server.port);
  return {
    url: proxy.url,
    proxy,
    received,
    async [Symbol.asyncDispose](): Promise<void> {
      await proxy.stop();
      await server.stop();
    },
  };
}

/** Keeps this thread busy: no timer fires and nothing is read. */
function block(ms: number): void {
  const end = systemClock.now() + ms;
  while (systemClock.now() < end);
}

/** Runs `action` in a phase of the event loop after which the timers come before what has arrived. */
function beforeTimers(action: () => void): Promise<void> {
  return new Promise((resolve) =>
    setImmediate(() => {
      action();
      resolve();
    }),
  );
}

describe.each(ways)("a client that asks with $name", ({ options }) => {
  it("lets go of a stalled link within interval + timeout of its last frame", async () => {
    await using network = await cutNetwork();
    await using live = await LiveClient.open({ url: network.url, ...options });
    const lastFrame = await new Promise<number>((resolve) =>
      live.client.on("rtt", () => {
        network.proxy.blackhole();
        resolve(systemClock.now());
      }),
    );
    let after = 0;
    let socketsThen = -1;
    live.onState = ({ name }) => {
      if (name !== "waiting" || after > 0) return;
      after = systemClock.now() - lastFrame;
      socketsThen = live.sockets.live;
    };
    await live.fails("HEARTBEAT_TIMEOUT");
    expect(socketsThen).toBe(0);
    expect(after).toBeGreaterThanOrEqual(BEAT.interval + BEAT.timeout - 2);
    expect(after).toBeLessThan(BEAT.interval + BEAT.timeout + SLACK);
  });

  it("sends what comes after the deadline on the next socket, though no timer has fired yet", async () => {
    await using network = await cutNetwork();
    await using live = await LiveClient.open({ url: network.url, ...options });
    await until("a round trip", () => live.rtts.length > 0);
    network.proxy.blackhole();
    let outcome = "";
    await beforeTimers(() => {
      block(BEAT.interval + BEAT.timeout + 20);
      outcome = live.client.send("too late for this one");
    });
    expect(outcome).toBe("queued");
    await live.fails("HEARTBEAT_TIMEOUT");
    network.proxy.heal();
    await live.opens();
    const sent = (frames: readonly string[]): boolean => frames.some((frame) => frame.includes("too late"));
    await until("the message", () => network.received.some(sent));
    expect(network.received.map(sent).indexOf(true)).toBeGreaterThan(0);
    expect(network.received.filter(sent)).toHaveLength(1);
  });

  it("says how many of its frames went into a stalled link, and does not send them again", async () => {
    await using network = await cutNetwork();
    await using live = await LiveClient.open({ url: network.url, ...options });
    await until("a round trip", () => live.rtts.length > 0);
    network.proxy.blackhole();
    expect(["one", "two", "three"].map((text) => live.client.send(text))).toEqual(["written", "written", "written"]);
    await live.fails("HEARTBEAT_TIMEOUT");
    await until("the count", () => live.unconfirmed.length === 1);
    expect(live.unconfirmed[0]).toBeGreaterThanOrEqual(3); // a ping that is a message is a frame, too
    network.proxy.heal();
    await live.opens();
    live.client.send("four");
    await until("the next message", () => network.received.at(-1)?.some((frame) => frame.includes("four")) === true);
    expect(network.received.at(-1)?.some((frame) => frame.includes("one"))).toBe(false);
  });

  it.each([
    ["a little", 450],
    ["long", 1_000],
  ])("keeps a link whose answer was waiting while this process was busy for %s", async (_, busy) => {
    await using server = await ServerThread.start();
    await using live = await LiveClient.open({ url: server.url, ...options });
    let blocked = false;
    const asked = new Promise<void>((resolve) => {
      live.sockets.onPing = live.sockets.onSend = () => {
        if (blocked) return;
        blocked = true;
        void beforeTimers(() => {
          block(busy);
        }).then(resolve);
      };
    });
    await asked;
    const measured = live.rtts.length;
    await until("two more round trips", () => live.rtts.length >= measured + 2);
    expect(live.names).toEqual(["connecting", "connecting", "open"]);
    expect(await server.report()).toMatchObject({ opened: 1, live: 1 });
  });
});
