import { describe, expect, it } from "vitest";
import { HoldfastError } from "../../../src/core/errors.ts";
import { type StandardResult, type StandardSchema, validate } from "../../../src/core/schema.ts";

function schemaThat(
  answer: (value: unknown) => StandardResult<unknown> | Promise<StandardResult<unknown>>,
): StandardSchema {
  return { "~standard": { version: 1, vendor: "test", validate: answer } };
}

function errorOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

describe("validate", () => {
  it("answers the value itself without a schema", () => {
    const value = { any: "thing" };
    expect(validate(undefined, value, "a message")).toBe(value);
  });

  it("answers what the schema makes of the value", () => {
    const schema = schemaThat((value) => ({ value: Number(value) }));
    expect(validate(schema, "42", "a message")).toBe(42);
  });

  it("answers undefined and other falsy values of a schema as they are", () => {
    expect(
      validate(
        schemaThat(() => ({ value: undefined })),
        "x",
        "a message",
      ),
    ).toBeUndefined();
  });

  it("refuses with every word of the schema, with the name of the thing, and without the data", () => {
    const schema = schemaThat(() => ({ issues: [{ message: "too short" }, { message: "no digit" }] }));
    const error = errorOf(() => validate(schema, "SECRET", 'the topic "trades"'));
    expect(error).toBeInstanceOf(HoldfastError);
    expect(error).toMatchObject({ code: "INVALID_DATA" });
    expect(String(error)).toContain("too short; no digit");
    expect(String(error)).toContain('the topic "trades"');
    expect(String(error)).not.toContain("SECRET");
  });

  it.each([
    ["a promise", () => Promise.resolve({ value: 1 })],
    ["a promise that fails later, which nobody hears of", () => Promise.reject(new Error("later"))],
    // The cast: a promise library's thenable is no Promise for TypeScript, and one at run time.
    ["a promise of another library", () => ({ then: () => undefined }) as unknown as Promise<StandardResult<unknown>>],
  ])("refuses a schema that answers with %s: inbound data is not reordered", async (_, answer) => {
    const error = errorOf(() => validate(schemaThat(answer), 1, "a message"));
    expect(error).toMatchObject({ code: "INVALID_DATA" });
    expect(String(error)).toContain("synchronous");
    await Promise.resolve();
  });

  it("lets a schema's own exception through", () => {
    const schema = schemaThat(() => {
      throw new RangeError("broken schema");
    });
    expect(() => validate(schema, 1, "a message")).toThrow(RangeError);
  });
});
