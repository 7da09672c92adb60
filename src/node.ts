/**
 * `holdfast/node`: what a client can be told about its sockets in Node alone. Clients need it only for that: in Node
 * they dial over `ws` anyway.
 *
 * @example
 * const client = createClient({ url: "wss://feed.internal", transport: wsTransport({ ca: readFileSync("ca.pem") }) });
 *
 * @packageDocumentation
 */
export { wsTransport } from "./transport/platform-node.ts";
export type { Transport } from "./transport/transport.ts";
export type { TlsMaterial, WsOptions } from "./transport/ws-options.ts";
