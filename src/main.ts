// For the build: in Node, `holdfast`, `holdfast/connection` and `holdfast/rpc` take their values from one file, made of
// this one (`scripts/one-file.ts`). It names what any of the three exports.
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
export { Rpc } from "./rpc.ts";
