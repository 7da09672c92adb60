import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import type { AbortSignalLike } from "../../../src/core/signal.ts";
import { reach } from "./places.ts";
import { fateOf, open, setup } from "./world.ts";

function listeners(signal: AbortSignal): number {
  return getEventListeners(signal, "abort").length;
}

describe("the promise of connect()", () => {
  it("resolves when the connection is open, and not before the handshake is done", async () => {
    let done = (): void => undefined;
    const { connection, clock } = setup({
      options: { handshake: () => new Promise<void>((resolve) => (done = resolve)) },
    });
    const opened = connection.connect();
    await clock.advanceAsync(10);
    expect(await fateOf(opened)).toBe("pending");
    done();
    expect(await fateOf(opened)).toBe("resolved");
    expect(connection.state.name).toBe("open");
  });

  it("resolves at once when the connection is open already", async () => {
    const world = setup();
    await open(world);
    expect(await fateOf(world.connection.connect())).toBe("resolved");
  });

  it("waits through failures, however many, for the connection that it was promised", async () => {
    const { connection, clock, server } = setup();
    server.stop();
    const opened = connection.connect();
    await clock.advanceAsync(120_000);
    expect(server.dials).toBeGreaterThan(5);
    expect(await fateOf(opened)).toBe("pending");
    server.start();
    await clock.advanceAsync(30_000);
    expect(await fateOf(opened)).toBe("resolved");
  });

  it("rejects with the cause when the connection gives up", async () => {
    const { connection, clock, server } = setup({ options: { retry: () => "stop" } });
    server.answer = { type: "refuse", httpStatus: 403 };
    const opened = connection.connect();
    await clock.advanceAsync(0);
    expect(await fateOf(opened)).toMatchObject({ code: "DIAL_FAILED", httpStatus: 403 });
  });

  it("rejects with CLOSED when close() comes first", async () => {
    const { connection } = await reach("dialling");
    const opened = connection.connect();
    void connection.close();
    expect(await fateOf(opened)).toMatchObject({ name: "ConnectionError", code: "CLOSED" });
  });

  it("rejects with CLOSED while it is closing too, once it is closed", async () => {
    const world = setup();
    await open(world);
    world.server.last.closeHandshake = "ignore";
    const again = world.connection.reconnect();
    void world.connection.close();
    await world.clock.advanceAsync(2_000);
    expect(await fateOf(again)).toMatchObject({ code: "CLOSED" });
  });

  it("settles for everybody who waits", async () => {
    const { connection, clock } = setup();
    const all = [connection.connect(), connection.connect(), connection.reconnect(), connection.connect()];
    await clock.advanceAsync(0);
    for (const promise of all) expect(await fateOf(promise)).toBe("resolved");
  });

  it("may be ignored: its rejection is nobody's unhandled one", async () => {
    const { connection } = await reach("dialling");
    void connection.connect();
    void connection.reconnect();
    void connection.connect({ signal: AbortSignal.abort(new Error("never mind")) });
    void connection.close();
    await new Promise<void>((resolve) => {
      setImmediate(resolve); // an unhandled rejection would be raised by now
    });
  });
});

describe("the signal of connect()", () => {
  it("that is aborted already rejects with its reason, and nothing begins", async () => {
    const { connection, server } = setup();
    const reason = new Error("too late");
    const signal = AbortSignal.abort(reason);
    expect(await fateOf(connection.connect({ signal }))).toBe(reason);
    expect(connection.state.name).toBe("idle");
    expect(server.dials).toBe(0);
    expect(listeners(signal)).toBe(0);
  });

  it("that is aborted already rejects also when the connection is open", async () => {
    const world = setup();
    await open(world);
    const reason = new Error("too late");
    expect(await fateOf(world.connection.connect({ signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(world.connection.state.name).toBe("open");
  });

  it("ends the waiting with its own reason, and the connecting goes on", async () => {
    const { connection, clock, server } = setup();
    server.answer = { type: "stall" };
    const controller = new AbortController();
    const opened = connection.connect({ signal: controller.signal });
    await clock.advanceAsync(100);
    expect(listeners(controller.signal)).toBe(1);
    const reason = { not: "an error" };
    controller.abort(reason);
    expect(await fateOf(opened)).toBe(reason);
    expect(listeners(controller.signal)).toBe(0);
    server.last.accept();
    await clock.advanceAsync(0);
    expect(connection.state.name).toBe("open");
  });

  it("has no listener left when the connection has opened, and an abort does nothing then", async () => {
    const { connection, clock } = setup();
    const controller = new AbortController();
    const opened = connection.connect({ signal: controller.signal });
    await clock.advanceAsync(0);
    expect(await fateOf(opened)).toBe("resolved");
    expect(listeners(controller.signal)).toBe(0);
    controller.abort();
    expect(connection.state.name).toBe("open");
  });

  it("has no listener left when the connection is open already, has closed, or has given up", async () => {
    const { signal } = new AbortController();
    const world = setup();
    await open(world);
    void world.connection.connect({ signal });
    expect(listeners(signal)).toBe(0);
    const { connection } = await reach("dialling");
    void connection.connect({ signal });
    expect(listeners(signal)).toBe(1);
    void connection.close();
    expect(listeners(signal)).toBe(0);
  });

  it("may be one of another library: what is there is used, and its reason handed on", async () => {
    const heard: (() => void)[] = [];
    const signal: AbortSignalLike & { aborted: boolean } = {
      aborted: false,
      reason: "their reason",
      addEventListener: (_, listener) => heard.push(listener),
      removeEventListener: (_, listener) => heard.splice(heard.indexOf(listener), 1),
    };
    const { connection, server } = setup();
    server.answer = { type: "stall" };
    const opened = connection.connect({ signal });
    signal.aborted = true;
    for (const listener of [...heard]) listener();
    expect(await fateOf(opened)).toBe("their reason");
    expect(heard).toEqual([]);
  });
});

describe("the promise of reconnect()", () => {
  it("resolves with the new link, not with the old one", async () => {
    const world = setup();
    await open(world);
    world.server.latency = 50;
    const opened = world.connection.reconnect();
    expect(await fateOf(opened)).toBe("pending");
    await world.clock.advanceAsync(100);
    expect(await fateOf(opened)).toBe("resolved");
    expect(world.server.dials).toBe(2);
  });
});

describe("the promise of close()", () => {
  it("resolves at once when the connection is closed, or was never wanted", async () => {
    const { connection } = setup();
    expect(await fateOf(connection.close())).toBe("resolved");
    expect(await fateOf(connection.close())).toBe("resolved");
  });

  it("resolves when somebody connects again before the peer has answered: what was to be closed is gone", async () => {
    const { connection, clock } = await reach("closing");
    const closed = connection.close();
    const opened = connection.connect();
    await clock.advanceAsync(0);
    expect(await fateOf(closed)).toBe("resolved");
    expect(await fateOf(opened)).toBe("resolved");
  });
});
