// `ws` with nothing above it: what all are compared with, and how far it can be taken by hand.
import { WebSocket as Ws } from "ws";
import { askByHand, type ByteLine, type Contestant, type Line } from "./contestant.ts";

/** `ws` with its own events, the cheapest way to use it. `corked`: frames of one turn in one flush, as far as that goes. */
function wsLine(socket: Ws, corked: boolean): Line {
  let isCorked = false;
  const { _socket: stream } = socket as unknown as { _socket: { cork(): void; uncork(): void } }; // inner part of ws
  const uncork = (): void => {
    isCorked = false;
    stream.uncork();
  };
  const send = (value: unknown): void => {
    if (corked && !isCorked) {
      isCorked = true;
      stream.cork();
      process.nextTick(uncork);
    }
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
  socket.on("message", (data: Buffer) => {
    const value = JSON.parse(data.toString()) as unknown;
    if (!answered(value)) line.onValue(value);
  });
  return line;
}

async function openWs(url: string): Promise<Ws> {
  const socket = new Ws(url, { perMessageDeflate: false });
  await new Promise((resolve) => socket.on("open", resolve));
  return socket;
}

/** A queue by hand: what is sent before it is open waits in an array. */
function startWs(url: string): Line {
  const socket = new Ws(url, { perMessageDeflate: false });
  const waiting: string[] = [];
  const line: Line = {
    send: (value) => {
      if (socket.readyState === Ws.OPEN) socket.send(JSON.stringify(value));
      else waiting.push(JSON.stringify(value));
    },
    ask: () => Promise.reject(new Error("not here")),
    onValue: () => undefined,
    close: () => {
      socket.close();
    },
  };
  socket.on("open", () => {
    for (const text of waiting) socket.send(text);
  });
  socket.on("message", (data: Buffer) => {
    line.onValue(JSON.parse(data.toString()));
  });
  return line;
}

async function openWsBytes(url: string): Promise<ByteLine> {
  const socket = await openWs(url);
  const line: ByteLine = {
    send: (bytes) => {
      socket.send(bytes);
    },
    onBytes: () => undefined,
    close: () => {
      socket.close();
    },
  };
  socket.on("message", (data: Buffer) => {
    line.onBytes(data.byteLength);
  });
  return line;
}

/** What a message as an event costs at least in Node: the cheapest class that is an `Event`, and a dispatch. */
function eventLine(socket: Ws): Line {
  class Message extends Event {
    readonly data: string;

    constructor(data: string) {
      super("message");
      this.data = data;
    }
  }
  const target = new EventTarget();
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
  target.addEventListener("message", (event) => {
    const value = JSON.parse((event as Event & { readonly data: string }).data) as unknown; // there are no others
    if (!answered(value)) line.onValue(value);
  });
  socket.on("message", (data: Buffer) => {
    target.dispatchEvent(new Message(data.toString()));
  });
  return line;
}

export const BARE: Contestant = {
  name: "bare ws",
  from: "ws",
  protocol: "plain",
  open: async (url) => wsLine(await openWs(url), false),
  start: startWs,
  openBytes: openWsBytes,
  idle: async (url) => (await openWs(url)).on("message", () => undefined),
};

/** The same client again: what it differs by is what the machine adds. */
export const CONTROL: Contestant = { ...BARE, name: "bare ws, again" };

/** How far one can get with `ws` by hand. */
export const LIMITS: readonly Contestant[] = [
  { name: "bare ws, corked", from: "ws", protocol: "plain", open: async (url) => wsLine(await openWs(url), true) },
  { name: "bare ws, events", from: "ws", protocol: "plain", open: async (url) => eventLine(await openWs(url)) },
];
