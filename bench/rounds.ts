import type { Done } from "./client.ts";
import { BARE } from "./contestants/all.ts";
import type { Contestant } from "./contestants/contestant.ts";
import type { Measure } from "./measures.ts";
import type { ClientProcess } from "./processes.ts";
import { medianOf, type Spread, spreadOf } from "./statistics.ts";

/** What one contestant showed in one measure. */
export interface Result {
  /** Bare `ws`'s time divided by this one's, by what was timed: 1.10 is 10 % faster than bare. */
  readonly ratios: Readonly<Record<string, Spread>>;
  /** Processor time of the client for one message, in µs. */
  readonly cpu: number;
  /** Processor time of the client by wall time: near 1 the client was the bottleneck. */
  readonly load: number;
}

/** Results by contestant. */
export type Results = ReadonlyMap<string, Result>;

/** The two processes of a pair. */
export interface Pair {
  readonly bare: ClientProcess;
  readonly other: ClientProcess;
}

interface Runs {
  readonly bare: Done;
  readonly other: Done;
}

/** Rounds that warm up, and do not count. */
const WARM = 3;

/**
 * Rounds of pairs: A and its bare, B and its bare, …, and the next round the other way about. Each contestant has a bare
 * of its own, which has run as often as it has: code that has run more often is faster code, and a bare that ran beside
 * each contestant would be compared with a head start.
 */
export async function compare(
  measure: Measure,
  contestants: readonly Contestant[],
  base: string,
  rounds: number,
  pairOf: (name: string) => Pair,
): Promise<Results> {
  const task = { measure: measure.name, base };
  const runs = new Map<string, Runs[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < WARM + rounds; round++) {
    for (const [name, all] of runs) {
      const { bare, other } = pairOf(name);
      const first = await (round % 2 === 0 ? bare : other).perform(task);
      const second = await (round % 2 === 0 ? other : bare).perform(task);
      if (round >= WARM) all.push(round % 2 === 0 ? { bare: first, other: second } : { bare: second, other: first });
    }
  }
  const bares = [...runs.values()].flat().map(({ bare }) => ({ bare, other: bare }));
  return new Map([[BARE.name, resultOf(bares)], ...[...runs].map(([name, all]) => [name, resultOf(all)] as const)]);
}

function resultOf(runs: readonly Runs[]): Result {
  const names = Object.keys(runs[0]?.other.times ?? {});
  const ratios = names.map((name) => {
    const each = runs.map(({ bare, other }) => (bare.times[name] ?? NaN) / (other.times[name] ?? NaN));
    return [name, spreadOf(each)] as const;
  });
  const others = runs.map(({ other }) => other);
  return {
    ratios: Object.fromEntries(ratios),
    cpu: medianOf(others.map(({ cpu, messages }) => (1_000 * cpu) / messages)),
    load: medianOf(others.map(({ cpu, wall }) => cpu / wall)),
  };
}
