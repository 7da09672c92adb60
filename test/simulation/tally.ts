import type { Report } from "./run.ts";

type Counts = Readonly<Record<string, number>>;

/** What many seeds came to. It can be sent from one thread to another. */
export interface Tally {
  readonly seeds: number;
  readonly hours: number;
  readonly steps: number;
  /** By kind. */
  readonly faults: Counts;
  /** What the users did and what became of it, and what else was counted; see `sumUp`. */
  readonly counts: Counts;
  /** The largest share of a herd that dialled within 100 ms, with the default options. */
  readonly herd: number;
  readonly violations: number;
}

export const EMPTY: Tally = { seeds: 0, hours: 0, steps: 0, faults: {}, counts: {}, herd: 0, violations: 0 };

export function tallyOf({ elapsed, steps, faults, counts, herd, violations }: Report): Tally {
  return { seeds: 1, hours: elapsed / 3_600_000, steps, faults, counts, herd, violations: violations.length };
}

export function add(one: Tally, other: Tally): Tally {
  return {
    seeds: one.seeds + other.seeds,
    hours: one.hours + other.hours,
    steps: one.steps + other.steps,
    faults: addCounts(one.faults, other.faults),
    counts: addCounts(one.counts, other.counts),
    herd: Math.max(one.herd, other.herd),
    violations: one.violations + other.violations,
  };
}

/** The one line that says it all. `seconds` are those of the real clock. */
export function sumUp({ seeds, hours, faults, counts, herd, violations }: Tally, seconds: number): string {
  const outcomes = only(counts, "outcome ");
  return [
    `${seeds} seeds`,
    `${hours.toFixed(1)} virtual hours`,
    `${total(faults)} faults (${list(faults)})`,
    `${(counts["frames in"] ?? 0) + total(only(counts, "did "))} messages`,
    `${total(outcomes)} outcomes (${list(outcomes)})`,
    ...(herd > 0 ? [`at most ${(herd * 100).toFixed(1)} % of a herd within 100 ms`] : []),
    `${violations} violations`,
    `${(hours / seconds).toFixed(1)} virtual hours per second`,
  ].join(", ");
}

function addCounts(one: Counts, other: Counts): Counts {
  const sum: Record<string, number> = { ...one };
  for (const [name, count] of Object.entries(other)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

function only(counts: Counts, prefix: string): Counts {
  const chosen = Object.entries(counts).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(chosen.map(([name, count]) => [name.slice(prefix.length), count]));
}

function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** The most frequent first. */
function list(counts: Counts): string {
  const sorted = Object.entries(counts).sort(([, one], [, other]) => other - one);
  return sorted.map(([name, count]) => `${name} ${count}`).join(", ");
}
