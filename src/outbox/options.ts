import type { Outcome } from "../core/outcome.ts";
import type { AbortSignalLike } from "../core/signal.ts";

/** The bounds of the queue, and of what the socket may hold. */
export interface OutboxOptions {
  /** @default 10000 */
  readonly maxCount?: number | undefined;
  /** Payload bytes; text counts as UTF-8. @default 16777216 (16 MiB) */
  readonly maxBytes?: number | undefined;
  /**
   * When the queue is full: `reject` throws at the sender, `drop-oldest` makes room, `drop-newest` lets the new one go.
   * Each message that is dropped ends with the outcome "overflow". @default "reject"
   */
  readonly overflow?: "reject" | "drop-oldest" | "drop-newest" | undefined;
  /** While the socket holds more bytes than this, messages stay in the queue. @default 1048576 (1 MiB) */
  readonly highWater?: number | undefined;
  /** They flow again when it holds no more than this. @default a quarter of `highWater` */
  readonly lowWater?: number | undefined;
  /** How long a message may be queued, in milliseconds, unless it says so itself. @default Infinity */
  readonly ttl?: number | undefined;
}

/** The bounds of the queue alone. */
export type BacklogOptions = Pick<OutboxOptions, "maxCount" | "maxBytes" | "overflow" | "ttl">;

/** What one message may say about itself. */
export interface SendOptions {
  /** How long it may be queued, in milliseconds. @default the outbox's own `ttl` */
  readonly ttl?: number | undefined;
  /** A newer message with the same key takes its place at the end of the queue. */
  readonly key?: string | undefined;
  /** Takes it out of the queue, if it is still there. */
  readonly signal?: AbortSignalLike | undefined;
  /** `connection`: it makes sense on this connection only, and is not replayed into the next. @default "client" */
  readonly scope?: "client" | "connection" | undefined;
  /** Told once what became of a message that was queued. Not called if `send` answers "written", or throws. */
  readonly settled?: ((outcome: Outcome) => unknown) | undefined;
}

/** What a layer may say besides. */
export interface QueueOptions extends SendOptions {
  /** Told just before it is written, and with `false` if the link did not take it. */
  readonly writing?: ((now: boolean) => void) | undefined;
}

/** What each option takes; see `checkOptions`. */
export const BACKLOG_SPEC = {
  maxCount: "number",
  maxBytes: "number",
  overflow: '"reject" or "drop-oldest" or "drop-newest"',
  ttl: "number",
};
