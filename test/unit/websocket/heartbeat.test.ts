import { describe, expect, it, vi } from "vitest";
import type { Clock } from "../../../src/core/clock.ts";
import { setup } from "./setup.ts";

const QUICK = { interval: 1_000, timeout: 500 };
/** Drops stay visible. */
const LATE = { min: 20_000, base: 20_000, max: 20_000 };

describe("the liveness of ReconnectingWebSocket", () => {
  it("notices by protocol pings, where there are some, that the peer is gone", () => {
    const { clock, server, open } = setup({ heartbeat: QUICK, backoff: LATE });
    const { log } = open();
    clock.advance(5_000);
    expect(log).toEqual([]);
    server.last.stall();
    clock.advance(2_600);
    expect(log).toEqual(["close@3 1006 unclean"]);
    clock.advance(20_000);
    expect(log.at(-1)).toBe("open@1");
  });

  it("pings by default where the platform has pings", () => {
    const { clock, server, open } = setup();
    open();
    clock.advance(16_000);
    expect(server.last.pingCount).toBe(1);
  });

  it("can be switched off", () => {
    const { clock, server, open } = setup({ heartbeat: "off" });
    open();
    clock.advance(600_000);
    expect(server.last.pingCount).toBe(0);
  });

  it("discards a message, and tells, when a callback closes the socket as that message asks for a sign of life", () => {
    let ahead = 0;
    const clock: Clock = {
      now: () => world.clock.now() + ahead,
      after: (delay, callback) => world.clock.after(delay, callback),
    };
    const ping = (): string => {
      socket.close();
      return "are you there?";
    };
    const world = setup({ clock, heartbeat: { ...QUICK, ping, pong: () => false } });
    const { socket, log } = world.open();
    ahead = 10_000; // the deadline is past, and its timer has not come
    socket.send("late");
    expect(log).toEqual(["dropped@2 late discarded"]);
    world.clock.runAll();
    expect(log.slice(1)).toEqual(["close@3 1000 clean"]);
  });

  it("sends nothing that was not asked for where the platform has no pings", () => {
    const { clock, server, open } = setup({}, { pings: "absent" });
    const { log } = open();
    server.last.stall();
    clock.advance(600_000);
    expect(log).toEqual([]);
    expect(server.last.received).toEqual([]);
  });

  it.each([{ message: "ping" }, () => "ping"])("asks with a message of the application's own: %o", (ping) => {
    const heartbeat = { ...QUICK, ping, pong: (data: unknown) => data === "pong" };
    const { clock, server, open } = setup({ heartbeat, backoff: LATE });
    const { log } = open();
    server.last.onMessage = (_data, connection) => {
      connection.send("pong");
    };
    clock.advance(10_000);
    expect(server.last.texts.length).toBeGreaterThan(5);
    expect(log).toEqual([]); // no drop, and no pong for the application
    server.last.stall();
    clock.advance(2_600);
    expect(log).toEqual(["close@3 1006 unclean"]);
  });

  it("asks nothing with ping: expect, and misses what should have come", () => {
    const { clock, server, open } = setup({ heartbeat: { ...QUICK, ping: "expect" } });
    const { log } = open();
    clock.advance(1_501);
    expect(log).toEqual(["close@3 1006 unclean"]);
    expect(server.all[0]?.received).toEqual([]);
  });

  it("survives a ping and a pong that throw, and reports them", () => {
    const reportError = vi.fn();
    vi.stubGlobal("reportError", reportError);
    const throws = (): never => {
      throw new Error("mine");
    };
    const { clock, server, open } = setup({ heartbeat: { ...QUICK, ping: throws, pong: throws } });
    const { log } = open();
    server.last.send("x");
    clock.advance(1_000);
    expect(log).toEqual(["message@1 x"]);
    expect(reportError).toHaveBeenCalledTimes(2);
    vi.unstubAllGlobals();
  });

  it("holds back what is sent to a link whose deadline has passed unnoticed, for the next link", () => {
    const { clock, server, open } = setup({ heartbeat: QUICK });
    const { socket } = open();
    server.last.stall();
    clock.jump(60_000);
    socket.send("a");
    clock.advance(10_000);
    expect(server.all[0]?.texts).toEqual([]);
    expect(server.last.texts).toEqual(["a"]);
  });

  it("sends it after all when the link turns out to be alive", () => {
    const { clock, server, open } = setup({ heartbeat: QUICK });
    const { socket } = open();
    clock.jump(60_000);
    socket.send("a");
    expect(server.last.texts).toEqual([]);
    clock.advance(100);
    expect(server.last.texts).toEqual(["a"]);
    expect(server.dials).toBe(1);
  });

  it("asks at once when the page wakes up", () => {
    const { clock, network, server, open } = setup({ heartbeat: QUICK });
    open();
    network.wake();
    clock.advance(0);
    expect(server.last.pingCount).toBe(1);
  });
});
