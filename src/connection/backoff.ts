import { clampDelay } from "../core/clock.ts";
import type { ConnectionError } from "../core/errors.ts";
import type { Random } from "../core/random.ts";

/** How long to wait between attempts. Milliseconds. */
export interface BackoffOptions {
  /** No wait is shorter. @default 300 */
  readonly min?: number | undefined;
  /** The longest of the first two waits. The default spreads clients that a restart dropped over this time. @default 3000 */
  readonly base?: number | undefined;
  /** What the wait grows by with each failure, from the third on. @default 2 */
  readonly factor?: number | undefined;
  /** No wait is longer. @default 30000 */
  readonly max?: number | undefined;
}

/**
 * The wait before the next attempt. The first two are drawn from the same range, `min..base`: whoever comes back too early
 * for a server that was restarted mixes in with the rest. Later ones are drawn from the upper half of a ceiling that
 * grows, so that the jitter survives the cap and a server that flaps for ever sees fewer and fewer dials.
 * Finite and at least `min` for every input (`max` and `factor` may be Infinity).
 */
export function backoffDelay(options: BackoffOptions, attempt: number, scale: number, random: Random): number {
  const { min = 300, base = 3_000, factor = 2, max = 30_000 } = options;
  const least = clampDelay(min);
  const isLate = attempt > 1;
  const longest = clampDelay(base * scale * (isLate ? Math.pow(factor, attempt) : 1));
  const ceiling = Math.max(least, Math.min(max, longest));
  const floor = Math.max(least, isLate ? ceiling / 2 : 0);
  return floor + random() * (ceiling - floor);
}

/**
 * How the cause scales the wait. A busy server (1012, 1013, 429, 503) is left alone for longer; trouble of this one
 * link, which no herd shares, is mended sooner.
 */
export function backoffScale(cause: ConnectionError): number {
  const code = cause.closeCode;
  const status = cause.httpStatus;
  if (code === 1012 || code === 1013 || status === 429 || status === 503) return 2;
  return cause.code === "HEARTBEAT_TIMEOUT" || cause.code === "SUSPENDED" ? 1 / 3 : 1;
}
