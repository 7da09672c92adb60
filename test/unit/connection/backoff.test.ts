import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backoffDelay, type BackoffOptions, backoffScale } from "../../../src/connection/backoff.ts";
import { MAX_DELAY } from "../../../src/core/clock.ts";
import { ConnectionError } from "../../../src/core/errors.ts";
import { seededRandom } from "../../../src/testing/seeded-random.ts";

/** The largest number below 1. */
const ALMOST_ONE = 1 - Number.EPSILON / 2;

/** The shortest and the longest wait that randomness can give. */
function range(options: BackoffOptions, attempt: number, scale = 1): [number, number] {
  return [backoffDelay(options, attempt, scale, () => 0), backoffDelay(options, attempt, scale, () => ALMOST_ONE)].map(
    Math.round,
  ) as [number, number]; // of two come two
}

describe("the wait before the next attempt", () => {
  it.each([
    [0, 300, 3_000],
    [1, 300, 3_000],
    [2, 6_000, 12_000],
    [3, 12_000, 24_000],
    [4, 15_000, 30_000],
    [5, 15_000, 30_000],
    [10_000, 15_000, 30_000],
  ])("after %d failures lies between %d and %d ms by default", (attempt, shortest, longest) => {
    expect(range({}, attempt)).toEqual([shortest, longest]);
  });

  it("of the first kind is spread over 2.7 s, so that at most 4 % of a herd dial in any 100 ms", () => {
    const [shortest, longest] = range({}, 0);
    expect(longest - shortest).toBeGreaterThanOrEqual(2_700);
    expect(longest).toBeLessThanOrEqual(3_000);
  });

  it("keeps its jitter at the cap: two clients that failed for an hour do not meet", () => {
    const random = seededRandom(1);
    const delays = Array.from({ length: 1_000 }, () => backoffDelay({}, 500, 1, random));
    expect(new Set(delays).size).toBe(1_000);
    expect(Math.min(...delays)).toBeLessThan(16_000);
    expect(Math.max(...delays)).toBeGreaterThan(29_000);
  });

  it("saturates: it is finite, never below min and never above max, for every attempt from 0 to 10 000", () => {
    const random = seededRandom(2);
    let ceiling = 0;
    for (let attempt = 0; attempt <= 10_000; attempt++) {
      const delay = backoffDelay({}, attempt, 1, random);
      expect(delay).toBeGreaterThanOrEqual(300);
      expect(delay).toBeLessThanOrEqual(30_000);
      const longest = backoffDelay({}, attempt, 1, () => ALMOST_ONE);
      expect(longest).toBeGreaterThanOrEqual(ceiling);
      ceiling = longest;
    }
  });

  it.each<[string, BackoffOptions, number, number, number]>([
    ["without a cap grows to what a timer can hold", { max: Infinity }, 10_000, MAX_DELAY / 2, MAX_DELAY],
    ["with an infinite factor jumps to the cap", { factor: Infinity }, 2, 15_000, 30_000],
    ["with an infinite factor begins as ever", { factor: Infinity }, 0, 300, 3_000],
    [
      "with an infinite factor and no cap is still a delay",
      { factor: Infinity, max: Infinity },
      7,
      MAX_DELAY / 2,
      MAX_DELAY,
    ],
    ["with an infinite minimum is the longest there is", { min: Infinity }, 0, MAX_DELAY, MAX_DELAY],
    [
      "with an infinite minimum and no cap is the longest there is",
      { min: Infinity, max: Infinity },
      3,
      MAX_DELAY,
      MAX_DELAY,
    ],
    ["with a base of 0 and an infinite factor is the minimum", { base: 0, factor: Infinity }, 3, 300, 300],
    ["with a factor of 0 falls to the minimum", { factor: 0 }, 4, 300, 300],
    ["with a factor of 1 stays", { factor: 1 }, 9, 1_500, 3_000],
    ["with a maximum below the minimum is the minimum", { min: 500, max: 100 }, 3, 500, 500],
    ["with an infinite base is at the cap at once", { base: Infinity }, 0, 300, 30_000],
  ])("%s", (_, options, attempt, shortest, longest) => {
    expect(range(options, attempt)).toEqual([Math.round(shortest), Math.round(longest)]);
  });

  it("is at least min, finite and a timer's delay for whatever numbers the options hold", () => {
    const number = fc.oneof(fc.double({ min: 0, noNaN: true }), fc.constantFrom(0, 1, 300, 1e9, Infinity));
    const options = fc.record({ min: number, base: number, factor: number, max: number }, { requiredKeys: [] });
    fc.assert(
      fc.property(
        options,
        fc.nat(10_000),
        fc.constantFrom(1 / 3, 2 / 3, 1, 2, 4),
        fc.double({ min: 0, max: ALMOST_ONE, noNaN: true }),
        (backoff, attempt, scale, drawn) => {
          const delay = backoffDelay(backoff, attempt, scale, () => drawn);
          return delay >= Math.min(backoff.min ?? 300, MAX_DELAY) && delay <= MAX_DELAY;
        },
      ),
      { numRuns: 5_000 },
    );
  });
});

describe("the cause", () => {
  it.each([
    [new ConnectionError("CONNECTION_LOST", "", { closeCode: 1006 }), 1],
    [new ConnectionError("CONNECTION_LOST", "", { closeCode: 1000 }), 1],
    [new ConnectionError("DIAL_FAILED", ""), 1],
    [new ConnectionError("CONNECTION_LOST", "", { closeCode: 1012 }), 2],
    [new ConnectionError("CONNECTION_LOST", "", { closeCode: 1013 }), 2],
    [new ConnectionError("DIAL_FAILED", "", { httpStatus: 429 }), 2],
    [new ConnectionError("DIAL_FAILED", "", { httpStatus: 503 }), 2],
    [new ConnectionError("DIAL_FAILED", "", { httpStatus: 500 }), 1],
    [new ConnectionError("HEARTBEAT_TIMEOUT", ""), 1 / 3],
    [new ConnectionError("SUSPENDED", ""), 1 / 3],
    [new ConnectionError("DROPPED", ""), 1],
  ])("%o scales the wait by %d", (cause, scale) => {
    expect(backoffScale(cause)).toBe(scale);
  });

  it("of a busy server doubles the first wait, and one of this link alone makes it a third", () => {
    expect(range({}, 0, 2)).toEqual([300, 6_000]);
    expect(range({}, 0, 1 / 3)).toEqual([300, 1_000]);
    expect(range({}, 9, 2)).toEqual([15_000, 30_000]);
  });
});
