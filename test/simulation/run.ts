import type { Random } from "../../src/core/random.ts";
import { fork, pick, seededRandom } from "../../src/testing/seeded-random.ts";
import { Trace } from "./trace.ts";
import { World } from "./world.ts";

/** What must never happen, and did. */
export interface Violation {
  readonly step: number;
  readonly at: number;
  readonly message: string;
}

/** What one seed came to. */
export interface Report {
  readonly seed: number;
  readonly steps: number;
  /** Virtual milliseconds. */
  readonly elapsed: number;
  /** Of the whole trace: the same seed gives the same digest. */
  readonly digest: string;
  /** By kind. */
  readonly faults: Readonly<Record<string, number>>;
  /** What happened how often. */
  readonly counts: Readonly<Record<string, number>>;
  /** The largest share of a herd that dialled within 100 ms. */
  readonly herd: number;
  readonly violations: readonly Violation[];
  /** The last 50 events. */
  readonly last: readonly string[];
}

/** What all parts of one simulation share: time, chance, the trace, and the place where violations are told. */
export class Run {
  readonly seed: number;
  readonly world: World = new World();
  readonly trace: Trace;
  readonly #random: Random;
  readonly #faults = new Map<string, number>();
  readonly #counts = new Map<string, number>();
  readonly #violations: Violation[] = [];
  /** How much time things take in this run: users, events and trouble come about this often. */
  readonly pace: number;
  /** While true, users and faults go on; after that everything is mended. */
  stormy = true;
  herd = 0;

  constructor(seed: number, trace?: (line: string) => void) {
    this.trace = new Trace(trace);
    this.seed = seed;
    this.#random = seededRandom(seed);
    this.pace = pick(this.#random, [1_000, 6_000, 25_000]);
  }

  /** The run has failed, and goes no further. */
  get failed(): boolean {
    return this.#violations.length > 0;
  }

  /** A source of chance of its own for one part, so that parts do not disturb each other. */
  fork(): Random {
    return fork(this.#random);
  }

  log(who: string, what: string, detail: string | number = ""): void {
    if (!this.failed) this.trace.add(this.world.now(), who, what, detail);
  }

  fault(kind: string, who: string, detail: string | number = ""): void {
    this.#faults.set(kind, (this.#faults.get(kind) ?? 0) + 1);
    this.log(who, kind, detail);
  }

  count(name: string, by = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + by);
  }

  /** The first violation ends the run; what follows from it is of no interest. */
  fail(message: string): void {
    if (this.failed) return;
    this.log("!", message);
    this.#violations.push({ step: this.world.steps, at: this.world.now(), message });
  }

  check(holds: boolean, message: () => string): void {
    if (!holds) this.fail(message());
  }

  /** Lets `ms` go by. */
  advance(ms: number): Promise<void> {
    return this.world.run(this.world.now() + ms, () => this.failed);
  }

  report(): Report {
    return {
      seed: this.seed,
      steps: this.world.steps,
      elapsed: this.world.now(),
      digest: this.trace.digest,
      faults: Object.fromEntries(this.#faults),
      herd: this.herd,
      counts: Object.fromEntries(this.#counts),
      violations: this.#violations,
      last: this.trace.last,
    };
  }
}
