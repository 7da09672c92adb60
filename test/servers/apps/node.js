// The echo server of the suite on Node with "ws", which is also what stands behind the proxies:
// node.js PORT [TLS_PORT CERTIFICATE KEY]...
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { WebSocketServer } from "ws";
import { answer } from "./rpc.js";

const paths = {
  "/echo": (socket) => {
    socket.on("message", (data, binary) => socket.send(data, { binary }));
  },
  "/rpc": (socket) => {
    socket.on("message", (data) => {
      const reply = answer(data);
      if (reply) socket.send(reply);
    });
  },
  "/close": (socket) => socket.close(4321, "b\u00e4h"),
  "/headers": (socket, { headers }) => socket.send(`${headers["x-token"]} ${headers.cookie}`),
  "/fragments": (socket) => {
    for (const part of ["one ", "", "message ", "in \u00e4ll"]) socket.send(part, { fin: part.endsWith("ll") });
    socket.send(Uint8Array.of(1, 2), { fin: false });
    socket.send(Uint8Array.of(3), { fin: true });
  },
};

const server = new WebSocketServer({ noServer: true, maxPayload: 2 ** 27, perMessageDeflate: true });

function upgrade(request, socket, head) {
  const open = paths[request.url];
  socket.on("error", () => undefined);
  if (!open) {
    socket.end("HTTP/1.1 401 Unauthorized\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    return;
  }
  server.handleUpgrade(request, socket, head, (accepted) => {
    accepted.on("error", () => undefined);
    open(accepted, request);
  });
}

function listen(http, port) {
  http.on("request", (_request, response) => response.writeHead(426).end());
  http.on("upgrade", upgrade);
  http.on("tlsClientError", () => undefined);
  http.listen(Number(port), "127.0.0.1");
}

const [plain, ...secure] = process.argv.slice(2);
while (secure.length > 0) {
  const [port, cert, key] = secure.splice(0, 3);
  listen(createTlsServer({ cert: readFileSync(cert), key: readFileSync(key) }), port);
}
listen(createServer(), plain); // the last, so that all are there when this one answers
