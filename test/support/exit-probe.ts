// A process of its own: dials argv[2], sends argv[4] bytes once it is open, lets go in the way of argv[3], and should then
// have nothing left to live for. It prints how long it took from letting go to the exit, in ms.
import { wsTransport } from "../../src/transport/platform-node.ts";

const [url = "", way = "", bytes = "0"] = process.argv.slice(2);
let since = 0;

const socket = wsTransport({ rejectUnauthorized: false })(
  { url, protocols: [] },
  {
    opened: () => {
      if (bytes !== "0") socket.send("x".repeat(Number(bytes)));
      since = performance.now();
      if (way === "close") {
        socket.close(1000, "bye");
        socket.abandon(1000, "bye");
      } else socket.abandon(way === "goodbye" ? 1000 : undefined, "bye");
    },
    message: () => undefined,
    pong: () => undefined,
    closed: () => undefined,
  },
);

process.on("exit", () => {
  console.log(Math.round(performance.now() - since));
});
