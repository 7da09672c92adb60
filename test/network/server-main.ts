// The server of a network scenario, in a process of its own: it writes down which message came over which link and which
// request it has run, confirms each message, and answers each request.
import { type WebSocket, WebSocketServer } from "ws";
import { systemClock } from "../../src/core/clock.ts";
import type { Command, Parcel, Receipt } from "./messages.ts";

/** A message is a number, or a number with filling; a request is of JSON-RPC 2.0. */
type Incoming = number | Parcel | { readonly id: number; readonly method: string; readonly params: number };

let links = 0;
let last: WebSocket | undefined;

function receive(socket: WebSocket, link: number, data: string): void {
  const incoming = JSON.parse(data) as Incoming; // client-main.ts wrote it
  const call = typeof incoming === "object" && "method" in incoming ? incoming : undefined;
  const n = call ? call.params : typeof incoming === "number" ? incoming : (incoming as Parcel).n;
  const receipt: Receipt = { what: call ? "request" : "message", at: systemClock.now(), n, link };
  process.send?.(receipt);
  socket.send(JSON.stringify(call ? { jsonrpc: "2.0", id: call.id, result: n } : n));
}

const server = new WebSocketServer({ host: "0.0.0.0", port: Number(process.argv[2]) }, () => process.send?.("ready"));
server.on("connection", (socket) => {
  const link = ++links;
  last = socket;
  socket.on("error", () => undefined);
  socket.on("message", (data: Buffer) => {
    receive(socket, link, data.toString());
  });
});
process.on("message", (command: Command) => {
  if (command !== "stop") last?.send(JSON.stringify("x".repeat(command.parcel)));
});
process.on("disconnect", () => process.exit());
