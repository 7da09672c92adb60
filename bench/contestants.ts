// Each contestant as the same small thing: text in, text out. A contestant does what its users would do, and no more.
import { createClient } from "holdfast";
import ReconnectingWebSocket from "reconnecting-websocket";
import { WebSocket as PartySocket } from "partysocket";
import { WebSocket as Ws } from "ws";

export interface Contestant {
  readonly name: string;
  open(url: string): Promise<Line>;
}

/** An open link. */
export interface Line {
  /** Sends one value as JSON in one text frame. */
  send(value: unknown): void;
  /** Gets each message, decoded. */
  onValue: (value: unknown) => void;
  close(): unknown;
}

interface SocketLike {
  send(data: string): void;
  close(): void;
  addEventListener(type: "open" | "message", listener: (event: { data?: unknown }) => void): void;
}

/** What one writes around any socket by hand. */
function byHand(socket: SocketLike): Promise<Line> {
  const line: Line = {
    send: (value) => {
      socket.send(JSON.stringify(value));
    },
    onValue: () => undefined,
    close: () => {
      socket.close();
    },
  };
  socket.addEventListener("message", ({ data }) => {
    line.onValue(JSON.parse(data as string)); // the peers send text only
  });
  return new Promise((resolve) => {
    socket.addEventListener("open", () => {
      resolve(line);
    });
  });
}

/** `ws` with its own events: the bare socket that all others are measured against. */
function bareWs(url: string): Promise<Line> {
  const socket = new Ws(url, { perMessageDeflate: false });
  const line: Line = {
    send: (value) => {
      socket.send(JSON.stringify(value));
    },
    onValue: () => undefined,
    close: () => {
      socket.close();
    },
  };
  socket.on("message", (data: Buffer) => {
    line.onValue(JSON.parse(data.toString()));
  });
  return new Promise((resolve) => {
    socket.on("open", () => {
      resolve(line);
    });
  });
}

async function holdfast(url: string): Promise<Line> {
  const client = createClient({ url, dialect: "none", outbox: { maxCount: Infinity, maxBytes: Infinity } });
  const line: Line = {
    send: (value) => {
      client.send(value);
    },
    onValue: () => undefined,
    close: () => client.close(),
  };
  client.on("message", (value) => {
    line.onValue(value);
  });
  await client.connect();
  return line;
}

export const BARE: Contestant = { name: "bare ws", open: bareWs };

const { WebSocket: Native } = globalThis as unknown as { WebSocket: new (url: string) => SocketLike };
const quiet = { WebSocket: Ws, perMessageDeflate: false } as never; // both take a class; their types want a browser's

export const CONTESTANTS: readonly Contestant[] = [
  { name: "holdfast", open: holdfast },
  { name: "reconnecting-websocket", open: (url) => byHand(new ReconnectingWebSocket(url, [], quiet)) },
  { name: "partysocket", open: (url) => byHand(new PartySocket(url, [], quiet)) },
  { name: "Node's own", open: (url) => byHand(new Native(url)) },
];
