import { systemClock } from "../../src/core/clock.ts";

/** How long to wait for what must happen, in ms. */
const PATIENCE = 15_000;
const LOOK_EVERY = 25;

/** Lets real time pass: a page is hidden or a process is stopped for so long. Never used to wait for something. */
export function elapse(ms: number): Promise<void> {
  return new Promise((resolve) => systemClock.after(ms, resolve));
}

/** Does it every so often, in ms, until the returned function is called. */
export function repeat(period: number, action: () => Promise<void>): () => void {
  let cancel = (): void => undefined;
  const next = (): void => {
    cancel = systemClock.after(period, () => {
      void action();
      next();
    });
  };
  next();
  return () => {
    cancel();
  };
}

/** Looks again and again until `look` answers something, and resolves with that. */
export async function until<Value>(
  what: string,
  look: () => Promise<Value | undefined> | Value | undefined,
  patience: number = PATIENCE,
): Promise<Value> {
  const end = systemClock.now() + patience;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (systemClock.now() > end) throw new Error(`waited ${String(patience)} ms in vain for ${what}`);
    await elapse(LOOK_EVERY);
  }
}

/** `promise`, or a rejection if it takes longer than `ms`. */
export function within<Value>(ms: number, what: string, promise: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const cancel = systemClock.after(ms, () => {
      reject(new Error(`${what} took more than ${String(ms)} ms`));
    });
    promise.then(resolve, reject).finally(cancel);
  });
}
