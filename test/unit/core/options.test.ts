import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { badOption, checkOptions } from "../../../src/core/options.ts";

const SPEC = {
  url: "string or function",
  timeout: "number",
  headers: "object or function",
  names: "array",
  anything: "anything",
  overflow: '"reject" or "drop-oldest"',
  idempotent: "boolean",
};

function complaint(options: unknown, prefix?: string): string | undefined {
  try {
    checkOptions(options, SPEC, prefix);
    return undefined;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return error.message;
  }
}

describe("checkOptions", () => {
  it.each([
    [{}],
    [{ url: "ws://x", timeout: 0, headers: {}, overflow: "drop-oldest", idempotent: false }],
    [{ url: () => "ws://x", timeout: Infinity }],
    [{ url: undefined, timeout: undefined }],
    [{ url: "-1" }],
    [{ headers: Object.create(null) as object }],
    [{ names: [-1], anything: null }],
    [Object.create(null) as object],
  ])("takes %o", (options) => {
    expect(complaint(options)).toBeUndefined();
  });

  it.each([
    [{ url: 5 }, 'Option "url" takes string or function'],
    [{ url: null }, 'Option "url" takes string or function'],
    [{ url: Symbol("x") }, 'Option "url" takes string or function'],
    [{ timeout: "5" }, 'Option "timeout" takes number'],
    [{ timeout: -1 }, 'Option "timeout" takes number'],
    [{ timeout: NaN }, 'Option "timeout" takes number'],
    [{ timeout: 5n }, 'Option "timeout" takes number'],
    [{ timeout: null }, 'Option "timeout" takes number'],
    [{ headers: null }, 'Option "headers" takes object or function'],
    [{ headers: [-1] }, 'Option "headers" takes object or function'],
    [{ names: { 0: "a" } }, 'Option "names" takes array'],
    [{ headers: "a: b" }, 'Option "headers" takes object or function'],
    [{ overflow: "drop" }, 'Option "overflow" takes "reject" or "drop-oldest"'],
    [{ overflow: "string" }, 'Option "overflow" takes "reject" or "drop-oldest"'],
    [{ overflow: "" }, 'Option "overflow" takes "reject" or "drop-oldest"'],
    [{ overflow: true }, 'Option "overflow" takes "reject" or "drop-oldest"'],
    [{ idempotent: "yes" }, 'Option "idempotent" takes boolean'],
    [{ Timeout: 5 }, 'Option "Timeout" takes nothing: there is no such option'],
    [{ toString: 5 }, 'Option "toString" takes nothing: there is no such option'],
    [JSON.parse('{"__proto__": 5}'), 'Option "__proto__" takes nothing: there is no such option'],
  ])("refuses %o", (options, message) => {
    expect(complaint(options)).toBe(message);
  });

  it.each([undefined, null, 5, "options", () => undefined])("refuses %o in the place of the options", (options) => {
    expect(complaint(options)).toBe('Option "options" takes an object');
    expect(complaint(options, "backoff")).toBe('Option "backoff" takes an object');
  });

  it("names an option of a part with the part's name", () => {
    expect(complaint({ timeout: -1 }, "heartbeat")).toBe('Option "heartbeat.timeout" takes number');
  });

  it("names the first option that is wrong, whatever comes, and never quotes a value", () => {
    const value = fc.oneof(fc.anything(), fc.constant("SECRET-5f1d"));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(SPEC), "other"), value), (options) => {
        const message = complaint(options);
        if (message === undefined) return;
        expect(message).toMatch(/^Option "(url|timeout|headers|names|overflow|idempotent|other)" takes /);
        expect(message).not.toContain("SECRET");
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("badOption", () => {
  it("says what the option takes, if that can be said", () => {
    expect(badOption("url", "a string").message).toBe('Option "url" takes a string');
    expect(badOption("url").message).toBe('Option "url" takes ');
  });
});
