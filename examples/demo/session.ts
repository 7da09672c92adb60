import type { Duplex } from "node:stream";
import type { RawData, WebSocket } from "ws";
import type { Trade } from "./api.ts";
import { type Market, SYMBOLS } from "./market.ts";
import { methodsOf } from "./methods.ts";
import {
  CANCEL,
  errorFrame,
  type Id,
  INTERNAL_ERROR,
  INVALID_PARAMS,
  INVALID_REQUEST,
  METHOD_NOT_FOUND,
  notificationFrame,
  numberParam,
  type Params,
  parse,
  resultFrame,
  RpcError,
  stringParam,
} from "./rpc.ts";

/** Requests that one client may have running. */
const MAX_RUNNING = 100;

/** A client that reads so slowly that this many bytes wait for it is let go of. */
const MAX_BUFFERED = 4 << 20;

/** One connected client: its subscriptions, and its requests that are being worked on. */
export class Session {
  readonly #socket: WebSocket;
  readonly #tcp: Duplex;
  readonly #market: Market;
  readonly #methods: ReturnType<typeof methodsOf>;
  readonly #topics = new Set<string>();
  readonly #running = new Map<Id, AbortController>();

  constructor(socket: WebSocket, tcp: Duplex, market: Market) {
    this.#socket = socket;
    this.#tcp = tcp;
    this.#market = market;
    this.#methods = methodsOf(market);
    socket.on("message", (data, isBinary) => {
      this.#read(data, isBinary);
    });
    socket.on("close", () => {
      for (const controller of this.#running.values()) controller.abort();
    });
    // A client that breaks the WebSocket protocol is closed by ws; there is nothing to add.
    socket.on("error", () => undefined);
  }

  /** Passes a trade on, if this client wants it. */
  push(trade: Trade): void {
    const topic = topicOf(trade.symbol);
    if (this.#topics.has(topic)) this.#write(notificationFrame("event", { topic, data: trade }));
  }

  /** Half-open: the TCP connection stays, but nothing is read from it and nothing written to it. Returns the cure. */
  stall(): () => void {
    this.#socket.pause();
    this.#tcp.cork();
    return () => {
      this.#tcp.uncork();
      this.#socket.resume();
    };
  }

  /** Says goodbye properly. */
  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  /** Cuts the connection without a goodbye. */
  terminate(): void {
    this.#socket.terminate();
  }

  #read(data: RawData, isBinary: boolean): void {
    // The cast: a server of ws that is left at its defaults gives every message as one Buffer.
    const inbound = isBinary ? undefined : parse((data as Buffer).toString());
    if (inbound === undefined) {
      this.#write(errorFrame(null, new RpcError(INVALID_REQUEST, "Text frames only")));
    } else if (inbound.kind === "invalid") {
      this.#write(errorFrame(null, inbound.error));
    } else if (inbound.kind === "request") {
      void this.#answer(inbound.id, inbound.method, inbound.params);
    } else if (inbound.method === CANCEL) {
      // The cast: whatever else it may be, it is the id of no request then.
      this.#running.get(inbound.params["id"] as Id)?.abort();
    }
  }

  async #answer(id: Id, method: string, params: Params): Promise<void> {
    if (method === "subscribe") {
      this.#answerSubscribe(id, params);
      return;
    }
    const controller = new AbortController();
    try {
      if (this.#running.size >= MAX_RUNNING) throw new RpcError(INTERNAL_ERROR, "Too many requests at once");
      if (this.#running.has(id)) throw new RpcError(INVALID_REQUEST, "A request with this id is running");
      this.#running.set(id, controller);
      const result = await this.#call(method, params, controller.signal);
      this.#write(resultFrame(id, isStream(result) ? await this.#stream(id, result) : result));
    } catch (error) {
      this.#write(errorFrame(id, error instanceof RpcError ? error : new RpcError(INTERNAL_ERROR, "Internal error")));
    } finally {
      if (this.#running.get(id) === controller) this.#running.delete(id);
    }
  }

  /** Sends what a streaming method yields, item by item; the answer that ends it says how many there were. */
  async #stream(id: Id, items: AsyncIterable<unknown>): Promise<number> {
    let count = 0;
    for await (const value of items) {
      this.#write(notificationFrame("$/next", { id, value }));
      count++;
    }
    return count;
  }

  #call(method: string, params: Params, signal: AbortSignal): unknown {
    if (method === "unsubscribe") return this.#topics.delete(stringParam(params, "topic"));
    const call = this.#methods.get(method);
    if (!call) throw new RpcError(METHOD_NOT_FOUND, `There is no method "${method}"`);
    return call(params, signal);
  }

  /** The answer goes first, then what the client has missed, then what is new, with no trade lost or doubled between. */
  #answerSubscribe(id: Id, params: Params): void {
    try {
      const { symbol, missed } = this.#missed(params);
      const topic = topicOf(symbol);
      this.#topics.add(topic);
      this.#write(resultFrame(id, { topic, replayed: missed.length }));
      for (const trade of missed) this.push(trade);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      this.#write(errorFrame(id, error));
    }
  }

  #missed(params: Params): { symbol: string; missed: readonly Trade[] } {
    const topic = stringParam(params, "topic");
    const symbol = [...SYMBOLS.keys()].find((name) => topicOf(name) === topic);
    if (symbol === undefined) throw new RpcError(INVALID_PARAMS, `There is no topic "${topic}"`);
    if (params["since"] !== undefined)
      return { symbol, missed: this.#market.since(symbol, numberParam(params, "since")) };
    return { symbol, missed: this.#market.last(symbol, Math.min(numberParam(params, "last", 0), 1_000)) };
  }

  #write(frame: string): void {
    if (this.#socket.bufferedAmount > MAX_BUFFERED) this.terminate();
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(frame);
  }
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

function topicOf(symbol: string): string {
  return `trades.${symbol}`;
}
