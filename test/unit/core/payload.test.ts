import fc from "fast-check";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { assertPayload, byteLength, isPayload } from "../../../src/core/payload.ts";

describe("isPayload", () => {
  it.each([
    ["text", "hello"],
    ["empty text", ""],
    ["an ArrayBuffer", new ArrayBuffer(3)],
    ["a Uint8Array", new Uint8Array(3)],
    ["a part of a buffer", new Uint16Array(new ArrayBuffer(8), 2, 2)],
    ["a DataView", new DataView(new ArrayBuffer(3))],
    ["a Buffer", Buffer.from("hello")],
    ["bytes of another realm", runInNewContext("new Uint8Array(3)") as unknown],
    ["a buffer of another realm", runInNewContext("new ArrayBuffer(3)") as unknown],
  ])("takes %s", (_, value) => {
    expect(isPayload(value)).toBe(true);
  });

  it.each([
    ["undefined", undefined],
    ["null", null],
    ["a number", 1],
    ["an object", { byteLength: 3 }],
    ["an array of bytes", [1, 2, 3]],
    ["a Blob, whose bytes come too late to keep order", new Blob(["hello"])],
    ["shared memory, which may change while it is sent", new SharedArrayBuffer(3)],
    ["a view of shared memory, which browsers refuse", new Uint8Array(new SharedArrayBuffer(3))],
    ["a DataView of shared memory", new DataView(new SharedArrayBuffer(3))],
    ["a String object", Object("hello") as unknown],
  ])("refuses %s", (_, value) => {
    expect(isPayload(value)).toBe(false);
  });
});

describe("assertPayload", () => {
  it("throws a TypeError that says what can be sent, and does not quote what cannot", () => {
    expect(() => {
      assertPayload("text");
    }).not.toThrow();
    expect(() => {
      assertPayload({ secret: 5 });
    }).toThrow(new TypeError('Option "data" takes a string, an ArrayBuffer or a view of one'));
  });
});

describe("byteLength", () => {
  const encoder = new TextEncoder();

  it.each([
    ["nothing", "", 0],
    ["ASCII", "hello", 5],
    ["the last of one byte", "\u007f", 1],
    ["the first of two bytes", "\u0080", 2],
    ["the last of two bytes", "\u07ff", 2],
    ["the first of three bytes", "\u0800", 3],
    ["the last before the surrogates", "\ud7ff", 3],
    ["the first after the surrogates", "\ue000", 3],
    ["the last of three bytes", "\uffff", 3],
    ["the first of four bytes", "\u{10000}", 4],
    ["an emoji among letters", "a😀b", 6],
    ["half a pair, which is sent as U+FFFD", "a\ud83d", 4],
    ["the other half alone", "\ude00a", 4],
    ["two first halves and one second", "\ud83d\ud83d\ude00", 7],
  ])("counts %s", (_, text, bytes) => {
    expect(byteLength(text)).toBe(bytes);
    expect(encoder.encode(text).length).toBe(bytes);
  });

  it("agrees with TextEncoder on any text, broken pairs included", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
    );
    fc.assert(
      fc.property(text, (value) => byteLength(value) === encoder.encode(value).length),
      { numRuns: 1_000 },
    );
  });

  it("counts the bytes of a view, not of the buffer below it", () => {
    expect(byteLength(new ArrayBuffer(8))).toBe(8);
    expect(byteLength(new Uint16Array(new ArrayBuffer(8), 2, 2))).toBe(4);
    expect(byteLength(new DataView(new ArrayBuffer(8), 5))).toBe(3);
  });
});
