/** What went wrong, as a string that stays the same between versions. `docs/errors.md` explains each. */
export type ErrorCode =
  | "PROVIDER_FAILED"
  | "DIAL_FAILED"
  | "CONNECT_TIMEOUT"
  | "HANDSHAKE_FAILED"
  | "CONNECTION_LOST"
  | "HEARTBEAT_TIMEOUT"
  | "SUSPENDED"
  | "DROPPED"
  | "UNSUPPORTED"
  | "CLOSED"
  | "QUEUE_FULL"
  | "DISCARDED"
  | "TIMEOUT"
  | "OUTCOME_UNKNOWN"
  | "REMOTE_ERROR"
  | "ENCODE_FAILED"
  | "UNEXPECTED_REPLY"
  | "BAD_FRAME"
  | "INVALID_DATA"
  | "BUFFER_FULL"
  | "LISTENER_FAILED";

/** `cause`, and what a subclass adds. */
export type ErrorDetails = ConnectionErrorDetails & { readonly method?: string; readonly sent?: boolean };

/** The base of every error that holdfast makes. Tell them apart by `code`. */
export class HoldfastError extends Error {
  override readonly name: string = "HoldfastError";
  readonly code: ErrorCode;

  /** `details` become properties, `cause` as the platform has it. */
  constructor(code: ErrorCode, message: string, details?: ErrorDetails) {
    super(message, details);
    this.code = code;
    Object.assign(this, details);
  }
}

/** What a failed attempt or a lost link knows about itself. */
export interface ConnectionErrorDetails {
  /** The WebSocket close code, where there was one; 1006 stands for "no close frame came". */
  readonly closeCode?: number | undefined;
  /** The peer's close reason; empty where it gave none. */
  readonly reason?: string | undefined;
  /** The HTTP status of a refused upgrade, where the runtime tells it. Browsers never do. */
  readonly httpStatus?: number | undefined;
  readonly cause?: unknown;
}

/** An attempt failed or a link was lost. It never contains the URL, the protocols or the headers: they may hold a token. */
export class ConnectionError extends HoldfastError implements ConnectionErrorDetails {
  override readonly name = "ConnectionError";
  declare readonly closeCode?: number | undefined;
  declare readonly reason?: string | undefined;
  declare readonly httpStatus?: number | undefined;
}

/** The error of a callback of the application that threw, or whose promise rejected. */
export function callbackFailed(cause: unknown, code: ErrorCode = "LISTENER_FAILED"): HoldfastError {
  return new HoldfastError(code, "A callback of the application threw; see cause", { cause });
}

/** An error of holdfast as it is, and anything else as what a callback threw. */
export function toHoldfastError(error: unknown, code?: ErrorCode): HoldfastError {
  return error instanceof HoldfastError ? error : callbackFailed(error, code);
}

/** The error of whatever ends because this side closed or replaced the connection. */
export function closedHere(): ConnectionError {
  return new ConnectionError("CLOSED", "This side closed the connection");
}

/** A request ended without an answer. */
export class RequestError extends HoldfastError {
  override readonly name = "RequestError";
  declare readonly method: string;
  /** Whether it was ever written to a socket. False: the peer has certainly not run it, and it can be tried again. */
  declare readonly sent: boolean;
}

/** The peer answered a request with an error, or a handler of this side wants to answer with one. */
export class RemoteError extends HoldfastError {
  override readonly name = "RemoteError";
  /** The peer's own error code (JSON-RPC 2.0, section 5.1). */
  declare readonly remoteCode: number | string | undefined;
  declare readonly data: unknown;

  constructor(message: string, remoteCode?: number | string, data?: unknown) {
    super("REMOTE_ERROR", message, { remoteCode, data } as object);
  }
}

/** True for any error of holdfast, also one that another copy of the package made. */
export function isHoldfastError(value: unknown): value is HoldfastError {
  const { code, name } = Object(value) as { code?: unknown; name?: unknown }; // of any realm, so no `instanceof`
  return typeof code === "string" && /^(Holdfast|Connection|Request|Remote)Error$/.test(String(name));
}
