// The echo server of the suite on Deno: deno.js PORT
import { answer } from "./rpc.js";

const paths = {
  "/echo": (socket) => {
    socket.onmessage = ({ data }) => socket.send(data);
  },
  "/rpc": (socket) => {
    socket.onmessage = ({ data }) => {
      const reply = answer(data);
      if (reply) socket.send(reply);
    };
  },
  "/close": (socket) => {
    socket.onopen = () => socket.close(4321, "b\u00e4h");
  },
  "/headers": (socket, said) => {
    socket.onopen = () => socket.send(said);
  },
};

Deno.serve({ hostname: "127.0.0.1", port: Number(Deno.args[0]) }, (request) => {
  const open = paths[new URL(request.url).pathname];
  if (!open) return new Response(null, { status: 401 });
  const [protocol] = request.headers.get("sec-websocket-protocol")?.split(",") ?? [];
  // Its headers cannot be read any more once it is upgraded.
  const said = `${request.headers.get("x-token")} ${request.headers.get("cookie")}`;
  const { socket, response } = Deno.upgradeWebSocket(request, protocol ? { protocol } : {});
  socket.binaryType = "arraybuffer";
  open(socket, said);
  return response;
});
