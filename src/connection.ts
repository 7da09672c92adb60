export { Connection } from "./connection/connection.ts";
export type { ConnectionDebugEvent, ConnectionEvents, Upper } from "./connection/events.ts";
export type { BackoffOptions } from "./connection/backoff.ts";
export type { AttemptContext, ConnectionOptions, HandshakeLink, Provider } from "./connection/options.ts";
export type { RetryContext, RetryPolicy, RetryVerdict } from "./connection/retry.ts";
export type { ConnectionState } from "./connection/state.ts";
export type { Clock } from "./core/clock.ts";
export { ConnectionError, HoldfastError, isHoldfastError, RemoteError } from "./core/errors.ts";
export type { ConnectionErrorDetails, ErrorCode } from "./core/errors.ts";
export type { Network, NetworkSignal } from "./core/network.ts";
export type { InboundPayload, Payload } from "./core/payload.ts";
export type { Random } from "./core/random.ts";
export type { AbortSignalLike, PlatformSignal } from "./core/signal.ts";
export type { DialRequest, SocketEnd, SocketEvents, Transport, TransportSocket } from "./transport/transport.ts";
export { adoptSocket, webSocketTransport } from "./transport/websocket.ts";
export type {
  AdoptOptions,
  PlatformSocket,
  PlatformSocketEvent,
  PlatformWebSocket,
  WebSocketTransportOptions,
} from "./transport/websocket.ts";
