import type { ConnectionError } from "../core/errors.ts";

/**
 * What the connection is doing. `docs/state-machine.md` draws it.
 *
 * `attempt` counts the failures since the last stable connection: 0 for the first dial.
 * `offline` is `waiting` on a platform that says it has no network; the next attempt is scheduled all the same.
 */
export type ConnectionState =
  | { readonly name: "idle" }
  | { readonly name: "connecting"; readonly phase: "resolve" | "dial" | "handshake"; readonly attempt: number }
  | { readonly name: "open"; /** When it opened, ms since the epoch. */ readonly since: number }
  | {
      readonly name: "waiting" | "offline";
      readonly attempt: number;
      /** When the next attempt starts, ms since the epoch. */
      readonly retryAt: number;
      /** Why the last attempt or link ended. */
      readonly cause: ConnectionError;
    }
  | { readonly name: "closing"; readonly code: number; readonly reason: string }
  | { readonly name: "closed"; /** Absent after `close()`. */ readonly cause?: ConnectionError };
