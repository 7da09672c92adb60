// Publishes at QoS 1 and listens, whatever becomes of the broker: npx node examples/mqtt/client.ts [url]
import { setTimeout as sleep } from "node:timers/promises";
import { ReconnectingWebSocket, type WebSocketOptions } from "holdfast/websocket";
import { connect as connectMqtt, type MqttClient } from "mqtt";

/** MQTT.js makes a new socket after each close, and opens its session again on it: "handover" leaves that to it. */
export function connect(url: string, clientId: string, options: WebSocketOptions = {}): MqttClient {
  return connectMqtt(url, {
    clientId,
    clean: false, // the broker keeps what this client has missed
    reconnectPeriod: 50, // the socket waits for the broker by itself
    forceNativeWebSocket: true, // in Node only: take a WebSocket, not `ws`
    createWebsocket: (url, protocols) => new ReconnectingWebSocket(url, protocols, { events: "handover", ...options }),
  });
}

if (import.meta.main) {
  const url = process.argv[2] ?? "ws://127.0.0.1:4002/";
  const listener = connect(url, "listener");
  await listener.subscribeAsync("numbers", { qos: 1 });
  listener.on("message", (_topic, payload) => {
    console.log(payload.toString());
  });
  const publisher = connect(url, "publisher");
  for (let number = 1; ; number++) {
    publisher.publish("numbers", String(number), { qos: 1 });
    await sleep(1_000);
  }
}
