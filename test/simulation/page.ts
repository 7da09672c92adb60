import { ManualNetwork } from "../../src/testing/manual-network.ts";
import { PageClock } from "../../src/testing/page-clock.ts";
import type { Run } from "./run.ts";

/** The page that a client lives in: its time, and what the platform says about it. */
export class Page {
  readonly clock: PageClock;
  readonly network: ManualNetwork = new ManualNetwork();
  readonly #run: Run;
  /** How long timers have been held back, up to the last disturbance. */
  #held = 0;
  #disturbedAt: number | undefined;
  #calmSince = 0;

  constructor(run: Run) {
    this.#run = run;
    this.clock = new PageClock(run.world);
  }

  /** Milliseconds for which timers have been held back so far: what should take a time may take so much longer. */
  get held(): number {
    return this.#held + (this.#disturbedAt === undefined ? 0 : this.#run.world.now() - this.#disturbedAt);
  }

  /** For how long its timers have come in time. */
  get calm(): number {
    return this.#disturbedAt === undefined ? this.#run.world.now() - this.#calmSince : 0;
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
    this.#disturbedAt = world.now();
    return () => {
      if (this.#disturbedAt === undefined) return;
      this.#held = this.held + aftermath;
      this.#disturbedAt = undefined;
      this.#calmSince = world.now() + aftermath;
      undo();
    };
  }
}
