// The example of docs/guides/testing.md for msw. docs.test.ts compares the two.
import { ws } from "msw";
import { setupServer } from "msw/node";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createClient } from "holdfast";

const feed = ws.link("ws://feed.example.test/");
const server = setupServer(
  feed.addEventListener("connection", ({ client }) => {
    client.addEventListener("message", ({ data }) => {
      client.send(data);
    });
  }),
);

beforeAll(() => {
  server.listen();
});
afterAll(() => {
  server.close();
});

it("is intercepted", async () => {
  await using client = createClient({ url: "ws://feed.example.test/", dialect: "raw" });
  const echo = new Promise((resolve) => client.on("message", resolve));
  void client.connect();
  client.send("hello");
  expect(await echo).toBe("hello");
});

it("dials again when the server hangs up", async () => {
  let dials = 0;
  server.use(
    feed.addEventListener("connection", ({ client }) => {
      if (++dials === 1) client.close(1012, "restart");
    }),
  );
  await using client = createClient({ url: "ws://feed.example.test/", backoff: { base: 10 } });
  void client.connect();
  await expect.poll(() => [dials, client.state.name]).toEqual([2, "open"]);
});
