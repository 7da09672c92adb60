// Run by Jest, once as in Node and once in jsdom, where the browser's flavour is what it gets.
const { createClient, isHoldfastError } = require("holdfast");
const { Connection } = require("holdfast/connection");

test("the package is required, and its entries share their classes", async () => {
  const failure = await new Connection({ url: "ws://127.0.0.1:9", retry: () => "stop" }).connect().catch((e) => e);
  expect(isHoldfastError(failure)).toBe(true);
});

test("a client makes a round trip", async () => {
  const client = createClient({ url: globalThis.echoUrl, dialect: "raw" });
  const answer = new Promise((resolve) => client.on("message", resolve));
  client.send("there and back");
  void client.connect();
  expect(await answer).toBe("there and back");
  await client.close();
});
