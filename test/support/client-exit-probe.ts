// A process of its own that lives for one client: it dials argv[2] over argv[3] ("ws" or "native") and prints each state. On
// SIGUSR2 it closes the client, and should then have nothing left to live for; it prints how long both took, in ms.
import { createClient } from "../../src/client/client.ts";
import { wsTransport } from "../../src/transport/platform-node.ts";
import { webSocketTransport } from "../../src/transport/websocket.ts";

const [url = "", over = ""] = process.argv.slice(2);
const client = createClient({
  url,
  transport: over === "ws" ? wsTransport() : webSocketTransport(),
  dialect: "raw",
  backoff: { min: 20, base: 60, max: 200 },
  closeTimeout: 200,
});

async function close(): Promise<void> {
  const asked = performance.now();
  await client.close();
  const closed = performance.now();
  console.log(`closed after ${Math.round(closed - asked)}`);
  process.on("exit", () => {
    console.log(`exited after ${Math.round(performance.now() - closed)}`);
  });
}

client.on("state", (state) => {
  console.log(state.name === "connecting" ? state.phase : state.name);
});
process.once("SIGUSR2", () => void close());
void client.connect();
