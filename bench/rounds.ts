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

/**
 * Rounds of bare, A, bare, B, bare, …: each contestant is compared with the two runs of bare beside it, so that whatever
 * else the machine does meets them alike. The first round warms up and does not count.
 */
export async function compare(
  measure: Measure,
  contestants: readonly Contestant[],
  base: string,
  rounds: number,
  processOf: (name: string) => ClientProcess,
): Promise<Results> {
  const run = (name: string): Promise<Done> => processOf(name).perform({ measure: measure.name, base });
  const runs = new Map<string, { readonly bare: Done; readonly other: Done }[]>();
  const bares: Done[] = [];
  for (let round = 0; round <= rounds; round++) {
    let before = await run(BARE.name);
    for (const { name } of contestants) {
      const other = await run(name);
      const after = await run(BARE.name);
      if (round > 0) {
        const pairs = runs.get(name) ?? [];
        pairs.push({ bare: before, other }, { bare: after, other });
        runs.set(name, pairs);
        bares.push(after);
      }
      before = after;
    }
  }
  const results = new Map([[BARE.name, resultOf(bares.map((bare) => ({ bare, other: bare })))]]);
  for (const [name, pairs] of runs) results.set(name, resultOf(pairs));
  return results;
}

/** The ratio of a run is that of the mean of the two beside it. */
function resultOf(pairs: readonly { readonly bare: Done; readonly other: Done }[]): Result {
  const names = Object.keys(pairs[0]?.other.times ?? {});
  const ratios = names.map((name) => {
    const each: number[] = [];
    for (let at = 0; at + 1 < pairs.length; at += 2) {
      const [before, after] = [pairs[at], pairs[at + 1]].map((pair) => pair?.bare.times[name] ?? NaN);
      each.push(((before ?? NaN) + (after ?? NaN)) / 2 / (pairs[at]?.other.times[name] ?? NaN));
    }
    return [name, spreadOf(each)] as const;
  });
  const others = pairs.map(({ other }) => other);
  return {
    ratios: Object.fromEntries(ratios),
    cpu: medianOf(others.map(({ cpu, messages }) => (1_000 * cpu) / messages)),
    load: medianOf(others.map(({ cpu, wall }) => cpu / wall)),
  };
}
