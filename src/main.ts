// For the build: in Node, all entries but `holdfast/testing` take their values from one file, made of this one
// (`scripts/one-file.ts`). It names what any of them exports.
export {
  adoptSocket,
  Connection,
  ConnectionError,
  createClient,
  Heartbeat,
  HoldfastError,
  isHoldfastError,
  jsonCodec,
  jsonRpc,
  Outbox,
  rawCodec,
  RemoteError,
  RequestError,
  Subscriptions,
  webSocketTransport,
} from "./index.ts";
export { wsTransport } from "./node.ts";
export { Rpc } from "./rpc.ts";
export { default, ReconnectingWebSocket } from "./websocket.ts";
