// For the build: in Node, one file is made of this one (`scripts/one-file.ts`). First what the other entries export ...
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
// ... then what the drop-in class, whose code stands in a file of its own, takes from it.
export { CONNECTION_SPEC, checkConnectionOptions } from "./connection/options.ts";
export { Pulse } from "./connection/pulse.ts";
export { Shell } from "./connection/shell.ts";
export { areTokens, webSocketUrl } from "./connection/target.ts";
export { systemClock } from "./core/clock.ts";
export { callbackFailed } from "./core/errors.ts";
export { ask, guard, reportUnheard } from "./core/guard.ts";
export { badOption, checkOptions } from "./core/options.ts";
export { assertPayload, byteLength, isPayload } from "./core/payload.ts";
export { onAbort } from "./core/signal.ts";
export { atOnce } from "./core/thenable.ts";
export { Backlog } from "./outbox/backlog.ts";
export { BACKLOG_SPEC } from "./outbox/options.ts";
export { ABNORMAL, MAX_REASON_BYTES, NORMAL } from "./transport/close-codes.ts";
export { defaultTransport } from "./transport/platform.ts";
