import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Payload } from "../../../src/core/payload.ts";
import type { StandardSchema } from "../../../src/core/schema.ts";
import { callsOf, clientWorld, framesOf, say, type World } from "../../support/client-world.ts";
import { expectNothingUncaught } from "../../support/uncaught.ts";

expectNothingUncaught();

const MARKER = "m4rk3r"; // short, since V8 quotes no more than ten characters of what it cannot parse
const never: StandardSchema = {
  "~standard": { version: 1, vendor: "by hand", validate: () => ({ issues: [{ message: "not what it should be" }] }) },
};

/** A client in the middle of everything: a request is pending, a topic is live, a method has a handler. */
async function busy(): Promise<{ readonly world: World<unknown>; readonly check: () => Promise<void> }> {
  const world = clientWorld({
    maxMessageSize: 1 << 20,
    schemas: { topics: { strict: never }, params: { strict: never }, results: { strict: never } },
  });
  const { client, server, open, go, all } = world;
  const events: unknown[] = [];
  client.handle("add", (params) => (params as number[]).reduce((a, b) => a + b));
  client.handle("strict", () => "never");
  client.subscribe("trades").listen((event) => events.push(event));
  client.subscribe("strict").listen((event) => events.push(event));
  await open();
  await go();
  const [first, second] = callsOf(server.last, "subscribe");
  for (const id of [first?.id, second?.id]) say(server.last, { jsonrpc: "2.0", id, result: true });
  const pending = client.request("pending");
  await go();
  const id = callsOf(server.last, "pending")[0]?.id;
  return {
    world,
    check: async () => {
      const before = all("message").length;
      say(server.last, { jsonrpc: "2.0", id, result: "its own" });
      say(server.last, { jsonrpc: "2.0", method: "event", params: { topic: "trades", data: "an event" } });
      say(server.last, { jsonrpc: "2.0", id: "last", method: "add", params: [1, 2] });
      say(server.last, "a message");
      await go();
      await expect(pending).resolves.toBe("its own");
      expect(events).toEqual(["an event"]);
      expect(framesOf(server.last).at(-1)).toEqual({ jsonrpc: "2.0", id: "last", result: 3 });
      expect(all("message").slice(before)).toEqual(["a message"]);
      expect(client.state.name).toBe("open");
      expect(server.dials).toBe(1);
    },
  };
}

const json = JSON.stringify;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const MALFORMED: readonly (readonly [what: string, frame: Payload, code: string])[] = [
  ["broken JSON", `{"jsonrpc":"2.0","id":1,"result":"${MARKER}`, "BAD_FRAME"],
  ["text that is no JSON", MARKER, "BAD_FRAME"],
  ["an empty message", "", "BAD_FRAME"],
  ["half a surrogate pair", `${MARKER}\ud800`, "BAD_FRAME"],
  ["binary junk", bytes(`\u0000${MARKER}\u00ff`), "BAD_FRAME"],
  ["binary JSON", bytes(json({ jsonrpc: "2.0", id: 1, result: MARKER })), "BAD_FRAME"],
  ["no bytes at all", new Uint8Array(0), "BAD_FRAME"],
  ["a message a megabyte over the limit", json(MARKER.padEnd(2 << 20, "x")), "BAD_FRAME"],
  ["an id that is an object", json({ jsonrpc: "2.0", id: { [MARKER]: 1 }, result: MARKER }), "BAD_FRAME"],
  ["an id that is an array", json({ jsonrpc: "2.0", id: [MARKER], error: { message: MARKER } }), "BAD_FRAME"],
  ["an id that is null", json({ jsonrpc: "2.0", id: null, result: MARKER }), "BAD_FRAME"],
  ["neither a call nor an answer", json({ jsonrpc: "2.0", [MARKER]: MARKER }), "BAD_FRAME"],
  ["a method that is no text", json({ jsonrpc: "2.0", method: { [MARKER]: 1 } }), "BAD_FRAME"],
  ["a call with a broken id", json({ jsonrpc: "2.0", method: MARKER, id: [MARKER] }), "BAD_FRAME"],
  ["a value of no stream", json({ jsonrpc: "2.0", method: "$/next", params: MARKER }), "BAD_FRAME"],
  [
    "a value of a foreign stream",
    json({ jsonrpc: "2.0", method: "$/next", params: { id: MARKER } }),
    "UNEXPECTED_REPLY",
  ],
  ["a cancellation of nothing", json({ jsonrpc: "2.0", method: "$/cancelRequest", params: [MARKER] }), "BAD_FRAME"],
  ["an answer to an unknown number", json({ jsonrpc: "2.0", id: 99, result: MARKER }), "UNEXPECTED_REPLY"],
  ["an answer to an unknown name", json({ jsonrpc: "2.0", id: MARKER, result: MARKER }), "UNEXPECTED_REPLY"],
  ["an answer to the text of a number", json({ jsonrpc: "2.0", id: "3", result: MARKER }), "UNEXPECTED_REPLY"],
  ["an error for an unknown id", json({ jsonrpc: "2.0", id: 99, error: { message: MARKER } }), "UNEXPECTED_REPLY"],
  ["an answer that has been given", json({ jsonrpc: "2.0", id: 1, result: MARKER }), "UNEXPECTED_REPLY"],
  [
    "an error for no request",
    json({ jsonrpc: "2.0", id: null, error: { code: MARKER, message: MARKER } }),
    "BAD_FRAME",
  ],
  ["a batch with junk in it", json([{ jsonrpc: "2.0", id: {}, result: MARKER }]), "BAD_FRAME"],
  [
    "a batch in a batch",
    json([[MARKER], { jsonrpc: "2.0", method: "$/cancelRequest", params: { id: MARKER } }]),
    "BAD_FRAME",
  ],
  ["__proto__ as a key", `{"__proto__":{"polluted":"${MARKER}"},"jsonrpc":"2.0"}`, "BAD_FRAME"],
  ["__proto__ as an id", json({ jsonrpc: "2.0", id: "__proto__", result: { polluted: MARKER } }), "UNEXPECTED_REPLY"],
  ["constructor as an id", json({ jsonrpc: "2.0", id: "constructor", result: MARKER }), "UNEXPECTED_REPLY"],
  [
    "an event that its schema refuses",
    json({ jsonrpc: "2.0", method: "event", params: { topic: "strict", data: MARKER } }),
    "INVALID_DATA",
  ],
  [
    "a notification that its schema refuses",
    json({ jsonrpc: "2.0", method: "strict", params: MARKER }),
    "INVALID_DATA",
  ],
];

describe("a malformed frame", () => {
  it.each(MALFORMED)("(%s) is reported once, disturbs nothing, and is quoted nowhere", async (_what, frame, code) => {
    const { world, check } = await busy();
    const { server, go, codes, heard, client, all } = world;
    const sent = server.last.received.length;
    server.last.send(frame);
    await go();
    expect(codes()).toEqual([code]);
    expect(all("message")).toEqual([]);
    expect(server.last.received).toHaveLength(sent);
    await check();
    expect(codes()).toEqual([code]);
    const traces = heard.flatMap(({ name, event }) => [
      inspect([name, event], { depth: Infinity, showHidden: true, maxStringLength: Infinity }),
      JSON.stringify(event),
    ]);
    traces.push(inspect(client, { depth: Infinity, showHidden: true, maxStringLength: Infinity }));
    expect(traces.filter((trace) => trace.includes(MARKER))).toEqual([]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("of 2 MB costs no decoding at all", async () => {
    let decoded = 0;
    const codec = {
      encode: JSON.stringify,
      decode: (data: unknown): unknown => {
        decoded++;
        return data;
      },
    };
    const { server, open, go, codes } = clientWorld({ codec, dialect: "none", maxMessageSize: 10 });
    await open();
    server.last.send("x".repeat(2 << 20));
    server.last.send(new Uint8Array(11));
    expect(decoded).toBe(0);
    server.last.send("x".repeat(10));
    await go();
    expect(codes()).toEqual(["BAD_FRAME", "BAD_FRAME"]);
    expect(decoded).toBe(1);
  });

  it("may be 16 MiB large and is then decoded, by default, but no larger", async () => {
    const { server, open, go, all, codes } = clientWorld({ dialect: "raw" });
    await open();
    server.last.send(new Uint8Array(1 << 24));
    server.last.send(new Uint8Array((1 << 24) + 1));
    await go();
    expect(all("message")).toHaveLength(1);
    expect(codes()).toEqual(["BAD_FRAME"]);
  });

  it("among good ones hurts no listener: [throws, ok] on [valid, broken, empty, binary, valid]", async () => {
    const { client, server, open, go, codes } = clientWorld({ heartbeat: { interval: 1_000, timeout: 500 } });
    const got: unknown[] = [];
    client.on("message", () => {
      throw new Error("broken listener");
    });
    client.on("message", (message) => got.push(message));
    await open();
    for (const frame of ['"valid"', '"{bad"'.slice(1), "", new Uint8Array([0, 255]), '"valid"'])
      server.last.send(frame);
    await go();
    expect(got).toEqual(["valid", "valid"]);
    expect(codes().filter((code) => code === "BAD_FRAME")).toHaveLength(3);
    expect(codes().filter((code) => code === "LISTENER_FAILED")).toHaveLength(2);
    await go(10_000);
    expect(server.last.pingCount).toBe(10);
    expect(client.state.name).toBe("open");
  });
});

describe("whatever a server sends", () => {
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom("__proto__", "constructor", "then", "event", "add", "trades", "$/next", "$/cancelRequest"),
    fc.integer({ min: -2, max: 5 }),
  );
  const frame = fc.oneof(
    fc.string(),
    fc.uint8Array({ maxLength: 20 }),
    fc.jsonValue().map((junk) => JSON.stringify(junk)),
    fc
      .record(
        {
          id: value,
          method: value,
          params: fc.oneof(value, fc.dictionary(fc.constantFrom("id", "topic", "__proto__"), value)),
          result: value,
          error: value,
        },
        { requiredKeys: [] },
      )
      .map((fields) => JSON.stringify({ jsonrpc: "2.0", ...fields })),
    fc
      .array(fc.record({ jsonrpc: fc.constant("2.0"), id: value, result: value }), { maxLength: 4 })
      .map((batch) => JSON.stringify(batch)),
  );

  it("the client stays open, keeps what it has, and changes no prototype", async () => {
    const prototype = Object.getOwnPropertyNames(Object.prototype);
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { maxLength: 20 }), async (frames) => {
        const { client, server, open, go, codes, close } = clientWorld({ rpc: { maxRunning: 5 } });
        client.handle("add", () => 1);
        client.subscribe("trades").listen(() => undefined);
        await open();
        await go();
        for (const one of frames) server.last.send(one);
        await go();
        expect(client.state.name).toBe("open");
        expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(prototype);
        const known = new Set(["BAD_FRAME", "UNEXPECTED_REPLY", "REMOTE_ERROR"]); // the last: it refused the topic
        expect(codes().filter((code) => !known.has(code))).toEqual([]);
        const request = client.request("later");
        await go();
        say(server.last, { jsonrpc: "2.0", id: callsOf(server.last, "later")[0]?.id, result: "fine" });
        await go();
        await expect(request).resolves.toBe("fine");
        await close();
      }),
      { numRuns: 300 },
    );
  });
});
