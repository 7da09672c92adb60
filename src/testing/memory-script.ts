import { byteLength, type InboundPayload, type Payload } from "../core/payload.ts";
import type { SocketEnd } from "../transport/transport.ts";

/**
 * What a memory server does with a dial that has reached it.
 *
 * - `accept`: the socket opens, `after` ms later if given. `protocol` is the chosen subprotocol; without it, the first offered
 *   one that the server speaks, or "".
 * - `refuse`: the dial fails, with the HTTP status of the refusal where there is one (401, 503) and as a refused TCP connection otherwise.
 * - `stall`: no answer ever. The connection's `accept()` or `refuse()` can still be called by hand.
 */
export type DialAnswer =
  | { readonly type: "accept"; readonly after?: number; readonly protocol?: string }
  | { readonly type: "refuse"; readonly after?: number; readonly httpStatus?: number; readonly cause?: unknown }
  | { readonly type: "stall" };

/**
 * The promises of the `Transport` interface that a memory server can be told to break (the numbers are those of
 * `SocketEvents`): what real runtimes do, and what a transport that forgets about it lets through.
 */
export const BROKEN_PROMISES = [
  "opens-during-dial", // 1: `opened` (or a refusal's `closed`) is called before `dial` has returned
  "late-after-abandon", // 1: `abandon()` lets go of nothing: a late `opened`, message or end is still reported
  "opens-twice", // 2
  "message-before-opened", // 4: `opened` is held back until the first message has been reported
  "never-closed", // 3: no `closed` at all: not for a refused dial, a drop, or a finished close
  "closed-twice", // 3
  "message-after-closed", // 4: the server can send on after its close frame or drop, and that is reported after `closed`
  "closed-during-close", // `close()` calls `closed` before it returns
  "code-zero", // 1006 is reported as 0
  "bytes-as-views", // binary messages are a `Uint8Array`
  "silent-discard", // `send` on a socket that is not open says true and drops the message
  "send-throws",
  "close-throws",
  "abandon-throws",
] as const;

/** One of `BROKEN_PROMISES`. */
export type BrokenPromise = (typeof BROKEN_PROMISES)[number];

/** Which way a fault cuts. `toClient`: what the server sends does not arrive; `toServer`: what the client sends does not. */
export type Direction = "toClient" | "toServer" | "both";

/** A message that the server got, and when. */
export interface ReceivedMessage {
  readonly data: InboundPayload;
  readonly at: number;
}

/** How a connection ended, as the server saw it: 1006 if no close frame came. */
export interface ConnectionEnd {
  readonly code: number;
  readonly reason: string;
  readonly at: number;
}

/** What travels to the client. */
export type ToClient =
  | { readonly type: "accept"; readonly protocol: string }
  | { readonly type: "refuse"; readonly httpStatus?: number | undefined; readonly cause?: unknown }
  | { readonly type: "data"; readonly data: InboundPayload }
  | { readonly type: "ping" }
  | { readonly type: "pong" }
  | { readonly type: "close"; readonly code: number; readonly reason: string }
  | { readonly type: "cut" };

/** What travels to the server. */
export type ToServer =
  | { readonly type: "dial" }
  | { readonly type: "data"; readonly data: InboundPayload }
  | { readonly type: "ping" }
  | { readonly type: "pong" }
  | { readonly type: "close"; readonly code: number; readonly reason: string }
  | { readonly type: "cut" };

/** The message as it stands now; later changes to the caller's bytes do not reach it. */
export function snapshot(data: Payload): InboundPayload {
  if (typeof data === "string") return data;
  const bytes = ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
  return Uint8Array.from(bytes).buffer;
}

/** Bytes of a frame on the wire, without its header. */
export function frameBytes(frame: ToClient | ToServer): number {
  return frame.type === "data" ? byteLength(frame.data) : 0;
}

/** The end that stands for "no close frame came". */
export function abnormalEnd(httpStatus?: number, cause?: unknown): SocketEnd {
  return { code: 1006, reason: "", wasClean: false, httpStatus, cause };
}

/** Adds to a record that is kept to its `limit` newest entries (or somewhat more: it is cut in strides). */
export function record<Entry>(entries: Entry[], entry: Entry, limit: number): void {
  entries.push(entry);
  if (entries.length >= 2 * limit) entries.splice(0, entries.length - limit);
}
