import type { Done, Task } from "./client.ts";
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
interface Pair {
  readonly bare: ClientProcess;
  readonly other: ClientProcess;
}

interface Runs {
  readonly bare: Done;
  readonly other: Done;
}

/** Rounds that warm up, and do not count. */
const WARM = 2;
/** The processor was as fast for both of a pair if a fixed work took as long within this factor, before and after. */
const STEADY = 1.15;
/** So often a pair is tried again. A machine that is never steady is measured all the same. */
const TRIES = 3;

/**
 * Rounds of pairs: A and its bare, B and its bare, …, and the next round the other way about. Each contestant has a bare
 * of its own, which has run as often as it has: code that has run more often is faster code, and a bare that ran beside
 * each contestant would be compared with a head start. Each measure has processes of its own.
 */
export async function compare(
  measure: Measure,
  contestants: readonly Contestant[],
  base: string,
  rounds: number,
  start: (name: string) => ClientProcess,
): Promise<Results> {
  const task = { measure: measure.name, base };
  using stack = new DisposableStack();
  const each = contestants.map(({ name }) => {
    const pair = { bare: stack.use(start(BARE.name)), other: stack.use(start(name)) };
    return { name, pair, runs: [] as Runs[] };
  });
  for (let round = 0; round < WARM + rounds; round++) {
    for (const { pair, runs } of each) {
      const found = await steady(pair, round % 2 === 0, task);
      if (round >= WARM) runs.push(found);
    }
  }
  const bares = each.flatMap(({ runs }) => runs).map(({ bare }) => ({ bare, other: bare }));
  return new Map([[BARE.name, resultOf(bares)], ...each.map(({ name, runs }) => [name, resultOf(runs)] as const)]);
}

/** Runs a pair, again if the processor was not as fast for both. */
async function steady({ bare, other }: Pair, bareFirst: boolean, task: Task): Promise<Runs> {
  for (let tries = 1; ; tries++) {
    const first = await (bareFirst ? bare : other).perform(task);
    const second = await (bareFirst ? other : bare).perform(task);
    const runs = bareFirst ? { bare: first, other: second } : { bare: second, other: first };
    if (isSteady(runs) || tries === TRIES) return runs;
  }
}

/** Others on the same machine make a processor slower by half for seconds. */
function isSteady({ bare, other }: Runs): boolean {
  return bare.speed.every((ms, at) => {
    const factor = ms / (other.speed[at] ?? NaN);
    return factor < STEADY && factor > 1 / STEADY;
  });
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
