import { describe, expect, it } from "vitest";
import { setup } from "./setup.ts";

describe("the style transparent", () => {
  it("shows a drop as close and the return as open, and readyState follows", () => {
    const { clock, server, dial } = setup();
    const { socket, log } = dial();
    expect(socket.readyState).toBe(socket.CONNECTING);
    clock.advance(0);
    server.dropAll();
    clock.advance(0);
    expect(socket.readyState).toBe(socket.CLOSED);
    expect(socket.state.name).toBe("waiting");
    server.next({ type: "accept", after: 50 });
    clock.advance(2_000);
    expect(log).toEqual(["open@1", "close@3 1006 unclean", "open@1"]);
    expect(server.dials).toBe(2);
  });

  it("is CONNECTING while it dials again", () => {
    const { clock, server, open } = setup();
    const { socket } = open();
    server.answer = { type: "stall" };
    server.dropAll();
    clock.advance(2_000);
    expect(socket.readyState).toBe(socket.CONNECTING);
  });

  it("shows each failed dial as error and close with its own code", () => {
    const { clock, server, dial } = setup();
    server.next({ type: "refuse" }, { type: "refuse", httpStatus: 503 });
    const { log } = dial();
    clock.advance(20_000);
    expect(log).toEqual([
      "error@3 DIAL_FAILED",
      "close@3 1006 unclean",
      "error@3 DIAL_FAILED",
      "close@3 1006 unclean",
      "open@1",
    ]);
  });

  it.each([
    [1001, "going away", "close@3 1001 clean going away"],
    [4000, "", "close@3 4000 clean"],
    [1012, "restart", "close@3 1012 clean restart"],
  ])("tells the code and reason of the server's close: %s", (code, reason, line) => {
    const { clock, server, open } = setup();
    const { log } = open();
    server.closeAll(code, reason);
    clock.advance(0);
    expect(log).toEqual([line]);
  });

  it("stays closed for a code that cannot get better", () => {
    const { clock, server, open } = setup();
    const { socket, log } = open();
    server.closeAll(1008, "policy");
    clock.runAll();
    expect(log).toEqual(["close@3 1008 clean policy"]);
    expect(socket.state).toMatchObject({ name: "closed", cause: { closeCode: 1008 } });
    expect(server.dials).toBe(1);
  });

  it("sends what was queued while it was down, in order, before the open event", () => {
    const { clock, server, open } = setup();
    const { socket, log } = open();
    server.dropAll();
    clock.advance(0);
    socket.send("a");
    socket.send("b");
    socket.addEventListener("open", () => {
      socket.send("c");
    });
    expect(socket.bufferedAmount).toBe(2);
    clock.advance(2_000);
    expect(server.last.texts).toEqual(["a", "b", "c"]);
    expect(log).toEqual(["close@3 1006 unclean", "open@1"]);
    expect(socket.bufferedAmount).toBe(0);
  });

  it("tells how many messages were written to a link that was lost since it last heard from it", () => {
    const { clock, server, open } = setup();
    const { socket, log } = open();
    socket.send("a");
    clock.advance(0);
    server.last.send("x");
    clock.advance(0);
    socket.send("b");
    socket.send("c");
    server.dropAll();
    clock.advance(0);
    expect(log).toEqual(["message@1 x", "unconfirmed@1 2", "close@3 1006 unclean"]);
  });

  it("counts what was written after a message that had come before the link was open", async () => {
    const { clock, server, dial } = setup({
      handshake: () =>
        new Promise((resolve) =>
          clock.after(10, () => {
            resolve(undefined);
          }),
        ),
    });
    server.onConnection = (connection) => {
      connection.send("early");
    };
    const { socket, log } = dial();
    socket.addEventListener("open", () => {
      socket.send("a");
    });
    await clock.advanceAsync(10);
    server.dropAll();
    await clock.advanceAsync(0);
    expect(log).toEqual(["open@1", "message@1 early", "unconfirmed@1 1", "close@3 1006 unclean"]);
  });

  it("stops waiting when close() is called, without a second close event", () => {
    const { clock, server, open } = setup();
    const { socket, log } = open();
    server.dropAll();
    clock.advance(0);
    socket.send("a");
    socket.close();
    clock.runAll();
    expect(log).toEqual(["close@3 1006 unclean", "dropped@3 a discarded"]);
    expect(server.dials).toBe(1);
    expect(clock.pending).toBe(0);
  });

  it("closes with the handshake of the standard when close() is called", () => {
    const { clock, server, open } = setup();
    const { socket, log } = open();
    socket.close(3001, "done");
    expect(socket.readyState).toBe(socket.CLOSING);
    clock.runAll();
    expect(server.last.end).toMatchObject({ code: 3001, reason: "done" });
    expect(log).toEqual(["close@3 3001 clean done"]);
    expect(clock.pending).toBe(0);
  });

  it("is over after closeTimeout if the server never answers the close", () => {
    const { clock, server, open } = setup({ closeTimeout: 100 });
    const { socket, log } = open();
    server.last.closeHandshake = "ignore";
    socket.close();
    clock.advance(99);
    expect(socket.readyState).toBe(socket.CLOSING);
    clock.advance(1);
    expect(log).toEqual(["close@3 1006 unclean"]);
  });

  it("gives up a dial when close() is called, and says so in a later task", () => {
    const { clock, server, dial } = setup();
    server.answer = { type: "stall" };
    const { socket, log } = dial();
    socket.send("a");
    socket.close();
    expect(socket.readyState).toBe(socket.CLOSING);
    expect(log).toEqual(["dropped@2 a discarded"]);
    clock.runAll();
    expect(log.slice(1)).toEqual(["error@3", "close@3 1006 unclean"]);
    expect(server.live).toBe(0);
  });

  it("is quiet after close() in an open listener, though messages have come", () => {
    const { clock, server, dial } = setup();
    server.onConnection = (connection) => {
      connection.send("x");
    };
    const { socket, log } = dial();
    const states: number[] = [];
    socket.onopen = () => {
      socket.close();
      socket.send("too late");
      states.push(socket.readyState);
    };
    clock.runAll();
    expect(states).toEqual([socket.CLOSING]);
    expect(log).toEqual(["open@1", "dropped@2 too late discarded", "close@3 1000 clean"]);
    expect(server.last.texts).toEqual([]);
  });

  it("delivers nothing that comes after close()", () => {
    const { clock, server, open } = setup();
    const { socket, log } = open();
    server.last.send("x");
    socket.close();
    clock.runAll();
    expect(log).toEqual(["close@3 1000 clean"]);
  });

  describe("reconnect()", () => {
    it("replaces an open link at once: a goodbye, close, and open", () => {
      const { clock, server, open } = setup();
      const { socket, log } = open();
      socket.reconnect();
      expect(socket.readyState).toBe(socket.CONNECTING);
      expect(log).toEqual([]);
      clock.advance(0);
      expect(log).toEqual(["close@0 1000 clean", "open@1"]);
      expect(server.all[0]?.end?.code).toBe(1000);
      expect(server.live).toBe(1);
    });

    it("dials at once during a wait", () => {
      const { clock, server, open } = setup();
      const { socket, log } = open();
      server.dropAll();
      clock.advance(0);
      socket.reconnect();
      clock.advance(0);
      expect(log).toEqual(["close@3 1006 unclean", "open@1"]);
    });

    it("starts again what was closed", () => {
      const { clock, open } = setup();
      const { socket, log } = open();
      socket.close();
      clock.runAll();
      socket.reconnect();
      expect(socket.readyState).toBe(socket.CONNECTING);
      clock.advance(0);
      expect(log).toEqual(["close@3 1000 clean", "open@1"]);
    });

    it("starts again what gave up", () => {
      const { clock, server, open } = setup({ maxRetries: 0 });
      const { socket, log } = open();
      server.dropAll();
      clock.advance(60_000);
      expect(server.dials).toBe(1);
      socket.reconnect();
      clock.advance(0);
      expect(log).toEqual(["close@3 1006 unclean", "open@1"]);
    });

    it("overrides a close() that is under way", () => {
      const { clock, server, open } = setup();
      const { socket, log } = open();
      server.last.closeHandshake = "ignore";
      socket.close();
      socket.reconnect();
      clock.advance(0);
      expect(log).toEqual(["close@0 1000 clean", "open@1"]);
    });
  });

  it("closes politely when the page is left, and comes back when it is shown", () => {
    const { clock, network, server, open } = setup();
    const { log } = open();
    network.suspend();
    clock.advance(0);
    expect(server.all[0]?.end?.code).toBe(1000);
    network.wake();
    clock.advance(2_000);
    expect(log).toEqual(["close@3 1000 clean", "open@1"]);
  });

  it("does not start with startClosed until reconnect()", () => {
    const { clock, server, dial } = setup({ startClosed: true });
    const { socket, log } = dial();
    expect(socket.readyState).toBe(socket.CLOSED);
    socket.send("a");
    clock.runAll();
    expect(server.dials).toBe(0);
    socket.reconnect();
    clock.advance(0);
    expect(log).toEqual(["open@1"]);
    expect(server.last.texts).toEqual(["a"]);
  });

  it("can be closed and opened again many times and leaves nothing behind", () => {
    const { clock, network, server, open } = setup();
    const { socket } = open();
    for (let round = 0; round < 100; round++) {
      socket.close();
      clock.advance(10);
      socket.reconnect();
      clock.advance(10);
    }
    socket.close();
    clock.runAll();
    expect(clock.pending).toBe(0);
    expect(network.watchers).toBe(0);
    expect(server.live).toBe(0);
    expect(server.maxLive).toBe(1);
  });
});
