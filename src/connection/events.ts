import type { ConnectionError, HoldfastError } from "../core/errors.ts";
import type { InboundPayload } from "../core/payload.ts";
import type { SocketEnd } from "../transport/transport.ts";
import type { MachineEvent } from "./machine.ts";
import type { ConnectionState } from "./state.ts";

/** One line of what the connection does. It holds no URL, header, protocol or payload. */
export interface ConnectionDebugEvent {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** What the machine was told. */
  readonly event: MachineEvent["type"];
  readonly from: ConnectionState["name"];
  readonly to: ConnectionState["name"];
  /** Counts dials. */
  readonly epoch: number;
  readonly attempt: number;
}

/** What a connection tells, by the name of the event. */
export interface ConnectionEvents {
  /** Every change of `state`, in order, after it has taken effect; also from phase to phase of `connecting`. */
  state: ConnectionState;
  /** Every message of an open link. */
  message: InboundPayload;
  /** What would otherwise go unseen: a callback that threw, for example. A failed attempt is in `state.cause`. */
  error: HoldfastError;
  /** For diagnosis. Not covered by semantic versioning. */
  debug: ConnectionDebugEvent;
}

/**
 * The floor above, called directly and before any listener. A connection without one emits its messages.
 * `opened` and `lost` come in pairs; messages come between them.
 */
export interface Upper {
  opened(): void;
  /** `kept`: it came in before the link was open, and waited for that. `again`: see `SocketEvents`. */
  message(data: InboundPayload, how?: "kept" | "again"): void;
  /** A protocol-level pong came, or a `ping` of the peer. */
  pong(ping?: "ping"): void;
  /**
   * A socket ended by itself, dialling, open or closing: here is how, before anything is decided. Not called for what
   * this side lets go of.
   */
  closed?(end: SocketEnd): void;
  /** The platform woke up or changed its network: is the link still alive? */
  probe(): void;
  lost(cause: ConnectionError): void;
  /** Nobody wants the connection any more: `close()` was called, or for `cause` the retry policy gave up. */
  ended(cause: ConnectionError | undefined): void;
}
