import { afterEach, expect, it, vi } from "vitest";
import { systemRandom } from "../../../src/core/random.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

it("is the platform's own randomness, looked up at each call", () => {
  vi.spyOn(Math, "random").mockReturnValueOnce(0.25).mockReturnValueOnce(0.75);
  expect([systemRandom(), systemRandom()]).toEqual([0.25, 0.75]);
});

it("stays within [0, 1) and does not repeat itself", () => {
  const drawn = Array.from({ length: 1_000 }, systemRandom);
  expect(drawn.every((value) => value >= 0 && value < 1)).toBe(true);
  expect(new Set(drawn).size).toBeGreaterThan(990);
});
