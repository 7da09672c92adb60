import type { BackoffOptions } from "../connection/backoff.ts";
import { type AttemptContext, CONNECTION_SPEC, type ConnectionOptions, type Provider } from "../connection/options.ts";
import type { RetryPolicy } from "../connection/retry.ts";
import { systemClock } from "../core/clock.ts";
import { badOption, checkOptions } from "../core/options.ts";
import { type InboundPayload, isPayload, type Payload } from "../core/payload.ts";
import { atOnce } from "../core/thenable.ts";
import type { HeartbeatOptions } from "../heartbeat/heartbeat.ts";
import { BACKLOG_SPEC, type BacklogOptions, type OutboxOptions } from "../outbox/options.ts";
import { ABNORMAL } from "../transport/close-codes.ts";
import { defaultTransport } from "../transport/platform.ts";
import type { Transport } from "../transport/transport.ts";
import { type PlatformWebSocket, webSocketTransport } from "../transport/websocket.ts";
import { checkProtocols, checkUrl } from "./arguments.ts";
import { closeEvent } from "./close-event.ts";
import type { PlatformCloseEvent } from "./event-types.ts";

/** A URL; or what answers one, asked afresh for each attempt. */
export type UrlProvider = Provider<string> | { readonly href: string };
/** The subprotocols to offer; or what answers them, asked afresh for each attempt. */
export type ProtocolsProvider =
  | string
  | readonly string[]
  | null
  | ((context: AttemptContext) => string | readonly string[] | null | Promise<string | readonly string[] | null>);

/** How a socket watches whether its link is alive. */
export interface WebSocketHeartbeatOptions extends HeartbeatOptions {
  /**
   * How the peer is asked. `auto`: by a protocol ping where the platform has one (Node), else not at all. `expect`: it is not
   * asked; it is known to talk often enough. Or the message to send, or a function that makes it.
   * @default "auto"
   */
  readonly ping?: "auto" | "expect" | { readonly message: Payload } | (() => Payload) | undefined;
  /** Recognises the answer to `ping`, text or an `ArrayBuffer`. It is kept from the application. */
  readonly pong?: ((data: InboundPayload) => boolean) | undefined;
}

/** The options of reconnecting-websocket and partysocket, with their meaning. Ours win where both are given. */
export interface LegacyOptions extends Partial<Record<"WebSocket", PlatformWebSocket | undefined>> {
  /** The first wait is no shorter: `backoff.min`. Jitter comes on top. */
  readonly minReconnectionDelay?: number | undefined;
  /** `backoff.max` */
  readonly maxReconnectionDelay?: number | undefined;
  /** `backoff.factor` */
  readonly reconnectionDelayGrowFactor?: number | undefined;
  /** `stableAfter` */
  readonly minUptime?: number | undefined;
  /** `connectTimeout` */
  readonly connectionTimeout?: number | undefined;
  /** So many attempts may fail after the first. Then it is closed, until `reconnect()`. @default Infinity */
  readonly maxRetries?: number | undefined;
  /** `outbox.maxCount`, and a message that is one too many is dropped, as there; but a `dropped` event says so. */
  readonly maxEnqueuedMessages?: number | undefined;
  /** Nothing is dialled until `reconnect()`. @default false */
  readonly startClosed?: boolean | undefined;
  /** Tells what the connection does, to `debugLogger` or as `debug` events. Nothing is written to a console. @default false */
  readonly debug?: boolean | undefined;
  readonly debugLogger?: ((...args: unknown[]) => void) | undefined;
  /** Asked for each end of a link and each failed dial, with its true code: false gives up. */
  readonly shouldReconnectOnClose?: ((event: PlatformCloseEvent) => boolean) | undefined;
}

/** Everything that a `ReconnectingWebSocket` can be told. Times are in milliseconds. */
export interface WebSocketOptions extends Omit<ConnectionOptions, "url" | "protocols" | "retry">, LegacyOptions {
  /**
   * What the application sees of drops.
   * - `transparent`: each. A drop is a `close` event, the return an `open` event; `readyState` follows. As reconnecting-websocket.
   * - `single`: none. There is one `open` and one `close`; between them come `reconnecting` and `reconnected`.
   * - `handover`: one. Dials are repeated until one opens; then a drop is the `close` event that ends this object. For libraries that
   *   make a new socket after each close, as they do with the platform's.
   * @default "transparent"
   */
  readonly events?: "transparent" | "single" | "handover" | undefined;
  /**
   * Overrides the close-code table, case by case. `off`: one dial and one link, nothing is repeated and nothing is sent before `open`,
   * as with the platform's `WebSocket`.
   */
  readonly retry?: RetryPolicy | "off" | undefined;
  /** Liveness. By default protocol pings where the platform has them (Node), and nothing elsewhere. */
  readonly heartbeat?: WebSocketHeartbeatOptions | "off" | undefined;
  /** The bounds of what waits for a link. Once it is open everything is handed to the platform at once. */
  readonly outbox?: Pick<OutboxOptions, "maxCount" | "maxBytes" | "overflow" | "ttl"> | undefined;
}

const SPEC = {
  ...CONNECTION_SPEC,
  url: "nothing: it is the first argument",
  protocols: "nothing: it is the second argument",
  retry: 'function or "off"',
  events: '"transparent" or "single" or "handover"',
  heartbeat: 'object or "off"',
  outbox: "object",
  minReconnectionDelay: "number",
  maxReconnectionDelay: "number",
  reconnectionDelayGrowFactor: "number",
  minUptime: "number",
  connectionTimeout: "number",
  maxRetries: "number",
  maxEnqueuedMessages: "number",
  startClosed: "boolean",
  debug: "boolean",
  debugLogger: "function",
  ["WebSocket"]: "function",
  shouldReconnectOnClose: "function",
};

/** @throws TypeError that names the option which cannot be right */
export function checkWebSocketOptions(options: WebSocketOptions): void {
  checkOptions(options, SPEC);
  const { heartbeat } = options;
  if (heartbeat && heartbeat !== "off") {
    const ping = '"auto" or "expect" or object or function';
    checkOptions(heartbeat, { interval: "number", timeout: "number", ping, pong: "function" }, "heartbeat");
    if (typeof heartbeat.ping === "object" && !isPayload(heartbeat.ping.message))
      throw badOption("heartbeat.ping.message", "text or bytes");
  }
}

/** The arguments of the constructor as a connection takes them. @throws SyntaxError */
export function connectionOptions(
  url: UrlProvider,
  protocols: ProtocolsProvider | undefined,
  options: WebSocketOptions,
): ConnectionOptions {
  const { stableAfter = options.minUptime, connectTimeout = options.connectionTimeout } = options;
  const own = Object.entries(options).filter(([name]) => Object.hasOwn(CONNECTION_SPEC, name));
  return {
    ...({ ...Object.fromEntries(own), stableAfter, connectTimeout } as object), // the same names have the same types in both
    url: isProvider(url) ? url : checkUrl(url),
    protocols:
      typeof protocols === "function" ? async (context) => (await protocols(context)) ?? [] : checkProtocols(protocols),
    backoff: backoffOf(options),
    retry: retryOf(options),
  };
}

function isProvider(url: UrlProvider): url is (context: AttemptContext) => string | Promise<string> {
  return typeof url === "function";
}

/** How to dial, if not said otherwise. */
export function transportOf({ transport, clock, ["WebSocket"]: webSocket }: WebSocketOptions): Transport {
  if (transport) return transport;
  return webSocket ? webSocketTransport({ webSocket: () => webSocket, clock: clock ?? systemClock }) : defaultTransport;
}

/** The bounds of the queue. @throws TypeError that names the option which cannot be right */
export function backlogOptions({ outbox = {}, maxEnqueuedMessages: maxCount }: WebSocketOptions): BacklogOptions {
  checkOptions(outbox, BACKLOG_SPEC, "outbox");
  return { ...(maxCount !== undefined && { maxCount, overflow: "drop-newest" }), ...outbox };
}

function backoffOf(options: WebSocketOptions): BackoffOptions {
  const { minReconnectionDelay: first, maxReconnectionDelay: max, reconnectionDelayGrowFactor: factor } = options;
  const min = max === undefined ? first : Math.min(first ?? 300, max);
  return { min, base: first ? first * (factor ?? 2) : undefined, factor, max, ...options.backoff };
}

function retryOf({ maxRetries = Infinity, shouldReconnectOnClose, retry }: WebSocketOptions): RetryPolicy {
  return (context) => {
    const { attempt, code = ABNORMAL, reason } = context;
    if (attempt >= maxRetries) return "stop";
    const event = shouldReconnectOnClose && closeEvent({ code, reason, wasClean: code !== ABNORMAL });
    if (event && !atOnce(shouldReconnectOnClose(event), "shouldReconnectOnClose")) return "stop";
    return retry === "off" ? "stop" : retry?.(context);
  };
}
