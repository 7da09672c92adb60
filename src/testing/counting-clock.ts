import type { Clock } from "../core/clock.ts";

/** A clock that knows how many of another clock's timers were armed through it. */
export class CountingClock implements Clock {
  readonly #clock: Clock;
  #pending = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get pending(): number {
    return this.#pending;
  }

  now(): number {
    return this.#clock.now();
  }

  after(delay: number, callback: () => void): () => void {
    let armed = true;
    const disarm = (): void => {
      if (armed) this.#pending--;
      armed = false;
    };
    this.#pending++;
    const cancel = this.#clock.after(delay, () => {
      disarm();
      callback();
    });
    return () => {
      disarm();
      cancel();
    };
  }
}
