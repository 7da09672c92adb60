import { type HoldfastError, toHoldfastError } from "../core/errors.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Payload } from "../core/payload.ts";
import type { AbortSignalLike } from "../core/signal.ts";

/** How a frame waits that cannot be written at once. */
export interface RpcQueueOptions {
  /** Whether it may wait for the next connection, or is discarded with this one. @default "client" */
  readonly scope?: "client" | "connection";
  /** How long it may wait, in milliseconds. @default what the link takes for right */
  readonly ttl?: number;
  /** Nobody wants it any more: it is taken out. */
  readonly signal?: AbortSignalLike;
  /** Told just before it is written, for the answer may come within that; and with `false` if the link did not take it. */
  readonly writing?: (now: boolean) => void;
  /** Told once how the waiting ended. */
  readonly settled?: (outcome: Outcome) => void;
}

/** Where rpc writes its frames to: an outbox, or anything that acts like one. */
export interface RpcLink {
  /** Looks whether the link can be trusted, before a request counts as written: callbacks may run in it. May throw. */
  prepare?(): void;
  /** Turns a frame into what the link carries. May throw. */
  encode(frame: unknown): Payload;
  /**
   * False if the link cannot take it now, and then nothing was taken. `first`: past everything that is queued, for a
   * frame that greets a new link or asks for a sign of life.
   */
  write(data: Payload, order?: "first"): boolean;
  /** Keeps it until it can be written. Returns the function that takes it out again. @throws if there is no room, or no future */
  queue(data: Payload, options: RpcQueueOptions): () => void;
  /** Something that nobody waits for went wrong. */
  readonly report: (error: HoldfastError) => void;
}

/** Tells one link from the next, for all parts of an `Rpc`. */
export interface Era {
  /** Links that were lost so far. */
  losses: number;
}

/**
 * Writes a frame that belongs to the open link, and to no later one: also not when a callback, or the encoding, leaves the
 * link within this. What the link says against it is reported. @throws what `encode` throws
 */
export function post(link: RpcLink, era: Era, frame: unknown, options: RpcQueueOptions = {}): void {
  const { losses } = era;
  const data = link.encode(frame);
  try {
    if (link.write(data) || era.losses !== losses) options.settled?.("written");
    else link.queue(data, { ...options, scope: "connection", ttl: Infinity });
  } catch (cause) {
    link.report(toHoldfastError(cause, "DISCARDED"));
    options.settled?.("discarded");
  }
}
