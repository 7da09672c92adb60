import { createClient } from "holdfast";
import { Connection } from "holdfast/connection";
import { askByHand, type ByteLine, type Contestant, type Line } from "./contestant.ts";

/** All layers on: JSON, JSON-RPC, subscriptions, heartbeat, outbox, with their defaults but for the length of the queue. */
function startClient(url: string): { readonly line: Line; readonly opened: Promise<void> } {
  const client = createClient({ url, outbox: { maxCount: Infinity, maxBytes: Infinity } });
  const line: Line = {
    send: (value) => {
      client.send(value);
    },
    ask: (params) => client.request("echo", params),
    onValue: () => undefined,
    close: () => client.close(),
  };
  client.on("message", (value) => {
    line.onValue(value);
  });
  return { line, opened: client.connect() };
}

async function openConnection(url: string): Promise<Line> {
  const connection = new Connection({ url });
  const send = (value: unknown): void => {
    connection.send(JSON.stringify(value));
  };
  const { ask, answered } = askByHand(send);
  const line: Line = { send, ask, onValue: () => undefined, close: () => connection.close() };
  connection.on("message", (data) => {
    const value = JSON.parse(data as string) as unknown; // the server sends text only
    if (!answered(value)) line.onValue(value);
  });
  await connection.connect();
  return line;
}

export const HOLDFAST: readonly Contestant[] = [
  {
    name: "holdfast",
    from: "holdfast",
    protocol: "plain",
    open: async (url: string): Promise<Line> => {
      const { line, opened } = startClient(url);
      await opened;
      return line;
    },
    start: (url: string): Line => startClient(url).line,
    idle: async (url: string): Promise<unknown> => {
      const client = createClient({ url });
      client.on("message", () => undefined);
      await client.connect();
      return client;
    },
    make: (url: string): unknown => createClient({ url }),
    openBytes: async (url: string): Promise<ByteLine> => {
      const client = createClient({ url, dialect: "raw" });
      const bytes: ByteLine = {
        send: (data: Uint8Array) => {
          client.send(data);
        },
        onBytes: (): void => undefined,
        close: () => client.close(),
      };
      client.on("message", (data) => {
        bytes.onBytes((data as ArrayBuffer).byteLength);
      });
      await client.connect();
      return bytes;
    },
  },
  {
    name: "holdfast/connection",
    from: "holdfast",
    protocol: "plain",
    open: openConnection,
    idle: async (url: string): Promise<unknown> => {
      const connection = new Connection({ url });
      connection.on("message", () => undefined);
      await connection.connect();
      return connection;
    },
    make: (url: string): unknown => new Connection({ url }),
  },
];
