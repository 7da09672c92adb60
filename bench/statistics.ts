/** What is said of a set of numbers. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export function medianOf(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

export function spreadOf(numbers: readonly number[]): Spread {
  return { median: medianOf(numbers), least: Math.min(...numbers), most: Math.max(...numbers) };
}
