import type { ConnectionDebugEvent, Upper } from "../connection/events.ts";
import { checkConnectionOptions, type ConnectionOptions } from "../connection/options.ts";
import { Shell, type ShellEvents } from "../connection/shell.ts";
import type { ConnectionState } from "../connection/state.ts";
import { type Clock, systemClock } from "../core/clock.ts";
import { ask, guard, reportUnheard } from "../core/guard.ts";
import { callbackFailed, type HoldfastError } from "../core/errors.ts";
import type { DropReason } from "../core/outcome.ts";
import { byteLength, type InboundPayload, isPayload, type Payload } from "../core/payload.ts";
import type { Heartbeat } from "../heartbeat/heartbeat.ts";
import { Backlog } from "../outbox/backlog.ts";
import { NORMAL } from "../transport/close-codes.ts";
import type { SocketEnd, Transport, TransportSocket } from "../transport/transport.ts";
import type { BlobLike } from "./blob.ts";
import { makeHeartbeat } from "./liveness.ts";
import { backlogOptions, transportOf, type WebSocketOptions } from "./options.ts";

/** What a link tells the socket above it. */
export interface LinkEvents {
  changed(state: ConnectionState): void;
  message(data: InboundPayload): void;
  /** There is an event with these fields. */
  fire(type: "dropped" | "unconfirmed" | "debug", fields: object): void;
}

/** A connection with what it needs to carry a `WebSocket`: a queue, liveness, and blobs that keep their place. */
export class Link implements Upper, ShellEvents {
  /** A transport is in the call that makes a platform's socket. */
  static dialling = false;
  readonly connection: Shell;
  readonly clock: Clock;
  /** Of the last dial: what a provider answered. */
  url = "";
  /** How the last socket ended, if it ended by itself. */
  end: SocketEnd | undefined;
  readonly #events: LinkEvents;
  readonly #backlog: Backlog;
  /** There is a link, and it is not in doubt. */
  #open = false;
  readonly #heartbeat: Heartbeat | undefined;
  readonly #pong: ((data: InboundPayload) => boolean) | undefined;
  #socket: TransportSocket | undefined;
  /** Over when the last of the blobs, and what was sent after it, has been handed on. */
  #turn: Promise<void> | undefined;
  #inTurn = 0;
  /** Counts the ends of the connection: what was sent before one is discarded, also if its bytes come later. */
  #ends = 0;
  /** Bytes that were sent when it was too late. */
  #discarded = 0;
  #unconfirmed = 0;
  /** For the shell and the queue: there is no event of a `WebSocket` for it. */
  readonly report: (error: HoldfastError) => void = reportUnheard;
  readonly debug: ((event: ConnectionDebugEvent) => void) | undefined;

  constructor(connection: ConnectionOptions, options: WebSocketOptions, events: LinkEvents) {
    const { clock = systemClock, heartbeat = {}, debug, debugLogger } = options;
    const transport = transportOf(options);
    checkConnectionOptions(connection);
    this.clock = clock;
    this.#events = events;
    if (debug)
      this.debug = (detail) => {
        if (debugLogger) guard(reportUnheard, debugLogger, detail);
        else events.fire("debug", { detail });
      };
    const dialled: Transport = (request, socketEvents) => {
      this.url = request.url;
      Link.dialling = true;
      try {
        return (this.#socket = transport(request, socketEvents));
      } finally {
        Link.dialling = false;
      }
    };
    this.connection = new Shell({ ...connection, transport: dialled }, this, this);
    this.#backlog = new Backlog(backlogOptions(options), clock, this);
    if (heartbeat !== "off") {
      this.#pong = heartbeat.pong;
      this.#heartbeat = makeHeartbeat(heartbeat, this.connection, clock);
    }
  }

  get extensions(): string {
    return this.#socket?.extensions ?? "";
  }

  /** Bytes that were sent and have not left, or never will. */
  get bufferedAmount(): number {
    return (this.#socket?.bufferedAmount ?? 0) + this.#backlog.bytes + this.#inTurn + this.#discarded;
  }

  /** Writes, or queues. What nobody can want any more is discarded. @throws HoldfastError QUEUE_FULL */
  send(data: Payload | BlobLike): void {
    if (this.connection.state.name === "closed") this.discard(data);
    else if (!isPayload(data)) this.#later(data, data.size, data.arrayBuffer());
    else if (this.#turn) this.#later(data, byteLength(data), snapshot(data));
    else this.#write(data);
  }

  /** Closes behind what was sent. */
  close(code: number = NORMAL, reason = ""): void {
    const close = (): void => {
      this.connection.dispatch({ type: "close", code, reason });
    };
    const { state } = this.connection;
    if (this.#turn && state.name === "open")
      void this.#turn.then(() => {
        if (this.connection.state === state) close(); // and not what `reconnect()` has made since
      });
    else close();
  }

  /** Counts what was sent to a socket that is closing or closed, as the standard asks for. */
  discard(data: Payload | BlobLike): void {
    this.#drop(data, isPayload(data) ? byteLength(data) : data.size, "discarded");
  }

  opened(): void {
    this.#discarded = 0;
    this.#heartbeat?.start();
    this.#flow();
  }

  message(data: InboundPayload, how?: "kept" | "again"): void {
    if (!how) this.#unconfirmed = 0; // all others had come in before what is unconfirmed was written
    if (how !== "again") this.#alive(this.#heartbeat?.seen());
    if (this.#pong && this.#isPong(this.#pong, data)) this.#heartbeat?.answered();
    else this.#events.message(data);
  }

  pong(ping?: "ping"): void {
    this.#unconfirmed = 0;
    this.#alive(ping ? this.#heartbeat?.seen() : this.#heartbeat?.answered());
  }

  probe(): void {
    this.#heartbeat?.probe();
  }

  lost(): void {
    this.#heartbeat?.stop();
    this.#open = false;
    const count = this.#unconfirmed;
    this.#unconfirmed = 0;
    if (count > 0) this.#events.fire("unconfirmed", { count });
  }

  ended(): void {
    this.#ends++;
    this.#discarded += this.#inTurn;
    this.#inTurn = 0;
    this.#turn = undefined; // nothing new waits for what is discarded
    this.#backlog.clear();
  }

  closed(end: SocketEnd): void {
    this.end = end;
  }

  changed(state: ConnectionState): void {
    if (state.name === "connecting" && state.phase === "resolve") this.end = undefined;
    this.#events.changed(state);
  }

  /** For the queue. */
  dropped(data: Payload, reason: DropReason): void {
    this.#drop(data, byteLength(data), reason);
  }

  #alive(cleared: boolean | undefined): void {
    if (cleared) this.#flow();
  }

  #isPong(pong: (data: InboundPayload) => boolean, data: InboundPayload): boolean {
    return ask(reportUnheard, "heartbeat.pong", () => pong(data)) === true;
  }

  #write(data: Payload): void {
    if (this.#heartbeat?.overdue()) this.#open = false; // it may ask, and callbacks may close the socket within that
    const { name } = this.connection.state;
    if (name === "closed" || name === "closing") {
      this.discard(data);
      return;
    }
    if (this.#open && this.#backlog.size === 0 && this.#hand(data)) return;
    this.#backlog.add(snapshot(data), {}); // the standard takes the bytes as they are now, and the application may write on
    if (this.#open) this.#flow();
  }

  /** Everything is handed to the platform at once: whoever closes right after sending wants what was sent to arrive. */
  #flow(): void {
    this.#open = true;
    if (!this.#backlog.flushing) this.#backlog.flush(({ data }) => this.#open && this.#release(data));
  }

  /** `undefined`: the socket throws for this message, and would do so for ever. */
  #release(data: Payload): boolean | undefined {
    try {
      return this.#hand(data);
    } catch (cause) {
      reportUnheard(callbackFailed(cause));
      return undefined;
    }
  }

  #hand(data: Payload): boolean {
    return this.connection.send(data) && ++this.#unconfirmed > 0;
  }

  /** Writes `bytes` when everything that was sent before has been written. */
  #later(data: Payload | BlobLike, size: number, bytes: Payload | Promise<ArrayBuffer>): void {
    const ends = this.#ends;
    this.#inTurn += size;
    const turn = Promise.all([bytes, this.#turn])
      .then(([payload]) => {
        if (this.#ends === ends) this.#write(payload);
        else this.#drop(data, 0, "discarded");
      })
      .catch(() => {
        this.#drop(data, 0, "discarded"); // a file that cannot be read, or a full queue
      })
      .then(() => {
        if (this.#ends === ends) this.#inTurn -= size;
        if (this.#turn === turn) this.#turn = undefined;
      });
    this.#turn = turn;
  }

  #drop(data: unknown, size: number, reason: DropReason): void {
    if (reason === "discarded") this.#discarded += size;
    this.#events.fire("dropped", { data, reason });
  }
}

function snapshot(data: Payload): Payload {
  if (typeof data === "string") return data;
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice()
    : data.slice(0);
}
