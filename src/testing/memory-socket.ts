import { byteLength, type InboundPayload, type Payload } from "../core/payload.ts";
import type { SocketEnd, SocketEvents, TransportSocket } from "../transport/transport.ts";
import type { Pipe } from "./memory-pipe.ts";
import { abnormalEnd, snapshot, type BrokenPromise, type ToClient, type ToServer } from "./memory-script.ts";

/** What a socket needs of its server; the server's own business. */
export interface SocketHost {
  breaks(promise: BrokenPromise): boolean;
  readonly bufferedAmount: "reported" | "unknown";
  /** Runs something in a later task of the client. Returns the function that cancels it. */
  later(callback: () => void): () => void;
  /** The client's handle has ended or was abandoned. Called once. */
  released(): void;
}

type SocketState = "connecting" | "open" | "closing" | "closed" | "abandoned";

/** The client's end of one dial, with the promises of `TransportSocket`. */
export class MemorySocket implements TransportSocket {
  /** Absent on a server whose `pings` are "absent", as in a browser; `declare`, lest a field without a value stand there. */
  declare readonly ping?: () => void;
  readonly #host: SocketHost;
  readonly #events: SocketEvents;
  readonly #toServer: Pipe<ToServer>;
  #state: SocketState = "connecting";
  #cancelEnd: (() => void) | undefined;
  #heldProtocol: string | undefined;

  constructor(host: SocketHost, events: SocketEvents, toServer: Pipe<ToServer>, pings: "present" | "absent") {
    this.#host = host;
    this.#events = events;
    this.#toServer = toServer;
    if (pings === "present") {
      this.ping = () => {
        if (this.#state === "open") toServer.push({ type: "ping" });
      };
    }
  }

  get bufferedAmount(): number | undefined {
    return this.#host.bufferedAmount === "reported" ? this.#toServer.buffered : undefined;
  }

  send(data: Payload): boolean {
    if (this.#breaks("send-throws")) throw new Error("send() throws, as scripted");
    if (this.#state !== "open") return this.#breaks("silent-discard");
    this.#toServer.push({ type: "data", data: snapshot(data) }, byteLength(data));
    return true;
  }

  close(code: number, reason: string): void {
    if (this.#breaks("close-throws")) throw new Error("close() throws, as scripted");
    const opened = this.#state === "open";
    if (this.#state === "connecting") {
      this.#state = "closing";
      this.#toServer.push({ type: "cut" });
      this.#cancelEnd = this.#host.later(() => {
        this.#ended(abnormalEnd());
      });
    } else if (opened) {
      this.#state = "closing";
      this.#toServer.push({ type: "close", code, reason });
    } else return;
    if (this.#breaks("closed-during-close")) this.#ended(opened ? { code, reason, wasClean: true } : abnormalEnd());
  }

  abandon(code?: number, reason = ""): void {
    const state = this.#state;
    if (state === "abandoned" || state === "closed") return;
    this.#state = "abandoned";
    this.#cancelEnd?.();
    if (!this.#breaks("late-after-abandon")) {
      if (state === "open" && code !== undefined) this.#toServer.push({ type: "close", code, reason });
      this.#toServer.push({ type: "cut" });
    }
    this.#host.released();
    if (this.#breaks("abandon-throws")) throw new Error("abandon() throws, as scripted");
  }

  /** The server's own business: a frame of the server has arrived. */
  receive(frame: ToClient): void {
    if (!this.#listens()) return;
    switch (frame.type) {
      case "accept":
        this.#opened(frame.protocol);
        return;
      case "data":
        this.#message(frame.data);
        return;
      case "ping":
        if (this.#state === "open") this.#toServer.push({ type: "pong" });
        this.#events.pong("ping");
        return;
      case "pong":
        this.#events.pong();
        return;
      case "close":
        this.#closeFrame(frame.code, frame.reason);
        return;
      case "refuse":
        this.#ended(abnormalEnd(frame.httpStatus, frame.cause));
        return;
      case "cut":
        this.#ended(abnormalEnd());
        return;
      default:
        frame satisfies never;
    }
  }

  #listens(): boolean {
    if (this.#state === "abandoned") return this.#breaks("late-after-abandon");
    return this.#state !== "closed" || this.#breaks("message-after-closed");
  }

  #message(data: InboundPayload): void {
    this.#events.message(this.#inbound(data));
    if (this.#heldProtocol !== undefined) this.#reportOpened(this.#heldProtocol);
  }

  #opened(protocol: string): void {
    if (this.#state === "closing" || this.#state === "closed") return; // closed before it opened: its end is on the way
    if (this.#state === "connecting") this.#state = "open";
    if (this.#breaks("message-before-opened")) this.#heldProtocol = protocol;
    else this.#reportOpened(protocol);
  }

  #reportOpened(protocol: string): void {
    this.#heldProtocol = undefined;
    this.#events.opened(protocol);
    if (this.#breaks("opens-twice")) this.#events.opened(protocol);
  }

  #closeFrame(code: number, reason: string): void {
    if (this.#state === "open") this.#toServer.push({ type: "close", code: code === 1005 ? 1000 : code, reason: "" });
    this.#ended({ code, reason, wasClean: true });
  }

  #ended(end: SocketEnd): void {
    if (this.#state === "closed") return;
    this.#cancelEnd?.();
    if (this.#breaks("never-closed")) return;
    if (this.#state !== "abandoned") {
      this.#state = "closed";
      this.#host.released();
    }
    const told = this.#breaks("code-zero") && end.code === 1006 ? { ...end, code: 0 } : end;
    this.#events.closed(told);
    if (this.#breaks("closed-twice")) this.#events.closed(told);
  }

  #inbound(data: InboundPayload): InboundPayload {
    if (typeof data === "string" || !this.#breaks("bytes-as-views")) return data;
    return new Uint8Array(data) as unknown as ArrayBuffer; // on purpose: this is the broken promise
  }

  #breaks(promise: BrokenPromise): boolean {
    return this.#host.breaks(promise);
  }
}
