/** What identifies a request on the wire. Ours are numbers; a peer's may be either. */
export type RequestId = number | string;

/** An error as it travels: JSON-RPC 2.0, section 5.1. */
export interface WireError {
  readonly code: number | string;
  readonly message: string;
  readonly data?: unknown;
}

/** What an inbound frame means. */
export type Inbound =
  /** The answer to a request of ours. */
  | { readonly type: "result"; readonly id: RequestId; readonly value: unknown }
  | { readonly type: "failure"; readonly id: RequestId | undefined; readonly error: WireError }
  /** One value of a streaming answer; a result or a failure ends it. */
  | { readonly type: "item"; readonly id: RequestId; readonly value: unknown }
  /** The peer calls us. */
  | { readonly type: "request"; readonly id: RequestId; readonly method: string; readonly params: unknown }
  | { readonly type: "notification"; readonly method: string; readonly params: unknown }
  | { readonly type: "cancel"; readonly id: RequestId }
  /** One event of a subscription. */
  | { readonly type: "event"; readonly topic: string; readonly data: unknown }
  | { readonly type: "batch"; readonly frames: readonly unknown[] }
  /** Meant for us, and broken. */
  | { readonly type: "invalid"; readonly reason: string }
  /** Nothing of this dialect: the application gets it as a message. */
  | { readonly type: "other" };

/** A call that is made to subscribe or unsubscribe. */
export interface Call {
  readonly method: string;
  readonly params: unknown;
}

/**
 * How the frames of a server look: pure functions between decoded frames and their meaning. Write one to speak with a
 * server that does not use JSON-RPC 2.0; `docs/guides/dialects.md` has an exchange's as an example.
 * `read` must not throw and must trust nothing: a frame can be any value that the codec can decode to.
 */
export interface Dialect {
  read(frame: unknown): Inbound;
  request(id: RequestId, method: string, params: unknown): unknown;
  notification(method: string, params: unknown): unknown;
  result(id: RequestId, value: unknown): unknown;
  failure(id: RequestId, error: WireError): unknown;
  /** One value of a streaming answer. Absent: this dialect has none. */
  readonly item?: (id: RequestId, value: unknown) => unknown;
  /** Tells the peer that its answer is not wanted any more. Absent: this dialect cannot. */
  readonly cancel?: (id: RequestId) => unknown;
  /**
   * The calls that begin and end a subscription: both, or none where a dialect has none. The server has to answer them; a
   * call that is not answered in time is made again.
   */
  readonly subscribe?: (topic: string, params: unknown) => Call;
  readonly unsubscribe?: (topic: string, params: unknown) => Call;
  /** A call that any server of this dialect answers, if only with an error. Absent: there is none. */
  readonly ping?: () => Call;
}
