import type { InboundPayload, Payload } from "../core/payload.ts";
import type { DialRequest } from "../transport/transport.ts";
import type { Pipe } from "./memory-pipe.ts";
import {
  frameBytes,
  record,
  snapshot,
  type BrokenPromise,
  type ConnectionEnd,
  type Direction,
  type ReceivedMessage,
  type ToClient,
  type ToServer,
} from "./memory-script.ts";

/** `dialing`: the server has not answered yet. `closing`: the server has sent a close frame and waits for the answer. */
export type MemoryConnectionState = "dialing" | "open" | "closing" | "closed";

/** What a connection needs of its server; the server's own business. */
export interface ConnectionHost {
  readonly now: () => number;
  readonly keep: number;
  readonly pings: "answer" | "swallow" | "absent";
  breaks(connection: MemoryConnection, promise: BrokenPromise): boolean;
  dialled(connection: MemoryConnection): void;
  chooseProtocol(offered: readonly string[]): string;
  opened(connection: MemoryConnection): void;
  ended(connection: MemoryConnection): void;
}

/** The server's end of one dial, from the moment the client dials. A connection that has ended ignores every verb. */
export class MemoryConnection {
  /** When the client dialled. */
  readonly dialledAt: number;
  /** Counts the dials of this server, from 1. */
  readonly id: number;
  /** What was dialled. */
  readonly url: string;
  /** The subprotocols that the client offers. */
  readonly protocols: readonly string[];
  /** The header fields that the client sends, as it writes their names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The promises that the transport breaks on this connection, beside those of the server; add and delete at any time. */
  readonly breaks: Set<BrokenPromise>;
  /** Called with each message, in the tick in which it reaches the server. */
  onMessage: ((data: InboundPayload, connection: MemoryConnection) => void) | undefined;
  /** Called once, when the connection has ended for the server. */
  onClose: ((end: ConnectionEnd, connection: MemoryConnection) => void) | undefined;
  /** Whether a close frame of the client is answered. With `ignore` its `close()` never completes. @default "answer" */
  closeHandshake: "answer" | "ignore" = "answer";

  readonly #host: ConnectionHost;
  readonly #received: ReceivedMessage[] = [];
  #toClient: Pipe<ToClient> | undefined;
  #toServer: Pipe<ToServer> | undefined;
  #state: MemoryConnectionState = "dialing";
  #end: ConnectionEnd | undefined;
  #pingCount = 0;

  /** @internal Made by `MemoryServer`. */
  constructor(host: ConnectionHost, id: number, request: DialRequest, breaks: readonly BrokenPromise[]) {
    this.#host = host;
    this.breaks = new Set(breaks);
    this.id = id;
    this.dialledAt = host.now();
    this.url = request.url;
    this.protocols = [...request.protocols];
    this.headers = { ...request.headers };
  }

  /** How it stands for the server, which may know less than the client does. */
  get state(): MemoryConnectionState {
    return this.#state;
  }

  /** How it ended for the server; `undefined` until then. A client that is gone without a word is not noticed. */
  get end(): ConnectionEnd | undefined {
    return this.#end;
  }

  /** The messages that came in, in order, with their times. */
  get received(): readonly ReceivedMessage[] {
    return this.#received;
  }

  /** The text messages that came in, in order. */
  get texts(): readonly string[] {
    return this.#received.flatMap(({ data }) => (typeof data === "string" ? [data] : []));
  }

  /** How many protocol pings the client has sent. */
  get pingCount(): number {
    return this.#pingCount;
  }

  /** Answers a dial that was stalled. */
  accept(protocol: string = this.#host.chooseProtocol(this.protocols)): void {
    if (this.#state !== "dialing") return;
    this.#state = "open";
    // The server must be listening before the client hears that it is accepted, and may already have spoken.
    this.#toClient?.together(() => {
      this.#push({ type: "accept", protocol });
      this.#host.opened(this);
    });
  }

  /** Answers a dial that was stalled with a refusal. */
  refuse(httpStatus?: number, cause?: unknown): void {
    if (this.#state !== "dialing") return;
    this.#push({ type: "refuse", httpStatus, cause });
    this.#finish(1006, "");
  }

  /** Sends a message. Bytes are copied. */
  send(data: Payload): void {
    const late = this.#state !== "dialing" && this.#host.breaks(this, "message-after-closed");
    if (this.#state === "open" || late) this.#push({ type: "data", data: snapshot(data) });
  }

  /** Sends a protocol-level ping. */
  ping(): void {
    if (this.#state === "open") this.#push({ type: "ping" });
  }

  /** Sends a close frame. Any code can be sent, also those that only servers may use (1001, 1012); 1005 is a frame without a code. */
  close(code = 1000, reason = ""): void {
    if (this.#state === "dialing") {
      this.refuse();
      return;
    }
    if (this.#state !== "open") return;
    this.#state = "closing";
    this.#push({ type: "close", code, reason });
  }

  /**
   * The link is gone without a close frame. The client learns of it (1006) unless its direction is stalled.
   * What is on the way to it is lost, or arrives first; what is on the way to the server is lost.
   */
  drop(onTheWay: "lost" | "arrives" = "lost"): void {
    if (this.#state === "closed") return;
    this.#toServer?.cut();
    if (onTheWay === "lost") this.#toClient?.cut();
    this.#push({ type: "cut" });
    this.#finish(1006, "");
  }

  /** Half-open: nothing arrives any more in that direction, nobody is told, and the sender's buffer drains as if it did. */
  stall(direction: Direction = "both"): void {
    for (const pipe of this.#pipes(direction)) pipe.stall();
  }

  /** The receiver of that direction stops reading: the sender's buffer fills (`bufferedAmount`, for `toServer`). */
  pause(direction: Direction = "toServer"): void {
    for (const pipe of this.#pipes(direction)) pipe.pause();
  }

  /** Ends `stall` and `pause`: what was kept arrives, in order. */
  resume(direction: Direction = "both"): void {
    for (const pipe of this.#pipes(direction)) pipe.resume();
  }

  /** @internal */
  attach(toClient: Pipe<ToClient>, toServer: Pipe<ToServer>): void {
    this.#toClient = toClient;
    this.#toServer = toServer;
  }

  /** @internal A frame of the client has arrived. */
  receive(frame: ToServer): void {
    if (this.#state === "closed") return;
    switch (frame.type) {
      case "dial":
        this.#host.dialled(this);
        return;
      case "data":
        this.#message(frame.data);
        return;
      case "ping":
        this.#pingCount++;
        if (this.#state === "open" && this.#host.pings === "answer") this.#push({ type: "pong" });
        return;
      case "pong":
        return;
      case "close":
        this.#closeFrame(frame.code, frame.reason);
        return;
      case "cut":
        this.#finish(1006, "");
        return;
      default:
        frame satisfies never;
    }
  }

  #message(data: InboundPayload): void {
    record(this.#received, { data, at: this.#host.now() }, this.#host.keep);
    this.onMessage?.(data, this);
  }

  #closeFrame(code: number, reason: string): void {
    if (this.closeHandshake === "ignore") return;
    if (this.#state === "open") this.#push({ type: "close", code, reason });
    this.#finish(code, reason);
  }

  #finish(code: number, reason: string): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#end = { code, reason, at: this.#host.now() };
    this.#host.ended(this);
    this.onClose?.(this.#end, this);
  }

  #push(frame: ToClient): void {
    this.#toClient?.push(frame, frameBytes(frame));
  }

  #pipes(direction: Direction): readonly { stall(): void; pause(): void; resume(): void }[] {
    const pipes =
      direction === "both"
        ? [this.#toClient, this.#toServer]
        : [direction === "toClient" ? this.#toClient : this.#toServer];
    return pipes.filter((pipe) => pipe !== undefined);
  }
}
