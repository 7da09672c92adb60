// What a caller without types can get wrong about one message, request or topic: it hears of it at once, and nothing else
// has happened. A `timeout` that is no number would be one that never ends.
import { describe, expect, it } from "vitest";
import type { Client } from "../../../src/index.ts";
import { clientWorld, framesOf } from "../../support/client-world.ts";
import { expectNothingUncaught } from "../../support/uncaught.ts";

expectNothingUncaught();

const controller = new AbortController();

const CALLS: Readonly<Record<string, (client: Client, options: never) => unknown>> = {
  send: (client, options) => client.send("a", options),
  request: (client, options) => client.request("a", {}, options),
  stream: (client, options) => client.stream("a", {}, options),
  subscribe: (client, options) => client.subscribe("a", options),
  connect: (client, options) => client.connect(options),
};

const WRONG: Readonly<Record<string, readonly (readonly [option: string, value: unknown])[]>> = {
  send: [
    ["ttl", NaN],
    ["ttl", -1],
    ["ttl", "5"],
    ["key", 5],
    ["signal", controller],
    ["signal", null],
    ["scope", "session"],
    ["settled", "no function"],
    ["timeout", 5],
    ["writing", () => undefined],
  ],
  request: [
    ["timeout", NaN],
    ["timeout", -1],
    ["timeout", "soon"],
    ["signal", controller],
    ["idempotent", true],
    ["scope", "session"],
    ["ttl", 5],
    ["retries", 5],
  ],
  stream: [
    ["timeout", NaN],
    ["buffer", "all"],
    ["overflow", "reject"],
    ["idempotent", "yes"],
  ],
  subscribe: [
    ["buffer", NaN],
    ["overflow", "reject"],
    ["sequence", "seq"],
    ["since", 5],
  ],
  connect: [
    ["signal", controller],
    ["timeout", 5],
  ],
};

const cases = Object.entries(WRONG).flatMap(([call, wrong]) => wrong.map((one) => [call, ...one] as const));

describe("an option that cannot be right", () => {
  it.each(cases)("of %s(): %s: %s", async (call, option, value) => {
    const { client, server, open, go, heard } = clientWorld();
    await open();
    const before = heard.length;
    expect(() => CALLS[call]?.(client, { [option]: value } as never)).toThrow(
      expect.objectContaining({
        name: "TypeError",
        message: expect.stringMatching(new RegExp(`^Option "${option}" takes`)) as string,
      }),
    );
    await go();
    expect(framesOf(server.last)).toEqual([]);
    expect(heard.slice(before)).toEqual([]);
    const sent = client.request("still", {}, { timeout: 10, signal: controller.signal, scope: "client" });
    await go();
    expect(framesOf(server.last)).toMatchObject([{ method: "still" }]);
    await go(10);
    await expect(sent).rejects.toMatchObject({ code: "TIMEOUT" });
  });

  it("is quoted nowhere", () => {
    const { client } = clientWorld();
    expect(() => client.request("a", {}, { scope: "SECRET" as never })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("SECRET") as string }),
    );
  });

  it("leaves the connection as it is: connect() works afterwards", async () => {
    const { client, go } = clientWorld();
    expect(() => client.connect({ signal: controller as never })).toThrow(TypeError);
    expect(client.state.name).toBe("idle");
    const connected = client.connect({ signal: controller.signal });
    await go();
    await connected;
    expect(client.state.name).toBe("open");
  });
});

describe("an option that is undefined", () => {
  it.each(Object.entries(WRONG))("is none, for %s()", async (call, wrong) => {
    const { client, open } = clientWorld();
    await open();
    const none = Object.fromEntries(wrong.map(([option]) => [option, undefined]));
    expect(() => CALLS[call]?.(client, none as never)).not.toThrow();
  });
});

describe("listen()", () => {
  it("takes a function only", () => {
    const { client } = clientWorld();
    expect(() => client.subscribe("a").listen("no function" as never)).toThrow(
      new TypeError('Option "listener" takes a function'),
    );
  });
});

describe("a method that is no string", () => {
  it.each<[string, (client: Client, method: never) => unknown]>([
    ["request", (client, method) => client.request(method)],
    ["stream", (client, method) => client.stream(method)],
    ["notify", (client, method) => client.notify(method)],
  ])("is refused by %s()", async (_call, make) => {
    const { client, server, open, go } = clientWorld();
    await open();
    expect(() => make(client, undefined as never)).toThrow(new TypeError('Option "method" takes a string'));
    await go();
    expect(framesOf(server.last)).toEqual([]);
  });
});
