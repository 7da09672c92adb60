import { describe, expect, it } from "vitest";
import type { MemoryServerOptions } from "../../../src/testing/memory-server-options.ts";
import { MemoryServer } from "../../../src/testing/memory-server.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";
import type { DialRequest, SocketEnd, SocketEvents, TransportSocket } from "../../../src/transport/transport.ts";

const REQUEST: DialRequest = { url: "ws://test/feed", protocols: [] };

interface Client {
  readonly socket: TransportSocket;
  readonly log: string[];
  readonly ends: SocketEnd[];
  readonly data: unknown[];
}

interface Setup {
  readonly clock: VirtualClock;
  readonly server: MemoryServer;
  readonly dial: (request?: Partial<DialRequest>) => Client;
  /** A client that is open, at the same instant. */
  readonly open: () => Client;
}

function setup(options: Partial<MemoryServerOptions> = {}): Setup {
  const clock = new VirtualClock();
  const server = new MemoryServer({ clock, ...options });
  const dial = (request: Partial<DialRequest> = {}): Client => {
    const log: string[] = [];
    const ends: SocketEnd[] = [];
    const data: unknown[] = [];
    const events: SocketEvents = {
      opened: (protocol) => log.push(`opened ${protocol}@${clock.now()}`),
      message: (message) => {
        data.push(message);
        log.push(`message ${typeof message === "string" ? message : message.byteLength}@${clock.now()}`);
      },
      pong: () => log.push(`pong@${clock.now()}`),
      closed: (end) => {
        ends.push(end);
        log.push(`closed ${end.code} ${end.reason}@${clock.now()}`);
      },
    };
    return { socket: server.transport({ ...REQUEST, ...request }, events), log, ends, data };
  };
  const open = (): Client => {
    const client = dial();
    clock.advance(0);
    client.log.length = 0;
    return client;
  };
  return { clock, server, dial, open };
}

describe("MemoryServer", () => {
  describe("a dial", () => {
    it("is accepted in a later task", () => {
      const { clock, server, dial } = setup();
      const { log } = dial({ url: "ws://test/x", headers: { authorization: "Bearer 1" } });
      expect(log).toEqual([]);
      expect(server.last.state).toBe("dialing");
      clock.advance(0);
      expect(log).toEqual(["opened @0"]);
      expect(server.connections).toEqual([server.last]);
      expect(server.last).toMatchObject({
        url: "ws://test/x",
        headers: { authorization: "Bearer 1" },
        dialledAt: 0,
        id: 1,
      });
    });

    it("takes one latency each way, and as long as the server thinks", () => {
      const { clock, server, dial } = setup({ latency: 20 });
      server.next({ type: "accept", after: 100 });
      const { log } = dial();
      clock.advance(139);
      expect(log).toEqual([]);
      expect(server.connections).toHaveLength(1);
      clock.advance(1);
      expect(log).toEqual(["opened @140"]);
    });

    it.each([
      { offered: ["b", "a"], spoken: ["a"], chosen: "a" },
      { offered: ["b", "a"], spoken: ["c"], chosen: "" },
      { offered: ["b", "a"], spoken: undefined, chosen: "b" },
      { offered: [], spoken: ["a"], chosen: "" },
    ])("gets the subprotocol $chosen from $offered where $spoken is spoken", ({ offered, spoken, chosen }) => {
      const { clock, dial } = setup(spoken ? { protocols: spoken } : {});
      const { log } = dial({ protocols: offered });
      clock.advance(0);
      expect(log).toEqual([`opened ${chosen}@0`]);
    });

    it("is refused with a status, or as a refused connection", () => {
      const { clock, server, dial } = setup();
      const cause = new Error("ECONNREFUSED");
      server.next({ type: "refuse", httpStatus: 401 }, { type: "refuse", after: 10, cause });
      const first = dial();
      clock.advance(0);
      const second = dial();
      clock.advance(20);
      expect(first.ends).toEqual([{ code: 1006, reason: "", wasClean: false, httpStatus: 401, cause: undefined }]);
      expect(second.ends).toEqual([{ code: 1006, reason: "", wasClean: false, httpStatus: undefined, cause }]);
      expect(second.log).toEqual(["closed 1006 @10"]);
      expect(server.connections).toEqual([]);
      expect(clock.pending).toBe(0);
    });

    it("stalls for ever, until it is answered by hand", () => {
      const { clock, server, dial } = setup();
      server.answer = { type: "stall" };
      const { log } = dial();
      clock.advance(3_600_000);
      expect(log).toEqual([]);
      server.last.accept("late");
      clock.advance(0);
      expect(log).toEqual(["opened late@3600000"]);
    });

    it("throws what onDial throws, and counts as no dial", () => {
      const { server, dial } = setup();
      server.onDial = () => {
        throw new TypeError("no headers here");
      };
      expect(() => dial()).toThrow("no headers here");
      expect(server.dials).toBe(0);
      expect(() => server.last).toThrow("nobody has dialled");
    });

    it("that is abandoned never opens, and the server loses it", () => {
      const { clock, server, dial } = setup({ latency: 10 });
      const { socket, log } = dial();
      clock.advance(10);
      expect(server.connections).toHaveLength(1);
      socket.abandon();
      socket.abandon();
      expect(server.live).toBe(0);
      clock.advance(100);
      expect(log).toEqual([]);
      expect(server.last.end).toEqual({ code: 1006, reason: "", at: 20 });
      expect(server.connections).toEqual([]);
    });

    it("that is closed ends in 1006 without opening", () => {
      const { clock, server, dial } = setup();
      const { socket, log } = dial();
      socket.close(1000, "");
      clock.advance(100);
      expect(log).toEqual(["closed 1006 @0"]);
      expect(server.live).toBe(0);
      expect(server.connections).toEqual([]);
    });

    it("is refused where the server closes it before it has answered, by hand or at the next chance", () => {
      const { clock, server, dial } = setup();
      server.next({ type: "stall" }, { type: "stall" });
      const closed = dial();
      const refused = dial();
      clock.advance(0);
      server.all[0]?.close(1001, "ignored");
      server.last.refuse(503);
      clock.advance(0);
      expect(closed.ends).toMatchObject([{ code: 1006, reason: "", httpStatus: undefined }]);
      expect(refused.ends).toMatchObject([{ code: 1006, httpStatus: 503 }]);
    });

    it("cancels an answer that is still to come", () => {
      const { clock, server, dial } = setup();
      server.answer = { type: "accept", after: 60_000 };
      const { socket } = dial();
      clock.advance(0);
      expect(server.pending).toBe(1);
      socket.abandon();
      clock.advance(0);
      expect(clock.pending).toBe(0);
    });
  });

  describe("messages", () => {
    it("go both ways in order, bytes as a copied ArrayBuffer", () => {
      const { clock, server, open } = setup();
      const { socket, data } = open();
      const connection = server.last;
      const bytes = new Uint8Array([1, 2, 3]);
      expect(socket.send("one")).toBe(true);
      expect(socket.send(bytes.subarray(1))).toBe(true);
      connection.send(bytes);
      connection.send("two");
      bytes.fill(9);
      clock.advance(5);
      expect(connection.received).toEqual([
        { data: "one", at: 0 },
        { data: new Uint8Array([2, 3]).buffer, at: 0 },
      ]);
      expect(connection.texts).toEqual(["one"]);
      expect(data).toEqual([new Uint8Array([1, 2, 3]).buffer, "two"]);
      expect(data[0]).toBeInstanceOf(ArrayBuffer);
    });

    it("never overtake each other when the latency falls", () => {
      const latencies = [0, 0, 100, 0];
      const { clock, server, open } = setup({ latency: () => latencies.shift() ?? 0 });
      const { log } = open();
      server.last.send("slow");
      server.last.send("fast");
      clock.advance(1_000);
      expect(log).toEqual(["message slow@100", "message fast@100"]);
    });

    it("reach onMessage in the tick in which they arrive", () => {
      const { clock, server, dial } = setup({ latency: 5 });
      server.onConnection = (connection) => {
        connection.onMessage = (data) => {
          connection.send(data);
        };
      };
      const { socket, log } = dial();
      clock.advance(10);
      socket.send("echo");
      clock.advance(10);
      expect(log).toEqual(["opened @10", "message echo@20"]);
    });

    it("come one per task, so that promise jobs run between them", async () => {
      const { clock, server, open } = setup();
      const { data } = open();
      const seen: unknown[] = [];
      server.last.send("a");
      server.last.send("b");
      clock.after(0, () => void Promise.resolve().then(() => seen.push(...data)));
      server.last.send("c");
      await clock.advanceAsync(0);
      expect(seen).toEqual(["a", "b"]);
    });
  });

  describe("the end", () => {
    it("comes after a close frame of the server, with its code and reason, and after what was sent before", () => {
      const { clock, server, open } = setup({ latency: 10 });
      const client = open();
      clock.advance(20);
      client.log.length = 0;
      server.last.send("bye");
      server.last.close(1012, "restart");
      server.last.send("never");
      expect(server.last.state).toBe("closing");
      clock.advance(10);
      expect(client.log).toEqual(["message bye@30", "closed 1012 restart@30"]);
      expect(client.ends[0]?.wasClean).toBe(true);
      expect(client.socket.send("x")).toBe(false);
      clock.advance(10);
      expect(server.last.end).toMatchObject({ code: 1012, at: 40 });
      expect(clock.pending).toBe(0);
    });

    it("comes after close() once the server has answered; messages still come meanwhile", () => {
      const { clock, server, open } = setup();
      const { socket, log } = open();
      server.last.send("still");
      socket.close(4000, "done");
      socket.close(4001, "again");
      expect(socket.send("x")).toBe(false);
      clock.advance(0);
      expect(log).toEqual(["message still@0", "closed 4000 done@0"]);
      expect(server.last.end).toEqual({ code: 4000, reason: "done", at: 0 });
    });

    it("never comes where the server ignores close frames", () => {
      const { clock, server, open } = setup();
      const { socket, log } = open();
      server.last.closeHandshake = "ignore";
      socket.close(1000, "");
      clock.advance(3_600_000);
      expect(log).toEqual([]);
      expect(server.last.state).toBe("open");
      socket.abandon();
      clock.advance(0);
      expect(server.last.end?.code).toBe(1006);
    });

    it("is 1006 after a drop, which loses what is on the way or lets it arrive", () => {
      const { clock, server, open } = setup();
      const lost = open();
      lost.socket.send("lost");
      server.last.send("lost");
      server.last.drop();
      const first = server.last;
      const arrives = open();
      server.last.send("arrives");
      server.last.drop("arrives");
      clock.advance(0);
      expect(lost.log).toEqual(["closed 1006 @0"]);
      expect(first.received).toEqual([]);
      expect(arrives.log).toEqual(["message arrives@0", "closed 1006 @0"]);
    });

    it("is a goodbye with a code when an open socket is abandoned with one", () => {
      const { clock, server, open } = setup();
      const { socket, log } = open();
      const ends: number[] = [];
      server.last.onClose = ({ code }) => ends.push(code);
      socket.abandon(4999, "bye");
      clock.advance(100);
      expect(ends).toEqual([4999]);
      expect(log).toEqual([]);
    });

    it("crosses: both sides close at once and both see one end", () => {
      const { clock, server, open } = setup();
      const { socket, log } = open();
      socket.close(4000, "client");
      server.last.close(4001, "server");
      clock.advance(0);
      expect(log).toEqual(["closed 4001 server@0"]);
      expect(server.last.end?.code).toBe(4000);
    });
  });

  it("ignores every verb on a connection that has ended", () => {
    const { clock, server, open } = setup();
    const { socket, log } = open();
    const connection = server.last;
    const ends: number[] = [];
    connection.onClose = ({ code }) => ends.push(code);
    connection.drop();
    connection.accept();
    connection.refuse();
    connection.send("x");
    connection.ping();
    connection.close();
    connection.drop();
    socket.send("x");
    clock.advance(0);
    socket.ping?.();
    socket.close(1000, "");
    socket.abandon(1000);
    clock.advance(0);
    expect(log).toEqual(["closed 1006 @0"]);
    expect(ends).toEqual([1006]);
    expect(connection.received).toEqual([]);
    expect(server.live).toBe(0);
  });

  describe("half-open links", () => {
    it("lose nobody's trust: sends go on and nothing arrives, and the drop is not noticed either", () => {
      const { clock, server, open } = setup();
      const { socket, log } = open();
      server.last.stall();
      expect(socket.send("into the void")).toBe(true);
      server.last.send("into the void");
      clock.advance(60_000);
      expect(socket.bufferedAmount).toBe(0);
      expect(log).toEqual([]);
      expect(server.last.received).toEqual([]);
      server.last.drop();
      clock.advance(60_000);
      expect(log).toEqual([]);
    });

    it("can be half-open one way", () => {
      const { clock, server, open } = setup();
      const { socket, log } = open();
      server.last.stall("toClient");
      socket.send("heard");
      server.last.send("not heard");
      clock.advance(0);
      expect(server.last.texts).toEqual(["heard"]);
      expect(log).toEqual([]);
    });

    it("deliver what was kept, in order, when they resume", () => {
      const { clock, server, open } = setup();
      const { log } = open();
      server.last.stall("toClient");
      server.last.send("a");
      clock.advance(1_000);
      server.last.send("b");
      server.last.resume();
      expect(log).toEqual([]);
      server.last.send("c");
      clock.advance(0);
      expect(log).toEqual(["message a@1000", "message b@1000", "message c@1000"]);
      expect(clock.pending).toBe(0);
    });
  });

  describe("back-pressure", () => {
    it("drains at the byte rate", () => {
      const { clock, server, open } = setup({ rate: 1_000 });
      const { socket } = open();
      for (let i = 0; i < 10; i++) socket.send("x".repeat(100));
      expect(socket.bufferedAmount).toBe(1_000);
      clock.advance(250);
      expect(socket.bufferedAmount).toBe(800);
      expect(server.last.received).toHaveLength(2);
      clock.advance(750);
      expect(socket.bufferedAmount).toBe(0);
      expect(server.last.received.at(-1)?.at).toBe(1_000);
    });

    it("fills the buffer while the server reads nothing", () => {
      const { clock, server, open } = setup();
      const { socket } = open();
      socket.send("before");
      server.last.pause();
      for (let i = 0; i < 5; i++) socket.send("12345");
      clock.advance(10_000);
      expect(socket.bufferedAmount).toBe(25);
      expect(server.last.texts).toEqual(["before"]);
      server.last.resume();
      clock.advance(0);
      expect(socket.bufferedAmount).toBe(0);
      expect(server.last.received).toHaveLength(6);
    });

    it("cannot be told where the platform cannot", () => {
      const { open } = setup({ bufferedAmount: "unknown" });
      expect(open().socket.bufferedAmount).toBeUndefined();
    });
  });

  describe("protocol pings", () => {
    it("are answered", () => {
      const { clock, server, open } = setup();
      const { socket, log } = open();
      socket.ping?.();
      server.last.ping();
      clock.advance(0);
      expect(log).toEqual(["pong@0", "pong@0"]);
      expect(server.last.pingCount).toBe(1);
    });

    it("are swallowed, or absent", () => {
      const swallow = setup({ pings: "swallow" });
      const { socket, log } = swallow.open();
      socket.ping?.();
      swallow.clock.advance(10);
      expect(log).toEqual([]);
      expect(swallow.server.last.pingCount).toBe(1);
      expect("ping" in setup({ pings: "absent" }).open().socket).toBe(false);
    });
  });

  describe("the whole server", () => {
    it("stops, refuses, and starts again", () => {
      const { clock, server, dial, open } = setup();
      server.next({ type: "accept" }, { type: "stall" });
      const opened = open();
      const stalled = dial();
      clock.advance(0);
      server.stop();
      clock.advance(0);
      expect(opened.log).toEqual(["closed 1006 @0"]);
      expect(stalled.log).toEqual(["closed 1006 @0"]);
      const refused = dial();
      clock.advance(0);
      expect(refused.log).toEqual(["closed 1006 @0"]);
      server.start();
      const again = dial();
      clock.advance(0);
      expect(again.log).toEqual(["opened @0"]);
    });

    it("closes all with a code", () => {
      const { clock, server, open } = setup();
      const clients = [open(), open()];
      server.closeAll(1001, "away");
      clock.advance(0);
      for (const { log } of clients) expect(log).toEqual(["closed 1001 away@0"]);
    });

    it("counts", () => {
      const { clock, server, open } = setup();
      const first = open();
      clock.advance(100);
      open();
      first.socket.abandon();
      clock.advance(50);
      open().socket.close(1000, "");
      clock.advance(0);
      expect(server.dials).toBe(3);
      expect(server.dialTimes).toEqual([0, 100, 150]);
      expect(server.live).toBe(1);
      expect(server.maxLive).toBe(2);
      expect(server.connections.map(({ id }) => id)).toEqual([2]);
    });

    it("keeps a bounded record", () => {
      const { clock, server, open } = setup({ keep: 10 });
      for (let i = 0; i < 100; i++) open().socket.abandon();
      clock.advance(0);
      expect(server.all.length).toBeLessThan(20);
      expect(server.last.id).toBe(100);
      expect(server.dials).toBe(100);
    });
  });
});
