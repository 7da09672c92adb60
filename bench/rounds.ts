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

interface Runs {
  readonly bare: Done;
  readonly other: Done;
}

/** The processor was as fast for both of a pair if a fixed work took as long within this factor, before and after. */
const STEADY = 1.15;
/** So often a pair is tried again. A machine that is never steady is measured all the same. */
const TRIES = 3;

/**
 * Rounds of pairs: A and its bare, B and its bare, …, and the next round the other way about. Each pair is two fresh
 * processes: what the compiler and the heap make of a process stays with it, and differs by a few percent from one to the
 * next. A bare of its own for each: one that ran beside each contestant would have run more often, and be faster code.
 */
export async function compare(
  measure: Measure,
  contestants: readonly Contestant[],
  base: string,
  rounds: number,
  start: (name: string) => ClientProcess,
): Promise<Results> {
  const task = { measure: measure.name, base };
  const runs = new Map<string, Runs[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, all] of runs) all.push(await pair(start, name, round % 2 === 0, task));
  }
  const bares = [...runs.values()].flat().map(({ bare }) => ({ bare, other: bare }));
  return new Map([[BARE.name, resultOf(bares)], ...[...runs].map(([name, all]) => [name, resultOf(all)] as const)]);
}

async function pair(
  start: (name: string) => ClientProcess,
  name: string,
  bareFirst: boolean,
  task: Task,
): Promise<Runs> {
  using bare = start(BARE.name);
  using other = start(name);
  for (let tries = 1; ; tries++) {
    const first = await (bareFirst ? bare : other).perform(task);
    const second = await (bareFirst ? other : bare).perform(task);
    const runs = bareFirst ? { bare: first, other: second } : { bare: second, other: first };
    if (isSteady(runs) || tries === TRIES) return runs;
  }
}

/** Others on the same machine make a processor slower by half for seconds: a pair that saw such a change is done again. */
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
