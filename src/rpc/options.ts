import type { BufferOptions } from "../core/channel.ts";
import { checkOptions } from "../core/options.ts";
import type { AbortSignalLike } from "../core/signal.ts";

/** What one request may say about itself. */
export interface RequestOptions {
  /** Milliseconds for queue, connection and answer together; Infinity waits for ever. @default 30000 */
  readonly timeout?: number | undefined;
  /** Gives up at once, tells the peer, and rejects with the signal's reason. */
  readonly signal?: AbortSignalLike | undefined;
  /**
   * `yes`: running it twice does no harm, so when the link is lost after it was written, it is sent again with the same
   * id. Otherwise it rejects with OUTCOME_UNKNOWN: nobody can know whether the peer ran it. @default "no"
   */
  readonly idempotent?: "yes" | "no" | undefined;
  /** `connection`: it makes sense on this connection only, and is not kept for the next. @default "client" */
  readonly scope?: "client" | "connection" | undefined;
}

/** A streaming request also buffers. It is never sent again: what has been read would come twice. */
export type StreamOptions = Omit<RequestOptions, "idempotent"> & BufferOptions;

/** What rpc as a whole may be told. */
export interface RpcOptions {
  /** The default `timeout` of a request, in milliseconds. @default 30000 */
  readonly timeout?: number | undefined;
  /** Requests that may wait for an answer; one more rejects with QUEUE_FULL. @default 10000 */
  readonly maxPending?: number | undefined;
  /** Calls of the peer that may run at once; one more is answered with an error. @default 1000 */
  readonly maxRunning?: number | undefined;
  /** The methods that may run twice without harm; see `RequestOptions.idempotent`. @default none */
  readonly idempotent?: readonly string[] | undefined;
}

/** @throws TypeError that names the option which cannot be right */
export function checkRpcOptions(options: RpcOptions): void {
  checkOptions(options, { timeout: "number", maxPending: "number", maxRunning: "number", idempotent: "array" }, "rpc");
}

/**
 * The values of a stream, for `for await`. It is an `AsyncIterableIterator<Value, undefined>` under a name of its own, since
 * before TypeScript 5.6 that one takes one argument.
 */
export interface ResultStream<Value> extends AsyncIterator<Value, undefined> {
  [Symbol.asyncIterator](): ResultStream<Value>;
}
