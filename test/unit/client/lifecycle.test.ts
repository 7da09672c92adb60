import { afterEach, describe, expect, it, vi } from "vitest";
import { createClient } from "../../../src/client/client.ts";
import { ManualNetwork } from "../../../src/testing/manual-network.ts";
import { MemoryServer } from "../../../src/testing/memory-server.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";
import { clientWorld, framesOf, say } from "../../support/client-world.ts";
import { expectNothingUncaught } from "../../support/uncaught.ts";

expectNothingUncaught();

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("a client", () => {
  it("does nothing before connect(): no dial, no timer, no listener", async () => {
    const { client, server, page, network, go } = clientWorld();
    client.subscribe("trades").listen(() => undefined);
    client.handle("add", () => 1);
    await go(60_000);
    expect(client.state).toEqual({ name: "idle" });
    expect([server.dials, page.pending, network.watchers]).toEqual([0, 0, 0]);
    expect([client.protocol, client.rtt, client.queue.size, client.queue.bytes]).toEqual(["", undefined, 0, 0]);
  });

  it("dials in the tick of connect(), and resolves it when the link is open, for everybody who waits", async () => {
    const { client, server, go } = clientWorld();
    const order: string[] = [];
    client.on("state", ({ name }) => order.push(name));
    void client.connect().then(() => order.push("first"));
    void client.connect().then(() => order.push("second"));
    expect(server.dials).toBe(1);
    await go();
    expect(order).toEqual(["connecting", "connecting", "open", "first", "second"]);
    await client.connect();
    expect(server.dials).toBe(1);
  });

  it("can stop waiting for connect() without giving up the connection", async () => {
    const { client, server, go } = clientWorld();
    const controller = new AbortController();
    server.answer = { type: "accept", after: 1_000 };
    const connected = client.connect({ signal: controller.signal });
    controller.abort("impatient");
    await expect(connected).rejects.toBe("impatient");
    await go(1_000);
    expect(client.state.name).toBe("open");
  });

  it("says which subprotocol the server has chosen", async () => {
    const { client, open } = clientWorld({ protocols: ["a", "b"] }, { protocols: ["b"] });
    await open();
    expect(client.protocol).toBe("b");
  });

  it("dials anew with reconnect(), from every state", async () => {
    const { client, server, open, close, go } = clientWorld();
    await open();
    const again = client.reconnect();
    expect(server.live).toBe(1);
    await go();
    await again;
    expect(server.dials).toBe(2);
    await close();
    void client.reconnect();
    await go();
    expect([client.state.name, server.dials]).toEqual(["open", 3]);
  });
});

describe("a client that is closed", () => {
  it("takes nothing any more: CLOSED, while it closes and after", async () => {
    const { client, server, open, go, clock } = clientWorld();
    await open();
    server.last.closeHandshake = "ignore";
    const closed = client.close();
    const refuses = async (): Promise<void> => {
      expect(() => client.send("late")).toThrow(expect.objectContaining({ code: "CLOSED" }));
      expect(() => client.notify("late")).toThrow(expect.objectContaining({ code: "CLOSED" }));
      await expect(client.request("late")).rejects.toMatchObject({ code: "CLOSED" });
      expect(client.queue.size).toBe(0);
    };
    expect(client.state.name).toBe("closing");
    await refuses();
    await go(2_000);
    await closed;
    expect(client.state).toEqual({ name: "closed" });
    await refuses();
    expect(clock.now()).toBe(2_000);
  });

  it("says CLOSED too once the retry policy has given up", async () => {
    const { client, server, go, codes } = clientWorld();
    server.answer = { type: "accept" };
    const connected = client.connect();
    client.send("queued");
    server.onConnection = (connection) => {
      connection.close(1008, "not you");
    };
    await go();
    await connected.catch(() => undefined);
    expect(client.state).toMatchObject({ name: "closed", cause: { code: "CONNECTION_LOST", closeCode: 1008 } });
    expect(() => client.send("late")).toThrow(expect.objectContaining({ code: "CLOSED" }));
    expect(codes()).toEqual([]);
  });

  it("discards what is queued, and says so of each", async () => {
    const { client, close, all } = clientWorld();
    client.send("a");
    await close();
    expect(all("dropped")).toEqual([{ data: '"a"', reason: "discarded" }]);
  });

  it("tells the server its code and reason, and refuses codes that nobody may send", async () => {
    const { client, server, open, go } = clientWorld();
    await open();
    for (const code of [0, 999, 1001, 1006, 2999, 5000, 1000.5, NaN]) {
      expect(() => client.close(code)).toThrow(TypeError);
    }
    expect(client.state.name).toBe("open");
    void client.close(4001, "done");
    await go();
    expect(server.last.end).toMatchObject({ code: 4001, reason: "done" });
  });

  it("can be connected again, with the same listeners, handlers, and a working queue", async () => {
    const { client, server, open, close, go, all } = clientWorld();
    client.handle("add", () => 3);
    for (let round = 1; round <= 3; round++) {
      await open();
      say(server.last, `news ${round}`);
      say(server.last, { jsonrpc: "2.0", id: 1, method: "add" });
      client.send(`sent ${round}`);
      await go();
      expect(all("message")).toHaveLength(round);
      expect(framesOf(server.last)).toEqual([`sent ${round}`, { jsonrpc: "2.0", id: 1, result: 3 }]);
      await close();
    }
    expect(all("state").map(({ name }) => name)).toEqual(
      Array.from({ length: 3 }, () => ["connecting", "connecting", "open", "closing", "closed"]).flat(),
    );
  });

  it("is what `await using` leaves behind", async () => {
    const { client, server, open, go } = clientWorld();
    await open();
    const disposed = client[Symbol.asyncDispose]();
    await go();
    await disposed;
    expect(client.state).toEqual({ name: "closed" });
    expect(server.live).toBe(0);
  });

  it("may be closed twice, or never have been opened", async () => {
    const { client, close } = clientWorld();
    await close();
    await close();
    expect(client.state).toEqual({ name: "closed" });
  });
});

describe("a listener", () => {
  it("is told until it is taken off, and others are not disturbed by that", async () => {
    const { client, server, open, go } = clientWorld();
    const got: string[] = [];
    const offs = ["a", "b"].map((name) => client.on("message", () => got.push(name)));
    await open();
    say(server.last, 1);
    await go();
    offs[0]?.();
    offs[0]?.();
    say(server.last, 2);
    await go();
    expect(got).toEqual(["a", "b", "b"]);
  });

  it("is a function, or that is misuse", () => {
    const { client } = clientWorld();
    expect(() => client.on("message", undefined as unknown as () => void)).toThrow(TypeError); // no types, no mercy
  });

  it.each(["state", "message", "debug", "rtt", "unconfirmed", "dropped", "gap"] as const)(
    "of %s that throws is reported, stops nothing, and hurts no other",
    async (name) => {
      const { client, server, open, go, all, codes } = clientWorld({ heartbeat: { interval: 1_000 } });
      const broken = new Error("broken");
      client.on(name, () => {
        throw broken;
      });
      let heard = 0;
      client.on(name, () => heard++);
      client.subscribe("t", { sequence: Number }).listen(() => undefined);
      client.send("dropped", { ttl: 0 });
      await go();
      await open();
      await go(1_500);
      say(server.last, "message");
      for (const data of [1, 5]) say(server.last, { jsonrpc: "2.0", method: "event", params: { topic: "t", data } });
      await go();
      client.send("unconfirmed");
      server.last.drop();
      await go(30_000);
      expect(client.state.name).toBe("open");
      expect(server.dials).toBe(2);
      expect(heard).toBeGreaterThan(0);
      expect(heard).toBe(all(name).length);
      expect(codes()).toEqual(Array.from({ length: heard }, () => "LISTENER_FAILED"));
      expect(all("error").every(({ cause }) => cause === broken)).toBe(true);
    },
  );

  it("of errors that throws is not told of itself", async () => {
    const reported: unknown[] = [];
    vi.stubGlobal("reportError", (error: unknown) => reported.push(error));
    const { client, server, open, go, codes } = clientWorld();
    client.on("error", () => {
      throw new Error("broken");
    });
    await open();
    server.last.send("{broken");
    await go();
    expect(codes()).toEqual(["BAD_FRAME"]);
    expect(reported).toMatchObject([{ code: "LISTENER_FAILED" }]);
  });

  it("may close, connect or send in the middle of anything", async () => {
    const { client, server, go } = clientWorld();
    let opens = 0;
    client.on("state", ({ name }) => {
      if (name === "open" && ++opens === 1) void client.close();
      if (name === "closed" && opens === 1) void client.connect();
      if (name === "open" && opens === 2) client.send("hello");
    });
    void client.connect();
    await go(5_000);
    expect(client.state.name).toBe("open");
    expect(server.dials).toBe(2);
    expect(framesOf(server.last)).toEqual(["hello"]);
    expect(server.maxLive).toBe(1);
  });
});

describe("an error that nobody listens to", () => {
  it("goes to the platform's own place for it, if it has one, and is never thrown or logged", async () => {
    const logged = (["log", "warn", "error", "info", "debug"] as const).map((method) => vi.spyOn(console, method));
    const reported: unknown[] = [];
    for (const place of [undefined, (error: unknown) => reported.push(error)]) {
      vi.stubGlobal("reportError", place);
      const clock = new VirtualClock();
      const server = new MemoryServer({ clock });
      const network = new ManualNetwork();
      const client = createClient({ url: "ws://server", clock, network, transport: server.transport });
      client.on("message", () => {
        throw new Error("broken");
      });
      void client.connect();
      await clock.advanceAsync(0);
      server.last.send("{broken");
      say(server.last, "fine");
      await clock.advanceAsync(0);
      void client.close();
      await clock.advanceAsync(0);
    }
    expect(reported).toMatchObject([{ code: "BAD_FRAME" }, { code: "LISTENER_FAILED" }]);
    for (const spy of logged) expect(spy).not.toHaveBeenCalled();
  });
});

describe("the debug stream", () => {
  it("tells each step and the size of each frame, and nothing of what is in them", async () => {
    const { client, server, open, go, all } = clientWorld({ dialect: "raw" });
    await open();
    client.send("12345");
    server.last.send(new Uint8Array(7));
    await go();
    expect(all("debug").filter(({ event }) => event === "sent" || event === "received")).toEqual([
      { at: 0, event: "sent", size: 5 },
      { at: 0, event: "received", size: 7 },
    ]);
    expect(all("debug").filter((event) => "from" in event)).toMatchObject([
      { event: "connect", from: "idle", to: "connecting", epoch: 1, attempt: 0 },
      { event: "resolved", from: "connecting", to: "connecting" },
      { event: "opened", from: "connecting", to: "open" },
    ]);
  });
});
