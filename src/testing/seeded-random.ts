import type { Random } from "../core/random.ts";

/**
 * Numbers in [0, 1) that are the same for the same seed on every machine: sfc32 (Chris Doty-Humphrey, PractRand), its state
 * filled by splitmix32 from both halves of the seed, so that neighbouring seeds have nothing in common. Any safe integer is a
 * seed of its own. Not for secrets.
 *
 * @example
 * const random = seededRandom(42);
 * random(); // the same number in every run
 */
export function seededRandom(seed: number): Random {
  const low = splitmix32(seed >>> 0);
  const high = splitmix32(Math.floor(seed / 2 ** 32));
  let a = low();
  let b = high();
  let c = low();
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 12; round++) next(); // as its author does, to mix the state
  return next;
}

/** True with the given probability; 0 is never and 1 always. Always draws one number. */
export function chance(random: Random, probability: number): boolean {
  return random() < probability;
}

/** A whole number from `min` to `max`, both included. */
export function integer(random: Random, min: number, max: number): number {
  return min + Math.floor(random() * (max - min + 1));
}

/** One of `items`, each equally likely. Throws a `TypeError` if there are none. */
export function pick<Item>(random: Random, items: readonly Item[]): Item {
  if (items.length === 0) throw new TypeError("pick(random, items): there are no items");
  // In bounds: the index is below the length, which is not 0.
  return items[Math.floor(random() * items.length)] as Item;
}

/** A new source whose numbers do not depend on how many more are drawn from this one. Draws two numbers. */
export function fork(random: Random): Random {
  return seededRandom(Math.floor(random() * 2 ** 32) + Math.floor(random() * 2 ** 20) * 2 ** 32);
}

function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
}
