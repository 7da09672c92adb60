import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import type { WsConstructor, WsSocketLike } from "../../../src/transport/ws-class.ts";
import type { WsOptions } from "../../../src/transport/ws-options.ts";
import { createWsTransport } from "../../../src/transport/ws.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";
import { Log } from "./rude-socket.ts";

/** The end of what `ws` has reported an error for. */
const LOST = { code: 1006, reason: "", wasClean: false, failed: true };

class FakeWs extends EventEmitter {
  binaryType = "nodebuffer";
  readyState = 0;
  protocol = "";
  bufferedAmount = 0;
  readonly calls: string[] = [];

  send(data: unknown): void {
    this.calls.push(`send ${String(data)}`);
  }

  ping(): void {
    this.calls.push("ping");
  }

  close(code: number, reason?: string): void {
    this.calls.push(`close ${String(code)} ${String(reason)}`);
  }

  terminate(): void {
    this.calls.push("terminate");
  }

  open(): this {
    this.readyState = 1;
    this.emit("open");
    return this;
  }
}

type Dialled = ReturnType<typeof dial>;

function dial(options?: WsOptions, headers?: Readonly<Record<string, string>>) {
  const fake = new FakeWs();
  const clock = new VirtualClock();
  const log = new Log();
  let args: unknown[] = [];
  const construct = function (...given: unknown[]): FakeWs {
    args = given;
    return fake;
  };
  const Ws = construct as unknown as WsConstructor; // called with `new`, a function's object is what `new` gives
  const socket = createWsTransport(Ws, options, clock)({ url: "ws://example.test/", protocols: ["a"], headers }, log);
  return { fake, clock, log, socket, args };
}

describe("dialling with ws", () => {
  it("fits the class of ws itself", () => {
    const socket: (ws: WebSocket) => WsSocketLike = (ws) => ws;
    expect(socket).toBeTypeOf("function");
  });

  it("sends headers, offers no compression unless told, and passes options on", () => {
    expect(dial(undefined, { authorization: "x" }).args).toEqual([
      "ws://example.test/",
      ["a"],
      { perMessageDeflate: false, headers: { authorization: "x" }, skipUTF8Validation: true },
    ]);
    expect(dial({ perMessageDeflate: true, maxPayload: 5 }).args[2]).toMatchObject({
      perMessageDeflate: true,
      maxPayload: 5,
    });
  });

  it("takes an option that is undefined for one that is not there: to ws no limit would be none", () => {
    const { args } = dial({ maxPayload: undefined, perMessageDeflate: undefined, ca: undefined });
    expect(args[2]).toStrictEqual({ perMessageDeflate: false, headers: undefined, skipUTF8Validation: true });
  });

  it.each([
    ["maxPayload", "5"],
    ["rejectUnauthorized", 0],
    ["handshakeTimeout", 5],
    ["followRedirects", true],
    ["headers", {}],
  ])("refuses the option %s: %j", (name, value) => {
    expect(() => createWsTransport(WebSocket, { [name]: value })).toThrow(
      expect.objectContaining({ name: "TypeError", message: expect.stringContaining(`"${name}"`) as string }),
    );
  });

  it("throws UNSUPPORTED where ws throws, without quoting the URL", () => {
    const transport = createWsTransport(WebSocket);
    expect(() => transport({ url: "ws://a b/?s3cr3t", protocols: [] }, new Log())).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED", message: expect.not.stringContaining("s3cr3t") as string }),
    );
    const headers = { authorization: "\u{1f600}s3cr3t" };
    expect(() => transport({ url: "ws://example.test/", protocols: [], headers }, new Log())).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED", message: expect.not.stringContaining("s3cr3t") as string }),
    );
  });

  it("tells the error of ws and the status of a refused upgrade", () => {
    const { fake, log } = dial();
    const error = new Error("Unexpected server response: 401");
    fake.emit("error", error);
    fake.emit("close", 1006, Buffer.alloc(0));
    expect(log.end).toEqual({ ...LOST, httpStatus: 401, cause: error });
  });
});

describe("a socket of ws", () => {
  it("delivers text, bytes, pings and pongs without event objects", () => {
    const { fake, log } = dial();
    fake.protocol = "a";
    fake.open();
    const bytes = new ArrayBuffer(2);
    fake.emit("message", Buffer.from("text \u00e9"), false);
    fake.emit("message", bytes, true);
    fake.emit("message", Buffer.from("ab"), true);
    fake.emit("ping", Buffer.alloc(0));
    fake.emit("pong", Buffer.alloc(0));
    expect(log.lines).toEqual(["opened a", "message", "message", "message", "ping", "pong"]);
    expect(log.messages[0]).toBe("text \u00e9");
    expect(log.messages[1]).toBe(bytes);
    expect(log.messages[2]).toEqual(new Uint8Array([97, 98]).buffer);
    expect(fake.binaryType).toBe("arraybuffer");
  });

  it("says which messages came in the turn of another one, text or bytes", async () => {
    const { fake, log } = dial();
    const told: unknown[] = [];
    log.message = (_data: unknown, again?: "again") => told.push(again);
    fake.open();
    for (let turn = 0; turn < 2; turn++) {
      fake.emit("message", Buffer.from("text"), false);
      fake.emit("message", Buffer.from("bytes"), true);
      fake.emit("message", Buffer.from("text"), false);
      await Promise.resolve();
    }
    expect(told).toEqual([undefined, "again", "again", undefined, "again", "again"]);
  });

  it("takes data and pings only while it is open", () => {
    const { fake, socket } = dial();
    expect(socket.send("early")).toBe(false);
    socket.ping?.();
    fake.open();
    expect(socket.send("data")).toBe(true);
    socket.ping?.();
    expect(fake.calls).toEqual(["send data", "ping"]);
    fake.bufferedAmount = 3;
    expect(socket.bufferedAmount).toBe(3);
  });

  it.each([
    ["sends", ({ socket }: Dialled) => socket.send("data")],
    ["pings", ({ socket }: Dialled) => socket.ping?.()],
  ])("is given up if a peer that has said goodbye does not let go of it: who %s finds out", (_, touch) => {
    const dialled = dial();
    const { fake, log, clock } = dialled;
    fake.open().readyState = 2;
    touch(dialled);
    clock.advance(4_999);
    expect(log.lines).toEqual(["opened"]);
    touch(dialled);
    clock.advance(1);
    expect(fake.calls).toEqual(["terminate"]);
    expect(log.lines).toEqual(["opened"]);
    clock.advance(100);
    expect(log.end).toEqual({ code: 1006, reason: "", wasClean: false });
    expect(clock.pending).toBe(0);
    dialled.socket.send("late");
    expect(clock.pending).toBe(0);
  });

  it("tells the code of such a goodbye, which ws does when it is terminated", () => {
    const { fake, log, clock, socket } = dial();
    fake.open().readyState = 2;
    fake.terminate = () => fake.emit("close", 4401, Buffer.from("who are you"));
    socket.send("data");
    clock.advance(5_000);
    expect(log.end).toEqual({ code: 4401, reason: "who are you", wasClean: true });
    expect(clock.pending).toBe(0);
  });

  it("has its own end where the peer lets go of it in time", () => {
    const { fake, log, clock, socket } = dial();
    fake.open().readyState = 2;
    socket.send("data");
    fake.emit("close", 1012, Buffer.from(""));
    expect(log.end).toEqual({ code: 1012, reason: "", wasClean: true });
    expect(clock.pending).toBe(0);
  });

  it("ends a link that ws has given up without waiting for the peer's answer", () => {
    const { fake, log, clock } = dial();
    const error = new RangeError("Max payload size exceeded");
    fake.open().emit("error", error);
    clock.advance(1);
    expect(log.end).toEqual({ ...LOST, cause: error });
    expect(fake.calls).toEqual(["terminate"]);
  });

  it("starts the closing handshake and tells its result", () => {
    const { fake, log, socket } = dial();
    fake.open();
    socket.close(4000, "bye");
    fake.emit("close", 4000, Buffer.from("bye"));
    expect(fake.calls).toEqual(["close 4000 bye"]);
    expect(log.end).toEqual({ code: 4000, reason: "bye", wasClean: true });
  });
});

describe("abandoning a socket of ws", () => {
  it("destroys it at once where there is nothing to say", () => {
    const { fake, socket, clock } = dial();
    fake.open();
    socket.abandon();
    socket.abandon(1000);
    expect(fake.calls).toEqual(["terminate"]);
    expect(clock.pending).toBe(0);
  });

  it("destroys it at once after a goodbye that has left", () => {
    const { fake, socket, clock } = dial();
    fake.open();
    socket.abandon(1000, "bye");
    expect(fake.calls).toEqual(["close 1000 bye", "terminate"]);
    expect(clock.pending).toBe(0);
  });

  it("destroys it as soon as the goodbye has left", () => {
    const { fake, socket, clock } = dial();
    fake.open().bufferedAmount = 9;
    socket.abandon(1000, "bye");
    clock.advance(2);
    fake.bufferedAmount = 0;
    expect(fake.calls).toEqual(["close 1000 bye"]);
    clock.advance(1);
    expect(fake.calls).toEqual(["close 1000 bye", "terminate"]);
    expect(clock.pending).toBe(0);
  });

  it("gives a goodbye that cannot leave one second", () => {
    const { fake, socket, clock } = dial();
    fake.open().bufferedAmount = 9;
    socket.abandon(1000, "bye");
    clock.advance(1_022);
    expect(fake.calls).toEqual(["close 1000 bye"]);
    clock.advance(1);
    expect(fake.calls).toEqual(["close 1000 bye", "terminate"]);
    expect(clock.pending).toBe(0);
  });

  it("hears the error of a dial that was given up, and says nothing", () => {
    const { fake, log, socket, clock } = dial();
    socket.abandon();
    expect(() => fake.emit("error", new Error("closed before the connection was established"))).not.toThrow();
    fake.emit("close", 1006, Buffer.alloc(0));
    clock.advance(10);
    expect(log.lines).toEqual([]);
  });
});

describe("text that is not UTF-8, which ws is told not to look for", () => {
  it("ends the link with 1007, and nothing after it is heard", () => {
    const { fake, log, clock } = dial();
    fake.open();
    fake.emit("message", Buffer.from("before"), false);
    fake.emit("message", Buffer.from([0x68, 0xc3, 0x28]), false);
    fake.emit("message", Buffer.from("after"), false);
    fake.emit("message", new ArrayBuffer(2), true);
    expect(fake.calls[0]).toBe("close 1007 undefined");
    clock.advance(1);
    expect(log.messages).toEqual(["before"]);
    expect(log.lines).toEqual(["opened", "message", "closed 1006"]);
  });

  it("is no clean end, however fast the peer answers", () => {
    const { fake, log, clock } = dial();
    fake.open();
    fake.emit("message", Buffer.from([0x68, 0xc3, 0x28]), false);
    fake.emit("close", 1007, Buffer.from("as you say"));
    clock.advance(1);
    expect(log.lines).toEqual(["opened", "closed 1006"]);
  });

  it("is no close reason either: it makes no clean end", () => {
    const { fake, log } = dial();
    fake.open();
    fake.emit("close", 1000, Buffer.from([0xff, 0xfe]));
    expect(log.end).toMatchObject({ code: 1006, wasClean: false, failed: true });
  });

  it("is told from a text that holds U+FFFD itself", () => {
    const { fake, log } = dial();
    fake.open();
    fake.emit("message", Buffer.from("a \ufffd of its own"), false);
    expect(log.messages).toEqual(["a \ufffd of its own"]);
    expect(fake.calls).toEqual([]);
  });
});
