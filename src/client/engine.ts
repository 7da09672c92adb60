import { type Codec, jsonCodec, rawCodec } from "../codec/codec.ts";
import type { Upper } from "../connection/events.ts";
import { closeRequest } from "../connection/machine.ts";
import { reach } from "../connection/reach.ts";
import { Shell } from "../connection/shell.ts";
import type { ConnectionState } from "../connection/state.ts";
import { systemClock } from "../core/clock.ts";
import { Emitter } from "../core/emitter.ts";
import { closedHere, type ConnectionError, type HoldfastError, toHoldfastError } from "../core/errors.ts";
import { reportUnheard } from "../core/guard.ts";
import type { InboundPayload, Payload } from "../core/payload.ts";
import { validate } from "../core/schema.ts";
import type { AbortSignalLike } from "../core/signal.ts";
import type { Heartbeat } from "../heartbeat/heartbeat.ts";
import type { SendOptions } from "../outbox/options.ts";
import { Outbox } from "../outbox/outbox.ts";
import type { Handler } from "../rpc/handlers.ts";
import type { Dialect } from "../rpc/dialect.ts";
import { jsonRpc } from "../rpc/json-rpc.ts";
import type { RpcLink } from "../rpc/link.ts";
import type { RequestOptions, StreamOptions } from "../rpc/options.ts";
import type { Rpc } from "../rpc/rpc.ts";
import type { Subscription } from "../subscriptions/subscriptions.ts";
import type { SubscribeOptions } from "../subscriptions/topic.ts";
import { decode, encode, sizeOf } from "./coding.ts";
import { connectionOptions } from "./handshake.ts";
import { makeHeartbeat } from "./liveness.ts";
import { checkClientOptions, type ClientOptions } from "./options.ts";
import { type Calls, makeCalls, schemaOf } from "./calls.ts";
import type { ClientEvents } from "./types.ts";

/** What `Client` promises, without its types. The order of things on a new link is written in `#opened`, and nowhere else. */
export class Engine implements Upper {
  readonly #options: ClientOptions;
  readonly #codec: Codec;
  readonly #report = (error: HoldfastError): void => {
    if (!this.#emitter.emit("error", error)) reportUnheard(error);
  };
  readonly #emitter: Emitter<ClientEvents<unknown>> = new Emitter(this.#report);
  readonly #shell: Shell;
  readonly #dialect: Dialect | undefined;
  /** Made when it is first needed: a client that only sends and listens does not carry it. */
  #calls: Calls | undefined;
  readonly #heartbeat: Heartbeat | undefined;
  readonly queue: Outbox;
  rtt: number | undefined;
  #unconfirmed = 0;

  constructor(options: ClientOptions) {
    checkClientOptions(options);
    const { dialect = jsonRpc, heartbeat, clock = systemClock } = options;
    const report = this.#report;
    this.#options = options;
    this.#codec = options.codec ?? (dialect === "raw" ? rawCodec : jsonCodec);
    this.#dialect = typeof dialect === "object" ? dialect : undefined;
    this.#shell = new Shell(connectionOptions(options, this.#codec), this, {
      state: (state) => this.#emitter.emit("state", state),
      debug: (event) => this.#emitter.emit("debug", event),
      report,
    });
    this.queue = new Outbox(options.outbox ?? {}, clock, {
      write: (data) => this.#write(data),
      buffered: () => this.#shell.bufferedAmount,
      dropped: (data, reason) => this.#emitter.emit("dropped", { data, reason }),
      failed: report,
    });
    if (heartbeat === "off") return;
    this.#heartbeat = makeHeartbeat(options, this.#shell, clock, {
      send: (value) => this.#write(encode(this.#codec, value)),
      call: (call, timeout) => this.#rpc().call(call, { timeout }, "first"),
      measured: (rtt) => this.#emitter.emit("rtt", (this.rtt = rtt)),
      report,
    });
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

  on(name: keyof ClientEvents<unknown>, listener: (event: unknown) => unknown): () => void {
    return this.#emitter.on(name, listener);
  }

  connect({ signal }: { readonly signal?: AbortSignalLike } = {}): Promise<void> {
    return reach(this.#shell, { type: "connect" }, "open", signal);
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
    const schema = schemaOf(this.#options.schemas?.params, method);
    const checked: Handler = (params, context) => handler(validate(schema, params, method), context);
    return this.#rpc().handle(method, schema ? checked : handler);
  }

  subscribe(topic: string, options?: SubscribeOptions): Subscription<unknown> {
    const subscriptions = this.#dialect?.subscribe && this.#made(this.#dialect).subscriptions;
    if (!subscriptions) throw new TypeError("This client's dialect has no subscriptions");
    return subscriptions.subscribe(topic, options);
  }

  /** What the calls write to. */
  #link(): RpcLink {
    return {
      prepare: () => {
        this.#prepare();
      },
      encode: (frame) => encode(this.#codec, frame),
      write: (data, order) => {
        if (order === "first") return this.#write(data);
        this.#prepare();
        return this.queue.write(data);
      },
      queue: (data, options) => this.queue.queue(data, options),
      report: this.#report,
    };
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
    if (count > 0) this.#emitter.emit("unconfirmed", { count });
  }

  ended(cause: ConnectionError | undefined): void {
    this.#calls?.rpc.end(cause ?? closedHere());
    this.#calls?.subscriptions?.end(cause);
    this.queue.clear();
  }

  pong(): void {
    this.#unconfirmed = 0;
    this.#alive(this.#heartbeat?.answered());
  }

  probe(): void {
    this.#heartbeat?.probe();
  }

  /** One inbound message: life first, then the layers, then the application. */
  message(data: InboundPayload, how?: "kept" | "again"): void {
    const { maxMessageSize, schemas, heartbeat } = this.#options;
    const { state } = this.#shell;
    if (how !== "kept") this.#unconfirmed = 0; // what was kept came in before anything was written
    if (how !== "again") this.#alive(this.#heartbeat?.seen());
    this.#debug("received", data);
    try {
      const message = decode(this.#codec, data, maxMessageSize);
      const pong = heartbeat !== undefined && heartbeat !== "off" && heartbeat.pong?.(message);
      if (this.#shell.state !== state) return; // a callback has left the link, and nobody waits for what came on it
      if (pong) this.#heartbeat?.answered();
      else if (!this.#receive(message)) {
        this.#emitter.emit("message", validate(schemas?.message, message, "a message"));
      }
    } catch (cause) {
      this.#report(toHoldfastError(cause)); // ours, or what heartbeat.pong or a schema threw
    }
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

  #write(data: Payload): boolean {
    if (!this.#shell.send(data)) return false;
    this.#unconfirmed++;
    this.#debug("sent", data);
    return true;
  }

  #rpc(): Rpc {
    if (!this.#dialect) throw new TypeError("This client's dialect has no calls");
    return this.#made(this.#dialect).rpc;
  }

  #made(dialect: Dialect): Calls {
    if (!this.#calls) {
      const { clock = systemClock } = this.#options;
      this.#calls = makeCalls(dialect, this.#link(), clock, this.#options, (gap) => this.#emitter.emit("gap", gap));
      if (this.state.name === "open") this.#calls.subscriptions?.opened();
    }
    return this.#calls;
  }

  #debug(event: "received" | "sent", data: Payload): void {
    if (this.#emitter.count("debug") === 0) return;
    const { clock = systemClock } = this.#options;
    this.#emitter.emit("debug", { at: clock.now(), event, size: sizeOf(data) });
  }
}
