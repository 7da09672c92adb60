/**
 * Time as a value: everything that waits or looks at the clock is handed one of these.
 * A test passes a virtual clock; nobody else touches the platform's timers.
 */
export interface Clock {
  /** Milliseconds since the epoch. It may jump either way: sleep, NTP, a user who sets the clock. */
  now(): number;
  /**
   * Runs `callback` once, `delay` ms from now and never in the same turn. Delays are clamped to 0..2^31-1, since
   * a larger one makes the platform's timer fire at once. Returns the function that cancels it; calling that twice is fine.
   */
  after(delay: number, callback: () => void): () => void;
}

/** The longest delay that platform timers can hold (about 24.8 days). */
export const MAX_DELAY = 2_147_483_647;

interface Timers {
  setTimeout(callback: () => void, delay: number): unknown;
  clearTimeout(handle: unknown): void;
}

/** `delay` as a platform timer can hold it; anything that is not a number becomes 0. */
export function clampDelay(delay: number): number {
  return delay > 0 ? Math.min(delay, MAX_DELAY) : 0;
}

/** The platform's clock. The timer functions are looked up at each call, so that fake timers work. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delay, callback) {
    const timers = globalThis as unknown as Timers;
    const handle = timers.setTimeout(callback, clampDelay(delay));
    return () => {
      timers.clearTimeout(handle);
    };
  },
};
