import type { WebSocket } from "ws";

interface Frame {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
}

/**
 * A server of JSON-RPC 2.0 with a few methods: `echo`, `fail`, `silence` (no answer), `count` (streams), `callback` (calls the
 * client), `subscribe`, `unsubscribe` and `ping`. What is no call comes back as it was.
 */
export class RpcPeer {
  readonly frames: string[] = [];
  readonly ends: { readonly code: number; readonly reason: string }[] = [];
  pings = 0;
  readonly #topics = new Map<WebSocket, Set<unknown>>();
  readonly #callbacks = new Map<unknown, (result: unknown) => void>();

  serve(socket: WebSocket): void {
    const topics = new Set<unknown>();
    this.#topics.set(socket, topics);
    socket.on("ping", () => this.pings++);
    socket.on("close", (code, reason) => {
      this.#topics.delete(socket);
      this.ends.push({ code, reason: reason.toString() });
    });
    socket.on("message", (data: Buffer, binary) => {
      this.frames.push(binary ? `<${String(data.length)} bytes>` : data.toString());
      const frame = binary ? undefined : read(data.toString());
      if (!frame) socket.send(data, { binary });
      else if (frame.method === undefined) this.#callbacks.get(frame.id)?.(frame.result);
      else
        this.#call(frame, topics, (answer) => {
          socket.send(JSON.stringify({ jsonrpc: "2.0", ...answer }));
        });
    });
  }

  /** Sends an event to whoever has subscribed to the topic. */
  publish(topic: string, data: unknown): void {
    for (const [socket, topics] of this.#topics) {
      if (!topics.has(topic)) continue;
      socket.send(JSON.stringify({ jsonrpc: "2.0", method: "event", params: { topic, data } }));
    }
  }

  #call({ id, method, params = {} }: Frame, topics: Set<unknown>, send: (frame: object) => void): void {
    switch (method) {
      case "echo":
        send({ id, result: params });
        return;
      case "silence":
        return;
      case "count":
        for (let value = 1; value <= Number(params["to"]); value++) send({ method: "$/next", params: { id, value } });
        send({ id, result: null });
        return;
      case "callback":
        this.#callbacks.set("from-the-server", (result) => {
          send({ id, result });
        });
        send({ id: "from-the-server", method: params["method"], params: params["params"] });
        return;
      case "subscribe":
      case "unsubscribe":
        topics[method === "subscribe" ? "add" : "delete"](params["topic"]);
        send({ id, result: null });
        return;
      case "ping":
        send({ id, result: "pong" });
        return;
      default:
        if (id !== undefined) send({ id, error: { code: -32601, message: "no such method", data: method } });
    }
  }
}

/** The frame, if it is one of JSON-RPC. */
function read(text: string): Frame | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("jsonrpc" in value)) return undefined;
    return value as Frame; // a suite that sends other frames fails on them
  } catch {
    return undefined;
  }
}
