import { afterAll, afterEach, beforeAll, expect } from "vitest";

/** Fails the test after which an unhandled rejection or an uncaught error has come up, whoever made it. */
export function expectNothingUncaught(): void {
  const seen: unknown[] = [];
  const note = (error: unknown): void => {
    seen.push(error);
  };
  beforeAll(() => {
    process.on("unhandledRejection", note);
    process.on("uncaughtException", note);
  });
  afterEach(() => {
    expect(seen.splice(0)).toEqual([]);
  });
  afterAll(() => {
    process.off("unhandledRejection", note);
    process.off("uncaughtException", note);
  });
}
