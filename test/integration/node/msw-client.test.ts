import { describe, expect, it } from "vitest";
import { createClient } from "../../../src/client/client.ts";
import { FaultServer } from "../../support/fault-server.ts";
import { testMswClient } from "../../support/msw-client.ts";

describe("in Node", () => {
  testMswClient();

  it("a client with headers, which no mock could see, dials its real server all the same", async () => {
    await using server = await FaultServer.start();
    await using client = createClient({ url: server.url, headers: { authorization: "Bearer token" } });
    await client.connect();
    expect(server.requests[0]?.headers.authorization).toBe("Bearer token");
  });
});
