import type { Random } from "../../src/core/random.ts";
import { chance, integer, pick } from "../../src/testing/seeded-random.ts";
import type { Run } from "./run.ts";

/** Begins a fault. Returns what ends it, if it lasts. */
export type Fault = () => (() => void) | undefined;

/** Makes trouble of several kinds, one after another. */
export class Troublemaker {
  readonly #run: Run;
  readonly #who: string;
  readonly #random: Random;
  readonly #kinds: readonly (readonly [kind: string, fault: Fault])[];
  readonly #spacing: number;
  #end: (() => void) | undefined;

  /** Of `faults` some are chosen: what never happens together with what is as telling as what does. */
  constructor(run: Run, who: string, faults: Readonly<Record<string, Fault>>) {
    this.#run = run;
    this.#who = who;
    this.#random = run.fork();
    this.#kinds = Object.entries(faults).filter(() => chance(this.#random, 0.6));
    this.#spacing = run.pace * pick(this.#random, [3, 10, 40]);
  }

  start(): void {
    if (this.#kinds.length === 0) return;
    this.#run.world.after(integer(this.#random, 1, 2 * this.#spacing), () => {
      this.#strike();
    });
  }

  /** Ends the fault that lasts. */
  heal(): void {
    const end = this.#end;
    this.#end = undefined;
    end?.();
  }

  #strike(): void {
    if (!this.#run.stormy) return;
    const [kind, fault] = pick(this.#random, this.#kinds);
    this.#run.fault(kind, this.#who);
    this.#end = fault();
    const lasts = this.#end ? this.#run.pace * pick(this.#random, [0.1, 1, 5, 20]) : 0;
    this.#run.world.after(integer(this.#random, 0, lasts), () => {
      if (this.#end) this.#run.log(this.#who, "over", kind);
      this.heal();
      this.start();
    });
  }
}
