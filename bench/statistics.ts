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

/** As a cell of a table: `1.02 (0.98–1.10)`, or `7.8 ms (5.9–9.5)`. */
export function cellOf({ median, least, most }: Spread, digits = 2, unit = ""): string {
  return `${median.toFixed(digits)}${unit} (${least.toFixed(digits)}–${most.toFixed(digits)})`;
}
