import { ws } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { type Client, createClient } from "../../src/client/client.ts";
import { until } from "./contract-recorder.ts";

const QUICK = { closeTimeout: 200, backoff: { min: 20, base: 60, max: 200 } } as const;
const URL = "ws://feed.example.test/live";

/** What the mock sees of its connections. */
class Feed {
  readonly connected: string[] = [];
  readonly ended: number[] = [];
  readonly #closers = new Set<(code: number) => void>();
  readonly #server = setupServer(
    ws.link("ws://feed.example.test/*").addEventListener("connection", ({ client }) => {
      const close = (code: number): void => {
        client.close(code);
      };
      this.connected.push(client.url.href);
      this.#closers.add(close);
      client.addEventListener("message", ({ data }) => {
        const call = typeof data === "string" && data.includes('"sum"') ? (JSON.parse(data) as { id: number }) : null;
        client.send(call ? JSON.stringify({ jsonrpc: "2.0", id: call.id, result: 3 }) : data);
      });
      client.addEventListener("close", ({ code }) => {
        this.ended.push(code);
        this.#closers.delete(close);
      });
    }),
  );

  start(): void {
    this.#server.listen({ onUnhandledFrame: "bypass" });
  }

  stop(): void {
    this.#server.close();
  }

  closeAll(code: number): void {
    for (const close of [...this.#closers]) close(code);
  }

  forget(): void {
    this.connected.length = this.ended.length = 0;
  }
}

/**
 * Defines the tests of a client that was given no transport, and whose connections msw intercepts, as in the tests of an
 * application.
 */
export function testMswClient(): void {
  const feed = new Feed();
  const clients: Client[] = [];

  function start(options: { readonly dialect?: "raw" } = {}): { client: Client; messages: unknown[] } {
    const messages: unknown[] = [];
    const client = createClient({ url: URL, ...QUICK, ...options });
    client.on("message", (message) => messages.push(message));
    clients.push(client);
    return { client, messages };
  }

  beforeAll(() => {
    feed.start();
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    feed.forget();
  });
  afterAll(() => {
    feed.stop();
  });

  it("a client is intercepted by a ws.link of msw, and sends and receives values", async () => {
    const { client, messages } = start();
    expect(client.send({ hello: "world" })).toBe("queued"); // msw closes a socket that is written to too early
    await client.connect();
    await until("the echo", () => messages.length === 1);
    expect(messages).toEqual([{ hello: "world" }]);
    expect(await client.request("sum", { a: 1, b: 2 })).toBe(3);
    expect(feed.connected).toEqual([URL]);
  });

  it("its bytes arrive as an ArrayBuffer, though the mock heeds no binaryType", async () => {
    const { client, messages } = start({ dialect: "raw" });
    await client.connect();
    client.send(new Uint8Array([1, 2, 3]));
    client.send("text");
    await until("both", () => messages.length === 2);
    expect(messages).toEqual([new Uint8Array([1, 2, 3]).buffer, "text"]);
  });

  it("it comes back after the server has closed, with what was queued meanwhile", async () => {
    const { client, messages } = start();
    await client.connect();
    feed.closeAll(1001);
    await until("it is lost", () => client.state.name === "waiting");
    expect(client.state).toMatchObject({ cause: { code: "CONNECTION_LOST", closeCode: 1001 } });
    client.send("meanwhile");
    await until("it is back", () => messages.length === 1);
    expect(messages).toEqual(["meanwhile"]);
    expect(feed.connected).toEqual([URL, URL]);
  });

  it("it stops after a close that says so, and closes with the code that it is told", async () => {
    const { client } = start();
    await client.connect();
    feed.closeAll(1008);
    await until("it stopped", () => client.state.name === "closed");
    expect(feed.connected).toHaveLength(1);
    await client.connect();
    await client.close(4000, "enough");
    expect(client.state).toEqual({ name: "closed" });
    expect(feed.ended.at(-1)).toBe(4000);
  });
}
