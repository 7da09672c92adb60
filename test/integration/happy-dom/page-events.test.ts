import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { systemClock } from "../../../src/core/clock.ts";
import { silence, until } from "../../support/contract-recorder.ts";
import { FaultServer } from "../../support/fault-server.ts";
import { answerCalls } from "../../support/json-rpc-peer.ts";
import { LiveClient } from "../../support/live-client.ts";

/** Waits so long that only an event of the page can explain an earlier attempt. */
const PATIENT = { backoff: { min: 20_000, base: 20_000, max: 20_000 } };
/** Asks so seldom that only an event of the page can explain a question. */
const QUIET = { heartbeat: { interval: 60_000, timeout: 5_000 } };
/** A wake-up spreads attempts over 0.5 s, and keeps them 1 s apart. */
const SOON = 1_800;

/** The listeners that there are on the window, as "type" each. */
const listening: string[] = [];

beforeEach(() => {
  const { addEventListener, removeEventListener } = globalThis;
  const known = new Map<unknown, string[]>();
  vi.spyOn(globalThis, "addEventListener").mockImplementation((...args: Parameters<typeof addEventListener>) => {
    addEventListener(...args);
    known.set(args[1], [...(known.get(args[1]) ?? []), args[0]]);
    listening.push(args[0]);
  });
  vi.spyOn(globalThis, "removeEventListener").mockImplementation((...args: Parameters<typeof removeEventListener>) => {
    removeEventListener(...args);
    if (known.get(args[1])?.includes(args[0])) listening.splice(listening.indexOf(args[0]), 1);
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  expect(listening.splice(0)).toEqual([]);
});

function startServer(): Promise<FaultServer> {
  return FaultServer.start({ onConnection: answerCalls });
}

function persisted(type: "pageshow" | "pagehide", value: boolean): Event {
  return Object.assign(new Event(type), { persisted: value });
}

function setVisibility(value: "visible" | "hidden"): void {
  Object.defineProperty(document, "visibilityState", { value, configurable: true });
  document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
}

it("listens to the window only while a connection is wanted", async () => {
  await using server = await startServer();
  await using live = new LiveClient({ url: server.url });
  expect(listening).toEqual([]);
  await live.opens();
  expect(listening).toEqual(["online", "offline", "visibilitychange", "pageshow", "resume", "pagehide"]);
  server.kill();
  await live.fails("CONNECTION_LOST");
  await live.opens();
  await live.client.reconnect();
  expect(listening).toHaveLength(6);
  await live.client.close();
  expect(listening).toEqual([]);
});

it("stops listening when the retry policy gives up", async () => {
  await using server = await startServer();
  await using live = await LiveClient.open({ url: server.url });
  server.closeAll(1008);
  await live.fails("CONNECTION_LOST");
  expect(live.client.state.name).toBe("closed");
  expect(listening).toEqual([]);
});

it("closes politely when the page is left, and is live again soon after it was restored from the cache", async () => {
  await using server = await startServer();
  const codes: number[] = [];
  server.onConnection = (socket) => socket.on("close", (code) => codes.push(code));
  await using live = await LiveClient.open({ url: server.url, ...PATIENT });
  window.dispatchEvent(persisted("pagehide", true));
  expect(live.client.state).toMatchObject({ name: "waiting", cause: { code: "SUSPENDED" } });
  await until("the goodbye", () => codes.length === 1);
  expect(codes).toEqual([1000]);
  expect(live.sockets.live).toBe(0);
  const shown = systemClock.now();
  window.dispatchEvent(persisted("pageshow", true));
  await live.opens();
  expect(systemClock.now() - shown).toBeLessThan(SOON);
  expect(server.counters).toMatchObject({ opened: 2, maxLive: 1 });
});

it("takes the first showing of a fresh page for no wake-up", async () => {
  await using server = await startServer();
  await server.stop();
  await using live = new LiveClient({ url: server.url, ...PATIENT });
  const { state } = await live.fails("DIAL_FAILED");
  window.dispatchEvent(persisted("pageshow", false));
  await silence();
  expect(live.client.state).toBe(state);
});

it("calls its waiting offline while the platform does, and hurries when the network is back", async () => {
  await using server = await startServer();
  await server.stop();
  await using live = new LiveClient({ url: server.url, ...PATIENT });
  await live.fails("DIAL_FAILED");
  window.dispatchEvent(new Event("offline"));
  expect(live.client.state.name).toBe("offline");
  await server.restart();
  const since = systemClock.now();
  window.dispatchEvent(new Event("online"));
  expect(live.client.state.name).toBe("waiting");
  await live.opens();
  expect(systemClock.now() - since).toBeLessThan(SOON);
});

it("keeps a link that works while the platform says offline, and asks it for a sign of life", async () => {
  await using server = await startServer();
  await using live = await LiveClient.open({ url: server.url, ...QUIET });
  window.dispatchEvent(new Event("offline"));
  await until("an answer", () => live.rtts.length === 1);
  expect(await live.client.request("echo", "still here")).toBe("still here");
  expect(live.client.state.name).toBe("open");
  expect(server.counters.opened).toBe(1);
});

it("asks for a sign of life when the page becomes visible, and not when it is hidden", async () => {
  await using server = await startServer();
  await using live = await LiveClient.open({ url: server.url, ...QUIET });
  setVisibility("hidden");
  await silence();
  expect(server.counters.frames).toBe(0);
  setVisibility("visible");
  await until("an answer", () => live.rtts.length === 1);
  expect(live.client.state.name).toBe("open");
});

it("hurries a waiting attempt when the page becomes visible or is resumed", async () => {
  await using server = await startServer();
  await using live = await LiveClient.open({ url: server.url, ...PATIENT });
  for (const wake of [
    () => {
      setVisibility("visible");
    },
    () => document.dispatchEvent(new Event("resume")),
  ]) {
    server.kill();
    await live.fails("CONNECTION_LOST");
    const since = systemClock.now();
    wake();
    await live.opens();
    expect(systemClock.now() - since).toBeLessThan(SOON);
  }
  expect(server.counters).toMatchObject({ opened: 3, maxLive: 1 });
});
