import IsomorphicWebSocket from "isomorphic-ws";
import type { Transport } from "./transport.ts";
import { type PlatformWebSocket, webSocketTransport } from "./websocket.ts";
import type { WsConstructor } from "./ws-class.ts";
import type { WsOptions } from "./ws-options.ts";
import { createWsTransport } from "./ws.ts";

// A bundler that takes the CommonJS module for an ES module gives its exports, with the class under `default`.
const imported: unknown = IsomorphicWebSocket;
const Ws = (typeof imported === "function" ? imported : (imported as { default: unknown }).default) as WsConstructor;

/**
 * A transport over `ws`, with options of one's own: an agent, certificates, compression. It sends headers and
 * protocol-level pings. Its `dial` throws a `HoldfastError` with code `UNSUPPORTED` where `ws` throws.
 */
export function wsTransport(options: WsOptions = {}): Transport {
  return createWsTransport(Ws, options);
}

const overWs = /* @__PURE__ */ wsTransport();
const overGlobal = /* @__PURE__ */ webSocketTransport();

/**
 * How to dial in Node where nothing else is said: with `ws`, which unlike Node's own `WebSocket` sends headers and pings,
 * takes TLS options, and reports every failed dial. But where somebody has put another class in the place of the
 * runtime's `WebSocket` (msw, happy-dom, mock-socket) and no headers are asked for, that class is used: whoever replaces
 * it wants to see the connections. See docs/decisions/transport-on-node.md.
 */
export const defaultTransport: Transport = (request, events) => {
  const needsWs = request.headers !== undefined && Object.keys(request.headers).length > 0;
  return !needsWs && isReplaced() ? overGlobal(request, events) : overWs(request, events);
};

/**
 * True if the global `WebSocket` is not the runtime's own. A runtime's own class is its prototype's constructor, and its
 * getters refuse a foreign `this` in the engine's words. That holds in Node 22 to 26, Deno and Bun, and for no
 * replacement: msw's is a Proxy, whose prototype still names the original class; a subclass or a spy has no `url` of its own
 * or somebody else's prototype; the getters of happy-dom, jsdom and hand-written fakes throw something else or nothing.
 */
function isReplaced(): boolean {
  const WebSocket = (globalThis as { WebSocket?: PlatformWebSocket & { prototype?: object } }).WebSocket;
  if (typeof WebSocket !== "function") return false;
  const prototype: unknown = WebSocket.prototype;
  if (typeof prototype !== "object" || prototype === null || prototype.constructor !== WebSocket) return true;
  try {
    Object.getOwnPropertyDescriptor(prototype, "url")?.get?.call({});
  } catch (error) {
    return !/illegal invocation|on instances of WebSocket$/i.test((error as Error).message);
  }
  return true;
}
