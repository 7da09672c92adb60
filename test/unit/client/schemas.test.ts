import { describe, expect, it } from "vitest";
import { HoldfastError } from "../../../src/core/errors.ts";
import type { StandardSchema } from "../../../src/core/schema.ts";
import { answerCalls, clientWorld, framesOf, say } from "../../support/client-world.ts";
import { expectNothingUncaught } from "../../support/uncaught.ts";

expectNothingUncaught();

/** A schema as Standard Schema 1 describes one: it takes what `parse` does not throw at, and gives what that answers. */
function schema<Output>(parse: (value: unknown) => Output): StandardSchema<Output> {
  return {
    "~standard": {
      version: 1,
      vendor: "by hand",
      validate: (value) => {
        try {
          return { value: parse(value) };
        } catch (error) {
          return { issues: [{ message: (error as Error).message }] }; // the schemas of this file throw Errors
        }
      },
    },
  };
}

const positive = schema((value) => {
  if (typeof value !== "number" || value <= 0) throw new Error("must be positive");
  return value * 10; // what comes out need not be what came in
});

const asynchronous: StandardSchema = {
  "~standard": { version: 1, vendor: "by hand", validate: () => Promise.reject(new Error("later")) },
};

const throwing: StandardSchema = {
  "~standard": {
    version: 1,
    vendor: "by hand",
    validate: () => {
      throw new Error("broken schema");
    },
  },
};

describe("a schema for results", () => {
  it("gives what it makes of the result, and rejects what does not match", async () => {
    const { client, server, open, go, codes } = clientWorld({ schemas: { results: { get: positive } } });
    await open();
    const good = client.request("get");
    const bad = client.request("get");
    const other = client.request("other");
    say(server.last, { jsonrpc: "2.0", id: 1, result: 5 });
    say(server.last, { jsonrpc: "2.0", id: 2, result: "SECRET" });
    say(server.last, { jsonrpc: "2.0", id: 3, result: "anything" });
    await go();
    await expect(good).resolves.toBe(50);
    const error: unknown = await bad.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(HoldfastError);
    expect(error).toMatchObject({ code: "INVALID_DATA" });
    expect(String(error)).toContain("must be positive");
    expect(String(error)).not.toContain("SECRET");
    await expect(other).resolves.toBe("anything");
    expect(codes()).toEqual([]);
  });

  it("is not for what has no value: the end of a stream, and the calls by which topics are subscribed", async () => {
    const results = { history: positive, subscribe: positive };
    const { server, client, open, go } = clientWorld<Record<string, never>>({ schemas: { results } });
    answerCalls(server, () => null);
    await open();
    const end = client.stream("history").next();
    const trades = client.subscribe("trades");
    trades.listen(() => undefined);
    await go();
    await expect(end).resolves.toEqual({ done: true, value: undefined });
    expect(trades.live).toBe(true);
  });

  it("is found by its own name only", async () => {
    const { client, server, open, go } = clientWorld({ schemas: { results: {} } });
    await open();
    const request = client.request("constructor");
    say(server.last, { jsonrpc: "2.0", id: 1, result: 1 });
    await go();
    await expect(request).resolves.toBe(1);
  });

  it("must be synchronous, or nothing would keep its order", async () => {
    const { client, server, open, go } = clientWorld({ schemas: { results: { get: asynchronous } } });
    await open();
    const request = client.request("get");
    say(server.last, { jsonrpc: "2.0", id: 1, result: 1 });
    await go();
    await expect(request).rejects.toMatchObject({ code: "INVALID_DATA" });
    await expect(request).rejects.toThrow(/asynchronous/);
  });

  it("that throws rejects the one request", async () => {
    const { client, server, open, go } = clientWorld({ schemas: { results: { get: throwing } } });
    await open();
    const request = client.request("get");
    say(server.last, { jsonrpc: "2.0", id: 1, result: 1 });
    await go();
    await expect(request).rejects.toThrow("broken schema");
    expect(client.state.name).toBe("open");
  });
});

describe("a schema for params", () => {
  it("stands before the handler: the server learns that its params are wrong, the application why", async () => {
    const { client, server, open, go, codes } = clientWorld({ schemas: { params: { set: positive } } });
    const got: unknown[] = [];
    client.handle("set", (params) => got.push(params));
    await open();
    say(server.last, { jsonrpc: "2.0", id: 1, method: "set", params: 3 });
    say(server.last, { jsonrpc: "2.0", id: 2, method: "set", params: -3 });
    say(server.last, { jsonrpc: "2.0", method: "set", params: "no" });
    await go();
    expect(got).toEqual([30]);
    expect(framesOf(server.last)).toMatchObject([
      { id: 1, result: 1 },
      { id: 2, error: { code: -32602, message: "Invalid params" } },
    ]);
    expect(codes()).toEqual(["INVALID_DATA", "INVALID_DATA"]);
  });

  it("is not to blame for what the handler throws, whatever that is", async () => {
    const { client, server, open, go, codes } = clientWorld({ schemas: { params: { set: positive } } });
    client.handle("set", () => {
      throw new HoldfastError("INVALID_DATA", "of something else");
    });
    await open();
    say(server.last, { jsonrpc: "2.0", id: 1, method: "set", params: 3 });
    await go();
    expect(framesOf(server.last)).toMatchObject([{ id: 1, error: { code: -32603 } }]);
    expect(codes()).toEqual(["LISTENER_FAILED"]);
  });

  it("that throws costs the one call, and is reported", async () => {
    const { client, server, open, go, codes } = clientWorld({ schemas: { params: { set: throwing } } });
    client.handle("set", () => true);
    await open();
    say(server.last, { jsonrpc: "2.0", id: 1, method: "set" });
    await go();
    expect(framesOf(server.last)).toMatchObject([{ id: 1, error: { code: -32602 } }]);
    expect(codes()).toEqual(["LISTENER_FAILED"]);
  });

  it("answers on the link of the call, even if whoever hears of the error leaves that", async () => {
    const { client, server, open, go } = clientWorld({ schemas: { params: { set: positive } } });
    client.handle("set", () => true);
    client.on("error", () => client.reconnect());
    await open();
    const called = server.last;
    say(called, { jsonrpc: "2.0", id: 1, method: "set", params: -3 });
    await go();
    expect(server.dials).toBe(2);
    expect(framesOf(called)).toMatchObject([{ id: 1, error: { code: -32602 } }]);
    expect(framesOf(server.last)).toEqual([]);
  });

  it.each([3, -3])("answers on no later link, if it leaves that of the call itself: %j", async (params) => {
    const { client, server, open, go } = clientWorld({
      schemas: {
        params: {
          set: schema((value) => {
            void client.reconnect();
            if (Number(value) < 0) throw new Error("must be positive");
            return value;
          }),
        },
      },
    });
    client.handle("set", () => true);
    await open();
    const called = server.last;
    say(called, { jsonrpc: "2.0", id: 1, method: "set", params });
    await go();
    expect(server.dials).toBe(2);
    expect(framesOf(server.last)).toEqual([]);
    expect(framesOf(called)).toEqual([]);
  });

  it("changes nothing about what handle() takes", () => {
    const { client } = clientWorld({ schemas: { params: { set: positive } } });
    expect(() => client.handle("set", "no function" as never)).toThrow(TypeError);
  });
});

describe("a schema for a topic", () => {
  it("gives what it makes of an event, and skips what does not match, which is reported", async () => {
    const { client, server, open, go, codes, all } = clientWorld({ schemas: { topics: { prices: positive } } });
    const got: unknown[] = [];
    await open();
    client.subscribe("prices").listen((price) => got.push(price));
    client.subscribe("names").listen((name) => got.push(name));
    for (const [topic, data] of [
      ["prices", 1],
      ["prices", "SECRET"],
      ["names", "any"],
      ["prices", 2],
    ]) {
      say(server.last, { jsonrpc: "2.0", method: "event", params: { topic, data } });
    }
    await go();
    expect(got).toEqual([10, "any", 20]);
    expect(codes()).toEqual(["INVALID_DATA"]);
    expect(all("message")).toEqual([]);
  });

  it("is what the sequence sees", async () => {
    const { client, server, open, go, all } = clientWorld({ schemas: { topics: { prices: positive } } });
    await open();
    client.subscribe("prices", { sequence: (price) => Number(price) / 10 }).listen(() => undefined);
    for (const data of [1, 2, 4])
      say(server.last, { jsonrpc: "2.0", method: "event", params: { topic: "prices", data } });
    await go();
    expect(all("gap")).toEqual([{ topic: "prices", expected: 3, received: 4 }]);
  });
});

describe("a schema for messages", () => {
  it.each(["none", undefined] as const)("stands before the listeners, with the dialect %s", async (dialect) => {
    const { server, open, go, all, codes } = clientWorld({
      schemas: { message: positive },
      ...(dialect && { dialect }),
    });
    await open();
    for (const message of [1, "no", 2]) say(server.last, message);
    await go();
    expect(all("message")).toEqual([10, 20]);
    expect(codes()).toEqual(["INVALID_DATA"]);
  });

  it("that throws costs the one message, and is reported", async () => {
    const { client, server, open, go, all, codes } = clientWorld({ schemas: { message: throwing } });
    await open();
    say(server.last, 1);
    await go();
    expect(all("message")).toEqual([]);
    expect(codes()).toEqual(["LISTENER_FAILED"]);
    expect(client.state.name).toBe("open");
  });
});
