import type { ConnectionDebugEvent } from "../connection/events.ts";
import type { ConnectionError } from "../core/errors.ts";
import type { DropReason } from "../core/outcome.ts";
import type { AbortSignalLike } from "../core/signal.ts";

/** An event, where the consumer's program has no type for it. */
export interface EventLike {
  readonly type: string;
  readonly target: unknown;
  readonly currentTarget: unknown;
  readonly defaultPrevented: boolean;
  preventDefault(): void;
  stopPropagation(): void;
  stopImmediatePropagation(): void;
}

/** The part of a `MessageEvent` that there is everywhere. */
export interface MessageEventLike extends EventLike {
  readonly data: unknown;
  readonly origin: string;
}

/** The part of a `CloseEvent` that there is everywhere. */
export interface CloseEventLike extends EventLike {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
}

/** What a message's event is made of. */
export interface MessageFields {
  readonly data: unknown;
  readonly origin: string;
}

/** The platform's `MessageEvent`, or a class like it. */
export interface MessageClass {
  readonly prototype: object;
  new (type: string, fields: MessageFields): object;
}

/** The platform's `Event`, where the program has that type, so that handlers written for a `WebSocket` fit. */
export type PlatformEvent = typeof globalThis extends { Event: { prototype: infer E } } ? E : EventLike;
/** The platform's `MessageEvent`, where the program has that type. */
export type PlatformMessageEvent = typeof globalThis extends { MessageEvent: { prototype: infer E } }
  ? E
  : MessageEventLike;
/** The platform's `CloseEvent`, where the program has that type. */
export type PlatformCloseEvent = typeof globalThis extends { CloseEvent: { prototype: infer E } } ? E : CloseEventLike;

/** The events of a `ReconnectingWebSocket`, by type. The first four are those of every `WebSocket`. */
export interface SocketEventMap {
  open: PlatformEvent;
  message: PlatformMessageEvent;
  /** Before the `close` of what never opened, or was ended by a broken frame. */
  error: PlatformEvent & { readonly message?: string; readonly error?: ConnectionError | undefined };
  close: PlatformCloseEvent;
  /** Styles "single" and "handover": the link is gone, or could not be opened; the next attempt is at `retryAt`. */
  reconnecting: PlatformEvent & {
    /** Failures since the last stable connection. */
    readonly attempt: number;
    /** Milliseconds since the epoch; absent where `reconnect()` was called. */
    readonly retryAt: number | undefined;
    readonly cause: ConnectionError | undefined;
  };
  /** Style "single": the link is back. */
  reconnected: PlatformEvent;
  /** A message will not be sent: the queue was full, it was too old, or nobody wants the connection any more. */
  dropped: PlatformEvent & { readonly data: unknown; readonly reason: DropReason };
  /** The link was lost: of the `count` messages written since the last inbound one, nobody knows whether they arrived. */
  unconfirmed: PlatformEvent & { readonly count: number };
  /** With the option `debug` and no `debugLogger`. Not covered by semantic versioning. */
  debug: PlatformEvent & { readonly detail: ConnectionDebugEvent };
}

/** What `addEventListener` takes. */
export type SocketListener<Event> = ((event: Event) => unknown) | { handleEvent(event: Event): unknown };

/** The options of `addEventListener`, as the DOM standard has them. */
export interface ListenerOptions {
  readonly once?: boolean;
  readonly capture?: boolean;
  readonly passive?: boolean;
  readonly signal?: AbortSignalLike;
}

/** `EventTarget`, with the types of these events. */
export interface SocketEventTarget {
  addEventListener<Type extends keyof SocketEventMap>(
    type: Type,
    listener: SocketListener<SocketEventMap[Type]> | null,
    options?: ListenerOptions | boolean,
  ): void;
  addEventListener(
    type: string,
    listener: SocketListener<PlatformEvent> | null,
    options?: ListenerOptions | boolean,
  ): void;
  removeEventListener<Type extends keyof SocketEventMap>(
    type: Type,
    listener: SocketListener<SocketEventMap[Type]> | null,
    options?: ListenerOptions | boolean,
  ): void;
  removeEventListener(
    type: string,
    listener: SocketListener<PlatformEvent> | null,
    options?: ListenerOptions | boolean,
  ): void;
  dispatchEvent(event: PlatformEvent): boolean;
}
