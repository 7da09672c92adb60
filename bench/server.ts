// The peer of every contestant, in a process of its own, so that the client's time is the client's.
// By path: /sink counts and answers the last of a burst; /flood sends on demand; /rpc answers JSON-RPC.
import { type WebSocket, WebSocketServer } from "ws";

/** About 100 bytes of JSON, like a trade. */
function trade(seq: number): string {
  return JSON.stringify({
    seq,
    symbol: "KELP-EUR",
    price: 1234.5678,
    volume: 0.125,
    side: "buy",
    at: 1_700_000_000_000,
  });
}

function flood(socket: WebSocket, count: number): void {
  for (let seq = 1; seq <= count; seq++) socket.send(trade(seq));
}

function answer(socket: WebSocket, text: string): void {
  const { id, params } = JSON.parse(text) as { id?: number; params?: unknown };
  if (id !== undefined) socket.send(JSON.stringify({ jsonrpc: "2.0", id, result: params }));
}

const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false, maxPayload: 1 << 28 });
server.on("connection", (socket, { url }) => {
  const received = { count: 0 };
  socket.on("message", (data: Buffer, isBinary) => {
    received.count++;
    if (url === "/echo") socket.send(data, { binary: isBinary });
    else if (url === "/rpc") answer(socket, data.toString());
    else if (url === "/flood") flood(socket, Number(data.toString()));
    else if (data.length < 20) {
      socket.send(String(received.count)); // the last of a burst is short
      received.count = 0;
    }
  });
});
server.on("listening", () => {
  const address = server.address();
  process.send?.(typeof address === "object" ? address?.port : undefined);
});
process.on("disconnect", () => process.exit());
