// The echo server of the suite on Node with "ws", which is also what stands behind the proxies: node.js PORT
import { createServer } from "node:http";
import { WebSocketServer } from "ws";

const paths = {
  "/echo": (socket) => {
    socket.on("message", (data, binary) => socket.send(data, { binary }));
  },
  "/close": (socket) => socket.close(4321, "b\u00e4h"),
  "/headers": (socket, { headers }) => socket.send(`${headers["x-token"]} ${headers.cookie}`),
  "/fragments": (socket) => {
    for (const part of ["one ", "", "message ", "in \u00e4ll"]) socket.send(part, { fin: part.endsWith("ll") });
    socket.send(Uint8Array.of(1, 2), { fin: false });
    socket.send(Uint8Array.of(3), { fin: true });
  },
};

const http = createServer((_request, response) => response.writeHead(426).end());
const server = new WebSocketServer({ noServer: true, maxPayload: 2 ** 27, perMessageDeflate: true });
http.on("upgrade", (request, socket, head) => {
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
});
http.listen(Number(process.argv[2]), "127.0.0.1");
