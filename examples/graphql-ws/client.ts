// A GraphQL subscription that outlives its server: npx node examples/graphql-ws/client.ts [url]
import { setTimeout as sleep } from "node:timers/promises";
import { type Client, createClient } from "graphql-ws";
import { ReconnectingWebSocket, type WebSocketOptions } from "holdfast/websocket";

/** graphql-ws makes a new socket after each close, and says hello on it: "handover" leaves that to it. */
export function connect(url: string, options: WebSocketOptions = {}): Client {
  class Socket extends ReconnectingWebSocket {
    constructor(url: string, protocols: string) {
      super(url, protocols, { events: "handover", ...options });
    }
  }
  const client = createClient({
    url,
    webSocketImpl: Socket,
    retryAttempts: Infinity,
    // The socket waits for the server by itself; this is for a server that accepts and closes at once.
    retryWait: (retries) => sleep(Math.min(20 * 2 ** retries, 10_000)),
  });
  return client;
}

if (import.meta.main) {
  const client = connect(process.argv[2] ?? "ws://127.0.0.1:4000/");
  client.on("closed", () => {
    console.log("the link is gone");
  });
  for await (const { data } of client.iterate({ query: "subscription { counted }" })) console.log(data);
}
