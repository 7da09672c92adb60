import { describe, expect, it } from "vitest";
import type { BrokenPromise } from "../../../src/testing/memory-script.ts";
import type { MemoryServerOptions } from "../../../src/testing/memory-server-options.ts";
import { MemoryServer } from "../../../src/testing/memory-server.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";
import type { TransportSocket } from "../../../src/transport/transport.ts";

interface Setup {
  readonly clock: VirtualClock;
  readonly server: MemoryServer;
  readonly log: string[];
  /** Dials, and notes in the log when the call has returned. */
  readonly dial: () => TransportSocket;
}

function setup(breaks: readonly BrokenPromise[], options: Partial<MemoryServerOptions> = {}): Setup {
  const clock = new VirtualClock();
  const server = new MemoryServer({ clock, ...options });
  for (const promise of breaks) server.breaks.add(promise);
  const log: string[] = [];
  const dial = (): TransportSocket => {
    const socket = server.transport(
      { url: "ws://test", protocols: [] },
      {
        opened: () => log.push("opened"),
        message: (data) => log.push(typeof data === "string" ? data : data.constructor.name),
        pong: () => log.push("pong"),
        closed: ({ code }) => log.push(`closed ${code}`),
      },
    );
    log.push("dialled");
    return socket;
  };
  return { clock, server, log, dial };
}

describe("a MemoryServer that breaks", () => {
  it("opens-during-dial: calls before dial has returned, for a refusal too", () => {
    const { server, log, dial } = setup(["opens-during-dial"]);
    server.next({ type: "accept" }, { type: "refuse" });
    dial();
    dial();
    expect(log).toEqual(["opened", "dialled", "closed 1006", "dialled"]);
  });

  it("late-after-abandon: reports a late open, message and end", () => {
    const { clock, server, log, dial } = setup(["late-after-abandon"]);
    server.answer = { type: "stall" };
    const socket = dial();
    clock.advance(0);
    socket.abandon();
    expect(server.live).toBe(0);
    clock.advance(1_000);
    server.last.accept();
    server.last.send("late");
    server.last.drop("arrives");
    clock.advance(0);
    expect(log).toEqual(["dialled", "opened", "late", "closed 1006"]);
    expect(server.live).toBe(0);
    expect(socket.send("x")).toBe(false);
  });

  it("opens-twice and closed-twice", () => {
    const { clock, server, log, dial } = setup(["opens-twice", "closed-twice"]);
    dial();
    clock.advance(0);
    server.last.close(1000);
    clock.advance(0);
    expect(log).toEqual(["dialled", "opened", "opened", "closed 1000", "closed 1000"]);
    expect(server.live).toBe(0);
  });

  it("message-before-opened", () => {
    const { clock, server, log, dial } = setup(["message-before-opened"]);
    dial();
    clock.advance(0);
    server.last.send("early");
    server.last.send("next");
    clock.advance(0);
    expect(log).toEqual(["dialled", "early", "opened", "next"]);
  });

  it("never-closed: no end for a refusal, a drop or a close", () => {
    const { clock, server, log, dial } = setup(["never-closed"]);
    server.next({ type: "refuse" });
    dial();
    dial();
    clock.advance(0);
    server.last.drop();
    dial();
    clock.advance(0);
    server.last.close();
    const early = dial();
    early.close(1000, "");
    clock.advance(0);
    expect(log.filter((entry) => entry.startsWith("closed"))).toEqual([]);
  });

  it("message-after-closed: after a close frame and after a drop", () => {
    const { clock, server, log, dial } = setup(["message-after-closed"]);
    dial();
    clock.advance(0);
    server.last.close(1000);
    server.last.send("late");
    clock.advance(0);
    dial();
    clock.advance(0);
    server.last.drop();
    server.last.send("later");
    clock.advance(0);
    expect(log).toEqual(["dialled", "opened", "closed 1000", "late", "dialled", "opened", "closed 1006", "later"]);
  });

  it("closed-during-close: open or still connecting, and only once", () => {
    const { clock, log, dial } = setup(["closed-during-close"]);
    dial().close(1000, "");
    const open = dial();
    clock.advance(0);
    open.close(4000, "");
    log.push("returned");
    clock.advance(0);
    expect(log).toEqual(["dialled", "closed 1006", "dialled", "opened", "closed 4000", "returned"]);
  });

  it("code-zero, and only for 1006", () => {
    const { clock, server, log, dial } = setup(["code-zero"]);
    dial();
    dial();
    clock.advance(0);
    server.connections[0]?.drop();
    server.connections[0]?.close(1001);
    clock.advance(0);
    expect(log.slice(-2)).toEqual(["closed 0", "closed 1001"]);
  });

  it("bytes-as-views", () => {
    const { clock, server, log, dial } = setup(["bytes-as-views"]);
    dial();
    clock.advance(0);
    server.last.send(new ArrayBuffer(1));
    clock.advance(0);
    expect(log.at(-1)).toBe("Uint8Array");
    server.breaks.clear();
    server.last.send(new ArrayBuffer(1));
    clock.advance(0);
    expect(log.at(-1)).toBe("ArrayBuffer");
  });

  it("silent-discard: says true and takes nothing", () => {
    const { clock, server, dial } = setup(["silent-discard"]);
    const socket = dial();
    expect(socket.send("too early")).toBe(true);
    clock.advance(0);
    server.last.drop();
    clock.advance(0);
    expect(socket.send("too late")).toBe(true);
    clock.advance(0);
    expect(server.last.received).toEqual([]);
  });

  it("send-throws, close-throws, abandon-throws; an abandoned socket is let go of all the same", () => {
    const { clock, server, dial } = setup(["send-throws", "close-throws", "abandon-throws"]);
    const socket = dial();
    clock.advance(0);
    expect(() => socket.send("x")).toThrow("as scripted");
    expect(() => {
      socket.close(1000, "");
    }).toThrow("as scripted");
    expect(() => {
      socket.abandon();
    }).toThrow("as scripted");
    clock.advance(0);
    expect(server.live).toBe(0);
    expect(server.last.end?.code).toBe(1006);
  });
});

describe("a MemoryServer that delivers synchronously", () => {
  it("answers the dial in a promise job and delivers frames inside send", async () => {
    const { clock, server, log, dial } = setup([], { delivery: "sync" });
    server.onConnection = (connection) => {
      connection.onMessage = (data) => {
        connection.send(typeof data === "string" ? `echo ${data}` : data);
      };
    };
    const socket = dial();
    expect(log).toEqual(["dialled"]);
    await clock.settle();
    socket.send("a");
    log.push("returned");
    server.last.send("pushed");
    expect(log).toEqual(["dialled", "opened", "echo a", "returned", "pushed"]);
    expect(clock.pending).toBe(0);
  });

  it("keeps the order without recursion when a handler answers at once", async () => {
    const { clock, server, dial, log } = setup([], { delivery: "sync" });
    server.onConnection = (connection) => {
      connection.onMessage = () => {
        log.push("in");
        connection.send("reply");
        log.push("out");
      };
    };
    dial().abandon();
    const socket = dial();
    await clock.settle();
    expect(server.connections.map(({ id }) => id)).toEqual([2]);
    server.last.stall("toServer");
    socket.send("1");
    socket.send("2");
    log.length = 0;
    server.last.resume();
    clock.advance(0);
    expect(log).toEqual(["in", "reply", "out", "in", "reply", "out"]);
    socket.close(1000, "");
    expect(log.at(-1)).toBe("closed 1000");
    expect(server.last.state).toBe("closed");
  });

  it("lets a frame that is sent from within a delivery follow it", async () => {
    const clock = new VirtualClock();
    const server = new MemoryServer({ clock, delivery: "sync" });
    const log: string[] = [];
    server.transport(
      { url: "ws://test", protocols: [] },
      {
        opened: () => undefined,
        message: (data) => {
          if (data === "first") server.last.send("second");
          log.push(data as string); // only text is sent here
        },
        pong: () => undefined,
        closed: () => undefined,
      },
    );
    await clock.settle();
    server.last.send("first");
    expect(log).toEqual(["first", "second"]);
  });
});
