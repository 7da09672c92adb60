import { wsTransport } from "../../src/transport/platform-node.ts";
import type { Transport } from "../../src/transport/transport.ts";
import { webSocketTransport } from "../../src/transport/websocket.ts";

/** The two ways to dial in Node, and what only one of them can do. */
export const NODE_TRANSPORTS: readonly {
  readonly name: string;
  readonly make: () => Transport;
  /** The HTTP status of a refused upgrade, and the error code of a failed dial. */
  readonly tellsWhy: boolean;
}[] = [
  { name: "over ws", make: wsTransport, tellsWhy: true },
  { name: "over Node's own WebSocket", make: webSocketTransport, tellsWhy: false },
];
