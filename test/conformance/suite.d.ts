export interface ConformanceCase {
  readonly name: string;
  readonly section: string;
  readonly expected: unknown;
}

export interface ConformanceResult extends ConformanceCase {
  readonly actual: unknown;
}

export const cases: readonly ConformanceCase[];

export function runSuite(options: {
  /** A class like `WebSocket`. */
  readonly WebSocket: unknown;
  /** Where server.ts listens, as ws://host:port/ */
  readonly base: string;
  /** Where nobody does. */
  readonly nowhere: string;
}): Promise<ConformanceResult[]>;

export function isSame(one: unknown, other: unknown): boolean;
