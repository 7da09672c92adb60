import { type Clock, systemClock } from "../core/clock.ts";
import type { InboundPayload, Payload } from "../core/payload.ts";
import { ABNORMAL } from "./close-codes.ts";
import { construct, httpStatusOf, SocketLife } from "./life.ts";
import type { SocketEvents, Transport, TransportSocket } from "./transport.ts";
import type { WsBytes, WsConstructor, WsSocketLike, WsStreamLike } from "./ws-class.ts";
import { checkedOptions, type WsOptions } from "./ws-options.ts";
import { hasMoved, type Traffic, trafficOf } from "./ws-traffic.ts";

const OPEN = 1;
const TEXT = { binary: false };
/** The close code for text that is not UTF-8 (RFC 6455, section 7.4.1). */
const INVALID_TEXT = 1007;
/** The last wait, in ms, for a goodbye to leave; the waits before it are half as long each, so it is 1 s altogether. */
const LAST_WAIT = 512;

/** Frames of one turn are flushed before its end when they are so many bytes. */
const FLUSH_AT = 1 << 16;

/** What this file takes from the globals: they are wherever `ws` is. */
interface Globals {
  queueMicrotask(callback: () => void): void;
  /** Looked at only over a stream of Node. */
  readonly Buffer: { from(text: string): Uint8Array };
  readonly TextDecoder: new (label: string, options: object) => { decode(data: Uint8Array): string };
}

const globals = globalThis as unknown as Globals;

/** Dials with a class like that of `ws`. Its `dial` throws a `HoldfastError` with code `UNSUPPORTED` where `ws` throws. */
export function createWsTransport(Ws: WsConstructor, options: WsOptions = {}, clock: Clock = systemClock): Transport {
  const given = checkedOptions(options);
  return ({ url, protocols, headers }, events) => {
    const settings = { perMessageDeflate: false, ...given, headers, skipUTF8Validation: true }; // see `#text`
    return new WsSocket(
      construct(() => new Ws(url, [...protocols], settings)),
      events,
      clock,
    );
  };
}

/** A socket that knows who listens to it, so that all sockets share one set of listeners. `ws` calls them on the socket. */
interface Owned extends WsSocketLike {
  [OWNER]: WsSocket;
}

const OWNER = Symbol("holdfast");

function onOpen(this: Owned): void {
  this.on("ping", onPing);
  this[OWNER].life.opened(this.protocol);
}

function onMessage(this: Owned, data: WsBytes | ArrayBuffer, isBinary: boolean): void {
  if (isBinary) this[OWNER].message(toArrayBuffer(data));
  else this[OWNER].text(data as WsBytes); // text is never an ArrayBuffer
}

function onPing(this: Owned): void {
  this[OWNER].life.pong("ping");
}

function onPong(this: Owned): void {
  this[OWNER].life.pong();
}

function onError(this: Owned, cause: Error): void {
  this[OWNER].life.failed({ cause, httpStatus: httpStatusOf(cause.message) });
}

function onClose(this: Owned, code: number, reason: WsBytes): void {
  this[OWNER].closed(code, reason);
}

class WsSocket implements TransportSocket {
  readonly #socket: WsSocketLike;
  readonly #clock: Clock;
  readonly life: SocketLife;
  #isBroken = false;
  /** A message has come in this turn. */
  #heard = false;
  #corked: WsStreamLike | undefined;
  /** When `progressed` was last called. */
  #traffic: Traffic | undefined;

  constructor(socket: WsSocketLike, events: SocketEvents, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    this.life = new SocketLife(events, clock, this);
    socket.binaryType = "arraybuffer";
    (socket as Owned)[OWNER] = this;
    // Never more than five at a time: with a sixth the table of V8 that holds them gets twice as long, for good.
    socket.once("open", onOpen);
    socket.on("message", onMessage);
    socket.on("pong", onPong);
    // Never taken off: `ws` emits `error` for a dial that was given up, and one that nobody hears ends the process.
    socket.on("error", onError);
    socket.on("close", onClose);
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount;
  }

  get extensions(): string | undefined {
    return this.#socket.extensions;
  }

  /**
   * Takes a text frame. `ws` is told not to look whether it is UTF-8, since that is seen in passing: what is not becomes
   * U+FFFD, so only a text that holds one is looked at twice. Then it ends as `ws` would end it: 1007, and no more messages.
   */
  text(data: WsBytes): void {
    const text = data.toString();
    if (text.includes("\uFFFD") && !isUtf8(data)) {
      this.#break();
      this.#socket.close(INVALID_TEXT);
    } else this.message(text);
  }

  #break(): void {
    this.#isBroken = true;
    this.life.failed({ cause: new Error("invalid UTF-8 sequence") });
  }

  /** `ws` hands on all messages of a chunk in one turn. */
  message(data: InboundPayload): void {
    if (this.#isBroken) return;
    if (this.#heard) this.life.message(data, "again");
    else this.#first(data);
  }

  /** Apart from `message`, which would make room for what the closure holds each time. */
  #first(data: InboundPayload): void {
    this.life.message(data);
    this.#heard = true;
    globals.queueMicrotask(() => {
      this.#heard = false;
    });
  }

  /** What the peer answers to the goodbye of a broken link makes no clean end of it. */
  closed(code: number, reason: WsBytes): void {
    const text = reason.toString();
    if (text.includes("\uFFFD") && !isUtf8(reason)) this.#break(); // RFC 6455, section 8.1
    this.life.ended(this.#isBroken ? ABNORMAL : code, text);
  }

  send(data: Payload): boolean {
    if (this.#socket.readyState !== OPEN) return this.life.closing();
    // A long message fills a flush by itself: holding it back would only let it grow cold.
    if ((typeof data === "string" ? data.length : data.byteLength) < FLUSH_AT) this.#cork();
    else this.#uncork();
    // `ws` puts bytes that it may not mask in place into one buffer with their header, where a string makes two writes.
    if (this.#corked && typeof data === "string") this.#socket.send(globals.Buffer.from(data), TEXT);
    else this.#socket.send(data);
    return true;
  }

  /** Each message stays a frame of its own; those of one turn leave in one system call instead of one for each. */
  #cork(): void {
    const stream = this.#socket._socket;
    if (this.#corked) {
      if (this.#corked.writableLength < FLUSH_AT) return;
      this.#corked.uncork();
      this.#corked.cork();
    } else if (canCork(stream)) {
      this.#corked = stream;
      stream.cork();
      globals.queueMicrotask(() => {
        this.#uncork();
      });
    }
  }

  #uncork(): void {
    this.#corked?.uncork();
    this.#corked = undefined;
  }

  ping(): void {
    if (this.#socket.readyState === OPEN) this.#socket.ping();
    else this.life.closing();
  }

  progressed(): boolean {
    const was = this.#traffic;
    this.#traffic = trafficOf(this.#socket._socket);
    return hasMoved(was, this.#traffic);
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  abandon(code?: number, reason?: string): void {
    if (!this.life.over()) return;
    if (code === undefined) this.#socket.terminate();
    else {
      this.#socket.close(code, reason);
      this.release();
    }
  }

  /**
   * Destroys the socket as soon as its close frame is on its way. `ws` itself would wait for the peer's answer, 30 s on a
   * timer that keeps the process alive. A plain socket is done at once; bytes wait under TLS, compression or congestion.
   */
  release(wait = 1): void {
    if (this.#socket.bufferedAmount === 0 || wait > LAST_WAIT) this.#socket.terminate();
    else
      this.#clock.after(wait, () => {
        this.release(wait * 2);
      });
  }
}

function canCork(stream: Partial<WsStreamLike> | null | undefined): stream is WsStreamLike {
  return typeof stream?.cork === "function" && typeof stream.uncork === "function";
}

function isUtf8(data: Uint8Array): boolean {
  try {
    new globals.TextDecoder("utf-8", { fatal: true }).decode(data);
    return true;
  } catch {
    return false;
  }
}

function toArrayBuffer(data: Uint8Array | ArrayBuffer): ArrayBuffer {
  return data instanceof ArrayBuffer ? data : new Uint8Array(data).buffer;
}
