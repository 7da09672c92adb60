import { clampDelay, type Clock } from "../core/clock.ts";

interface PageTask {
  callback: (() => void) | undefined;
  cancel: (() => void) | undefined;
  readonly kind: "timer" | "task";
}

/**
 * Time as one page sees it, on top of the world's clock: the page can be frozen or throttled and its wall clock set, while
 * servers and other pages go on. Give it to the client, and `server.transportOn(page)` as its transport.
 *
 * @example
 * const world = new VirtualClock();
 * const page = new PageClock(world);
 * page.freeze();
 * world.advance(600_000); // the page slept for ten minutes
 * page.thaw();
 * world.advance(0); // now its late timers and messages come, in the order in which they were due
 */
export class PageClock implements Clock {
  readonly #world: Clock;
  #held: PageTask[] = [];
  #frozen = false;
  #grid = 0;
  #skew = 0;
  #pending = 0;

  constructor(world: Clock) {
    this.#world = world;
  }

  /** How many timers the page has armed. What only arrives there does not count. */
  get pending(): number {
    return this.#pending;
  }

  /** True between `freeze` and `thaw`. */
  get frozen(): boolean {
    return this.#frozen;
  }

  /** What the page takes for the time: the world's, and what `adjust` has added. */
  now(): number {
    return this.#world.now() + this.#skew;
  }

  /** A timer of the page: it is late while the page is frozen or throttled. */
  after(delay: number, callback: () => void): () => void {
    this.#pending++;
    return this.#arm({ callback, cancel: undefined, kind: "timer" }, clampDelay(delay));
  }

  /** Runs `callback` in a later task of the page, once it is not frozen. That is how messages arrive: throttling does not touch it. */
  task(callback: () => void): () => void {
    return this.#arm({ callback, cancel: undefined, kind: "task" }, 0);
  }

  /** From now on nothing runs in the page. */
  freeze(): void {
    this.#frozen = true;
  }

  /** The page runs again: what fell due meanwhile runs from the next task on, in the order in which it was due. */
  thaw(): void {
    this.#frozen = false;
    for (const task of this.#held.splice(0)) this.#arm(task, 0);
  }

  /** Timers run only at whole multiples of `grid` ms of the world's time, as in a hidden tab (1_000, then 60_000); 0 ends that. */
  throttle(grid: number): void {
    this.#grid = grid;
  }

  /** Sets the wall clock forward or back by `ms` (NTP, a user who sets it). Timers take no notice. */
  adjust(ms: number): void {
    this.#skew += ms;
  }

  #arm(task: PageTask, delay: number): () => void {
    task.cancel = this.#world.after(delay, () => {
      this.#due(task);
    });
    return () => {
      if (!task.callback) return;
      this.#finish(task);
      task.cancel?.();
    };
  }

  #due(task: PageTask): void {
    if (this.#frozen) {
      this.#held.push(task);
      return;
    }
    const late = task.kind === "timer" && this.#grid > 0 ? this.#world.now() % this.#grid : 0;
    if (late > 0) {
      this.#arm(task, this.#grid - late);
      return;
    }
    const { callback } = task;
    this.#finish(task);
    callback?.();
  }

  #finish(task: PageTask): void {
    task.callback = undefined;
    if (task.kind === "timer") this.#pending--;
    if (this.#held.length > 0) this.#held = this.#held.filter((held) => held !== task);
  }
}
