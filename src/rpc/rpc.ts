import { BUFFER_SPEC } from "../core/channel.ts";
import type { Clock } from "../core/clock.ts";
import { HoldfastError, toHoldfastError } from "../core/errors.ts";
import { badOption, checkOptions, type OptionSpec, WAITING_SPEC } from "../core/options.ts";
import { Calls } from "./calls.ts";
import type { Call, Dialect, Inbound } from "./dialect.ts";
import { type Handler, Handlers } from "./handlers.ts";
import { type RpcHooks, unchecked } from "./hooks.ts";
import type { Era, RpcLink } from "./link.ts";
import {
  checkRpcOptions,
  type RequestOptions,
  type ResultStream,
  type RpcOptions,
  type StreamOptions,
} from "./options.ts";

/** What each option takes; see `checkOptions`. */
const REQUEST_SPEC = /* @__PURE__ */ Object.assign({ timeout: "number", idempotent: '"yes" or "no"' }, WAITING_SPEC);
const STREAM_SPEC = /* @__PURE__ */ Object.assign({ timeout: "number" }, WAITING_SPEC, BUFFER_SPEC);

/**
 * Requests and notifications in both directions over one link, in the frames of a dialect. It is told when a link opens
 * and when it is lost, and fed with decoded frames; everything else it does itself.
 */
export class Rpc {
  readonly #dialect: Dialect;
  readonly #link: RpcLink;
  readonly #calls: Calls;
  readonly #handlers: Handlers;
  readonly #event: RpcHooks["event"];
  readonly #message: RpcHooks["message"];
  readonly #era: Era = { losses: 0 };

  /** @throws TypeError that names the option which cannot be right */
  constructor(dialect: Dialect, link: RpcLink, clock: Clock, options: RpcOptions = {}, hooks: RpcHooks = {}) {
    checkRpcOptions(options);
    const { result = unchecked, params = unchecked, event, message } = hooks;
    this.#dialect = dialect;
    this.#link = link;
    this.#calls = new Calls(dialect, link, this.#era, clock, options, result);
    this.#handlers = new Handlers(dialect, link, this.#era, options.maxRunning ?? 1_000, params);
    this.#event = event;
    this.#message = message;
  }

  /** Requests that wait for an answer. */
  get size(): number {
    return this.#calls.size;
  }

  /** Answers that came after this side had given up: after a time-out, an abort, or a stream that was left. */
  get lateReplies(): number {
    return this.#calls.late;
  }

  /**
   * Calls a method of the peer. Rejects with a `RemoteError`, a `RequestError`, or the reason of the signal.
   * @throws TypeError that names the option which cannot be right
   */
  request(method: string, params: unknown, options: RequestOptions = {}): Promise<unknown> {
    checkCall(method, options, REQUEST_SPEC);
    return this.#calls.request(method, params, options);
  }

  /**
   * A call that a layer of the client makes for itself, on this connection only. The application's calls may be as many
   * as `maxPending` allows: it does not count among them, lest a busy application loses its subscriptions or its heartbeat.
   * `first`: see `RpcLink.write`.
   */
  call({ method, params }: Call, options: RequestOptions = {}, order?: "first"): Promise<unknown> {
    return this.#calls.request(method, params, { ...options, scope: "connection" }, 0, order);
  }

  /** Calls a method that answers bit by bit. Leaving the `for await` tells the peer to stop. @throws TypeError as `request` */
  stream(method: string, params: unknown, options: StreamOptions = {}): ResultStream<unknown> {
    checkCall(method, options, STREAM_SPEC);
    return this.#calls.stream(method, params, options);
  }

  /** Tells the peer something that needs no answer. @throws what the codec throws, or QUEUE_FULL */
  notify(method: string, params: unknown): "written" | "queued" {
    checkCall(method, {}, {});
    const data = this.#link.encode(this.#dialect.notification(method, params));
    if (this.#link.write(data)) return "written";
    this.#link.queue(data, {});
    return "queued";
  }

  /** Answers the peer's calls and notifications of one method. Returns the function that stops it. */
  handle(method: string, handler: Handler): () => void {
    return this.#handlers.add(method, handler);
  }

  opened(): void {
    this.#calls.opened();
  }

  lost(cause: HoldfastError): void {
    this.#era.losses++;
    this.#handlers.lost(cause);
    this.#calls.lost(cause);
  }

  /** The connection is over for good: every request is settled. */
  end(error: HoldfastError): void {
    this.#handlers.lost(error);
    this.#calls.end(error);
  }

  /** Takes one decoded frame. False if it means nothing here: the application gets it as a message. */
  receive(frame: unknown): boolean {
    return this.take(this.#dialect.read(frame));
  }

  /** The same with a frame whose meaning has been read. */
  take(inbound: Inbound): boolean {
    switch (inbound.type) {
      case "event":
        return this.#event?.(inbound.topic, inbound.data) === true;
      case "result":
        this.#calls.result(inbound.id, inbound.value);
        return true;
      case "failure":
        // As a number: a text could be anything, and errors end in logs.
        if (inbound.id === undefined)
          this.#bad(`the peer could not read a frame: ${String(Number(inbound.error.code))}`);
        else this.#calls.failure(inbound.id, inbound.error);
        return true;
      case "item":
        this.#calls.item(inbound.id, inbound.value);
        return true;
      case "request":
        this.#handlers.request(inbound.id, inbound.method, inbound.params);
        return true;
      case "notification":
        return this.#handlers.notification(inbound.method, inbound.params);
      case "cancel":
        this.#handlers.cancel(inbound.id);
        return true;
      case "batch":
        return this.#batch(inbound.frames);
      case "invalid":
        this.#bad(inbound.reason);
        return true;
      case "other":
        return false;
      default:
        return inbound satisfies never;
    }
  }

  #batch(frames: readonly unknown[]): boolean {
    const { losses } = this.#era;
    for (const frame of frames) {
      if (this.#era.losses !== losses) break; // a callback has left the link, and nobody waits for the rest
      try {
        const inbound = this.#dialect.read(frame);
        if (inbound.type === "other" || inbound.type === "batch")
          this.#bad("a batch holds something else than calls and answers");
        else if (!this.take(inbound)) {
          if (this.#message) this.#message(frame);
          else this.#bad("nobody wants a frame of a batch");
        }
      } catch (cause) {
        this.#link.report(toHoldfastError(cause)); // what cannot be answered costs the frames behind it nothing
      }
    }
    return true;
  }

  #bad(reason: string): void {
    this.#link.report(new HoldfastError("BAD_FRAME", `A frame of the peer is broken: ${reason}`));
  }
}

function checkCall(method: unknown, options: unknown, spec: OptionSpec): void {
  if (typeof method !== "string") throw badOption("method", "a string");
  checkOptions(options, spec);
}
