import { runInNewContext } from "node:vm";
import { afterEach, describe, expect, it, vi } from "vitest";
import { expectNothingUncaught } from "../../support/uncaught.ts";
import { webSocketTransport } from "../../../src/transport/websocket.ts";
import { ReconnectingWebSocket } from "../../../src/websocket/websocket.ts";
import { setup } from "./setup.ts";

expectNothingUncaught();

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Blobs are read in turns of their own, whatever the clock says. */
async function readBlobs(clock: { advanceAsync(ms: number): Promise<unknown> }): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    await new Blob(["x"]).arrayBuffer();
    await clock.advanceAsync(0);
  }
}

describe("reconnect()", () => {
  it.each([["handover" as const], ["off" as const]])("in the close event starts again what has ended: %s", (how) => {
    const { clock, network, server, dial } = setup(how === "off" ? { retry: how } : { events: how });
    const { socket } = dial();
    clock.advance(0);
    let again = true;
    socket.onclose = () => {
      if (again) socket.reconnect();
      again = false;
    };
    if (how === "off") network.suspend();
    else server.dropAll();
    clock.advance(10_000);
    expect(socket.state.name).toBe("open");
    expect(socket.readyState).toBe(1);
  });

  it("overrides a close() that waits for a blob", async () => {
    const { clock, open } = setup();
    const { socket } = open();
    socket.send(new Blob(["1"]));
    socket.close();
    socket.reconnect();
    await readBlobs(clock);
    await clock.advanceAsync(1_000);
    expect(socket.state.name).toBe("open");
    expect(socket.readyState).toBe(1);
  });

  it("does not carry over what close() has discarded, blobs and what was sent behind them neither", async () => {
    const { clock, server, dial } = setup();
    server.next({ type: "stall" });
    const { socket, log } = dial();
    clock.advance(0);
    socket.send("text");
    socket.send(new Blob(["blob"]));
    socket.send("after");
    socket.close();
    socket.reconnect();
    await readBlobs(clock);
    await clock.advanceAsync(1_000);
    expect(server.last.received).toEqual([]);
    expect(log.filter((line) => line.startsWith("dropped"))).toHaveLength(3);
  });

  it("counts nothing on the new link of what close() has discarded", async () => {
    const { clock, server, dial } = setup();
    server.next({ type: "stall" });
    const { socket } = dial();
    clock.advance(0);
    socket.send(new Blob(["12345"]));
    socket.close();
    expect(socket.bufferedAmount).toBe(5);
    socket.reconnect();
    clock.advance(1_000);
    await readBlobs(clock);
    expect(socket.readyState).toBe(1);
    expect(socket.bufferedAmount).toBe(0);
  });

  it("does not carry over a blob that was sent to a closed socket", async () => {
    const { clock, server, open } = setup();
    const { socket } = open();
    socket.close();
    clock.advance(1_000);
    socket.send(new Blob(["late"]));
    socket.reconnect();
    await readBlobs(clock);
    await clock.advanceAsync(1_000);
    expect(server.last.received).toEqual([]);
  });

  it("tells of the end of the old life before the new one can fail", async () => {
    let dials = 0;
    const url = (): Promise<string> =>
      dials++ === 0 ? Promise.resolve("ws://test/") : Promise.reject(new Error("no"));
    const { clock, dial } = setup({ backoff: { min: 1_000, base: 1_000, max: 1_000 } });
    const { socket, log } = dial(url);
    await clock.advanceAsync(0);
    socket.reconnect();
    await clock.advanceAsync(10);
    expect(log).toEqual(["open@1", "close@3 1000 clean", "error@3 PROVIDER_FAILED", "close@3 1006 unclean"]);
  });

  it("tells of the end of the old life before the new one opens, however soon that is", async () => {
    const { clock, dial } = setup({}, { delivery: "sync" });
    const { socket, log } = dial();
    await clock.advanceAsync(0);
    socket.reconnect();
    await clock.advanceAsync(10);
    expect(log).toEqual(["open@1", "close@0 1000 clean", "open@1"]);
  });
});

describe("close()", () => {
  it("by who hears first that it is open: no open event, and readyState does not go back", () => {
    const closing: { close?: () => void } = {};
    const { clock, server, dial } = setup({
      debug: true,
      debugLogger: (event) => {
        if ((event as { to: string }).to === "open") closing.close?.();
      },
    });
    server.onConnection = (connection) => (connection.closeHandshake = "ignore");
    const { socket, log } = dial();
    closing.close = () => {
      socket.close();
    };
    clock.advance(100);
    expect(socket.state.name).toBe("closing");
    expect(socket.readyState).toBe(2);
    clock.advance(5_000);
    expect(log).toEqual(["error@3", "close@3 1006 unclean"]);
  });
});

describe("the end of what never opened", () => {
  it("is 1006, also when the page is left", () => {
    const { clock, network, server, dial } = setup();
    server.next({ type: "stall" });
    const { log } = dial();
    clock.advance(10);
    network.suspend();
    expect(log).toEqual(["error@3 SUSPENDED", "close@3 1006 unclean"]);
  });
});

describe("what is queued", () => {
  it("keeps the bytes of an ArrayBuffer of another realm", () => {
    const { clock, server, dial } = setup();
    dial().socket.send(runInNewContext("new Uint8Array([1,2,3]).buffer") as ArrayBuffer);
    clock.advance(0);
    expect(server.last.received.map(({ data }) => [...new Uint8Array(data as ArrayBuffer)])).toEqual([[1, 2, 3]]);
  });

  it("is no shared memory: that is refused, and not sent as text", () => {
    const { socket } = setup().open();
    expect(() => {
      socket.send(new Uint8Array(new SharedArrayBuffer(3)));
    }).toThrow(TypeError);
  });
});

describe("shouldReconnectOnClose", () => {
  it.each([1000, 1001, 1005, 1007, 1009, 1012, 1014, 4000])("is told of %i what the close event tells", (code) => {
    const asked: unknown[] = [];
    const told: unknown[] = [];
    const { clock, server, dial } = setup({
      shouldReconnectOnClose: ({ code: its, wasClean }) => {
        asked.push([its, wasClean]);
        return true;
      },
    });
    const { socket } = dial();
    clock.advance(0);
    socket.onclose = ({ code: its, wasClean }) => told.push([its, wasClean]);
    server.closeAll(code, "");
    clock.advance(0);
    expect(asked).toEqual(told);
  });
});

describe("minReconnectionDelay", () => {
  it("of 0 makes no loop of dials without waits", () => {
    const { clock, server, dial } = setup({ minReconnectionDelay: 0 });
    server.answer = { type: "refuse" };
    dial();
    clock.advance(60_000);
    expect(server.dials).toBeLessThan(20);
  });
});

describe("the class in the place of the global", () => {
  it("does not dial with itself, and says what to do", () => {
    vi.stubGlobal("WebSocket", ReconnectingWebSocket);
    const { clock, dial } = setup({ transport: webSocketTransport() });
    const { socket, log } = dial();
    clock.advance(60_000);
    expect(socket.state).toMatchObject({
      name: "closed",
      cause: { code: "UNSUPPORTED", message: expect.stringContaining("option WebSocket") as string },
    });
    expect(log).toEqual(["error@3 UNSUPPORTED", "close@3 1006 unclean"]);
  });
});

describe("a ping", () => {
  it.each([{}, { message: { type: "ping" } }, { message: 5 }])("that cannot be sent is refused: %o", (ping) => {
    expect(() => setup({ heartbeat: { ping: ping as never } }).dial()).toThrow(
      'Option "heartbeat.ping.message" takes text or bytes',
    );
  });

  it("that throws does not end a link that is well", () => {
    const ping = (): never => {
      throw new Error("not today");
    };
    const { clock, server, open } = setup({ heartbeat: { ping } });
    open();
    clock.advance(60_000);
    expect(server.dials).toBe(1);
  });
});
