import type { Clock } from "../../src/core/clock.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";

interface Task {
  callback: (() => void) | undefined;
}

/** Steps that are queued at once. Between two of them Node empties the promise queue, at a tenth of what an `await` each costs. */
const BATCH = 256;

/**
 * The time of a whole simulation: a `VirtualClock` that runs one task at a time, and lets every promise settle before the
 * next one, as an event loop does. Times are whole milliseconds, as with the timers of every platform.
 */
export class World implements Clock {
  readonly #clock = new VirtualClock();
  /** Due at the same instant as the task that has just run. */
  readonly #due: Task[] = [];
  #ran = false;
  #steps = 0;

  /** How many tasks have run. */
  get steps(): number {
    return this.#steps;
  }

  /** Timers that are armed. */
  get pending(): number {
    return this.#clock.pending + this.#due.length;
  }

  now(): number {
    return this.#clock.now();
  }

  after(delay: number, callback: () => void): () => void {
    const task: Task = { callback };
    const cancel = this.#clock.after(Math.ceil(delay), () => {
      if (this.#ran) this.#due.push(task);
      else this.#run(task);
    });
    return () => {
      task.callback = undefined;
      cancel();
    };
  }

  /** Runs tasks until time stands at `end`, or `stop` says so. */
  run(end: number, stop: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      let over = false;
      const step = (): void => {
        if (over) return;
        try {
          over = stop() || !this.#step(end);
        } catch (error) {
          over = true;
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- passes on what a task threw
          reject(error);
        }
      };
      const batch = (): void => {
        if (over) {
          resolve();
          return;
        }
        for (let count = 0; count < BATCH; count++) setImmediate(step);
        setImmediate(batch);
      };
      batch();
    });
  }

  /** Runs one task. False if none is due by `end`. */
  #step(end: number): boolean {
    this.#steps++;
    for (let task = this.#due.shift(); task; task = this.#due.shift()) {
      if (!task.callback) continue;
      this.#run(task);
      return true;
    }
    this.#ran = false;
    const next = this.#clock.nextAt ?? Infinity;
    this.#clock.advance(Math.max(0, Math.min(next, end) - this.now()));
    return this.#ran || next <= end;
  }

  #run(task: Task): void {
    this.#ran = true;
    task.callback?.();
  }
}
