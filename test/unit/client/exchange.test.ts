import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ClientOptions } from "../../../src/client/options.ts";
import type { MemoryServerOptions } from "../../../src/testing/memory-server-options.ts";
import { clientWorld, say, type World } from "../../support/client-world.ts";
import { exchangeDialect, type ExchangeTrade } from "../../support/exchange-dialect.ts";
import { expectNothingUncaught } from "../../support/uncaught.ts";

expectNothingUncaught();

interface ExchangeApi {
  readonly requests: { readonly LIST_SUBSCRIPTIONS: (params: readonly never[]) => readonly string[] };
  readonly topics: Readonly<Record<`${string}@trade`, ExchangeTrade>>;
}

interface Call {
  readonly method: string;
  readonly params: readonly string[];
  readonly id: number;
}

/** The exchange: it keeps a list of streams for each connection, and refuses what it does not know. */
function exchange(
  options: Partial<ClientOptions> = {},
  serverOptions: Partial<MemoryServerOptions> = {},
): {
  readonly world: World<ExchangeApi>;
  /** What the last connection has asked for, as it came over the wire. */
  readonly asked: () => readonly unknown[];
  readonly push: (stream: string, ...numbers: readonly number[]) => void;
} {
  const world = clientWorld<ExchangeApi>({ dialect: exchangeDialect, ...options }, serverOptions);
  const { server } = world;
  server.onConnection = (connection) => {
    const streams = new Set<string>();
    connection.onMessage = (data) => {
      const { method, params, id } = JSON.parse(data as string) as Call;
      const [stream = ""] = params;
      if (method === "SUBSCRIBE" && !stream.endsWith("@trade")) {
        say(connection, { error: { code: 2, msg: "Invalid request" }, id });
        return;
      }
      if (method === "SUBSCRIBE") streams.add(stream);
      if (method === "UNSUBSCRIBE") streams.delete(stream);
      say(connection, { result: method === "LIST_SUBSCRIPTIONS" ? [...streams] : null, id });
    };
  };
  return {
    world,
    asked: () => server.last.texts.map((text) => JSON.parse(text) as unknown),
    push: (stream, ...numbers) => {
      for (const u of numbers) say(server.last, { stream, data: { p: `${u}.5`, u } });
    },
  };
}

describe("a client that speaks an exchange's frames", () => {
  it("subscribes, gets pushes, and unsubscribes, in those frames and no others", async () => {
    const { world, asked, push } = exchange();
    const got: ExchangeTrade[] = [];
    await world.open();
    const stop = world.client.subscribe("btcusdt@trade").listen((trade) => got.push(trade));
    await world.go();
    expect(asked()).toEqual([{ method: "SUBSCRIBE", params: ["btcusdt@trade"], id: 1 }]);
    push("btcusdt@trade", 1, 2);
    await world.go();
    expect(got).toEqual([
      { p: "1.5", u: 1 },
      { p: "2.5", u: 2 },
    ]);
    stop();
    await world.go();
    expect(asked()[1]).toEqual({ method: "UNSUBSCRIBE", params: ["btcusdt@trade"], id: 2 });
    expect(world.codes()).toEqual([]);
    expect(world.all("message")).toEqual([]);
  });

  it("subscribes again on each connection, and notices what it missed and what it has seen", async () => {
    const { world, asked, push } = exchange();
    const got: number[] = [];
    world.client.subscribe("btcusdt@trade", { sequence: ({ u }) => u }).listen(({ u }) => got.push(u));
    world.client.subscribe("ethusdt@trade").listen(() => undefined);
    await world.open();
    await world.go();
    push("btcusdt@trade", 7, 8, 10);
    await world.go();
    world.server.last.drop();
    await world.go(10_000);
    expect(asked()).toMatchObject([
      { method: "SUBSCRIBE", params: ["btcusdt@trade"] },
      { method: "SUBSCRIBE", params: ["ethusdt@trade"] },
    ]);
    push("btcusdt@trade", 10, 15, 16);
    await world.go();
    expect(got).toEqual([7, 8, 10, 15, 16]);
    expect(world.all("gap")).toEqual([
      { topic: "btcusdt@trade", expected: 9, received: 10 },
      { topic: "btcusdt@trade", expected: 11, received: 15 },
    ]);
  });

  it("is read with for await, and left with break", async () => {
    const { world, asked, push } = exchange();
    await world.open();
    const loop = (async (): Promise<string> => {
      for await (const { p, u } of world.client.subscribe("btcusdt@trade")) if (u === 2) return p;
      return "";
    })();
    await world.go();
    push("btcusdt@trade", 1, 2, 3);
    await world.go();
    await expect(loop).resolves.toBe("2.5");
    expect(asked()).toMatchObject([{ method: "SUBSCRIBE" }, { method: "UNSUBSCRIBE" }]);
  });

  it("makes requests, and gets their results and errors", async () => {
    const { world } = exchange();
    await world.open();
    world.client.subscribe("btcusdt@trade").listen(() => undefined);
    const list = world.client.request("LIST_SUBSCRIPTIONS", []);
    const refused = (world as World<unknown>).client.request("SUBSCRIBE", ["nonsense"]);
    await world.go();
    await expect(list).resolves.toEqual(["btcusdt@trade"]);
    await expect(refused).rejects.toMatchObject({ code: "REMOTE_ERROR", message: "Invalid request", remoteCode: 2 });
  });

  it("loses a topic that the exchange does not know, with its error", async () => {
    const { world } = exchange();
    const untyped = (world as World<unknown>).client.subscribe("nonsense");
    const first = untyped[Symbol.asyncIterator]().next();
    first.catch(() => undefined);
    await world.open();
    await world.go();
    await expect(first).rejects.toMatchObject({ code: "REMOTE_ERROR", remoteCode: 2 });
    expect(world.codes()).toEqual(["REMOTE_ERROR"]);
  });

  it("tells nobody of a time-out: these frames know no cancellation", async () => {
    const { world, asked } = exchange();
    await world.open();
    world.server.last.onMessage = undefined;
    const request = world.client.request("LIST_SUBSCRIPTIONS", [], { timeout: 100 });
    await world.go(200);
    await expect(request).rejects.toMatchObject({ code: "TIMEOUT", sent: true });
    expect(asked()).toHaveLength(1);
    say(world.server.last, { result: [], id: 1 });
    await world.go();
    expect(world.client.lateReplies).toBe(1);
  });

  it("watches its link with a call of this dialect where the platform has no pings", async () => {
    const heartbeat = { interval: 5_000, timeout: 2_000 };
    const { world, asked } = exchange({ heartbeat }, { pings: "absent" });
    await world.open();
    await world.go(5_000);
    expect(asked()).toEqual([{ method: "LIST_SUBSCRIPTIONS", params: [], id: 1 }]);
    expect(world.client.rtt).toBe(0);
    world.server.last.stall();
    await world.go(7_000);
    expect(world.client.state).toMatchObject({ name: "waiting", cause: { code: "HEARTBEAT_TIMEOUT" } });
  });

  it("takes frames of JSON-RPC, and everything else, for plain messages", async () => {
    const { world } = exchange();
    await world.open();
    const others = [{ jsonrpc: "2.0", method: "event", params: { topic: "t" } }, [], "text", { stream: 5 }, null];
    for (const frame of others) say(world.server.last, frame);
    await world.go();
    expect(world.all("message")).toEqual(others);
    expect(world.codes()).toEqual([]);
  });

  it("reports what is broken or for nobody, once each", async () => {
    const { world } = exchange();
    await world.open();
    say(world.server.last, { error: { code: 1, msg: "no" } });
    say(world.server.last, { result: null, id: 99 });
    say(world.server.last, { error: "no", id: 99 });
    await world.go();
    expect(world.codes()).toEqual(["BAD_FRAME", "UNEXPECTED_REPLY", "UNEXPECTED_REPLY"]);
    expect(world.client.state.name).toBe("open");
  });
});

describe("reading an exchange's frame", () => {
  it("never throws, whatever it gets", () => {
    fc.assert(
      fc.property(fc.anything(), (frame) => {
        expect(exchangeDialect.read(frame).type).toMatch(/^(event|result|failure|invalid|other)$/);
      }),
    );
  });
});
