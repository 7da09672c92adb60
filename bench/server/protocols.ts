// Each client's wire format, from its documentation and its source.
import { nats } from "./nats.ts";
import type { Heard, MakeProtocol } from "./protocol.ts";

interface Json {
  readonly [name: string]: unknown;
}

/** JSON in text frames, and JSON-RPC 2.0 for requests: what one writes by hand, and what holdfast speaks. */
const plain: MakeProtocol = () => ({
  read(text, heard) {
    const value = JSON.parse(text) as Json | number;
    if (typeof value === "object" && value["method"] !== undefined) heard.ask(value["id"] as number, value["params"]);
    else heard.message(value);
  },
  message: (value) => JSON.stringify(value),
  answer: (id, result) => JSON.stringify({ jsonrpc: "2.0", id, result }),
});

/** rpc-websockets: JSON-RPC 2.0 with events. */
const rpcWebSockets: MakeProtocol = () => ({
  ...plain(),
  read(text, heard) {
    const { id, params } = JSON.parse(text) as Json;
    if (id === null || id === undefined) heard.message((params as unknown[])[0]);
    else heard.ask(id as number, params);
  },
  message: (value) => JSON.stringify({ notification: "message", params: [value] }),
});

/** Engine.IO 4 and Socket.IO 5, WebSocket only. */
const socketIo: MakeProtocol = () => ({
  greeting: `0${JSON.stringify({ sid: "bench", upgrades: [], pingInterval: 25_000, pingTimeout: 20_000, maxPayload: 1e6 })}`,
  read(text, heard) {
    if (text === "40") heard.reply('40{"sid":"bench"}');
    const [, id, json] = /^42(\d*)(\[.*)$/s.exec(text) ?? [];
    if (json === undefined) return;
    const [, value] = JSON.parse(json) as unknown[];
    if (id) heard.ask(id, value);
    else heard.message(value);
  },
  message: (value) => `42["message",${JSON.stringify(value)}]`,
  answer: (id, result) => `43${String(id)}[${JSON.stringify(result)}]`,
});

/** Phoenix channels, serializer 2.0.0: [join_ref, ref, topic, event, payload]. */
const phoenix: MakeProtocol = () => {
  let join: string | null = null;
  const reply = (ref: number | string, response: unknown): string =>
    JSON.stringify([join, ref, "room", "phx_reply", { status: "ok", response }]);
  return {
    read(text, heard) {
      const [joinRef, ref, topic, event, payload] = JSON.parse(text) as [string | null, string, string, string, Json];
      join = joinRef ?? join;
      if (event === "ask") heard.ask(ref, payload);
      else if (event === "message") heard.message(payload["value"]);
      else if (topic === "phoenix")
        heard.reply(JSON.stringify([null, ref, topic, "phx_reply", { status: "ok", response: {} }]));
      else heard.reply(reply(ref, {}));
    },
    message: (value) => JSON.stringify([null, null, "room", "message", { value }]),
    answer: reply,
  };
};

/** tRPC: requests one by one or in an array; messages are the data of a subscription, which begins with the first of them. */
const trpc: MakeProtocol = () => {
  let subscription: unknown;
  const read = (frame: Json, heard: Heard): void => {
    const { path, input } = (frame["params"] ?? {}) as Json;
    if (frame["method"] === "subscription") {
      subscription = frame["id"];
      heard.reply(JSON.stringify({ id: subscription, result: { type: "started" } }));
      heard.message(input);
    } else if (path === "echo") heard.ask(frame["id"] as number, input);
  };
  return {
    read(text, heard) {
      const frame = JSON.parse(text) as Json | Json[];
      if (Array.isArray(frame)) for (const each of frame) read(each, heard);
      else read(frame, heard);
    },
    message: (data) => JSON.stringify({ id: subscription, result: { type: "data", data } }),
    answer: (id, data) => JSON.stringify({ id, result: { type: "data", data } }),
  };
};

const SEPARATOR = "\x1e";

/** The JSON hub protocol of ASP.NET Core SignalR. */
const signalR: MakeProtocol = () => ({
  read(text, heard) {
    for (const part of text.split(SEPARATOR)) {
      if (part === "") continue;
      const frame = JSON.parse(part) as Json;
      const [value] = (frame["arguments"] ?? []) as unknown[];
      if (frame["protocol"] !== undefined) heard.reply(`{}${SEPARATOR}`);
      else if (frame["invocationId"] !== undefined) heard.ask(frame["invocationId"] as string, value);
      else if (frame["type"] === 1) heard.message(value);
    }
  },
  message: (value) => JSON.stringify({ type: 1, target: "message", arguments: [value] }) + SEPARATOR,
  answer: (invocationId, result) => JSON.stringify({ type: 3, invocationId, result }) + SEPARATOR,
});

/** Centrifugo's JSON protocol, a command a line. */
const centrifuge: MakeProtocol = () => ({
  read(text, heard) {
    for (const line of text.split("\n")) {
      if (line === "" || line === "{}") continue;
      const { id, connect, subscribe, send, rpc } = JSON.parse(line) as Record<string, Json | undefined>;
      if (connect)
        heard.reply(JSON.stringify({ id, connect: { client: "bench", version: "6", ping: 25, pong: true } }));
      else if (subscribe) heard.reply(JSON.stringify({ id, subscribe: {} }));
      else if (send) heard.message(send["data"]);
      else if (rpc) heard.ask(id as unknown as number, rpc["data"]);
    }
  },
  message: (data) => JSON.stringify({ push: { channel: "room", pub: { data } } }),
  answer: (id, data) => JSON.stringify({ id, rpc: { data } }),
});

export const PROTOCOLS: Readonly<Record<string, MakeProtocol>> = {
  plain,
  "rpc-websockets": rpcWebSockets,
  "socket.io": socketIo,
  phoenix,
  trpc,
  signalr: signalR,
  centrifuge,
  nats,
};
