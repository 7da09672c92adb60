import type { ConnectionError } from "../core/errors.ts";

/** What a retry policy is told of an attempt that failed, or of a link that was lost. */
export interface RetryContext {
  readonly cause: ConnectionError;
  /** The close code, where there was one; 1006 stands for "no close frame came". */
  readonly code: number | undefined;
  /** The peer's close reason, or "". */
  readonly reason: string;
  /** Failures since the last stable connection, this one not counted. */
  readonly attempt: number;
  /** How long the link was open, in milliseconds; 0 if it never opened. */
  readonly uptime: number;
}

/**
 * - a number: wait so many milliseconds. From the second failure on at least `backoff.min`, whatever the number;
 * - `"stop"`: give up; the state becomes `closed`, and `connect()` starts again;
 * - `"refresh"`: try again with `refresh: true` for the providers, so that they fetch a new token; the second one
 *   without a stable connection between them means `"stop"`;
 * - `undefined`: do as the close-code table says (`docs/guides/reconnection.md`).
 */
export type RetryVerdict = number | "stop" | "refresh" | undefined;

/** Decides after each failure what is to be done. It answers in the same turn. */
export type RetryPolicy = (context: RetryContext) => RetryVerdict;

/**
 * The close-code table. Everything that the user did not ask for is tried again, but for what cannot get better:
 * 1002, 1003, 1007 and 1010 (the two sides do not speak one protocol), 1008 (policy), and what this platform cannot do.
 * 4401 and HTTP 401 (unauthorized) ask for fresh credentials, once.
 */
export function defaultVerdict({ closeCode, httpStatus, code }: ConnectionError): "stop" | "refresh" | undefined {
  if (code === "UNSUPPORTED") return "stop";
  switch (closeCode) {
    case 1002:
    case 1003:
    case 1007:
    case 1008:
    case 1010:
      return "stop";
    case 4401:
      return "refresh";
    default:
      return httpStatus === 401 ? "refresh" : undefined;
  }
}
