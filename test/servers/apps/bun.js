// The echo server of the suite on Bun: bun.js PORT
import { answer } from "./rpc.js";

const LARGE = 2 ** 27;

Bun.serve({
  hostname: "127.0.0.1",
  port: Number(process.argv[2]),
  fetch(request, server) {
    const path = new URL(request.url).pathname;
    const [protocol] = request.headers.get("sec-websocket-protocol")?.split(",") ?? [];
    const said = `${request.headers.get("x-token")} ${request.headers.get("cookie")}`;
    const upgraded =
      path !== "/refuse" &&
      server.upgrade(request, {
        data: { path, said },
        ...(protocol && { headers: { "sec-websocket-protocol": protocol } }),
      });
    return upgraded ? undefined : new Response(null, { status: 401 });
  },
  websocket: {
    maxPayloadLength: LARGE,
    backpressureLimit: 2 * LARGE,
    open(socket) {
      if (socket.data.path === "/close") socket.close(4321, "b\u00e4h");
      if (socket.data.path === "/headers") socket.send(socket.data.said);
    },
    message(socket, message) {
      const reply = socket.data.path === "/rpc" ? answer(message) : message;
      if (reply !== undefined) socket.send(reply);
    },
  },
});
