// The dialect of docs/guides/dialects.md, against a server that speaks it.
import { expect, it } from "vitest";
import { createClient, RemoteError } from "holdfast";
import { MemoryServer, VirtualClock } from "holdfast/testing";
import { exchange } from "./exchange.ts";

function setup() {
  const clock = new VirtualClock();
  const server = new MemoryServer({ clock });
  const client = createClient({ url: "ws://test", clock, transport: server.transport, dialect: exchange });
  const say = (frame: object): void => {
    server.last.send(JSON.stringify(frame));
  };
  return { clock, server, client, say };
}

it("subscribes in the exchange's frames, on each connection, and reads its pushes", async () => {
  const { clock, server, client, say } = setup();
  const prices: unknown[] = [];
  client.subscribe("btcusdt@trade").listen((trade) => prices.push(trade));
  void client.connect();
  await clock.advanceAsync(10);
  expect(server.last.texts).toEqual(['{"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":1}']);
  say({ result: null, id: 1 });
  say({ stream: "btcusdt@trade", data: { p: "100.5" } });
  await clock.advanceAsync(10);
  expect(prices).toEqual([{ p: "100.5" }]);

  server.dropAll();
  await clock.advanceAsync(10_000);
  expect(server.last.texts).toEqual(['{"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":2}']);
  await clock.advanceFor(client.close());
});

it("rejects with the exchange's error, and takes frames of no meaning for messages", async () => {
  const { clock, client, say } = setup();
  const messages: unknown[] = [];
  client.on("message", (message) => messages.push(message));
  void client.connect();
  await clock.advanceAsync(10);
  const asked = client.request("SET_PROPERTY", ["combined", 3]);
  say({ id: 1, error: { code: 2, msg: "Invalid request" } });
  say({ hello: "world" });
  await clock.advanceAsync(10);
  await expect(asked).rejects.toThrow(new RemoteError("Invalid request", 2));
  expect(messages).toEqual([{ hello: "world" }]);
  await clock.advanceFor(client.close());
});
