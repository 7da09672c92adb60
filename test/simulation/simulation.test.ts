import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "./run.ts";
import { HERD_EVERY, simulate } from "./simulate.ts";
import { add, EMPTY, sumUp, type Tally, tallyOf } from "./tally.ts";

const SEEDS = 2_000;
/** Seeds are run in parts, so that a report names the part in which one failed. */
const PART = 250;

// Many errors are made, and nobody reads where.
const { stackTraceLimit } = Error;
beforeAll(() => {
  Error.stackTraceLimit = 0;
});
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

function explain({ seed, violations, last }: Report): string {
  return [...last, ...violations.map(({ step, message }) => `seed ${seed}, step ${step}: ${message}`)].join("\n");
}

describe(`${SEEDS} seeds of the simulator`, () => {
  let sum: Tally = EMPTY;

  it.each(Array.from({ length: SEEDS / PART }, (_, part) => 1 + part * PART))(
    "have no violation: from seed %i on",
    async (from) => {
      for (let seed = from; seed < from + PART; seed++) {
        const report = await simulate(seed);
        sum = add(sum, tallyOf(report));
        if (report.violations.length > 0) expect.fail(explain(report));
      }
    },
  );

  it("met every fault, every kind of outcome and some herds", () => {
    expect(sum.seeds).toBe(SEEDS);
    expect(sum.herd).toBeGreaterThan(0);
    const rare = Object.entries({ ...sum.faults, ...sum.counts }).filter(([, count]) => count === 0);
    expect(rare).toEqual([]);
    expect(Object.keys(sum.faults).sort()).toEqual([
      ...["bandwidth", "clock jump", "deaf", "drop", "flapping", "frozen", "half-open", "hanging", "hints", "junk"],
      ...["kick", "latency", "mass drop", "mute", "no answer", "offline", "refused", "restart", "rude"],
      ...["sleeping tab", "slow accept", "slow reader", "throttled", "wrong answer", "wrong event"],
    ]);
    for (const outcome of ["written", "resolved", "remote", "TIMEOUT", "OUTCOME_UNKNOWN", "QUEUE_FULL", "CLOSED"]) {
      expect(sum.counts[`outcome ${outcome}`], outcome).toBeGreaterThan(100);
    }
    expect(sumUp(sum, 1)).toMatch(/^2000 seeds, [\d.]+ virtual hours, \d+ faults \(.+\), .+, 0 violations, /);
  });
});

describe("the same seed", () => {
  const traceOf = async (seed: number): Promise<string> => {
    const lines: string[] = [];
    await simulate(seed, { trace: (line) => lines.push(line) });
    return lines.join("\n");
  };

  it.each([1, 2, 3, 42, 4_711, 2 ** 40, HERD_EVERY])("gives the same trace, byte for byte: %i", async (seed) => {
    const first = await traceOf(seed);
    expect(first.length).toBeGreaterThan(100);
    expect(await traceOf(seed)).toBe(first);
  });

  it("gives the same digest, which other seeds do not have", async () => {
    const digests = [1, 1, 2, 3].map(async (seed) => (await simulate(seed)).digest);
    const [first, again, ...others] = await Promise.all(digests);
    expect(again).toBe(first);
    expect(new Set([first, ...others]).size).toBe(3);
  });
});
