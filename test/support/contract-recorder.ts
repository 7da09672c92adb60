import { type Clock, systemClock } from "../../src/core/clock.ts";

export { reveals, same } from "../../src/testing/contract/compare.ts";

/** How long to wait for something that must happen, and for nothing to happen, in ms. */
const PATIENCE = 3_000;
const SILENCE = 100;

/** Waits until `condition` holds, and rejects if it does not within 3 s. */
export async function until(what: string, condition: () => boolean, clock: Clock = systemClock): Promise<void> {
  const giveUp = clock.now() + PATIENCE;
  while (!condition()) {
    if (clock.now() > giveUp) throw new Error(`Waited in vain: ${what}`);
    await pause(2, clock);
  }
}

/** Waits as long as it takes to be sure that nothing comes. */
export async function silence(clock: Clock = systemClock): Promise<void> {
  await pause(SILENCE, clock);
}

function pause(ms: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => clock.after(ms, resolve));
}
