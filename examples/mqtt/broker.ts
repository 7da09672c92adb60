// An MQTT broker on WebSocket: npx node examples/mqtt/broker.ts [port]
import { createServer } from "node:http";
import { Aedes } from "aedes";
import { createWebSocketStream, WebSocketServer } from "ws";
import { type Killable, listen } from "../killable.ts";

export type Broker = Awaited<ReturnType<typeof Aedes.createBroker>>;

/** What the broker knows: sessions, and messages on their way. It stands for the disk of a real one, and outlives `listenFor`. */
export function createBroker(): Promise<Broker> {
  return Aedes.createBroker();
}

export function listenFor(broker: Broker, port: number): Promise<Killable> {
  const http = createServer();
  new WebSocketServer({ server: http }).on("connection", (socket, request) => {
    const stream = createWebSocketStream(socket);
    stream.on("error", () => undefined); // a link that was lost; the broker hears its end too
    broker.handle(stream, request);
  });
  return listen(http, port);
}

if (import.meta.main) {
  const { port } = await listenFor(await createBroker(), Number(process.argv[2] ?? 4002));
  console.log(`ws://127.0.0.1:${String(port)}/`);
}
