// What users write, type-checked against the declarations of the packed package: every entry, and calls that must not compile.
import { createClient, HoldfastError, isHoldfastError, type Client } from "holdfast";
import { Connection, webSocketTransport } from "holdfast/connection";
import { Rpc } from "holdfast/rpc";
import { VirtualClock } from "holdfast/testing";
import { ReconnectingWebSocket } from "holdfast/websocket";
import { wsTransport } from "holdfast/node";

interface Api {
  requests: { sum(params: { a: number; b: number }): number };
  topics: { trades: { price: number } };
}

const client: Client<Api> = createClient<Api>({ url: "ws://example.test", transport: webSocketTransport() });
const sum: Promise<number> = client.request("sum", { a: 1, b: 2 });
// @ts-expect-error there is no such request
void client.request("product", { a: 1, b: 2 });
// @ts-expect-error b is missing
void client.request("sum", { a: 1 });
const same: typeof import("holdfast").Connection = Connection;
export async function read(): Promise<number> {
  for await (const { price } of client.subscribe("trades")) return price;
  return sum;
}
export async function dispose(): Promise<void> {
  await client[Symbol.asyncDispose]();
}
export function code(error: unknown): string | undefined {
  return isHoldfastError(error) ? error.code : undefined;
}
new Connection({
  url: "ws://example.test",
  clock: new VirtualClock(),
  transport: wsTransport({ ca: new Uint8Array(1) }),
});
// @ts-expect-error a URL is needed
new Connection({});
const socket = new ReconnectingWebSocket("ws://example.test");
socket.addEventListener("message", (event) => event.data);
export { Rpc, HoldfastError, same };
