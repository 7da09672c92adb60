import type { HoldfastError } from "../core/errors.ts";
import type { DropReason } from "../core/outcome.ts";
import type { Payload } from "../core/payload.ts";
import type { ConnectionDebugEvent } from "../connection/events.ts";
import type { ConnectionState } from "../connection/state.ts";
import type { Gap } from "../subscriptions/topic.ts";

/**
 * What travels between the two sides; every part is optional, and what is left out is untyped.
 *
 * @example
 * interface Api {
 *   requests: { sum(params: { a: number; b: number }): number; time(): string };
 *   streams: { history(params: { symbol: string }): Trade };
 *   notifications: { typing(params: { room: string }): void };
 *   handlers: { confirm(params: { question: string }): boolean };
 *   topics: { trades: Trade; [topic: `trades:${string}`]: Trade };
 *   incoming: ChatMessage;
 *   outgoing: ChatMessage;
 * }
 */
export interface ApiShape {
  /** What the server answers: params in, result out. */
  readonly requests?: object;
  /** What the server answers bit by bit: params in, one value out. */
  readonly streams?: object;
  /** What the server is told without an answer. */
  readonly notifications?: object;
  /** What the server may call here. */
  readonly handlers?: object;
  /** What can be subscribed: the type of one event by topic. */
  readonly topics?: object;
  /** Messages that are neither calls nor events. */
  readonly incoming?: unknown;
  /** What `send` takes. */
  readonly outgoing?: unknown;
}

type AnyMethods = Record<string, (params?: unknown) => unknown>;
type Part<Api, Name extends string, Untyped> = Api extends { readonly [N in Name]: infer Found } ? Found : Untyped;

export type Requests<Api> = Part<Api, "requests", AnyMethods>;
export type Streams<Api> = Part<Api, "streams", AnyMethods>;
export type Notifications<Api> = Part<Api, "notifications", AnyMethods>;
export type Handlers<Api> = Part<Api, "handlers", AnyMethods>;
export type Topics<Api> = Part<Api, "topics", Record<string, unknown>>;
export type Incoming<Api> = Part<Api, "incoming", unknown>;
export type Outgoing<Api> = Part<Api, "outgoing", unknown>;

/** The params of a method and its options, where the params may be left out if the method takes none. */
export type CallArguments<Method, Options> = Method extends (...params: infer All) => unknown
  ? All extends readonly [] // and not `Method extends () => unknown`: a method with an optional parameter is one as well
    ? [params?: undefined, options?: Options]
    : Method extends (params: infer Params) => unknown
      ? undefined extends Params
        ? [params?: Params, options?: Options]
        : [params: Params, options?: Options]
      : never
  : never;

/** What a method answers. */
export type Result<Method> = Method extends (params: never) => infer Value ? Awaited<Value> : never;

/** What a method takes. */
export type Params<Method> = Method extends (params: infer Value) => unknown ? Value : undefined;

/** What a handler may answer: the value, a promise of it, or an async iterable that is streamed. */
export type Answer<Method> = Result<Method> | Promise<Result<Method>> | AsyncIterable<unknown>;

/** A frame came in or went out. */
export interface FrameDebugEvent {
  readonly at: number;
  readonly event: "received" | "sent";
  /** Characters of text, or bytes. */
  readonly size: number;
}

/** What a client tells, by the name of the event. */
export interface ClientEvents<Api> {
  /** Every change of `state`, in order, after it has taken effect; also from phase to phase of `connecting`. */
  state: ConnectionState;
  /** Every inbound message that is neither an answer, a call with a handler, nor an event of a subscription. */
  message: Incoming<Api>;
  /** What would otherwise go unseen: a broken frame, an answer that no request waits for, a callback that threw, a refused subscription. */
  error: HoldfastError;
  /** A queued message ended without being sent. */
  dropped: { readonly data: Payload; readonly reason: DropReason };
  /**
   * The link was lost, and so many frames had been written since the last one came in: nobody knows if they arrived. Nor
   * if those did that were on their way when the peer sent that last one, which are not counted.
   */
  unconfirmed: { readonly count: number };
  /** A hole in the sequence of a topic. */
  gap: Gap;
  /** A round trip was measured, in milliseconds. */
  rtt: number;
  /** For diagnosis: no payload, URL, header or protocol is in it. Not covered by semantic versioning. */
  debug: ConnectionDebugEvent | FrameDebugEvent;
}
