// Clients with a protocol of their own. They get `ws` where they ask for a class, since all but Node's own dial with it.
// Each is loaded when it is used: a process holds the library of its contestant, and no other.
import type { Push } from "phoenix";
import { WebSocket as Ws } from "ws";
import type { Contestant, Line } from "./contestant.ts";

const TIMEOUT = 30_000;

async function openSocketIo(url: string): Promise<Line> {
  const { io } = await import("socket.io-client");
  const { origin, pathname } = new URL(url);
  const socket = io(origin, { path: pathname, transports: ["websocket"], forceNew: true });
  const line: Line = {
    send: (value) => {
      socket.emit("message", value);
    },
    ask: (params) => socket.timeout(TIMEOUT).emitWithAck("echo", params),
    onValue: () => undefined,
    close: () => socket.close(),
  };
  socket.on("message", (value: unknown) => {
    line.onValue(value);
  });
  await new Promise<void>((resolve) => {
    socket.on("connect", resolve);
  });
  return line;
}

async function openPhoenix(url: string): Promise<Line> {
  const { Socket: PhoenixSocket } = await import("phoenix");
  const socket = new PhoenixSocket(url, { transport: Ws });
  socket.connect();
  const channel = socket.channel("room");
  const pushes: Push[] = [];
  const line: Line = {
    send: (value) => {
      pushes.push(channel.push("message", { value }));
    },
    ask: (params) =>
      new Promise((resolve, reject) => {
        channel
          .push("ask", params as object, TIMEOUT)
          .receive("ok", resolve)
          .receive("timeout", reject);
      }),
    onValue: () => undefined,
    close: () => {
      socket.disconnect();
      // Each waits 10 s for an answer, and then looks at all others: after 100,000 of them the process is busy for minutes.
      for (const push of pushes) (push as unknown as { cancelTimeout(): void }).cancelTimeout();
    },
  };
  channel.on("message", (payload: { readonly value?: unknown }) => {
    line.onValue(payload.value);
  });
  await new Promise((resolve) => channel.join().receive("ok", resolve));
  return line;
}

async function openRpcWebSocket(url: string): Promise<Line> {
  const { Client: RpcWebSocket } = await import("rpc-websockets");
  const client = new RpcWebSocket(url);
  const line: Line = {
    send: (value) => {
      void client.notify("message", [value]);
    },
    ask: (params) => client.call("echo", params, TIMEOUT),
    onValue: () => undefined,
    close: () => {
      client.close();
    },
  };
  client.on("message", (value: unknown) => {
    line.onValue(value);
  });
  await new Promise((resolve) => client.on("open", resolve));
  return line;
}

async function openTrpc(url: string): Promise<Line> {
  const { createTRPCUntypedClient, createWSClient, wsLink } = await import("@trpc/client");
  let opened: () => void = () => undefined;
  const isOpen = new Promise<void>((resolve) => (opened = resolve));
  const socket = createWSClient({ url, WebSocket: Ws as never, onOpen: opened }); // its types want a browser's
  const client = createTRPCUntypedClient({ links: [wsLink({ client: socket })] });
  const line: Line = {
    flood: (count) => {
      client.subscription("messages", count, {
        onData: (value) => {
          line.onValue(value);
        },
      });
    },
    ask: (params) => client.query("echo", params),
    onValue: () => undefined,
    close: () => socket.close(),
  };
  await isOpen;
  return line;
}

async function openSignalR(url: string): Promise<Line> {
  const { HttpTransportType, HubConnectionBuilder, LogLevel } = await import("@microsoft/signalr");
  const connection = new HubConnectionBuilder()
    .withUrl(url.replace("ws:", "http:"), { skipNegotiation: true, transport: HttpTransportType.WebSockets })
    .withAutomaticReconnect()
    .configureLogging(LogLevel.None)
    .build();
  const line: Line = {
    send: (value) => {
      void connection.send("message", value);
    },
    ask: (params) => connection.invoke("echo", params),
    onValue: () => undefined,
    close: () => connection.stop(),
  };
  connection.on("message", (value: unknown) => {
    line.onValue(value);
  });
  await connection.start();
  return line;
}

async function openCentrifuge(url: string): Promise<Line> {
  const { Centrifuge } = await import("centrifuge");
  const client = new Centrifuge(url, { websocket: Ws });
  const subscription = client.newSubscription("room");
  const line: Line = {
    send: (value) => {
      void client.send(value);
    },
    ask: async (params) => (await client.rpc("echo", params)).data as unknown,
    onValue: () => undefined,
    close: () => {
      client.disconnect();
    },
  };
  subscription.on("publication", ({ data }: { readonly data: unknown }) => {
    line.onValue(data);
  });
  const subscribed = new Promise<void>((resolve) => {
    subscription.on("subscribed", () => {
      resolve();
    });
  });
  subscription.subscribe();
  client.connect();
  await subscribed;
  return line;
}

async function openNats(url: string): Promise<Line> {
  const { wsconnect } = await import("@nats-io/nats-core");
  const socket = new Ws(url, { perMessageDeflate: false });
  const connection = await wsconnect({
    servers: "ws://127.0.0.1:1", // not dialled: the socket is made here, since the path of a URL is not kept
    wsFactory: () => Promise.resolve({ socket: socket as never, encrypted: false }),
  });
  const line: Line = {
    send: (value) => {
      connection.publish("message", JSON.stringify(value));
    },
    ask: async (params) =>
      (await connection.request("echo", JSON.stringify(params), { timeout: TIMEOUT })).json<unknown>(),
    onValue: () => undefined,
    close: () => connection.close(),
  };
  connection.subscribe("message", {
    callback: (_error, message) => {
      line.onValue(message.json());
    },
  });
  await connection.flush();
  return line;
}

export const PROTOCOL_CLIENTS: readonly Contestant[] = [
  { name: "rpc-websockets", from: "rpc-websockets", protocol: "rpc-websockets", open: openRpcWebSocket },
  { name: "socket.io", from: "socket.io-client", protocol: "socket.io", open: openSocketIo },
  { name: "Phoenix", from: "phoenix", protocol: "phoenix", open: openPhoenix },
  { name: "tRPC wsLink", from: "@trpc/client", protocol: "trpc", open: openTrpc },
  { name: "SignalR", from: "@microsoft/signalr", protocol: "signalr", open: openSignalR },
  { name: "centrifuge", from: "centrifuge", protocol: "centrifuge", open: openCentrifuge },
  { name: "NATS", from: "@nats-io/nats-core", protocol: "nats", open: openNats },
];
