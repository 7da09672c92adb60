// A shared text: npx node examples/y-websocket/client.ts [url]
import { createInterface } from "node:readline";
import { ReconnectingWebSocket, type WebSocketOptions } from "holdfast/websocket";
import { WebsocketProvider } from "y-websocket";
import { Doc } from "yjs";

/** y-websocket makes a new socket after each close, and syncs again on it: "handover" leaves that to it. */
export function connect(url: string, room: string, doc: Doc, options: WebSocketOptions = {}): WebsocketProvider {
  class Socket extends ReconnectingWebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols, { events: "handover", ...options });
    }
  }
  return new WebsocketProvider(url, room, doc, {
    WebSocketPolyfill: Socket,
    maxBackoffTime: 100, // the socket waits for the server by itself
    disableBc: true, // in a page: without it, tabs of one browser sync past the server
  });
}

if (import.meta.main) {
  const doc = new Doc();
  const lines = doc.getArray<string>("lines");
  const provider = connect(process.argv[2] ?? "ws://127.0.0.1:1234", "example", doc);
  provider.on("status", ({ status }) => {
    console.log(`* ${status}`);
  });
  lines.observe(() => {
    console.log(lines.toArray().join("\n"));
  });
  createInterface({ input: process.stdin }).on("line", (line) => {
    lines.push([line]);
  });
}
