import { describe, expect, it } from "vitest";
import { assertCloseCode, truncateReason } from "../../../src/transport/close-codes.ts";

describe("a close code", () => {
  it.each([1000, 3000, 4999])("may be %d", (code) => {
    expect(() => {
      assertCloseCode(code);
    }).not.toThrow();
  });

  it.each([0, 999, 1001, 1005, 1006, 2999, 5000, 3000.5, NaN])("may not be %d", (code) => {
    expect(() => {
      assertCloseCode(code);
    }).toThrow(TypeError);
  });
});

describe("a close reason", () => {
  it.each([
    ["that is short", "bye", "bye"],
    ["of 123 bytes", "x".repeat(123), "x".repeat(123)],
    ["that is too long", "x".repeat(124), "x".repeat(123)],
    ["with characters of two bytes", "\u00e9".repeat(70), "\u00e9".repeat(61)],
    ["with characters of three bytes", "\u20ac".repeat(50), "\u20ac".repeat(41)],
    ["with characters of four bytes, which are never cut in half", "\u{1f600}".repeat(40), "\u{1f600}".repeat(30)],
  ])("%s fits into a close frame", (_name, reason, expected) => {
    expect(truncateReason(reason)).toBe(expected);
    expect(new TextEncoder().encode(truncateReason(reason)).length).toBeLessThanOrEqual(123);
  });
});
