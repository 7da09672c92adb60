/**
 * `holdfast/websocket`: a drop-in `WebSocket` that comes back.
 *
 * @packageDocumentation
 */
export { ReconnectingWebSocket, ReconnectingWebSocket as default } from "./websocket/websocket.ts";
export type { BlobLike } from "./websocket/blob.ts";
export type {
  CloseEventLike,
  EventLike,
  ListenerOptions,
  MessageEventLike,
  PlatformCloseEvent,
  PlatformEvent,
  PlatformMessageEvent,
  SocketEventMap,
  SocketEventTarget,
  SocketListener,
} from "./websocket/event-types.ts";
export type {
  LegacyOptions,
  ProtocolsProvider,
  UrlProvider,
  WebSocketHeartbeatOptions,
  WebSocketOptions,
  /** The name that reconnecting-websocket and partysocket give it. */
  WebSocketOptions as Options,
} from "./websocket/options.ts";
