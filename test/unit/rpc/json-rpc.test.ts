import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonRpc } from "../../../src/rpc/json-rpc.ts";

/** Names that every object has, or that would change one. */
const nasty = fc.constantFrom("__proto__", "constructor", "toString", "hasOwnProperty", "prototype", "valueOf", "then");
const text = fc.oneof(nasty, fc.string(), fc.constantFrom("event", "$/next", "$/cancelRequest", "ping"));
const scalar = fc.oneof(text, fc.integer(), fc.double(), fc.boolean(), fc.constant(null));
const fields = fc.constantFrom(
  "jsonrpc",
  "id",
  "method",
  "params",
  "result",
  "error",
  "topic",
  "data",
  "value",
  "code",
);

/** JSON text with repeated and nasty keys, such as no encoder writes. */
const jsonText: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar.map((value) => (value === null || !Object.is(value, NaN) ? JSON.stringify(value) : "null")),
    fc.array(tie("value"), { maxLength: 4 }).map((values) => `[${values.join(",")}]`),
    fc
      .array(fc.tuple(fc.oneof(fields, nasty, fc.string()), tie("value")), { maxLength: 6 })
      .map((pairs) => `{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(",")}}`),
    fc
      .array(fc.tuple(fc.oneof(fields, nasty), tie("value")), { maxLength: 6 })
      .map(
        (pairs) => `{"jsonrpc":"2.0",${pairs.map(([key, value]) => `${JSON.stringify(key)}:${value},`).join("")}"x":0}`,
      ),
  ),
})).value;

describe("reading a frame of JSON-RPC", () => {
  it("never throws, answers what the types say, and changes no prototype, whatever the JSON", () => {
    const prototype = Object.getOwnPropertyNames(Object.prototype).sort();
    fc.assert(
      fc.property(jsonText, (json) => {
        const inbound = jsonRpc.read(JSON.parse(json));
        switch (inbound.type) {
          case "result":
          case "item":
          case "cancel":
          case "request":
            expect(["string", "number"]).toContain(typeof inbound.id);
            break;
          case "failure":
            expect(["string", "number", "undefined"]).toContain(typeof inbound.id);
            expect(["string", "number"]).toContain(typeof inbound.error.code);
            expect(typeof inbound.error.message).toBe("string");
            break;
          case "notification":
            expect(typeof inbound.method).toBe("string");
            break;
          case "event":
            expect(typeof inbound.topic).toBe("string");
            break;
          case "batch":
            expect(inbound.frames.length).toBeGreaterThan(0);
            break;
          case "invalid":
            expect(json).not.toContain(JSON.stringify(inbound.reason));
            break;
          case "other":
            break;
          default:
            inbound satisfies never;
        }
        if (inbound.type === "request") expect(typeof inbound.method).toBe("string");
        expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(prototype);
        expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
      }),
      { numRuns: 5_000 },
    );
  });

  it("never throws for values that are no JSON either: a codec may decode to them", () => {
    for (const value of [undefined, Symbol("s"), 1n, () => 1, new Date(0), new Map(), new ArrayBuffer(3), NaN, -0]) {
      expect(jsonRpc.read(value)).toEqual({ type: "other" });
    }
  });

  it.each([
    [
      { jsonrpc: "2.0", id: 1, result: null },
      { type: "result", id: 1, value: null },
    ],
    [
      { jsonrpc: "2.0", id: "a", result: 1, error: null },
      { type: "result", id: "a", value: 1 },
    ],
    [
      { jsonrpc: "2.0", id: 1 },
      { type: "result", id: 1, value: undefined },
    ],
    [
      { jsonrpc: "2.0", id: null, error: { code: -32700, message: "Parse error" } },
      { type: "failure", id: undefined, error: { code: -32700, message: "Parse error", data: undefined } },
    ],
    [
      { jsonrpc: "2.0", error: { code: -32700, message: "Parse error" } },
      { type: "failure", id: undefined, error: { code: -32700, message: "Parse error", data: undefined } },
    ],
    [
      { jsonrpc: "2.0", id: 1, error: { code: "E_CODE", message: "no", data: [1] } },
      { type: "failure", id: 1, error: { code: "E_CODE", message: "no", data: [1] } },
    ],
    [
      { jsonrpc: "2.0", id: 1, method: "m", params: [1] },
      { type: "request", id: 1, method: "m", params: [1] },
    ],
    [
      { jsonrpc: "2.0", method: "m" },
      { type: "notification", method: "m", params: undefined },
    ],
    [
      { jsonrpc: "2.0", method: "event", params: { topic: "t", data: 1 } },
      { type: "event", topic: "t", data: 1 },
    ],
    [
      { jsonrpc: "2.0", method: "event", params: { topic: 5 } },
      { type: "notification", method: "event", params: { topic: 5 } },
    ],
    [
      { jsonrpc: "2.0", id: 1, method: "event", params: {} },
      { type: "request", id: 1, method: "event", params: {} },
    ],
    [
      { jsonrpc: "2.0", method: "$/next", params: { id: 1, value: 2 } },
      { type: "item", id: 1, value: 2 },
    ],
    [
      { jsonrpc: "2.0", method: "$/cancelRequest", params: { id: "a" } },
      { type: "cancel", id: "a" },
    ],
    [{ jsonrpc: "1.0", id: 1, result: 1 }, { type: "other" }],
    [{ id: 1, result: 1 }, { type: "other" }],
    ["text", { type: "other" }],
    [null, { type: "other" }],
  ])("takes %j for what it is", (frame, inbound) => {
    expect(jsonRpc.read(frame)).toEqual(inbound);
  });

  it.each([
    { jsonrpc: "2.0" },
    { jsonrpc: "2.0", id: {}, result: 1 },
    { jsonrpc: "2.0", id: null, result: 1 },
    { jsonrpc: "2.0", id: [], error: {} },
    { jsonrpc: "2.0", method: 5 },
    { jsonrpc: "2.0", method: null, id: 1 },
    { jsonrpc: "2.0", method: "m", id: null },
    { jsonrpc: "2.0", method: "m", id: true },
    { jsonrpc: "2.0", method: "$/next" },
    { jsonrpc: "2.0", method: "$/next", params: [1] },
    { jsonrpc: "2.0", method: "$/cancelRequest", params: { id: null } },
  ])("calls %j broken", (frame) => {
    expect(jsonRpc.read(frame)).toMatchObject({ type: "invalid" });
  });
});

describe("writing a frame of JSON-RPC", () => {
  it("is understood by the other side, which reads the same dialect", () => {
    const json = (frame: unknown): unknown => JSON.parse(JSON.stringify(frame));
    fc.assert(
      fc.property(fc.oneof(fc.integer(), fc.string()), text, fc.jsonValue(), (id, method, value) => {
        const reserved = ["event", "$/next", "$/cancelRequest"].includes(method);
        const plain = json(value);
        expect(jsonRpc.read(json(jsonRpc.request(id, method, value)))).toEqual({
          type: "request",
          id,
          method,
          params: plain,
        });
        expect(jsonRpc.read(json(jsonRpc.result(id, value)))).toEqual({ type: "result", id, value: plain });
        expect(jsonRpc.read(json(jsonRpc.item?.(id, value)))).toEqual({ type: "item", id, value: plain });
        expect(jsonRpc.read(json(jsonRpc.cancel?.(id)))).toEqual({ type: "cancel", id });
        const error = { code: 1, message: method, data: value };
        expect(jsonRpc.read(json(jsonRpc.failure(id, error)))).toEqual({
          type: "failure",
          id,
          error: { ...error, data: plain },
        });
        if (reserved) return;
        expect(jsonRpc.read(json(jsonRpc.notification(method, value)))).toEqual({
          type: "notification",
          method,
          params: plain,
        });
      }),
    );
  });

  it("puts the topic into the params of a subscription, and lets none of them take its place", () => {
    expect(jsonRpc.subscribe?.("t", undefined)).toEqual({ method: "subscribe", params: { topic: "t" } });
    expect(jsonRpc.subscribe?.("t", { since: 3, topic: "x" })).toEqual({
      method: "subscribe",
      params: { since: 3, topic: "t" },
    });
    expect(jsonRpc.unsubscribe?.("t", [1])).toEqual({ method: "unsubscribe", params: { topic: "t" } });
  });
});
