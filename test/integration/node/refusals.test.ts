import { describe, expect, it } from "vitest";
import type { AttemptContext } from "../../../src/connection/options.ts";
import { systemClock } from "../../../src/core/clock.ts";
import { until } from "../../support/contract-recorder.ts";
import { FaultServer } from "../../support/fault-server.ts";
import { answerCalls } from "../../support/json-rpc-peer.ts";
import { LiveClient } from "../../support/live-client.ts";
import { NODE_TRANSPORTS } from "../../support/transports.ts";
import { expectNothingUncaught } from "../../support/uncaught.ts";

expectNothingUncaught();

/** Close codes by what the table says to them; a server can send each of them. */
const AGAIN = [1000, 1001, 1009, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4400, 4999];
const STOP = [1002, 1003, 1007, 1008, 1010];
/** Those that ask to be left alone for twice as long. */
const BUSY = [1012, 1013];

/** The first wait is then exactly `base`, or twice that. */
const EXACT = { random: () => 1, backoff: { min: 10, base: 100, max: 1_000 } };

/** How long a client that has just failed meant to wait, in ms. Written down when it said so. */
function firstWait(live: LiveClient): Promise<number> {
  return new Promise((resolve) => {
    live.onState = (state) => {
      if (state.name === "waiting") resolve(state.retryAt - systemClock.now());
    };
  });
}

function expectWait(wait: number, expected: number): void {
  expect(wait).toBeGreaterThan(expected - 30);
  expect(wait).toBeLessThanOrEqual(expected);
}

describe.each(NODE_TRANSPORTS)("a client $name", ({ make, tellsWhy }) => {
  const transport = make();

  function startServer(): Promise<FaultServer> {
    return FaultServer.start({ onConnection: answerCalls });
  }

  /** A URL provider that writes down when it is asked for a fresh token, and puts it into the URL. */
  function tokens(server: FaultServer): {
    readonly asked: boolean[];
    readonly url: (context: AttemptContext) => string;
  } {
    const asked: boolean[] = [];
    return {
      asked,
      url: ({ refresh }) => {
        asked.push(refresh);
        return `${server.url}?token=${refresh ? "fresh" : "stale"}`;
      },
    };
  }

  if (tellsWhy) {
    it("fetches a fresh token after a 401, once, and then stops", async () => {
      await using server = await startServer();
      server.mode = { name: "status", status: 401 };
      const { asked, url } = tokens(server);
      await using live = new LiveClient({ url, transport });
      const first = await live.fails("DIAL_FAILED");
      expect(first.state.name).toBe("waiting");
      expect(first.cause.httpStatus).toBe(401);
      const second = await live.fails("DIAL_FAILED");
      expect(second.state.name).toBe("closed");
      expect(second.cause.httpStatus).toBe(401);
      expect(asked).toEqual([false, true]);
      expect(server.requests.map((request) => request.url)).toEqual(["/?token=stale", "/?token=fresh"]);
      expect(live.sockets.live).toBe(0);
    });

    it("opens with the token that it fetched after a 401", async () => {
      await using server = await startServer();
      server.mode = { name: "status", status: 401 };
      const { asked, url } = tokens(server);
      await using live = new LiveClient({ url, transport });
      await live.fails("DIAL_FAILED");
      server.mode = { name: "normal" };
      await live.opens();
      expect(asked).toEqual([false, true]);
      expect(server.counters.maxLive).toBe(1);
    });
  } else {
    it("keeps trying after a 401 that it cannot see, and opens when the server lets it in", async () => {
      await using server = await startServer();
      server.mode = { name: "status", status: 401 };
      const { asked, url } = tokens(server);
      await using live = new LiveClient({ url, transport });
      for (let times = 0; times < 3; times++) {
        const { cause, state } = await live.fails("DIAL_FAILED");
        expect(cause).toMatchObject({ closeCode: 1006 });
        expect(cause.httpStatus).toBeUndefined();
        expect(state.name).toBe("waiting");
      }
      server.mode = { name: "normal" };
      await live.opens();
      expect(asked).toEqual([false, false, false, false]);
    });
  }

  it.each([429, 503, 500])(
    "tries again after an HTTP %i, later where the status says that the server is busy",
    async (status) => {
      await using server = await startServer();
      server.mode = { name: "status", status };
      await using live = new LiveClient({ url: server.url, transport, ...EXACT });
      const wait = firstWait(live);
      const { cause, state } = await live.fails("DIAL_FAILED");
      expect(state.name).toBe("waiting");
      expect(cause.httpStatus).toBe(tellsWhy ? status : undefined);
      expectWait(await wait, tellsWhy && status !== 500 ? 200 : 100);
      server.mode = { name: "normal" };
      await live.opens();
      expect(server.counters).toMatchObject({ dials: 2, maxLive: 1 });
    },
  );

  it.each(AGAIN)("dials again after a close with %i", async (code) => {
    await using server = await startServer();
    await using live = await LiveClient.open({ url: server.url, transport, ...EXACT });
    const wait = firstWait(live);
    server.closeAll(code, "because");
    const { cause, state } = await live.fails("CONNECTION_LOST");
    expect(state.name).toBe("waiting");
    expect(cause).toMatchObject({ closeCode: code, reason: "because" });
    expectWait(await wait, BUSY.includes(code) ? 200 : 100);
    await live.opens();
    await until("one link", () => server.counters.live === 1);
    expect(server.counters).toMatchObject({ opened: 2, maxLive: 1 });
  });

  it.each(STOP)("stops after a close with %i, until it is told to connect", async (code) => {
    await using server = await startServer();
    await using live = await LiveClient.open({ url: server.url, transport });
    server.closeAll(code, "never");
    const { cause, state } = await live.fails("CONNECTION_LOST");
    expect(state.name).toBe("closed");
    expect(cause).toMatchObject({ closeCode: code, reason: "never" });
    await until("no link", () => server.counters.live === 0);
    await live.client.connect();
    expect(live.client.state.name).toBe("open");
    expect(server.counters).toMatchObject({ opened: 2, maxLive: 1 });
  });

  it("fetches a fresh token after a close with 4401, and stops after the second", async () => {
    await using server = await startServer();
    server.mode = { name: "close", delay: 10, code: 4401 };
    const { asked, url } = tokens(server);
    await using live = new LiveClient({ url, transport });
    expect((await live.fails("CONNECTION_LOST")).state.name).toBe("waiting");
    const second = await live.fails("CONNECTION_LOST");
    expect(second.state.name).toBe("closed");
    expect(second.cause).toMatchObject({ closeCode: 4401 });
    expect(asked).toEqual([false, true]);
    expect(server.counters).toMatchObject({ opened: 2, maxLive: 1 });
  });

  it("dials again after a close without a code, and after none at all", async () => {
    await using server = await startServer();
    await using live = await LiveClient.open({ url: server.url, transport });
    server.closeAll();
    expect((await live.fails("CONNECTION_LOST")).cause).toMatchObject({ closeCode: 1005, reason: "" });
    await live.opens();
    server.kill();
    expect((await live.fails("CONNECTION_LOST")).cause).toMatchObject({ closeCode: 1006, reason: "" });
    await live.opens();
    expect(server.counters).toMatchObject({ opened: 3, maxLive: 1 });
  });

  it("drops a server that sends a close code which no wire may carry, and dials again", async () => {
    await using server = await startServer();
    await using live = await LiveClient.open({ url: server.url, transport });
    // 1006 as a real frame: some servers send it (nats-server does).
    for (const request of server.requests) request.socket.write(Uint8Array.from([0x88, 2, 1006 >> 8, 1006 & 0xff]));
    const { cause, state } = await live.fails("CONNECTION_LOST");
    expect([state.name, cause.closeCode]).toEqual(["waiting", 1006]);
    await live.opens();
  });
});
