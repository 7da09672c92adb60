import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonCodec, rawCodec } from "../../../src/codec/codec.ts";

describe("the JSON codec", () => {
  it("gives back what JSON can carry", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = jsonCodec.encode(value);
        expect(text).toBe(JSON.stringify(value));
        expect(jsonCodec.decode(text as string)).toEqual(JSON.parse(text as string)); // text: it encodes to nothing else
      }),
    );
  });

  it.each([
    ["undefined", undefined],
    ["a function", () => 1],
    ["a symbol", Symbol("s")],
    ["a BigInt", 1n],
  ])("refuses %s instead of sending something else", (_what, value) => {
    expect(() => jsonCodec.encode(value)).toThrow(TypeError);
  });

  it("refuses a cycle", () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(() => jsonCodec.encode(cycle)).toThrow(TypeError);
  });

  it("refuses bytes, and text that is no JSON", () => {
    expect(() => jsonCodec.decode(new ArrayBuffer(2))).toThrow(TypeError);
    for (const text of ["", "{", "undefined", "'a'", "[1,]"]) expect(() => jsonCodec.decode(text)).toThrow(SyntaxError);
  });

  it("makes __proto__ an ordinary key", () => {
    const value = jsonCodec.decode('{"__proto__":{"polluted":true}}');
    expect(Object.keys(value as object)).toEqual(["__proto__"]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

describe("the raw codec", () => {
  it("passes text and bytes through as they are, the very same object", () => {
    const bytes = new Uint8Array([1, 2, 3]);
    for (const data of ["text", "", bytes, bytes.buffer, new DataView(bytes.buffer, 1)]) {
      expect(rawCodec.encode(data)).toBe(data);
    }
    expect(rawCodec.decode("text")).toBe("text");
    expect(rawCodec.decode(bytes.buffer)).toBe(bytes.buffer);
  });

  it.each([[undefined], [null], [5], [{}], [["text"]], [new Blob(["late bytes"])], [new SharedArrayBuffer(1)]])(
    "refuses %s",
    (value) => {
      expect(() => rawCodec.encode(value)).toThrow(TypeError);
    },
  );
});
