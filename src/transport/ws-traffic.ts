import type { WsStreamLike } from "./ws-class.ts";

/** The inner part of a stream that knows how much of a write is still to be done; under TLS, what it stands on does. */
interface StreamHandle {
  readonly writeQueueSize?: number;
  readonly _parent?: StreamHandle | null;
}

/** How much a stream has read and written altogether, and how much it is writing. */
export interface Traffic {
  readonly read: number;
  readonly done: number;
  readonly queued: number;
}

/** What the stream below says, as far as it does: its counters, and inner parts that Node itself decides time-outs by. */
export function trafficOf(stream: Partial<WsStreamLike> | null | undefined): Traffic | undefined {
  if (!stream) return undefined;
  const { bytesRead = 0, bytesWritten = 0, writableLength = 0 } = stream;
  // Node's own socket time-outs are decided by the same number: a write of 64 MB is one write until its last byte.
  const { _handle: handle } = stream as { readonly _handle?: StreamHandle | null };
  const { writeQueueSize = 0 } = handle?._parent ?? handle ?? {};
  return { read: bytesRead, done: bytesWritten - writableLength, queued: writeQueueSize };
}

/** The queue of a write counts only if it was there before: what is written into an empty one is taken in any case. */
export function hasMoved(was: Traffic | undefined, is: Traffic | undefined): boolean {
  if (!was || !is) return false;
  return is.read > was.read || (was.queued > 0 && (is.queued < was.queued || is.done > was.done));
}
