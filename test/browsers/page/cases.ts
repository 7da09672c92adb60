import type { Case } from "./case.ts";
import { calls } from "./cases/calls.ts";
import { closing } from "./cases/closing.ts";
import { liveness } from "./cases/liveness.ts";
import { messages } from "./cases/messages.ts";
import { outbox } from "./cases/outbox.ts";
import { recovery } from "./cases/recovery.ts";
import type { Package } from "./probe.ts";
import type { Outcome } from "./protocol.ts";
import { RemoteWorld } from "./remote-world.ts";

/** Everything that has to hold wherever the package runs, in this order. */
export const CASES: readonly Case[] = [...messages, ...recovery, ...liveness, ...outbox, ...calls, ...closing];

/** A case that takes longer hangs. */
const LIMIT = 20_000;

/** Runs one case in a world of its own. */
export async function runCase(holdfast: Package, sentence: string): Promise<Outcome> {
  const began = performance.now();
  const elapsed = (): number => Math.round(performance.now() - began);
  const run = CASES.find(([name]) => name === sentence)?.[1];
  try {
    if (!run) throw new Error(`There is no case "${sentence}"`);
    const world = await RemoteWorld.make();
    const figure = await Promise.race([run({ holdfast, world }), hang()]);
    await world.end();
    return { passed: true, ms: elapsed(), ...(figure !== undefined && { figure }) };
  } catch (error) {
    return {
      passed: false,
      ms: elapsed(),
      error: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    };
  }
}

function hang(): Promise<never> {
  return new Promise((_resolve, reject) => {
    setTimeout(() => {
      reject(new Error(`not done after ${String(LIMIT)} ms`));
    }, LIMIT);
  });
}
