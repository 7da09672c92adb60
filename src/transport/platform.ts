import type { Transport } from "./transport.ts";
import { webSocketTransport } from "./websocket.ts";

/** How to dial where nothing else is said: with the global `WebSocket`, looked up at each dial. */
export const defaultTransport: Transport = /* @__PURE__ */ webSocketTransport();
