import { type Codec, jsonCodec, rawCodec } from "../codec/codec.ts";
import type { ConnectionDebugEvent, Upper } from "../connection/events.ts";
import { closeRequest } from "../connection/machine.ts";
import { reach } from "../connection/reach.ts";
import { Shell, type ShellEvents } from "../connection/shell.ts";
import type { ConnectionState } from "../connection/state.ts";
import { systemClock } from "../core/clock.ts";
import { Emitter } from "../core/emitter.ts";
import { closedHere, type ConnectionError, toHoldfastError } from "../core/errors.ts";
import type { InboundPayload, Payload } from "../core/payload.ts";
import type { DropReason } from "../core/outcome.ts";
import { validate } from "../core/schema.ts";
import { atOnce } from "../core/thenable.ts";
import type { AbortSignalLike } from "../core/signal.ts";
import type { Heartbeat } from "../heartbeat/heartbeat.ts";
import type { SendOptions } from "../outbox/options.ts";
import { Outbox, type OutboxSink } from "../outbox/outbox.ts";
import type { Handler } from "../rpc/handlers.ts";
import type { Call, Dialect } from "../rpc/dialect.ts";
import { jsonRpc } from "../rpc/json-rpc.ts";
import type { RequestOptions, StreamOptions } from "../rpc/options.ts";
import type { Rpc } from "../rpc/rpc.ts";
import type { Subscription } from "../subscriptions/subscriptions.ts";
import type { SubscribeOptions } from "../subscriptions/topic.ts";
import { decode, encode, sizeOf } from "./coding.ts";
import { connectionOptions } from "./handshake.ts";
import { type LivenessHost, makeHeartbeat } from "./liveness.ts";
import { checkClientOptions, type ClientOptions } from "./options.ts";
import { type Calls, makeCalls } from "./calls.ts";
import { rpcLink } from "./rpc-link.ts";
import type { ClientEvents } from "./types.ts";

/**
 * What `Client` promises, without its types, and what the layers below report to. The order of things on a new link is
 * written in `opened`, and nowhere else.
 */
export class Engine extends Emitter<ClientEvents<unknown>> implements Upper, ShellEvents, OutboxSink, LivenessHost {
  readonly #options: ClientOptions;
  readonly #codec: Codec;
  readonly #shell: Shell;
  readonly #dialect: Dialect | undefined;
  /** Made when it is first needed: a client that only sends and listens does not carry it. */
  #calls: Calls | undefined;
  readonly #heartbeat: Heartbeat | undefined;
  readonly queue: Outbox;
  rtt: number | undefined;
  #unconfirmed = 0;

  constructor(given: ClientOptions) {
    checkClientOptions(given);
    super();
    const options = { ...given }; // the application may go on with its object, for the next client
    const { dialect = jsonRpc, heartbeat, outbox = {}, clock = systemClock } = options;
    this.#options = options;
    this.#codec = options.codec ?? (dialect === "raw" ? rawCodec : jsonCodec);
    this.#dialect = typeof dialect === "object" ? dialect : undefined;
    this.#shell = new Shell(connectionOptions(options, this.#codec), this, this);
    this.queue = new Outbox(outbox, clock, this);
    // A server that was not declared to know a ping gets none but those of the WebSocket protocol itself.
    const known = heartbeat && this.#dialect;
    if (heartbeat !== "off") this.#heartbeat = makeHeartbeat(heartbeat ?? {}, known, this.#shell, clock, this);
  }

  get state(): ConnectionState {
    return this.#shell.state;
  }

  get lateReplies(): number {
    return this.#calls?.rpc.lateReplies ?? 0;
  }

  get protocol(): string {
    return this.#shell.protocol;
  }

  connect(options?: { readonly signal?: AbortSignalLike | undefined }): Promise<void> {
    return reach(this.#shell, { type: "connect" }, "open", options);
  }

  reconnect(): Promise<void> {
    return reach(this.#shell, { type: "reconnect" }, "open");
  }

  close(code?: number, reason?: string): Promise<void> {
    return reach(this.#shell, closeRequest(code, reason), "closed");
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  send(message: unknown, options?: SendOptions): "written" | "queued" {
    const data = encode(this.#codec, message);
    this.#prepare();
    return this.queue.send(data, options);
  }

  request(method: string, params?: unknown, options?: RequestOptions): Promise<unknown> {
    return this.#rpc().request(method, params, options);
  }

  stream(method: string, params?: unknown, options?: StreamOptions): AsyncIterableIterator<unknown, undefined> {
    return this.#rpc().stream(method, params, options);
  }

  notify(method: string, params?: unknown): "written" | "queued" {
    return this.#rpc().notify(method, params);
  }

  handle(method: string, handler: Handler): () => void {
    return this.#rpc().handle(method, handler);
  }

  subscribe(topic: string, options?: SubscribeOptions): Subscription<unknown> {
    const subscriptions = this.#dialect?.subscribe && this.#made(this.#dialect).subscriptions;
    if (!subscriptions) throw new TypeError("This client's dialect has no subscriptions");
    return subscriptions.subscribe(topic, options);
  }

  changed(state: ConnectionState): void {
    this.emit("state", state);
  }

  debug(event: ConnectionDebugEvent): void {
    this.emit("debug", event);
  }

  dropped(data: Payload, reason: DropReason): void {
    this.emit("dropped", { data, reason });
  }

  measured(rtt: number): void {
    this.emit("rtt", (this.rtt = rtt));
  }

  answered(): void {
    this.#heartbeat?.answered();
  }

  call(call: Call, timeout: number): Promise<unknown> {
    return this.#rpc().call(call, { timeout }, "first");
  }

  sendNow(value: unknown): void {
    this.write(encode(this.#codec, value));
  }

  buffered(): number | undefined {
    return this.#shell.bufferedAmount;
  }

  write(data: Payload): boolean {
    if (!this.#shell.send(data)) return false;
    this.#unconfirmed++;
    this.#debug("sent", data);
    return true;
  }

  /** The order of things on a new link. What the user's listeners do comes after all of it. */
  opened(): void {
    this.#heartbeat?.start();
    this.#calls?.subscriptions?.opened();
    this.#calls?.rpc.opened();
    this.queue.open();
  }

  lost(cause: ConnectionError): void {
    this.#heartbeat?.stop();
    this.#calls?.subscriptions?.lost();
    this.#calls?.rpc.lost(cause);
    this.queue.lost();
    const count = this.#unconfirmed;
    this.#unconfirmed = 0;
    if (count > 0) this.emit("unconfirmed", { count });
  }

  ended(cause: ConnectionError | undefined): void {
    this.#calls?.rpc.end(cause ?? closedHere());
    this.#calls?.subscriptions?.end(cause);
    this.queue.clear();
  }

  pong(ping?: "ping"): void {
    this.#unconfirmed = 0;
    this.#alive(ping ? this.#heartbeat?.seen() : this.#heartbeat?.answered());
  }

  probe(): void {
    this.#heartbeat?.probe();
  }

  /** One inbound message: life first, then the layers, then the application. */
  message(data: InboundPayload, how?: "kept" | "again"): void {
    const { maxMessageSize, heartbeat } = this.#options;
    const { state } = this.#shell;
    if (!how) this.#unconfirmed = 0; // all others had come in before what is unconfirmed was written
    if (how !== "again") this.#alive(this.#heartbeat?.seen());
    this.#debug("received", data);
    try {
      const message = decode(this.#codec, data, maxMessageSize);
      const pong =
        heartbeat !== undefined && heartbeat !== "off" && atOnce(heartbeat.pong?.(message), "heartbeat.pong");
      if (this.#shell.state !== state) return; // a callback has left the link, and nobody waits for what came on it
      if (pong) this.#heartbeat?.answered();
      else if (!this.#receive(message)) this.#deliver(message);
    } catch (cause) {
      this.report(toHoldfastError(cause)); // ours, or what heartbeat.pong or a schema threw
    }
  }

  #deliver(message: unknown): void {
    this.emit("message", validate(this.#options.schemas?.message, message, "a message"));
  }

  /** False if it means nothing to the dialect. */
  #receive(message: unknown): boolean {
    const inbound = this.#dialect?.read(message);
    return inbound !== undefined && inbound.type !== "other" && this.#rpc().take(inbound);
  }

  /** If the link had been in doubt, what was held back goes out; unless a listener of `rtt` has left the link meanwhile. */
  #alive(cleared: boolean | undefined): void {
    if (cleared && this.state.name === "open") this.queue.open();
  }

  /** Before anything is written: can this link be trusted, and is one wanted? In this order: the first may run callbacks. */
  #prepare(): void {
    if (this.#heartbeat?.overdue()) this.queue.hold();
    const { name } = this.state;
    if (name === "closed" || name === "closing") throw closedHere();
  }

  #rpc(): Rpc {
    if (!this.#dialect) throw new TypeError("This client's dialect has no calls");
    return this.#made(this.#dialect).rpc;
  }

  #made(dialect: Dialect): Calls {
    if (!this.#calls) {
      const link = rpcLink(this, this.queue, this.#codec, () => {
        this.#prepare();
      });
      this.#calls = makeCalls(
        dialect,
        link,
        this.#options,
        (gap) => this.emit("gap", gap),
        (message) => {
          this.#deliver(message);
        },
      );
      if (this.state.name === "open") this.#calls.subscriptions?.opened();
    }
    return this.#calls;
  }

  #debug(event: "received" | "sent", data: Payload): void {
    if (this.count("debug") === 0) return;
    const { clock = systemClock } = this.#options;
    this.emit("debug", { at: clock.now(), event, size: sizeOf(data) });
  }
}
