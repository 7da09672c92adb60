import { describe, expect, it } from "vitest";
import { systemClock } from "../../../src/core/clock.ts";
import { until } from "../../support/contract-recorder.ts";
import { FaultProxy } from "../../support/fault-proxy.ts";
import { FaultServer } from "../../support/fault-server.ts";
import { answerCalls } from "../../support/json-rpc-peer.ts";
import { LiveClient, QUICK } from "../../support/live-client.ts";
import { NODE_TRANSPORTS } from "../../support/transports.ts";
import { expectNothingUncaught } from "../../support/uncaught.ts";

expectNothingUncaught();

describe.each(NODE_TRANSPORTS)("a client $name", ({ make, tellsWhy }) => {
  const transport = make();

  function startServer(): Promise<FaultServer> {
    return FaultServer.start({ onConnection: answerCalls });
  }

  /** What every recovery ends in: one link, on both sides, that carries calls. */
  async function expectOneLink(live: LiveClient, server: FaultServer): Promise<void> {
    expect(await live.client.request("echo", { n: 1 })).toEqual({ n: 1 });
    await until("the server has one link", () => server.counters.live === 1);
    expect(live.sockets).toMatchObject({ live: 1, maxLive: 1 });
    expect(live.errors).toEqual([]);
  }

  it("comes back to a server that was killed and restarted, with what was queued meanwhile", async () => {
    await using server = await startServer();
    await using live = await LiveClient.open({ url: server.url, transport });
    await server.stop();
    const lost = await live.fails("CONNECTION_LOST");
    expect(lost.cause).toMatchObject({ closeCode: 1006, reason: "" });
    expect(lost.state).toMatchObject({ name: "waiting", attempt: 1 });
    expect(live.client.send("while it was away")).toBe("queued");
    const refused = await live.fails("DIAL_FAILED");
    expect(refused.state).toMatchObject({ name: "waiting", attempt: 2 });
    await server.restart();
    await live.opens();
    await until("the queued message", () => live.messages.length === 1);
    expect(live.messages).toEqual(["while it was away"]);
    await expectOneLink(live, server);
    expect(server.counters.maxLive).toBe(1);
  });

  it("keeps trying where nobody listens, and opens when somebody does", async () => {
    await using server = await startServer();
    await server.stop();
    await using live = new LiveClient({ url: server.url, transport });
    const { cause } = await live.fails("DIAL_FAILED");
    expect(cause).toMatchObject({ closeCode: 1006 });
    expect(cause.httpStatus).toBeUndefined();
    if (tellsWhy) expect(cause.cause).toMatchObject({ code: "ECONNREFUSED" });
    await live.fails("DIAL_FAILED");
    await live.fails("DIAL_FAILED");
    await server.restart();
    await live.opens();
    await expectOneLink(live, server);
    expect(server.counters.maxLive).toBe(1);
  });

  it.each(["both", "up", "down"] as const)(
    "leaves a link that stalls (%s), and comes back when it heals",
    async (way) => {
      await using server = await startServer();
      await using proxy = await FaultProxy.start(server.port);
      await using live = await LiveClient.open({ url: proxy.url, transport });
      proxy.blackhole(way);
      const { state } = await live.fails("HEARTBEAT_TIMEOUT");
      expect(state.name).toBe("waiting");
      expect(live.sockets.live).toBe(0);
      await live.fails("CONNECT_TIMEOUT");
      proxy.heal(way);
      await live.opens();
      await expectOneLink(live, server);
    },
  );

  it("dials a server that accepts and closes after 50 ms less and less often, and stays when it keeps the link", async () => {
    await using server = await startServer();
    server.mode = { name: "close", delay: 50 };
    await using live = new LiveClient({ url: server.url, transport, random: () => 1 }); // no jitter
    const waits: { readonly attempt: number; readonly ms: number }[] = [];
    live.onState = (state) => {
      if (state.name === "waiting") waits.push({ attempt: state.attempt, ms: state.retryAt - systemClock.now() });
    };
    for (let times = 0; times < 5; times++) {
      const { cause } = await live.fails("CONNECTION_LOST");
      expect(cause).toMatchObject({ closeCode: 1005 });
    }
    expect(waits.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5]);
    const { base, max } = QUICK.backoff;
    for (const [index, most] of [base, base, max, max, max].entries()) {
      expect(waits[index]?.ms).toBeLessThanOrEqual(most);
      expect(waits[index]?.ms).toBeGreaterThan(most - 30);
    }
    server.mode = { name: "normal" };
    await live.opens();
    await expectOneLink(live, server);
    expect(server.counters).toMatchObject({ opened: 6, maxLive: 1 });
  });

  it("gives up a dial whose upgrade is never answered, and dials again", async () => {
    await using server = await startServer();
    server.mode = { name: "stall" };
    await using live = new LiveClient({ url: server.url, transport });
    const since = systemClock.now();
    const { state } = await live.fails("CONNECT_TIMEOUT");
    expect(systemClock.now() - since).toBeGreaterThanOrEqual(QUICK.connectTimeout - 1);
    expect(state.name).toBe("waiting");
    expect(live.sockets.live).toBe(0);
    await until("the server sees it leave", () => server.connections === 0);
    await live.fails("CONNECT_TIMEOUT");
    server.mode = { name: "normal" };
    await live.opens();
    await expectOneLink(live, server);
    expect(server.counters.maxLive).toBe(1);
  });

  it.each(["accepted", "asked"] as const)("dials again after a reset when the connection was %s", async (when) => {
    await using server = await startServer();
    server.mode = { name: "reset", when };
    await using live = new LiveClient({ url: server.url, transport });
    await live.fails("DIAL_FAILED");
    await live.fails("DIAL_FAILED");
    server.mode = { name: "normal" };
    await live.opens();
    await expectOneLink(live, server);
  });
});
