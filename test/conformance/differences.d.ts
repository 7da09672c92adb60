export interface Difference {
  readonly source: string;
  /** The name of a case in suite.js. */
  readonly case: string;
  /** What the class of this source does instead of what the standard says. */
  readonly actual?: unknown;
  /** What holdfast does when it dials with that class. */
  readonly over?: unknown;
  readonly reason: string;
}

export const differences: readonly Difference[];
