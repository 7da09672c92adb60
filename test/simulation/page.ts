import { ManualNetwork } from "../../src/testing/manual-network.ts";
import { PageClock } from "../../src/testing/page-clock.ts";
import type { Run } from "./run.ts";

/** The grid on which a browser lets the timers of a page run that has been hidden for long. */
export const WIDEST_GRID = 60_000;

/** The page that a client lives in: its time, and what the platform says about it. */
export class Page {
  readonly clock: PageClock;
  readonly network: ManualNetwork = new ManualNetwork();
  readonly #run: Run;
  /** How long timers were held back in disturbances that are over, and when the last one ends or ended. */
  #held = 0;
  #disturbedFrom = 0;
  #disturbedUntil = 0;
  #adjustedAt = 0;
  /** How often the clock was set back. */
  setBacks = 0;

  constructor(run: Run) {
    this.#run = run;
    this.clock = new PageClock(run.world);
  }

  /** Milliseconds for which timers have been held back so far: what should take a time may take so much longer. */
  get held(): number {
    return this.#held + Math.min(this.#run.world.now(), this.#disturbedUntil) - this.#disturbedFrom;
  }

  /** For how long its timers have come in time, and its clock has told the truth. */
  get calm(): number {
    return Math.max(0, this.#run.world.now() - Math.max(this.#disturbedUntil, this.#adjustedAt));
  }

  /** By how much a timer that was armed while timers were held back may still come late: a grid's width. */
  get lateness(): number {
    return Math.max(0, WIDEST_GRID - this.calm);
  }

  /** Sets its clock. */
  adjust(ms: number): void {
    if (ms < 0) this.setBacks++;
    this.clock.adjust(ms);
    this.#adjustedAt = this.#run.world.now();
  }

  /** Nothing runs in it. Returns what ends that. */
  freeze(): () => void {
    this.clock.freeze();
    return this.#disturb(0, () => {
      this.clock.thaw();
    });
  }

  /** Its timers run on a grid. */
  throttle(grid: number): () => void {
    this.clock.throttle(grid);
    return this.#disturb(grid, () => {
      this.clock.throttle(0);
    });
  }

  /** Waits as code of the page does: not while that is frozen. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#run.world.after(ms, () => {
        this.clock.task(resolve);
      });
    });
  }

  #disturb(aftermath: number, undo: () => void): () => void {
    const { world } = this.#run;
    const until = this.#disturbedUntil;
    this.#held = this.held;
    this.#disturbedFrom = world.now();
    this.#disturbedUntil = Infinity;
    return () => {
      this.#disturbedUntil = Math.max(until, world.now() + aftermath);
      undo();
    };
  }
}
