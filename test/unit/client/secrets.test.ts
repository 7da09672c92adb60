import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { createClient } from "../../../src/client/client.ts";
import type { ClientHandshakeLink, ClientOptions } from "../../../src/client/options.ts";
import { RUNTIME_QUIRKS } from "../../../src/testing/websocket-quirks.ts";
import { memoryWebSocket } from "../../../src/testing/memory-websocket.ts";
import { webSocketTransport } from "../../../src/transport/websocket.ts";
import { clientWorld, framesOf, say, type World } from "../../support/client-world.ts";
import { expectNothingUncaught } from "../../support/uncaught.ts";

expectNothingUncaught();

const SECRET = "s3cr3t"; // short, since V8 quotes no more than ten characters of what it cannot parse
const URL_WITH_SECRETS = `wss://user:${SECRET}@server/feed?token=${SECRET}&also=${encodeURIComponent(SECRET)}`;

/** The token wherever one can be put: query, user info, protocol, header, handshake. */
const everywhere = {
  url: URL_WITH_SECRETS,
  protocols: ["feed", `token.${SECRET}`],
  headers: { authorization: `Bearer ${SECRET}` },
  handshake: async (link: ClientHandshakeLink): Promise<void> => {
    link.send({ auth: SECRET });
    if ((await link.receive()) !== "welcome") throw new Error("not let in");
  },
  heartbeat: { interval: 1_000, timeout: 500 },
} satisfies Partial<ClientOptions>;

function secretWorld(options: Partial<ClientOptions> = {}): World<unknown> {
  const world = clientWorld({ ...everywhere, ...options });
  world.server.onConnection = (connection) => {
    connection.onMessage = () => {
      say(connection, "welcome");
    };
  };
  return world;
}

/** Everything that ends up in a log sooner or later, as text: events, errors with their causes and stacks, state, the client itself. */
function traces({ client, heard }: World<unknown>, ...more: readonly unknown[]): readonly string[] {
  return [...heard, client, client.state, client.queue, ...more].flatMap((value) => [
    inspect(value, { depth: Infinity, showHidden: true, maxStringLength: Infinity, maxArrayLength: Infinity }),
    JSON.stringify([value]),
    value instanceof Error ? `${value.message}${value.stack ?? ""}` : "",
  ]);
}

function expectNoSecret(world: World<unknown>, ...more: readonly unknown[]): void {
  expect(traces(world, ...more).filter((trace) => trace.includes(SECRET))).toEqual([]);
}

type Drive = (world: World<unknown>) => Promise<unknown>;

const waits = (world: World<unknown>): void => {
  expect(world.client.state.name).toBe("waiting");
};

/** What can go wrong, one by one. */
const FAILURES: Readonly<Record<string, readonly [options: Partial<ClientOptions>, drive: Drive]>> = {
  "nothing at all": [
    {},
    async ({ open, server }) => {
      await open();
      expect(server.last.url).toBe(URL_WITH_SECRETS); // so it did travel
      expect(server.last.headers["authorization"]).toContain(SECRET);
      expect(framesOf(server.last)).toEqual([{ auth: SECRET }]);
    },
  ],
  "the dial is refused": [
    {},
    async (world) => {
      world.server.stop();
      void world.client.connect();
      await world.go();
      waits(world);
    },
  ],
  ...Object.fromEntries(
    [401, 429, 503].map((httpStatus) => [
      `the upgrade is answered with ${httpStatus}`,
      [
        {},
        async (world: World<unknown>): Promise<unknown> => {
          world.server.answer = { type: "refuse", httpStatus };
          const connected = world.client.connect();
          await world.go(60_000);
          void world.client.close();
          return await connected.catch((error: unknown) => error);
        },
      ],
    ]),
  ),
  "the upgrade is never answered": [
    { connectTimeout: 500 },
    async (world) => {
      world.server.answer = { type: "stall" };
      void world.client.connect();
      await world.go(500);
      waits(world);
    },
  ],
  "the transport does not take the URL and quotes it": [
    {
      transport: () => {
        throw new SyntaxError(`The URL '${URL_WITH_SECRETS}' is invalid`);
      },
    },
    (world) => world.client.connect().catch((error: unknown) => error),
  ],
  "the URL is none": [
    { url: `ws://user:${SECRET}@[broken?token=${SECRET}` },
    (world) => world.client.connect().catch((error: unknown) => error),
  ],
  "the URL has a fragment": [
    { url: `${URL_WITH_SECRETS}#${SECRET}` },
    (world) => world.client.connect().catch((error: unknown) => error),
  ],
  "a provider answers nonsense with the token in it": [
    { headers: () => ({ authorization: [SECRET] }) as never, protocols: () => ({ [SECRET]: SECRET }) as never },
    async (world) => {
      void world.client.connect();
      await world.go();
      waits(world);
    },
  ],
  "the handshake is refused": [
    {},
    async (world) => {
      world.server.onConnection = (connection) => {
        say(connection, "no");
      };
      void world.client.connect();
      await world.go();
      expect(world.client.state).toMatchObject({ name: "waiting", cause: { code: "HANDSHAKE_FAILED" } });
    },
  ],
  "the handshake is answered with a broken frame that repeats the token": [
    {},
    async (world) => {
      world.server.onConnection = (connection) => {
        connection.send(`${SECRET}?`);
      };
      void world.client.connect();
      await world.go();
      expect(world.client.state).toMatchObject({ name: "waiting", cause: { code: "HANDSHAKE_FAILED" } });
    },
  ],
  "the handshake's answer is too large": [
    { maxMessageSize: 100 },
    async (world) => {
      world.server.onConnection = (connection) => {
        say(connection, SECRET.repeat(100));
      };
      void world.client.connect();
      await world.go();
      expect(world.client.state).toMatchObject({ name: "waiting", cause: { code: "HANDSHAKE_FAILED" } });
    },
  ],
  "the handshake's message cannot be encoded": [
    {
      handshake: (link) => {
        link.send({ auth: SECRET, count: 1n });
      },
    },
    async (world) => {
      void world.client.connect();
      await world.go();
      expect(world.client.state).toMatchObject({ name: "waiting", cause: { code: "HANDSHAKE_FAILED" } });
    },
  ],
  "the link is dropped": [
    {},
    async (world) => {
      await world.open();
      world.server.last.drop();
      await world.go();
      waits(world);
      await world.go(30_000);
      expect(world.client.state.name).toBe("open");
    },
  ],
  "the link stalls": [
    {},
    async (world) => {
      await world.open();
      world.server.last.stall();
      await world.go(1_500);
      expect(world.client.state).toMatchObject({ cause: { code: "HEARTBEAT_TIMEOUT" } });
    },
  ],
  ...Object.fromEntries(
    [1000, 1002, 1008, 1011, 1013, 4401].map((code) => [
      `the server closes with ${code}`,
      [
        {},
        async (world: World<unknown>): Promise<unknown> => {
          await world.open();
          const request = world.client.request("pending").catch((error: unknown) => error);
          world.server.last.close(code);
          await world.go();
          await world.close();
          return await request;
        },
      ],
    ]),
  ),
  "requests, streams and topics fail in every way": [
    { rpc: { timeout: 100 } },
    async (world) => {
      const { client, open, go, server } = world;
      await open();
      const ends = [client.request("times out"), client.request("is lost", {}, { timeout: 5_000 })];
      void client.subscribe("topic").listen(() => undefined);
      const stream = client.stream("stream").next();
      await go(200);
      server.last.drop();
      await go();
      return await Promise.all([...ends, stream].map((end) => end.catch((error: unknown) => error)));
    },
  ],
  "broken frames come in that repeat the token": [
    {},
    async (world) => {
      await world.open();
      world.server.last.send(`{"token":"${SECRET}`);
      world.server.last.send(new TextEncoder().encode(SECRET));
      say(world.server.last, { jsonrpc: "2.0", id: SECRET, result: SECRET });
      await world.go();
      expect(world.codes()).toEqual(["BAD_FRAME", "BAD_FRAME", "UNEXPECTED_REPLY"]);
    },
  ],
  "the client closes": [
    {},
    async (world) => {
      await world.open();
      await world.close();
    },
  ],
};

describe("a token in the URL, the protocols, the headers and the handshake", () => {
  it.each(Object.entries(FAILURES))(
    "is in no event, error, state or debug line when %s",
    async (_what, [options, drive]) => {
      const world = secretWorld(options);
      const outcome = await drive(world);
      expect(world.all("debug").length).toBeGreaterThan(0);
      expectNoSecret(world, outcome);
    },
  );

  it.each(Object.keys(RUNTIME_QUIRKS))("is in none of them on the native WebSocket of %s either", async (runtime) => {
    // The cast: these are the very keys.
    const quirks = RUNTIME_QUIRKS[runtime as keyof typeof RUNTIME_QUIRKS];
    const world: World<unknown> = secretWorld({
      headers: {}, // no native WebSocket takes any
      transport: (request, events) =>
        webSocketTransport({ clock: world.page, webSocket: () => memoryWebSocket(world.server, quirks) })(
          request,
          events,
        ),
    });
    world.server.answer = { type: "refuse", httpStatus: 401 };
    const connected = world.client.connect();
    await world.go(60_000);
    world.server.answer = { type: "accept" };
    void world.client.reconnect();
    await world.go(10_000);
    world.server.dropAll();
    await world.go(10_000);
    expectNoSecret(world, await connected.catch((error: unknown) => error));
  });

  it("is not quoted by the error of a wrong option", () => {
    for (const options of [
      { url: 5, headers: SECRET },
      { url: URL_WITH_SECRETS, headers: SECRET },
      { url: URL_WITH_SECRETS, protocols: 5 },
      { url: URL_WITH_SECRETS, handshake: SECRET },
      { url: URL_WITH_SECRETS, heartbeat: { ping: SECRET } },
      { url: URL_WITH_SECRETS, outbox: { overflow: SECRET } },
    ]) {
      let thrown: unknown;
      try {
        createClient(options as unknown as ClientOptions); // what a caller without types can do
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(TypeError);
      expect(inspect(thrown, { showHidden: true })).not.toContain(SECRET);
    }
  });
});
