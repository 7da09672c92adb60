// Subscribes and answers requests, whatever becomes of the server: npx node examples/nats/client.ts [url]
import { setTimeout as sleep } from "node:timers/promises";
import { type NatsConnection, wsconnect } from "@nats-io/nats-core";
import { ReconnectingWebSocket, type WebSocketOptions } from "holdfast/websocket";

/** nats-core makes a new socket after each close, and subscribes again on it: "handover" leaves that to it. */
export function connect(url: string, options: WebSocketOptions = {}): Promise<NatsConnection> {
  return wsconnect({
    servers: url,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 50, // the socket waits for the server by itself
    wsFactory: (url) =>
      Promise.resolve({
        socket: new ReconnectingWebSocket(url, [], { events: "handover", ...options }),
        encrypted: url.startsWith("wss:"),
      }),
  });
}

if (import.meta.main) {
  const connection = await connect(process.argv[2] ?? "ws://127.0.0.1:8080");
  connection.subscribe("numbers", {
    callback: (_error, message) => {
      console.log(message.string());
    },
  });
  for (let number = 1; ; number++) {
    connection.publish("numbers", String(number));
    await sleep(1_000);
  }
}
