import { describe, expect, it, vi } from "vitest";
import type { ConnectionDebugEvent } from "../../../src/connection/events.ts";
import { memoryWebSocket } from "../../../src/testing/memory-websocket.ts";
import type { WebSocketOptions } from "../../../src/websocket/options.ts";
import { ReconnectingWebSocket } from "../../../src/websocket/websocket.ts";
import { record, setup, URL } from "./setup.ts";

/** The waits before the dials of a server that refuses them all. */
function waits(options: WebSocketOptions, count: number): number[] {
  const { clock, server, dial } = setup(options);
  server.answer = { type: "refuse" };
  dial();
  clock.advance(600_000);
  return server.dialTimes
    .slice(0, count + 1)
    .flatMap((time, index, all) => (index === 0 ? [] : [time - (all[index - 1] ?? 0)]));
}

describe("the options of reconnecting-websocket and partysocket", () => {
  it("minReconnectionDelay is the shortest wait, whatever the dice", () => {
    for (const dice of [0, 0.5, 0.999]) {
      const all = waits({ minReconnectionDelay: 100, reconnectionDelayGrowFactor: 1.5, random: () => dice }, 5);
      expect(Math.min(...all)).toBeGreaterThanOrEqual(100);
      expect(all[0]).toBeLessThanOrEqual(150);
    }
  });

  it("maxReconnectionDelay is the longest, also where it is below the default minimum", () => {
    for (const max of [50, 5_000]) {
      const all = waits({ maxReconnectionDelay: max, random: () => 0.999 }, 12);
      expect(Math.max(...all)).toBeLessThanOrEqual(max);
      expect(all.at(-1)).toBeGreaterThan(max / 2);
    }
  });

  it("reconnectionDelayGrowFactor is what the waits grow by, from the third on", () => {
    const all = waits({ minReconnectionDelay: 10, reconnectionDelayGrowFactor: 3, random: () => 0.999 }, 4);
    expect(all.map((wait) => Math.round(wait / 10))).toEqual([3, 3, 27, 81]);
  });

  it("minUptime is how long a link must hold until the waits start over", () => {
    const { clock, server, dial } = setup({ minUptime: 1_000, minReconnectionDelay: 10, maxReconnectionDelay: 10 });
    server.onConnection = (connection) => {
      clock.after(999, () => {
        connection.drop();
      });
    };
    const { socket } = dial();
    clock.advance(3_020);
    server.onConnection = undefined;
    expect(socket.retryCount).toBe(3);
    clock.advance(3_000);
    server.dropAll();
    clock.advance(0);
    expect(socket.retryCount).toBe(1);
  });

  it("connectionTimeout ends a dial that is not answered", () => {
    const { clock, server, dial } = setup({ connectionTimeout: 100 });
    server.next({ type: "stall" });
    const { log } = dial();
    clock.advance(100);
    expect(log).toEqual(["error@3 CONNECT_TIMEOUT", "close@3 1006 unclean"]);
  });

  it.each([0, 1, 3])("maxRetries: %d is how many attempts follow the first", (maxRetries) => {
    const { clock, server, dial } = setup({ maxRetries });
    server.answer = { type: "refuse" };
    const { socket } = dial();
    clock.runAll();
    expect(server.dials).toBe(1 + maxRetries);
    expect(socket.state.name).toBe("closed");
    socket.reconnect(); // not dead, as reconnecting-websocket is
    clock.advance(0);
    expect(server.dials).toBe(2 + maxRetries);
  });

  it("maxEnqueuedMessages drops the message that is one too many, and says so", () => {
    const { clock, server, dial } = setup({ maxEnqueuedMessages: 1 });
    const { socket, log } = dial();
    socket.send("a");
    socket.send("b");
    clock.advance(0);
    expect(log).toEqual(["dropped@0 b overflow", "open@1"]);
    expect(server.last.texts).toEqual(["a"]);
  });

  it("maxEnqueuedMessages: 0 queues nothing", () => {
    const { clock, server, dial } = setup({ maxEnqueuedMessages: 0 });
    const { socket } = dial();
    socket.send("a");
    clock.advance(0);
    socket.send("b");
    clock.advance(0);
    expect(server.last.texts).toEqual(["b"]);
  });

  it("shouldReconnectOnClose is asked with the true code, and gives up with false", () => {
    const asked: unknown[] = [];
    const { clock, server, open } = setup({
      shouldReconnectOnClose: ({ code, reason, wasClean }) => {
        asked.push([code, reason, wasClean]);
        return code !== 4000;
      },
    });
    const { socket } = open();
    server.next({ type: "refuse" });
    server.dropAll();
    clock.advance(30_000);
    server.closeAll(4000, "enough");
    clock.runAll();
    expect(asked).toEqual([
      [1006, "", false],
      [1006, "", false],
      [4000, "enough", true],
    ]);
    expect(socket.state.name).toBe("closed");
  });

  it("a policy of ours is asked too", () => {
    const { clock, server, open } = setup({ shouldReconnectOnClose: () => true, retry: () => "stop" });
    open();
    server.dropAll();
    clock.runAll();
    expect(server.dials).toBe(1);
  });

  it("WebSocket is the class that is dialled with", () => {
    const { clock, server } = setup();
    const socket = new ReconnectingWebSocket(URL, [], { WebSocket: memoryWebSocket(server), clock });
    const log = record(socket);
    clock.advance(0);
    socket.send("a");
    clock.advance(0);
    expect(log).toEqual(["open@1"]);
    expect(server.last.texts).toEqual(["a"]);
  });

  it("debugLogger hears what the connection does, if debug is set", () => {
    const debugLogger = vi.fn();
    const { clock, dial } = setup({ debug: true, debugLogger });
    dial();
    clock.advance(0);
    expect(debugLogger).toHaveBeenCalledWith(expect.objectContaining({ to: "open" }));
  });

  it("debug without a logger makes debug events", () => {
    const { clock, dial } = setup({ debug: true });
    const { socket } = dial();
    const details: ConnectionDebugEvent[] = [];
    socket.addEventListener("debug", ({ detail }) => {
      details.push(detail);
    });
    clock.advance(0);
    expect(details.at(-1)).toMatchObject({ to: "open", attempt: 0 });
  });

  it("ours win where both are given", () => {
    const { clock, server, dial } = setup({
      ...{ connectionTimeout: 1, connectTimeout: 100, minUptime: 1, stableAfter: 50_000 },
      ...{ minReconnectionDelay: 1_000, backoff: { min: 10, base: 10, max: 10 } },
      ...{ maxEnqueuedMessages: 0, outbox: { maxCount: 1 } },
    });
    server.next({ type: "stall" });
    const { socket, log } = dial();
    socket.send("a");
    clock.advance(99);
    expect(log).toEqual([]);
    clock.advance(11);
    expect(log.at(-1)).toBe("open@1");
    expect(server.last.texts).toEqual(["a"]);
    clock.advance(40_000);
    server.dropAll();
    clock.advance(0);
    expect(socket.retryCount).toBe(2);
  });
});

describe("options that cannot be right", () => {
  it.each([
    [{ backof: {} }, "backof"],
    [{ events: "loud" }, "events"],
    [{ retry: "never" }, "retry"],
    [{ heartbeat: { every: 1 } }, "heartbeat.every"],
    [{ heartbeat: { ping: "hello" } }, "heartbeat.ping"],
    [{ outbox: { maxCount: -1 } }, "outbox.maxCount"],
    [{ maxRetries: "3" }, "maxRetries"],
    [{ url: URL }, "url"],
    [{ debug: 1 }, "debug"],
  ])("%o is a TypeError that names the option", (options, name) => {
    expect(() => new ReconnectingWebSocket(URL, [], options as WebSocketOptions)).toThrow(
      expect.objectContaining({ name: "TypeError", message: expect.stringContaining(`"${name}"`) as string }),
    );
  });
});
