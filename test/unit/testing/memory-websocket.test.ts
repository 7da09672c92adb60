import { describe, expect, it } from "vitest";
import { MemoryServer } from "../../../src/testing/memory-server.ts";
import {
  MemoryBlob,
  memoryWebSocket,
  type MemoryWebSocket,
  type MemoryWebSocketClass,
} from "../../../src/testing/memory-websocket.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";
import type { MemoryWebSocketEvent } from "../../../src/testing/websocket-events.ts";
import { RUNTIME_QUIRKS, type WebSocketQuirk } from "../../../src/testing/websocket-quirks.ts";
import { webSocketTransport } from "../../../src/transport/websocket.ts";

interface Setup {
  readonly clock: VirtualClock;
  readonly server: MemoryServer;
  readonly WebSocket: MemoryWebSocketClass;
  readonly log: string[];
  readonly dial: () => MemoryWebSocket;
  readonly open: () => MemoryWebSocket;
}

const EVENTS = ["open", "message", "error", "close"] as const;

function setup(...quirks: readonly WebSocketQuirk[]): Setup {
  const clock = new VirtualClock();
  const server = new MemoryServer({ clock });
  const WebSocket = memoryWebSocket(server, quirks);
  const log: string[] = [];
  const dial = (): MemoryWebSocket => {
    const socket = new WebSocket("ws://test/feed");
    const note = ({ type, data, code }: MemoryWebSocketEvent): void => {
      log.push(
        [type, typeof data === "string" ? data : "", code ?? "", socket.readyState]
          .filter((part) => part !== "")
          .join(" "),
      );
    };
    for (const type of EVENTS) socket.addEventListener(type, note);
    return socket;
  };
  const open = (): MemoryWebSocket => {
    const socket = dial();
    clock.advance(0);
    log.length = 0;
    return socket;
  };
  return { clock, server, WebSocket, log, dial, open };
}

describe("a memory WebSocket", () => {
  it("opens, receives, sends and closes as the standard says", () => {
    const { clock, server, WebSocket, log, dial } = setup();
    const socket = dial();
    expect(socket).toBeInstanceOf(WebSocket);
    expect([socket.readyState, WebSocket.CONNECTING, socket.CLOSED, WebSocket.CLOSED]).toEqual([0, 0, 3, 3]);
    clock.advance(0);
    server.last.send("hello");
    socket.send("hi");
    clock.advance(0);
    socket.close(4000, "bye");
    expect(socket.readyState).toBe(2);
    clock.advance(0);
    expect(log).toEqual(["open 1", "message hello 1", "close 4000 3"]);
    expect(server.last.texts).toEqual(["hi"]);
    expect(server.last.end).toMatchObject({ code: 4000, reason: "bye" });
  });

  it("offers its subprotocols and knows the chosen one", () => {
    const { clock, server, WebSocket } = setup();
    const one = new WebSocket("wss://test/x?y=1", "a");
    const two = new WebSocket("ws://test", ["b", "c"]);
    clock.advance(0);
    expect([one.protocol, two.protocol, one.url, one.extensions]).toEqual(["a", "b", "wss://test/x?y=1", ""]);
    expect(server.last.protocols).toEqual(["b", "c"]);
  });

  it.each([
    ["a relative URL", "/feed", []],
    ["another scheme", "ftp://test", []],
    ["a space in the host", "ws://a b/", []],
    ["a fragment", "ws://test#x", []],
    ["a subprotocol that is no token", "ws://test", ["a b"]],
    ["a subprotocol twice", "ws://test", ["a", "a"]],
    ["an empty subprotocol", "ws://test", ""],
  ] as const)("refuses %s", (_, url, protocols) => {
    const { server, WebSocket } = setup();
    expect(() => new WebSocket(url, protocols)).toThrow(expect.objectContaining({ name: "SyntaxError" }));
    expect(server.dials).toBe(0);
  });

  it("refuses options in the place of subprotocols", () => {
    const { WebSocket } = setup();
    expect(() => new WebSocket("ws://test", { headers: {} } as unknown as string[])).toThrow(
      expect.objectContaining({ name: "SyntaxError" }),
    );
  });

  it("throws on an early send, and discards a late one while it counts its bytes", () => {
    const { clock, server, dial } = setup();
    const socket = dial();
    expect(() => {
      socket.send("x");
    }).toThrow(expect.objectContaining({ name: "InvalidStateError" }));
    clock.advance(0);
    socket.send(42 as unknown as string);
    server.last.pause();
    socket.send("12345");
    expect(socket.bufferedAmount).toBe(5);
    server.last.resume();
    clock.advance(0);
    server.last.drop();
    clock.advance(0);
    socket.send(new Uint8Array(3));
    expect(socket.bufferedAmount).toBe(3);
    expect(server.last.texts).toEqual(["42", "12345"]);
  });

  it("checks the close code and the length of the reason", () => {
    const { open } = setup();
    const socket = open();
    for (const code of [999, 1001, 1006, 2999, 5000]) {
      expect(() => {
        socket.close(code);
      }).toThrow(expect.objectContaining({ name: "InvalidAccessError" }));
    }
    expect(() => {
      socket.close(1000, "é".repeat(62));
    }).toThrow(expect.objectContaining({ name: "SyntaxError" }));
    expect(socket.readyState).toBe(1);
    socket.close();
    socket.close();
    expect(socket.readyState).toBe(2);
  });

  it("gives bytes as binaryType says", async () => {
    const { clock, server, open } = setup();
    const socket = open();
    const data: unknown[] = [];
    socket.onmessage = (event) => data.push(event.data);
    server.last.send(new Uint8Array([1, 2]));
    clock.advance(0);
    socket.binaryType = "arraybuffer";
    server.last.send(new Uint8Array([3]));
    clock.advance(0);
    const [blob, bytes] = data;
    expect(blob).toMatchObject({ size: 2, type: "" });
    expect(await (blob as MemoryBlob).arrayBuffer()).toEqual(new Uint8Array([1, 2]).buffer);
    expect(bytes).toEqual(new Uint8Array([3]).buffer);
  });

  it("calls attributes and listeners, once each, until they are removed", () => {
    const { clock, WebSocket } = setup();
    const socket = new WebSocket("ws://test");
    const heard: string[] = [];
    const note = (name: string) => (event: MemoryWebSocketEvent) =>
      heard.push(`${name} ${event.type} ${event.target === socket}`);
    const twice = note("twice");
    const removed = note("removed");
    socket.onopen = note("attribute");
    socket.onclose = note("attribute");
    socket.addEventListener("open", twice);
    socket.addEventListener("open", twice);
    socket.addEventListener("close", note("once"), { once: true });
    socket.addEventListener("open", removed);
    socket.removeEventListener("open", removed);
    socket.removeEventListener("error", removed);
    expect(socket.listenerCount).toBe(4);
    clock.advance(0);
    socket.close();
    clock.advance(0);
    expect(heard).toEqual(["attribute open true", "twice open true", "attribute close true", "once close true"]);
    expect(socket.listenerCount).toBe(3);
  });

  it("fails with error and close: a refused dial, a drop, a close while connecting", () => {
    const { clock, server, log, dial, open } = setup();
    server.next({ type: "refuse" });
    dial();
    clock.advance(0);
    expect(log.splice(0)).toEqual(["error 3", "close 1006 3"]);
    open();
    server.last.drop();
    clock.advance(0);
    expect(log.splice(0)).toEqual(["error 3", "close 1006 3"]);
    const early = dial();
    early.close();
    expect(early.readyState).toBe(2);
    expect(log).toEqual([]);
    clock.advance(0);
    expect(log).toEqual(["error 3", "close 1006 3"]);
  });
});

describe("its quirks", () => {
  const refused = (quirk: WebSocketQuirk): string[] => {
    const { clock, server, log, dial } = setup(quirk);
    server.next({ type: "refuse" });
    dial();
    clock.advance(1_000);
    return log;
  };
  const dropped = (quirk: WebSocketQuirk): string[] => {
    const { clock, server, log, open } = setup(quirk);
    open();
    server.last.drop();
    clock.advance(1_000);
    return log;
  };
  const closedEarly = (quirk: WebSocketQuirk): string[] => {
    const { clock, log, dial } = setup(quirk);
    dial().close();
    log.push("returned");
    clock.advance(1_000);
    return log;
  };

  it("show in a failed dial", () => {
    expect(refused("failed-dial-fires-error-only")).toEqual(["error 0"]);
    expect(refused("failed-dial-fires-close-only")).toEqual(["close 1006 3"]);
    expect(refused("failed-dial-fires-nothing")).toEqual([]);
    expect(refused("code-zero")).toEqual(["error 3", "close 0 3"]);
    expect(refused("drop-fires-nothing")).toEqual(["error 3", "close 1006 3"]);
  });

  it("show in a drop", () => {
    expect(dropped("drop-fires-error-only")).toEqual(["error 1"]);
    expect(dropped("drop-fires-close-only")).toEqual(["close 1006 3"]);
    expect(dropped("drop-fires-nothing")).toEqual([]);
    expect(dropped("code-zero")).toEqual(["error 3", "close 0 3"]);
  });

  it("show in a close while connecting", () => {
    expect(closedEarly("early-close-ends-inside")).toEqual(["error 3", "close 1006 3", "returned"]);
    expect(closedEarly("early-close-sticks")).toEqual(["error 2", "error 2", "returned"]);
    expect(closedEarly("early-close-opens")).toEqual(["returned", "open 2", "close 1000 3"]);
  });

  it("show in the rest", () => {
    const { clock, server, log, open } = setup("close-fires-nothing", "blobs", "any-close-code", "no-buffered-amount");
    const socket = open();
    socket.binaryType = "arraybuffer";
    const data: unknown[] = [];
    socket.onmessage = (event) => data.push(event.data);
    server.last.send(new ArrayBuffer(2));
    clock.advance(0);
    expect(data[0]).toBeInstanceOf(MemoryBlob);
    expect(socket.bufferedAmount).toBeUndefined();
    socket.close(1001);
    clock.advance(1_000);
    expect(log).toEqual(["message 1"]);
    expect(server.last.end?.code).toBe(1001);
  });

  it("pass on what the server's transport breaks", () => {
    const { clock, server, log, dial } = setup();
    server.breaks.add("opens-twice").add("closed-twice").add("message-after-closed");
    dial();
    clock.advance(0);
    server.last.close(1000);
    server.last.send("late");
    clock.advance(0);
    expect(log).toEqual(["open 1", "open 1", "close 1000 3", "close 1000 3", "message late 3"]);
  });
});

describe("the native transport over every runtime's quirks", () => {
  const RUDE: Readonly<Record<string, readonly WebSocketQuirk[]>> = {
    standard: [],
    ...RUNTIME_QUIRKS,
    errorsOnly: ["failed-dial-fires-error-only", "drop-fires-error-only", "early-close-sticks"],
    mocks: ["early-close-opens", "blobs", "no-buffered-amount"],
  };

  it.each(Object.entries(RUDE))("keeps its promises: %s", async (_, quirks) => {
    const { clock, server, WebSocket } = setup(...quirks);
    server.breaks.add("opens-twice").add("closed-twice").add("message-after-closed").add("bytes-as-views");
    const log: string[] = [];
    const transport = webSocketTransport({ webSocket: () => WebSocket, clock });
    const dial = (): ReturnType<typeof transport> =>
      transport(
        { url: "ws://test", protocols: [] },
        {
          opened: () => log.push("opened"),
          message: (data) => log.push(typeof data === "string" ? data : data.constructor.name),
          pong: () => log.push("pong"),
          closed: ({ code }) => log.push(`closed ${code}`),
        },
      );
    server.next({ type: "refuse" });
    dial();
    await clock.advanceAsync(10);
    expect(log.splice(0)).toEqual(["closed 1006"]);

    dial();
    await clock.advanceAsync(10);
    server.last.send("text");
    server.last.send(new ArrayBuffer(1));
    server.last.drop("arrives");
    await clock.advanceAsync(10);
    server.last.send("late");
    await clock.advanceAsync(10);
    expect(log.splice(0)).toEqual(["opened", "text", "ArrayBuffer", "closed 1006"]);

    dial().abandon();
    await clock.advanceAsync(10);
    expect(log).toEqual([]);
    expect(server.connections).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
