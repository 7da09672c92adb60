import { type Codec, jsonCodec, rawCodec } from "../codec/codec.ts";
import { closedHere, Connection } from "../connection/connection.ts";
import type { ConnectionState } from "../connection/state.ts";
import { type Clock, systemClock } from "../core/clock.ts";
import { Emitter, reportUnheard } from "../core/emitter.ts";
import { type ConnectionError, HoldfastError } from "../core/errors.ts";
import type { InboundPayload, Payload } from "../core/payload.ts";
import { type StandardSchema, validate } from "../core/schema.ts";
import type { AbortSignalLike } from "../core/signal.ts";
import type { Heartbeat } from "../heartbeat/heartbeat.ts";
import type { SendOptions } from "../outbox/options.ts";
import { Outbox } from "../outbox/outbox.ts";
import type { Call, Dialect } from "../rpc/dialect.ts";
import type { Handler } from "../rpc/handlers.ts";
import { jsonRpc } from "../rpc/json-rpc.ts";
import type { RequestOptions, StreamOptions } from "../rpc/options.ts";
import { Rpc } from "../rpc/rpc.ts";
import { type Subscription, Subscriptions } from "../subscriptions/subscriptions.ts";
import type { SubscribeOptions } from "../subscriptions/topic.ts";
import { connectionOptions } from "./handshake.ts";
import { makeHeartbeat } from "./liveness.ts";
import { checkClientOptions, type ClientHeartbeatOptions, type ClientOptions } from "./options.ts";
import type { ClientEvents } from "./types.ts";

/** What `Client` promises, without its types. The order of things on a new link is written in `#opened`, and nowhere else. */
export class Engine {
  readonly #options: ClientOptions;
  readonly #codec: Codec;
  readonly #emitter: Emitter<ClientEvents<unknown>> = new Emitter((error) => {
    this.#report(error);
  });
  readonly #connection: Connection;
  readonly #rpc: Rpc | undefined;
  readonly #subscriptions: Subscriptions | undefined;
  readonly #heartbeat: Heartbeat | undefined;
  readonly #pong: ((message: unknown) => boolean) | undefined;
  readonly queue: Outbox;
  rtt: number | undefined;
  /** While the layers greet a new link, or ask it for a sign of life, their frames go past the queue. */
  #direct = false;
  #unconfirmed = 0;

  constructor(options: ClientOptions) {
    checkClientOptions(options);
    const { dialect = jsonRpc, heartbeat, clock = systemClock } = options;
    this.#options = options;
    this.#codec = options.codec ?? (dialect === "raw" ? rawCodec : jsonCodec);
    this.#connection = new Connection(connectionOptions(options, this.#codec), {
      opened: () => {
        this.#opened();
      },
      message: (data) => {
        this.#message(data);
      },
      pong: () => {
        this.#seen(this.#heartbeat?.answered());
      },
      probe: () => {
        this.#heartbeat?.probe();
      },
      lost: (cause) => {
        this.#lost(cause);
      },
      ended: (cause) => {
        this.#ended(cause);
      },
    });
    this.queue = new Outbox(options.outbox ?? {}, clock, {
      write: (data) => this.#write(data),
      buffered: () => this.#connection.bufferedAmount,
      dropped: (data, reason) => {
        this.#emitter.emit("dropped", { data, reason });
      },
      failed: (error) => {
        this.#report(error);
      },
    });
    if (typeof dialect === "object") {
      this.#rpc = this.#makeRpc(dialect, options);
      this.#subscriptions = this.#makeSubscriptions(dialect, this.#rpc, options);
    }
    if (heartbeat === "off") return;
    this.#pong = heartbeat?.pong;
    this.#heartbeat = this.#makeHeartbeat(heartbeat, clock, typeof dialect === "object" ? dialect : undefined);
  }

  get state(): ConnectionState {
    return this.#connection.state;
  }

  get protocol(): string {
    return this.#connection.protocol;
  }

  on(name: keyof ClientEvents<unknown>, listener: (event: unknown) => unknown): () => void {
    // What the connection has to say comes from there: nothing is passed on that nobody hears.
    const fromConnection = name === "state" || name === "debug" || name === "error";
    const offs = fromConnection ? [this.#connection.on(name, listener)] : [];
    if (name !== "state") offs.push(this.#emitter.on(name, listener));
    return () => {
      for (const off of offs) off();
    };
  }

  connect(options?: { readonly signal?: AbortSignalLike }): Promise<void> {
    return this.#connection.connect(options);
  }

  reconnect(): Promise<void> {
    return this.#connection.reconnect();
  }

  close(code?: number, reason?: string): Promise<void> {
    return this.#connection.close(code, reason);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  send(message: unknown, options?: SendOptions): "written" | "queued" {
    const data = this.#encode(message);
    this.#prepare();
    return this.queue.send(data, options);
  }

  request(method: string, params?: unknown, options?: RequestOptions): Promise<unknown> {
    return this.#calls().request(method, params, options);
  }

  stream(method: string, params?: unknown, options?: StreamOptions): AsyncIterableIterator<unknown, undefined> {
    return this.#calls().stream(method, params, options);
  }

  notify(method: string, params?: unknown): "written" | "queued" {
    return this.#calls().notify(method, params);
  }

  handle(method: string, handler: Handler): () => void {
    const schema = pick(this.#options.schemas?.params, method);
    if (!schema) return this.#calls().handle(method, handler);
    return this.#calls().handle(method, (params, context) => handler(validate(schema, params, method), context));
  }

  subscribe(topic: string, options?: SubscribeOptions): Subscription<unknown> {
    this.#calls();
    if (!this.#subscriptions) throw new TypeError("This dialect has no subscriptions");
    return this.#subscriptions.subscribe(topic, options);
  }

  /** The order of things on a new link. What the user's listeners do comes after all of it. */
  #opened(): void {
    this.#heartbeat?.start();
    this.#past(() => {
      this.#subscriptions?.opened();
      this.#rpc?.opened();
    });
    this.queue.open();
  }

  #lost(cause: ConnectionError): void {
    this.#heartbeat?.stop();
    this.#subscriptions?.lost();
    this.#rpc?.lost(cause);
    this.queue.lost();
    const count = this.#unconfirmed;
    this.#unconfirmed = 0;
    if (count > 0) this.#emitter.emit("unconfirmed", { count });
  }

  #ended(cause: ConnectionError | undefined): void {
    this.#rpc?.end(cause ?? closedHere());
    this.#subscriptions?.end(cause);
    this.queue.clear();
  }

  /** One inbound message: life first, then the layers, then the application. */
  #message(data: InboundPayload): void {
    this.#unconfirmed = 0;
    this.#seen(this.#heartbeat?.seen());
    this.#debug("received", data);
    try {
      const message = this.#decode(data);
      if (this.#pong?.(message)) this.#heartbeat?.answered();
      else if (!this.#rpc?.receive(message)) {
        this.#emitter.emit("message", validate(this.#options.schemas?.message, message, "a message"));
      }
    } catch (cause) {
      this.#report(
        cause instanceof HoldfastError
          ? cause
          : new HoldfastError("LISTENER_FAILED", "heartbeat.pong or a schema threw", { cause }),
      );
    }
  }

  /** The link is alive. If it had been in doubt, what was held back goes out. */
  #seen(cleared: boolean | undefined): void {
    if (cleared) this.queue.open();
  }

  #write(data: Payload): boolean {
    const written = this.#connection.send(data);
    if (written) {
      this.#unconfirmed++;
      this.#debug("sent", data);
    }
    return written;
  }

  /** Runs `frames`, whose frames go to the link itself and not behind what is queued. */
  #past<Value>(frames: () => Value): Value {
    this.#direct = true;
    try {
      return frames();
    } finally {
      this.#direct = false;
    }
  }

  /** Before anything is written: is a link wanted, and can this one be trusted? */
  #prepare(): void {
    const { name } = this.state;
    if (name === "closed" || name === "closing") throw closedHere();
    if (this.#heartbeat?.overdue()) this.queue.hold();
  }

  #encode(value: unknown): Payload {
    try {
      return this.#codec.encode(value);
    } catch (cause) {
      throw new HoldfastError("ENCODE_FAILED", "The codec cannot encode this value", { cause });
    }
  }

  /** What the codec throws may quote the frame, and frames belong in no log: it goes no further. */
  #decode(data: InboundPayload): unknown {
    const size = typeof data === "string" ? data.length : data.byteLength;
    const { maxMessageSize = 1 << 24 } = this.#options;
    if (size > maxMessageSize) throw badFrame(size, "is larger than maxMessageSize");
    try {
      return this.#codec.decode(data);
    } catch {
      throw badFrame(size, "could not be decoded");
    }
  }

  #calls(): Rpc {
    if (!this.#rpc) throw new TypeError("Calls and subscriptions need a dialect; this client has none");
    return this.#rpc;
  }

  #makeRpc(dialect: Dialect, { rpc, schemas, clock = systemClock }: ClientOptions): Rpc {
    return new Rpc(
      dialect,
      {
        encode: (frame) => this.#encode(frame),
        write: (data) => {
          if (this.#direct) return this.#write(data);
          this.#prepare();
          return this.queue.write(data);
        },
        queue: (data, options) => this.queue.queue(data, options),
        report: (error) => {
          this.#report(error);
        },
      },
      clock,
      rpc,
      {
        check: (method, value) => validate(pick(schemas?.results, method), value, method),
        event: (topic, data) => this.#subscriptions?.event(topic, data) === true,
      },
    );
  }

  #makeSubscriptions(dialect: Dialect, rpc: Rpc, { schemas, maxTopics }: ClientOptions): Subscriptions | undefined {
    const { subscribe, unsubscribe } = dialect;
    if (!subscribe || !unsubscribe) return undefined;
    const call = ({ method, params }: Call): Promise<unknown> => rpc.request(method, params, { scope: "connection" });
    return new Subscriptions(
      {
        subscribe: (topic, params) => call(subscribe(topic, params)),
        unsubscribe: (topic, params) => {
          call(unsubscribe(topic, params)).catch(() => undefined);
        },
        check: (topic, data) => validate(pick(schemas?.topics, topic), data, topic),
        gap: (gap) => {
          this.#emitter.emit("gap", gap);
        },
        report: (error) => {
          this.#report(error);
        },
      },
      maxTopics,
    );
  }

  #makeHeartbeat(options: ClientHeartbeatOptions | undefined, clock: Clock, dialect: Dialect | undefined): Heartbeat {
    // A server that was not declared to know a ping gets none but those of the WebSocket protocol itself.
    const ping = options && dialect?.ping;
    return makeHeartbeat(options ?? {}, this.#connection, clock, {
      send: (value) => {
        this.#write(this.#encode(value));
      },
      call:
        ping &&
        ((timeout) =>
          this.#past(() => {
            const { method, params } = ping();
            return this.#calls().request(method, params, { timeout, scope: "connection" });
          })),
      measured: (rtt) => {
        this.rtt = rtt;
        this.#emitter.emit("rtt", rtt);
      },
      failed: (error) => {
        this.#report(error);
      },
    });
  }

  #report(error: HoldfastError): void {
    if (!this.#emitter.emit("error", error)) reportUnheard(error);
  }

  #debug(event: "received" | "sent", data: Payload): void {
    if (this.#emitter.count("debug") === 0) return;
    const { clock = systemClock } = this.#options;
    this.#emitter.emit("debug", {
      at: clock.now(),
      event,
      size: typeof data === "string" ? data.length : data.byteLength,
    });
  }
}

function badFrame(size: number, why: string): HoldfastError {
  return new HoldfastError("BAD_FRAME", `A message of ${String(size)} characters or bytes ${why}`);
}

/** The own entry of that name: names come from the peer, and must not find what every object inherits. */
function pick(schemas: Readonly<Record<string, StandardSchema>> | undefined, name: string): StandardSchema | undefined {
  return schemas && Object.hasOwn(schemas, name) ? schemas[name] : undefined;
}
