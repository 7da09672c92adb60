import { describe, expect, it } from "vitest";
import { memoryWebSocket } from "../../../src/testing/memory-websocket.ts";
import { ReconnectingWebSocket } from "../../../src/websocket/websocket.ts";
import { record, setup, URL } from "./setup.ts";

describe("the style single", () => {
  it("opens once and closes once, and tells of drops in between", () => {
    const { clock, server, dial } = setup({ events: "single" });
    const { socket, log } = dial();
    clock.advance(0);
    for (let round = 0; round < 3; round++) {
      server.dropAll();
      clock.advance(10_000);
    }
    socket.close(3000, "bye");
    clock.runAll();
    expect(log).toEqual([
      "open@1",
      ...Array.from({ length: 3 }, () => ["reconnecting@1 1 CONNECTION_LOST", "reconnected@1"]).flat(),
      "close@3 3000 clean bye",
    ]);
  });

  it("tells of each failed dial and stays CONNECTING until one opens", () => {
    const { clock, server, dial } = setup({ events: "single" });
    server.next({ type: "refuse" }, { type: "refuse" });
    const { log } = dial();
    clock.advance(20_000);
    expect(log).toEqual(["reconnecting@0 1 DIAL_FAILED", "reconnecting@0 2 DIAL_FAILED", "open@1"]);
  });

  it("says when the next attempt is", () => {
    const { clock, server, dial } = setup({ events: "single", backoff: { min: 100, base: 100, max: 100 } });
    const { socket } = dial();
    clock.advance(0);
    const times: (number | undefined)[] = [];
    socket.addEventListener("reconnecting", ({ retryAt }) => {
      times.push(retryAt);
    });
    server.dropAll();
    clock.advance(99);
    expect(server.dials).toBe(1);
    clock.advance(1);
    expect(server.dialTimes[1]).toBe(100);
    expect(times).toEqual([100]);
  });

  it("tells of a wait once, whatever the platform says about the network meanwhile", () => {
    const { clock, network, server, dial } = setup({ events: "single" });
    const { log } = dial();
    clock.advance(0);
    server.stop();
    clock.advance(0);
    network.goOffline();
    clock.advance(100);
    expect(log).toEqual(["open@1", "reconnecting@1 1 CONNECTION_LOST"]);
  });

  it("queues what is sent during a drop", () => {
    const { clock, server, dial } = setup({ events: "single" });
    const { socket, log } = dial();
    clock.advance(0);
    server.dropAll();
    clock.advance(0);
    socket.send("a");
    clock.advance(10_000);
    expect(server.last.texts).toEqual(["a"]);
    expect(log.at(-1)).toBe("reconnected@1");
  });

  it("closes with 1006 when close() is called while there is no link", () => {
    const { clock, server, dial } = setup({ events: "single" });
    const { socket, log } = dial();
    clock.advance(0);
    server.dropAll();
    clock.advance(0);
    log.length = 0;
    socket.close();
    expect(socket.readyState).toBe(socket.CLOSING);
    clock.runAll();
    expect(log).toEqual(["close@3 1006 unclean"]);
  });

  it("closes when the retry policy gives up, with the code of the last link", () => {
    const { clock, server, dial } = setup({ events: "single" });
    const { log } = dial();
    clock.advance(0);
    server.closeAll(1008, "no");
    clock.runAll();
    expect(log).toEqual(["open@1", "close@3 1008 clean no"]);
  });

  it("does not close for reconnect()", () => {
    const { clock, dial } = setup({ events: "single" });
    const { socket, log } = dial();
    clock.advance(0);
    socket.reconnect();
    clock.advance(0);
    expect(log).toEqual(["open@1", "reconnecting@1 0", "reconnected@1"]);
  });

  it("opens again after reconnect() on a closed one", () => {
    const { clock, dial } = setup({ events: "single" });
    const { socket, log } = dial();
    clock.advance(0);
    socket.close();
    clock.runAll();
    socket.reconnect();
    clock.advance(0);
    expect(log).toEqual(["open@1", "close@3 1000 clean", "open@1"]);
  });
});

describe("the style handover", () => {
  it("repeats dials until one opens, and then a drop is the end", () => {
    const { clock, server, dial } = setup({ events: "handover" });
    server.next({ type: "refuse" }, { type: "refuse" });
    const { socket, log } = dial();
    clock.advance(20_000);
    server.dropAll();
    clock.runAll();
    expect(log).toEqual([
      "reconnecting@0 1 DIAL_FAILED",
      "reconnecting@0 2 DIAL_FAILED",
      "open@1",
      "close@3 1006 unclean",
    ]);
    expect(socket.state.name).toBe("closed");
    expect(server.dials).toBe(3);
    expect(clock.pending).toBe(0);
  });

  it("ends with the server's code", () => {
    const { clock, server, dial } = setup({ events: "handover" });
    const { log } = dial();
    clock.advance(0);
    server.closeAll(4321, "moved");
    clock.runAll();
    expect(log).toEqual(["open@1", "close@3 4321 clean moved"]);
  });

  it("ends when the page is left, and does not come back by itself", () => {
    const { clock, network, server, dial } = setup({ events: "handover" });
    const { log } = dial();
    clock.advance(0);
    network.suspend();
    network.wake();
    clock.runAll();
    expect(log).toEqual(["open@1", "close@3 1000 clean"]);
    expect(server.dials).toBe(1);
  });

  it("gives up while dialling where the policy says so", () => {
    const { clock, server, dial } = setup({ events: "handover", maxRetries: 1 });
    server.answer = { type: "refuse" };
    const { log } = dial();
    clock.runAll();
    expect(log).toEqual(["reconnecting@0 1 DIAL_FAILED", "error@3 DIAL_FAILED", "close@3 1006 unclean"]);
    expect(server.dials).toBe(2);
  });
});

describe("retry: off", () => {
  it("dials once and ends with its one link", () => {
    const { clock, server, dial } = setup({ retry: "off" });
    const { log } = dial();
    clock.advance(0);
    server.dropAll();
    clock.runAll();
    expect(log).toEqual(["open@1", "close@3 1006 unclean"]);
    expect(server.dials).toBe(1);
  });

  it("ends with its one dial", () => {
    const { clock, server, dial } = setup({ retry: "off" });
    server.answer = { type: "refuse" };
    const { log } = dial();
    clock.runAll();
    expect(log).toEqual(["error@3 DIAL_FAILED", "close@3 1006 unclean"]);
    expect(server.dials).toBe(1);
  });

  it("has an error before the close of a lost link where the platform's class has one, as no other style does", () => {
    for (const options of [{ retry: "off" }, { maxRetries: 0 }] as const) {
      const { clock, server } = setup();
      const log = record(new ReconnectingWebSocket(URL, [], { ...options, clock, WebSocket: memoryWebSocket(server) }));
      clock.advance(0);
      server.dropAll();
      clock.runAll();
      const error = "retry" in options ? ["error@3 CONNECTION_LOST"] : [];
      expect(log).toEqual(["open@1", ...error, "close@3 1006 unclean"]);
    }
  });

  it("does not dial again when the page is left and shown, open or connecting", () => {
    for (const phase of ["open", "connecting"]) {
      const { clock, network, server, dial } = setup({ retry: "off" });
      if (phase === "connecting") server.answer = { type: "stall" };
      const { log } = dial();
      clock.advance(0);
      network.suspend();
      network.wake();
      clock.runAll();
      expect(server.dials).toBe(1);
      expect(log.at(-1)).toBe(phase === "open" ? "close@3 1000 clean" : "close@3 1006 unclean");
    }
  });

  it("refuses send() before open, as the standard has it", () => {
    const { dial } = setup({ retry: "off" });
    const { socket } = dial();
    expect(() => {
      socket.send("a");
    }).toThrow(expect.objectContaining({ name: "InvalidStateError" }));
    expect(socket.bufferedAmount).toBe(0);
  });

  it("counts what is sent after the end, as the standard has it, and says that it was dropped", () => {
    const { clock, open } = setup({ retry: "off" });
    const { socket, log } = open();
    socket.close();
    socket.send("abc");
    clock.runAll();
    socket.send("de");
    expect(socket.bufferedAmount).toBe(5);
    expect(log).toEqual(["dropped@2 abc discarded", "close@3 1000 clean", "dropped@3 de discarded"]);
  });

  it("asks no retry policy of reconnecting-websocket either", () => {
    const { clock, server, open } = setup({ retry: "off", maxRetries: 5, shouldReconnectOnClose: () => true });
    open();
    server.dropAll();
    clock.runAll();
    expect(server.dials).toBe(1);
  });
});
