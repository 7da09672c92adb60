import type { ConnectionState } from "../connection/state.ts";
import type { AbortSignalLike } from "../core/signal.ts";
import type { SendOptions } from "../outbox/options.ts";
import type { CallContext } from "../rpc/handlers.ts";
import type { RequestOptions, ResultStream, StreamOptions } from "../rpc/options.ts";
import type { Subscription } from "../subscriptions/subscriptions.ts";
import type { SubscribeOptions } from "../subscriptions/topic.ts";
import { Engine } from "./engine.ts";
import type { ClientOptions } from "./options.ts";
import type * as Types from "./types.ts";

/** What is queued, as the user sees it. */
export interface Queue {
  /** Messages that wait for the link. */
  readonly size: number;
  /** Their payload bytes. */
  readonly bytes: number;
  /** Discards them; each ends with the outcome "discarded". */
  clear(): void;
  /** Resolves when nothing is queued and the socket has little left to send. */
  drain(): Promise<void>;
}

/**
 * A connection with everything on it: liveness, a queue, requests in both directions, subscriptions. Each call throws a
 * `TypeError` for an option that cannot be right, which names it, and nothing else has happened then.
 */
export interface Client<Api = unknown> {
  /** What the connection is doing: the same object until it changes. */
  readonly state: ConnectionState;
  /** The subprotocol that the server chose, or "". */
  readonly protocol: string;
  /** The last measured round trip in milliseconds; `undefined` before the first. */
  readonly rtt: number | undefined;
  /** What waits to be sent. */
  readonly queue: Queue;
  /** Answers that came after their request had been given up: after a time-out, an abort, or a stream that was left. */
  readonly lateReplies: number;

  /** Adds a listener; the returned function removes it. What a listener throws becomes an `error` event. */
  on<Name extends keyof Types.ClientEvents<Api>>(
    name: Name,
    listener: (event: Types.ClientEvents<Api>[Name]) => unknown,
  ): () => void;

  /**
   * Wants a connection from now on. Resolves when it is open, at once if it is; rejects when it becomes `closed`, or
   * with the reason of `signal`, which ends the waiting and not the connecting. Awaiting it is optional.
   */
  connect(options?: { readonly signal?: AbortSignalLike | undefined }): Promise<void>;

  /** Lets go of what there is and dials at once, from every state, with the failures forgotten. Resolves like `connect`. */
  reconnect(): Promise<void>;

  /**
   * Ends the connection and everything on it: requests reject, queued messages are discarded, iterations end. Resolves
   * when it is closed, after `closeTimeout` even if the peer never answers. Listeners stay, those of `on` and those of
   * subscriptions, and `connect()` starts again with them. Await `queue.drain()` first to send what is queued.
   * @throws TypeError unless `code` is 1000 or 3000-4999; a long `reason` is cut to 123 bytes
   */
  close(code?: number, reason?: string): Promise<void>;

  /**
   * Writes to the open link, or queues. "written" says that the socket took it; whether it arrived only an answer tells.
   * @throws HoldfastError QUEUE_FULL (nothing was taken), CLOSED (after `close()`), ENCODE_FAILED
   */
  send(message: Types.Outgoing<Api>, options?: SendOptions): "written" | "queued";

  /**
   * Calls a method of the server. Rejects with a `RemoteError`, a `RequestError`, INVALID_DATA, or the signal's reason; if it
   * was never written, with CLOSED or with what made the retry policy give up. A rejection that nobody awaits is no
   * unhandled one.
   */
  request<Method extends keyof Types.Requests<Api> & string>(
    method: Method,
    ...args: Types.CallArguments<Types.Requests<Api>[Method], RequestOptions>
  ): Promise<Types.Result<Types.Requests<Api>[Method]>>;

  /** Calls a method that answers bit by bit. Leaving the `for await` tells the server to stop. */
  stream<Method extends keyof Types.Streams<Api> & string>(
    method: Method,
    ...args: Types.CallArguments<Types.Streams<Api>[Method], StreamOptions>
  ): ResultStream<Types.Result<Types.Streams<Api>[Method]>>;

  /** Tells the server something that needs no answer. @throws as `send` */
  notify<Method extends keyof Types.Notifications<Api> & string>(
    method: Method,
    ...args: Types.CallArguments<Types.Notifications<Api>[Method], never>
  ): "written" | "queued";

  /**
   * Answers the server's calls and notifications of one method. Returns the function that stops it.
   * @throws TypeError if the method has a handler already
   */
  handle<Method extends keyof Types.Handlers<Api> & string>(
    method: Method,
    handler: (
      params: Types.Params<Types.Handlers<Api>[Method]>,
      context: CallContext,
    ) => Types.Answer<Types.Handlers<Api>[Method]>,
  ): () => void;

  /** One topic; nothing travels until it is listened to or iterated. */
  subscribe<Topic extends keyof Types.Topics<Api> & string>(
    topic: Topic,
    options?: SubscribeOptions<Types.Topics<Api>[Topic]>,
  ): Subscription<Types.Topics<Api>[Topic]>;

  /** `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Makes a client. It checks the options and does nothing else until `connect()`.
 *
 * @throws TypeError that names the option which cannot be right
 * @example
 * const client = createClient<Api>({ url: "wss://example.com/feed" });
 * client.connect();
 * const three = await client.request("sum", { a: 1, b: 2 });
 */
export function createClient<Api = unknown>(options: ClientOptions): Client<Api> {
  // The cast gives the engine's untyped methods the types of the interface; it is the one place where that is promised.
  return new Engine(options) as unknown as Client<Api>;
}
