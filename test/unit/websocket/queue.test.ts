import { describe, expect, it } from "vitest";
import type { WebSocketOptions } from "../../../src/websocket/options.ts";
import { type Dialled, type Setup, setup } from "./setup.ts";

/** A socket that waits for its second link. */
function down(options: WebSocketOptions): Setup & Dialled {
  const all = setup({ backoff: { min: 100, base: 100, max: 100 }, ...options });
  const { socket, log } = all.open();
  all.server.dropAll();
  all.clock.advance(0);
  log.length = 0;
  return { ...all, socket, log };
}

describe("the queue of ReconnectingWebSocket", () => {
  it("refuses the sender when it is full", () => {
    const { socket } = down({ outbox: { maxCount: 1 } });
    socket.send("a");
    expect(() => {
      socket.send("b");
    }).toThrow(expect.objectContaining({ code: "QUEUE_FULL" }));
  });

  it("is bounded in bytes too", () => {
    const { socket } = down({ outbox: { maxBytes: 4 } });
    socket.send("äb");
    expect(socket.bufferedAmount).toBe(3);
    expect(() => {
      socket.send("cd");
    }).toThrow(expect.objectContaining({ code: "QUEUE_FULL" }));
  });

  it("outlives a socket that throws while it is flushed: that costs the messages, which are told as discarded", () => {
    const { clock, server, socket, log } = down({});
    socket.send("a");
    socket.send("b");
    server.breaks.add("send-throws");
    clock.advance(100);
    expect(log).toEqual(expect.arrayContaining(["dropped@0 a discarded", "dropped@0 b discarded"]));
    server.breaks.delete("send-throws");
    socket.send("c");
    clock.advance(1_000);
    expect(server.last.texts).toEqual(["c"]);
  });

  it("can drop the oldest instead, and says so", () => {
    const { clock, server, socket, log } = down({ outbox: { maxCount: 1, overflow: "drop-oldest" } });
    socket.send("a");
    socket.send("b");
    clock.advance(100);
    expect(log).toEqual(["dropped@3 a overflow", "open@1"]);
    expect(server.last.texts).toEqual(["b"]);
  });

  it("lets messages grow old, and says so", () => {
    const { clock, server, socket, log } = down({ outbox: { ttl: 50 } });
    socket.send("a");
    clock.advance(100);
    expect(log).toEqual(["dropped@3 a expired", "open@1"]);
    expect(server.last.texts).toEqual([]);
  });

  it("hands everything to an open socket, so that close() comes behind what was sent", () => {
    const { clock, open, server } = setup({}, { rate: 1_000_000 });
    const { socket } = open();
    const text = "x".repeat(1 << 20);
    for (let count = 0; count < 4; count++) socket.send(text);
    expect(socket.bufferedAmount).toBe(4 << 20);
    socket.close();
    clock.runAll();
    expect(server.last.texts.length).toBe(4);
    expect(server.last.end?.code).toBe(1000);
  });

  describe("blobs", () => {
    const texts = ({ server }: Setup): string[] =>
      server.last.received.map(({ data }) => (typeof data === "string" ? data : new TextDecoder().decode(data)));

    it("keep their place among what is sent after them", async () => {
      const all = setup();
      const { socket } = all.open();
      socket.send("1");
      await all.clock.advanceAsync(0);
      socket.send(new Blob(["2"]));
      socket.send("3");
      socket.send(new Blob(["4", "5"]));
      socket.send(new Uint8Array([54]));
      expect(socket.bufferedAmount).toBe(5);
      await readBlobs(all);
      socket.send("7");
      await all.clock.advanceAsync(0);
      expect(texts(all)).toEqual(["1", "2", "3", "45", "6", "7"]);
      expect(socket.bufferedAmount).toBe(0);
    });

    it("are sent before the close that follows them", async () => {
      const all = setup();
      const { socket, log } = all.open();
      socket.send(new Blob(["1"]));
      socket.send("2");
      socket.close(3000);
      expect(socket.readyState).toBe(socket.CLOSING);
      await readBlobs(all);
      expect(texts(all)).toEqual(["1", "2"]);
      expect(log).toEqual(["unconfirmed@2 2", "close@3 3000 clean"]);
    });

    it("wait for a link like any message", async () => {
      const all = setup();
      all.server.next({ type: "refuse" });
      const { socket } = all.dial();
      socket.send(new Blob(["1"]));
      socket.send("2");
      await readBlobs(all);
      await all.clock.advanceAsync(10_000);
      expect(texts(all)).toEqual(["1", "2"]);
    });

    it("are dropped when they cannot be read, and hold up nothing", async () => {
      const all = setup();
      const { socket, log } = all.open();
      const blob = new Blob(["1"]);
      blob.arrayBuffer = () => Promise.reject(new Error("the file is gone"));
      socket.send(blob);
      socket.send("2");
      await readBlobs(all);
      expect(texts(all)).toEqual(["2"]);
      expect(log).toEqual(["dropped@1 [object Blob] discarded"]);
      expect(socket.bufferedAmount).toBe(0);
    });

    it("end the closing also when the link is lost while they are read", async () => {
      const all = setup();
      const { socket, log } = all.open();
      socket.send(new Blob(["1"]));
      socket.close();
      all.server.dropAll();
      all.clock.advance(0);
      await readBlobs(all);
      await all.clock.advanceAsync(60_000);
      expect(log).toEqual(["close@3 1006 unclean", "dropped@3 [object Blob] discarded"]);
      expect(socket.state.name).toBe("closed");
      expect(all.server.dials).toBe(1);
    });

    it("count as dropped when they are sent after the end", () => {
      const { clock, open } = setup();
      const { socket, log } = open();
      socket.close();
      socket.send(new Blob(["123"]));
      expect(socket.bufferedAmount).toBe(3);
      clock.runAll();
      expect(log).toEqual(["dropped@2 [object Blob] discarded", "close@3 1000 clean"]);
    });
  });
});

/** The platform reads a blob in its own time: no virtual clock moves that. */
async function readBlobs({ clock }: Setup): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    await new Blob(["x"]).arrayBuffer();
    await clock.advanceAsync(0);
  }
}
