// The server of a network scenario, in a process of its own: it writes down which message came over which link, and
// confirms each.
import { WebSocketServer } from "ws";
import { systemClock } from "../../src/core/clock.ts";
import type { Receipt } from "./messages.ts";

let links = 0;
const server = new WebSocketServer({ host: "0.0.0.0", port: Number(process.argv[2]) }, () => process.send?.("ready"));
server.on("connection", (socket) => {
  const link = ++links;
  socket.on("error", () => undefined);
  socket.on("message", (data: Buffer) => {
    const receipt: Receipt = { at: systemClock.now(), n: Number(data.toString()), link };
    process.send?.(receipt);
    socket.send(String(receipt.n));
  });
});
process.on("disconnect", () => process.exit());
