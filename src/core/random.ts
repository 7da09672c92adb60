/** Randomness as a value: a number in [0, 1), like `Math.random`. A test passes a seeded one. */
export type Random = () => number;

/** The platform's own randomness. Good for jitter, not for secrets. */
export const systemRandom: Random = () => Math.random();
