// A tRPC subscription that outlives its server and misses nothing: npx node examples/trpc/client.ts [url]
import { createTRPCClient, createWSClient, type TRPCClient, wsLink } from "@trpc/client";
import { ReconnectingWebSocket, type WebSocketOptions } from "holdfast/websocket";
import type { AppRouter } from "./server.ts";

export interface Connected {
  readonly client: TRPCClient<AppRouter>;
  close(): Promise<void>;
}

/** tRPC makes a new socket after each close, and subscribes again on it: "handover" leaves that to it. */
export function connect(url: string, options: WebSocketOptions = {}): Connected {
  class Socket extends ReconnectingWebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols, { events: "handover", ...options });
    }
  }
  const wsClient = createWSClient({
    url,
    WebSocket: Socket,
    // The socket waits for the server by itself; this is for a server that accepts and closes at once.
    retryDelayMs: (attempt) => Math.min(20 * 2 ** attempt, 10_000),
  });
  return {
    client: createTRPCClient<AppRouter>({ links: [wsLink({ client: wsClient })] }),
    close: () => wsClient.close(),
  };
}

if (import.meta.main) {
  const { client } = connect(process.argv[2] ?? "ws://127.0.0.1:4001/");
  client.counted.subscribe(
    {},
    {
      onData: ({ data }) => {
        console.log(data.count);
      },
      onConnectionStateChange: ({ state }) => {
        console.log(state);
      },
    },
  );
}
