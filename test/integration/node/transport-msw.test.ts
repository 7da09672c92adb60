import { ws } from "msw";
import { setupServer } from "msw/node";
import { afterAll, beforeAll, expect, it } from "vitest";
import { systemClock } from "../../../src/core/clock.ts";
import { Recorder } from "../../../src/testing/contract/recorder.ts";
import { defaultTransport } from "../../../src/transport/platform-node.ts";

const feed = ws.link("ws://feed.example.test/*");
const server = setupServer(
  feed.addEventListener("connection", ({ client }) => {
    client.addEventListener("message", ({ data }) => {
      client.send(data);
      client.send(new Blob(["blob"]));
      client.send("text");
    });
  }),
);

beforeAll(() => {
  server.listen();
});
afterAll(() => {
  server.close();
});

it("is intercepted by a ws.link of msw in Node, with bytes as ArrayBuffer and in order", async () => {
  const recorder = new Recorder(defaultTransport, systemClock);
  const recorded = recorder.dial({ url: "ws://feed.example.test/trades", protocols: ["a.v1"] });
  await recorder.until("opened", () => recorded.protocol !== undefined);
  expect(recorded.socket.send(new Uint8Array([1, 2]))).toBe(true);
  await recorder.until("all messages", () => recorded.messages.length === 3);
  expect(recorded.messages).toEqual([new Uint8Array([1, 2]).buffer, new TextEncoder().encode("blob").buffer, "text"]);
  recorded.socket.close(1000, "bye");
  await recorder.until("closed", () => recorded.end !== undefined);
  recorder.check();
});
