export { createClient } from "./client/client.ts";
export type { Client, Queue } from "./client/client.ts";
export type { ClientHandshakeLink, ClientHeartbeatOptions, ClientOptions, Schemas } from "./client/options.ts";
export type { ApiShape, ClientEvents, FrameDebugEvent } from "./client/types.ts";
export { jsonCodec, rawCodec } from "./codec/codec.ts";
export type { Codec } from "./codec/codec.ts";
export { Connection } from "./connection/connection.ts";
export type { ConnectionDebugEvent, ConnectionEvents, Upper } from "./connection/events.ts";
export type { BackoffOptions } from "./connection/backoff.ts";
export type { AttemptContext, ConnectionOptions, HandshakeLink, Provider } from "./connection/options.ts";
export type { RetryContext, RetryPolicy, RetryVerdict } from "./connection/retry.ts";
export type { ConnectionState } from "./connection/state.ts";
export type { BufferOptions } from "./core/channel.ts";
export type { Clock } from "./core/clock.ts";
export { ConnectionError, HoldfastError, isHoldfastError, RemoteError, RequestError } from "./core/errors.ts";
export type { ConnectionErrorDetails, ErrorCode } from "./core/errors.ts";
export type { Network, NetworkSignal } from "./core/network.ts";
export type { DropReason, Outcome } from "./core/outcome.ts";
export type { InboundPayload, Payload } from "./core/payload.ts";
export type { Random } from "./core/random.ts";
export type { StandardResult, StandardSchema } from "./core/schema.ts";
export type { AbortSignalLike, PlatformSignal } from "./core/signal.ts";
export { Heartbeat } from "./heartbeat/heartbeat.ts";
export type { HeartbeatLink, HeartbeatOptions } from "./heartbeat/heartbeat.ts";
export { Outbox } from "./outbox/outbox.ts";
export type { OutboxSink } from "./outbox/outbox.ts";
export type { OutboxOptions, QueueOptions, SendOptions } from "./outbox/options.ts";
export type { Call, Dialect, Inbound, RequestId, WireError } from "./rpc/dialect.ts";
export type { CallContext, Handler } from "./rpc/handlers.ts";
export { jsonRpc } from "./rpc/json-rpc.ts";
export type { RequestOptions, ResultStream, RpcOptions, StreamOptions } from "./rpc/options.ts";
export { Subscriptions } from "./subscriptions/subscriptions.ts";
export type { Subscription, SubscriptionsLink } from "./subscriptions/subscriptions.ts";
export type { Gap, SubscribeContext, SubscribeOptions } from "./subscriptions/topic.ts";
export type { DialRequest, SocketEnd, SocketEvents, Transport, TransportSocket } from "./transport/transport.ts";
export { adoptSocket, webSocketTransport } from "./transport/websocket.ts";
export type {
  AdoptOptions,
  PlatformSocket,
  PlatformSocketEvent,
  PlatformWebSocket,
  WebSocketTransportOptions,
} from "./transport/websocket.ts";
