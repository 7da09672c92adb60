import { clampDelay, type Clock } from "../core/clock.ts";
import { TimerHeap } from "./timer-heap.ts";

/** What a virtual clock is made with; all of it is optional. */
export interface VirtualClockOptions {
  /** What `now()` says at first, in ms. @default 0 */
  readonly start?: number | undefined;
  /**
   * Turns of the promise queue that `advanceAsync` and `settle` give to code that awaits, after each timer. A chain of that
   * many dependent `await`s settles before the next timer runs. @default 64
   */
  readonly turns?: number | undefined;
  /**
   * The most timers that may run without time moving on. Past it the clock throws, for code that arms a timer of 0 ms from
   * a timer of 0 ms would otherwise never let `advance` return. @default 100_000
   */
  readonly timersPerInstant?: number | undefined;
}

/**
 * A clock that stands still until a test moves it. Timers run in the order in which they are due, and those of one instant in
 * the order in which they were added; while one runs, `now()` says when it was due. Nothing real is waited for.
 *
 * @example
 * const clock = new VirtualClock();
 * clock.after(1_000, () => { console.log(clock.now()); });
 * clock.advance(5_000); // prints 1000
 */
export class VirtualClock implements Clock {
  readonly #timers = new TimerHeap();
  readonly #turns: number;
  readonly #timersPerInstant: number;
  #now: number;
  #busy = false;
  #ranAtInstant = 0;

  constructor(options: VirtualClockOptions = {}) {
    this.#now = options.start ?? 0;
    this.#turns = options.turns ?? 64;
    this.#timersPerInstant = options.timersPerInstant ?? 100_000;
  }

  /** How many timers are armed. A test that ends with 0 has left nothing behind. */
  get pending(): number {
    return this.#timers.size;
  }

  /** When the next timer is due, or `undefined` if none is armed. It lies in the past after a `jump` over it. */
  get nextAt(): number | undefined {
    return this.#timers.peek()?.due;
  }

  /** The virtual time, in ms. */
  now(): number {
    return this.#now;
  }

  /** Never calls `callback` itself, not even for a delay of 0: only `advance` and its kin do. */
  after(delay: number, callback: () => void): () => void {
    const timer = this.#timers.add(this.#now + clampDelay(delay), callback);
    return () => {
      this.#timers.cancel(timer);
    };
  }

  /**
   * Moves time on by `ms` and runs every timer that falls due on the way, also those that are added on the way. What a timer
   * throws passes through; time then stands at that timer, and the next call goes on from there.
   */
  advance(ms: number): void {
    const end = this.#endOf("advance", ms);
    this.#exclusively("advance", () => {
      while (this.#runNext(end));
      this.#moveTo(end);
    });
  }

  /**
   * Like `advance`, but awaiting code goes on between the timers, as it does between the tasks of a real event loop. It first
   * gives the promise queue its turns, and again after each timer. Promises that wait for real I/O are not waited for.
   */
  async advanceAsync(ms: number): Promise<void> {
    const end = this.#endOf("advanceAsync", ms);
    await this.#exclusivelyAsync("advanceAsync", async () => {
      do await this.settle();
      while (this.#runNext(end));
      this.#moveTo(end);
    });
  }

  /**
   * Moves time on, with promise turns in between, until `condition` holds; looks before the first timer too, and after each.
   * Rejects if it still does not hold once `within` ms have passed (time stands there then).
   */
  async advanceUntil(condition: () => boolean, within: number): Promise<void> {
    if (await this.#reaches("advanceUntil", condition, within)) return;
    throw new Error(`advanceUntil: within ${String(within)} ms it did not come to ${String(condition)}`);
  }

  /**
   * Moves time on for as long as `promise` needs to settle, and settles as it does. Rejects if it is still pending once `within`
   * ms have passed. @default within 60_000
   *
   * @example
   * const clock = new VirtualClock();
   * const sum = await clock.advanceFor(client.request("sum", { a: 1, b: 2 }));
   */
  async advanceFor<Value>(promise: PromiseLike<Value>, within = 60_000): Promise<Value> {
    let settled = false;
    const settle = (): void => {
      settled = true;
    };
    promise.then(settle, settle);
    if (await this.#reaches("advanceFor", () => settled, within)) return await promise;
    throw new Error(`advanceFor: the promise is still pending after ${String(within)} ms`);
  }

  /**
   * Runs timers until none is left, however far away they are, and returns how many ran. Throws once `limit` have run and
   * there are still more: a heartbeat, say, never ends. @default limit 10_000
   */
  runAll(limit = 10_000): number {
    let ran = 0;
    this.#exclusively("runAll", () => {
      while (this.#timers.size > 0) {
        if (ran === limit)
          throw new Error(`runAll: ${String(limit)} timers ran and ${String(this.pending)} are still armed`);
        this.#runNext(Infinity);
        ran++;
      }
    });
    return ran;
  }

  /**
   * Time leaps by `ms` while nothing runs: the machine slept, or the page was frozen. Timers that it leaps over are late, and
   * run at the next `advance`, even `advance(0)`, in their order and all at the time of the wake-up.
   */
  jump(ms: number): void {
    this.#moveTo(this.#endOf("jump", ms));
  }

  /** Lets awaiting code go on, without moving time or running a timer. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < this.#turns; turn++) await Promise.resolve();
  }

  async #reaches(method: string, condition: () => boolean, within: number): Promise<boolean> {
    const end = this.#endOf(method, within);
    return await this.#exclusivelyAsync(method, async () => {
      for (;;) {
        await this.settle();
        if (condition()) return true;
        if (this.#runNext(end)) continue;
        this.#moveTo(end);
        return condition();
      }
    });
  }

  /** Runs the first timer if it is due by `end`. False if there is none. */
  #runNext(end: number): boolean {
    const due = this.#timers.peek()?.due;
    if (due === undefined || due > end) return false;
    this.#moveTo(due);
    if (++this.#ranAtInstant > this.#timersPerInstant) {
      throw new Error(
        `${String(this.#timersPerInstant)} timers ran while time stood at ${String(this.#now)}: a loop of 0 ms timers`,
      );
    }
    this.#timers.take()?.();
    return true;
  }

  #moveTo(time: number): void {
    if (time <= this.#now) return;
    this.#now = time;
    this.#ranAtInstant = 0;
  }

  #endOf(method: string, ms: number): number {
    if (!(ms >= 0 && ms < Infinity))
      throw new TypeError(`${method}(ms): ${String(ms)} is not a finite number from 0 on`);
    return this.#now + ms;
  }

  #exclusively(method: string, run: () => void): void {
    this.#enter(method);
    try {
      run();
    } finally {
      this.#busy = false;
    }
  }

  async #exclusivelyAsync<Result>(method: string, run: () => Promise<Result>): Promise<Result> {
    this.#enter(method);
    try {
      return await run();
    } finally {
      this.#busy = false;
    }
  }

  #enter(method: string): void {
    if (this.#busy)
      throw new TypeError(`${method}: the clock is being advanced already (from a timer, or without an await)`);
    this.#busy = true;
  }
}
