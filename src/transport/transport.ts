import type { InboundPayload, Payload } from "../core/payload.ts";

/** Where and how to dial. Everything in it may hold a secret: it goes to the platform and nowhere else. */
export interface DialRequest {
  /** Absolute, `ws:` or `wss:`, without a fragment. */
  readonly url: string;
  /** The subprotocols to offer; distinct RFC 7230 tokens. Empty: none is offered. */
  readonly protocols: readonly string[];
  /** Header fields of the upgrade request. A transport that cannot send them throws, and never drops them. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** How a socket ended. */
export interface SocketEnd {
  /** The close code of the peer's close frame; 1005 if the frame had none; 1006 if no close frame came. Never 0. */
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
  /** The HTTP status of a refused upgrade, where the runtime tells it. */
  readonly httpStatus?: number | undefined;
  /** Set if the runtime reported an error first. All do so for a failed dial and a broken frame, some for a lost link too. */
  readonly failed?: true;
  /** The runtime's own error, where there is one that cannot quote the URL. Never an event object: those lead to it. */
  readonly cause?: unknown;
}

/**
 * What a transport calls. The promises of the calls:
 *
 * 1. Nothing is called before `dial` has returned, and nothing after `abandon()`, not even when the runtime fires late.
 * 2. `opened` comes at most once, and first.
 * 3. `closed` comes exactly once unless the socket is abandoned, and is the last call. A failed dial always ends in it,
 *    also where the runtime fires `error` alone (Node 22, nodejs/undici#3546). A runtime's `error` on an open socket ends
 *    it with 1006 if no `close` follows at once: what the peer still answers is not waited for.
 * 4. Messages come between the two, in the order in which the peer sent them; bytes are an `ArrayBuffer`.
 */
export interface SocketEvents {
  /** The upgrade succeeded. `protocol` is the chosen subprotocol, or "". */
  opened(protocol: string): void;
  /**
   * `again`: another message has come in this very turn, as far as the transport knows. So nobody has to look at the clock
   * once more, which costs as much as the rest of a short message's way through here.
   */
  message(data: InboundPayload, again?: "again"): void;
  /**
   * A protocol-level pong came, or a `ping` of the peer (RFC 6455, section 5.5). Only where the platform shows them. The one
   * answers a ping of ours, the other is a sign of life and no more.
   */
  pong(ping?: "ping"): void;
  closed(end: SocketEnd): void;
}

/** One socket with one life: it is dialled, perhaps opens, and ends once. It never comes back. */
export interface TransportSocket {
  /** Bytes taken by `send` and not yet handed to the network; `undefined` where the platform cannot tell. */
  readonly bufferedAmount: number | undefined;
  /** The extensions that the two sides agreed on, as in the header; absent where the platform does not tell. */
  readonly extensions?: string | undefined;
  /**
   * Hands one message to the platform, text as a text frame and bytes as a binary one. False if the socket is not open
   * any more, and then nothing was taken: a platform's silent discard counts as that. True promises no delivery.
   */
  send(data: Payload): boolean;
  /**
   * Starts the closing handshake; `closed` follows when the peer has answered, which may take for ever. Before the
   * socket has opened it gives up the dial, and `closed` may come within this call.
   * `code` is 1000 or 3000-4999 and `reason` at most 123 bytes of UTF-8 (RFC 6455, section 7.4).
   */
  close(code: number, reason: string): void;
  /**
   * Lets go of the socket in this very call: nothing is called any more, and its resources are freed as fast as the
   * platform can. With a `code` an open socket says goodbye on the way out. Calling it again does nothing. It never throws.
   */
  abandon(code?: number, reason?: string): void;
  /**
   * Whether bytes have come in, or left a full socket, since this was last called: also those of a message that is not
   * complete. Bytes that a dead link's buffers would take as well do not count. Absent where the platform cannot tell.
   */
  progressed?(): boolean;
  /** Sends a protocol-level ping. Absent where the platform has none (every browser). */
  ping?(): void;
}

/**
 * Dials one socket. It throws only for what can never work (no WebSocket here, a header that cannot be sent, a URL
 * that the platform refuses), a `HoldfastError` with code `UNSUPPORTED` that does not quote the request: all other
 * failures come as `closed`.
 */
export type Transport = (request: DialRequest, events: SocketEvents) => TransportSocket;
