import type { WebSocket } from "ws";
import { systemClock } from "../../src/core/clock.ts";
import type { SeenCall, SeenClose, SeenMessage } from "./page/protocol.ts";

/** Events of the topic "ticks" come this often, counted from the first. */
const TICK = 20;

interface Frame {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
}

/**
 * The server that the cases talk to. It speaks JSON-RPC 2.0 with the conventions of docs/wire.md and sends everything
 * else back; and it writes down what it sees.
 */
export class Peer {
  readonly messages: SeenMessage[] = [];
  readonly calls: SeenCall[] = [];
  readonly closes: SeenClose[] = [];
  readonly openedAt: number[] = [];
  readonly #born = systemClock.now();

  /** Takes over a connection that has just been opened. */
  readonly accept = (socket: WebSocket): void => {
    const connection = this.openedAt.push(systemClock.now());
    const session = new Session(socket, () => this.#tick());
    socket.on("message", (data: Buffer, binary: boolean) => {
      const at = systemClock.now();
      const text = binary ? `${String(data.length)} bytes` : data.toString();
      const frame = binary ? undefined : readFrame(text);
      if (!frame) {
        this.messages.push({ connection, text: text.slice(0, 100), at });
        socket.send(data, { binary });
      } else {
        const { id, method = "", params } = frame;
        this.calls.push({ connection, id: typeof id === "number" ? id : undefined, method, params, at });
        session.take(frame, connection);
      }
    });
    socket.on("close", (code, reason) => {
      session.end();
      this.closes.push({ connection, code, reason: reason.toString(), at: systemClock.now() });
    });
  };

  /** The number of the newest tick. */
  #tick(): number {
    return Math.floor((systemClock.now() - this.#born) / TICK);
  }
}

/** One connection: what it has subscribed, and who waits for an answer of the client. */
class Session {
  readonly #socket: WebSocket;
  readonly #tick: () => number;
  #cancel: (() => void) | undefined;
  #asker: Frame["id"];

  constructor(socket: WebSocket, tick: () => number) {
    this.#socket = socket;
    this.#tick = tick;
  }

  end(): void {
    this.#cancel?.();
  }

  take({ id, method, params = {}, result }: Frame, connection: number): void {
    switch (method) {
      case undefined: // the client's answer to "confirm"
        this.#answer(this.#asker, result);
        return;
      case "sum":
        this.#answer(id, Number(params["a"]) + Number(params["b"]));
        return;
      case "fail":
        this.#write({ id, error: { code: -32050, message: "no tea", data: { pot: "empty" } } });
        return;
      case "second-time": // answered on a later connection only
        if (connection > 1) this.#answer(id, connection);
        return;
      case "countdown":
        for (let value = Number(params["from"]); value > 0; value--)
          this.#write({ method: "$/next", params: { id, value } });
        if (params["open"] !== true) this.#answer(id, null);
        return;
      case "ask-me":
        this.#asker = id;
        this.#write({ id: "q1", method: "confirm", params: { question: "Sure?" } });
        return;
      case "subscribe":
        this.#answer(id, null);
        this.#publish(typeof params["since"] === "number" ? params["since"] : this.#tick());
        return;
      case "unsubscribe":
        this.#cancel?.();
        this.#answer(id, null);
        return;
      default: // "ping", "never", and notifications
        if (method === "ping") this.#answer(id, null);
    }
  }

  /** Sends every tick after `since`, those that were missed and those to come. */
  #publish(since: number): void {
    const now = this.#tick();
    for (let seq = since + 1; seq <= now; seq++)
      this.#write({ method: "event", params: { topic: "ticks", data: { seq } } });
    this.#cancel = systemClock.after(TICK, () => {
      this.#publish(now);
    });
  }

  #answer(id: Frame["id"], result: unknown): void {
    this.#write({ id, result });
  }

  #write(frame: object): void {
    this.#socket.send(JSON.stringify({ jsonrpc: "2.0", ...frame }), () => undefined);
  }
}

function readFrame(text: string): Frame | undefined {
  if (!text.startsWith('{"jsonrpc":"2.0"')) return undefined;
  return JSON.parse(text) as Frame; // our own client wrote it
}
