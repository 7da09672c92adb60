// Sockets: a user of them writes JSON and the matching of answers by hand.
import { ReconnectingWebSocket as HoldfastSocket } from "holdfast/websocket";
import PladariaSocket from "reconnecting-websocket";
import { WebSocket as PartySocket } from "partysocket";
import * as websocketTs from "websocket-ts";
import { WebSocket as Ws } from "ws";
import { askByHand, type ByteLine, type Contestant, type Line } from "./contestant.ts";

interface SocketLike {
  binaryType: string;
  send(data: string | Uint8Array): void;
  close(): void;
  addEventListener(type: "open" | "message", listener: (event: { readonly data?: unknown }) => void): void;
}

function lineOf(socket: SocketLike): Line {
  const send = (value: unknown): void => {
    socket.send(JSON.stringify(value));
  };
  const { ask, answered } = askByHand(send);
  const line: Line = {
    send,
    ask,
    onValue: () => undefined,
    close: () => {
      socket.close();
    },
  };
  socket.addEventListener("message", ({ data }) => {
    const value = JSON.parse(data as string) as unknown; // the server sends text only
    if (!answered(value)) line.onValue(value);
  });
  return line;
}

function opened(socket: Pick<SocketLike, "addEventListener">): Promise<void> {
  return new Promise((resolve) => {
    socket.addEventListener("open", () => {
      resolve();
    });
  });
}

async function bytesOf(socket: SocketLike): Promise<ByteLine> {
  socket.binaryType = "arraybuffer";
  const line: ByteLine = {
    send: (bytes) => {
      socket.send(bytes);
    },
    onBytes: () => undefined,
    close: () => {
      socket.close();
    },
  };
  socket.addEventListener("message", ({ data }) => {
    line.onBytes((data as ArrayBuffer).byteLength);
  });
  await opened(socket);
  return line;
}

function socketContestant(
  name: string,
  from: string,
  make: (url: string) => SocketLike,
  queues: "queues" | "throws",
): Contestant {
  return {
    name,
    from,
    protocol: "plain",
    open: async (url) => {
      const socket = make(url);
      const line = lineOf(socket);
      await opened(socket);
      return line;
    },
    ...(queues === "queues" && { start: (url: string) => lineOf(make(url)) }),
    openBytes: (url) => bytesOf(make(url)),
    idle: async (url) => {
      const socket = make(url);
      socket.addEventListener("message", () => undefined);
      await opened(socket);
      return socket;
    },
  };
}

const { WebSocket: Native } = globalThis as unknown as { WebSocket: new (url: string) => SocketLike };
/** Two libraries draw their first wait once, when they are loaded: a page of theirs for each client has one of its own. */
const settings = (): object => ({
  WebSocket: Ws,
  maxEnqueuedMessages: Infinity,
  minReconnectionDelay: 1_000 + Math.random() * 4_000,
});
/** websocket-ts dials with the global, so it is given `ws` there, as its guide for Node says. */
function webSocketTs(url: string): SocketLike {
  Object.assign(globalThis, { WebSocket: Ws });
  const socket = new websocketTs.WebsocketBuilder(url).withBuffer(new websocketTs.ArrayQueue()).build();
  Object.assign(globalThis, { WebSocket: Native });
  return {
    binaryType: "",
    send: (data) => {
      socket.send(data);
    },
    close: () => {
      socket.close();
    },
    addEventListener: (type, listener) => {
      socket.addEventListener(type as websocketTs.WebsocketEvent.message, (_socket, event) => {
        listener(event);
      });
    },
  };
}

export const SOCKETS: readonly Contestant[] = [
  {
    ...socketContestant("holdfast/websocket", "holdfast", (url) => new HoldfastSocket(url), "queues"),
    make: (url) => new HoldfastSocket(url, [], { startClosed: true }),
  },
  socketContestant("Node's own", "node", (url) => new Native(url), "throws"),
  {
    ...socketContestant(
      "reconnecting-websocket",
      "reconnecting-websocket",
      (url) => new PladariaSocket(url, [], settings()), // it takes a class; its types want a browser's
      "queues",
    ),
    make: (url) => new PladariaSocket(url, [], { ...settings(), startClosed: true }),
  },
  {
    ...socketContestant("partysocket", "partysocket", (url) => new PartySocket(url, [], settings()) as never, "queues"),
    make: (url) => new PartySocket(url, [], { ...settings(), startClosed: true }),
  },
  { ...socketContestant("websocket-ts", "websocket-ts", webSocketTs, "queues"), openBytes: undefined },
];
