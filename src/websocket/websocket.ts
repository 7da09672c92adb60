import type { ConnectionState } from "../connection/state.ts";
import { type ConnectionError, HoldfastError } from "../core/errors.ts";
import { assertPayload, type InboundPayload, isPayload } from "../core/payload.ts";
import type { SocketEnd } from "../transport/transport.ts";
import { checkClose, domError, toText } from "./arguments.ts";
import { type BlobLike, isBlob, toBlob } from "./blob.ts";
import { ABNORMAL, closeEvent, GOODBYE } from "./close-event.ts";
import type { PlatformEvent, SocketEventMap } from "./event-types.ts";
import { HandlerTarget } from "./handler-target.ts";
import { Link } from "./link.ts";
import {
  checkWebSocketOptions,
  connectionOptions,
  type ProtocolsProvider,
  type UrlProvider,
  type WebSocketOptions,
} from "./options.ts";
import { makeEvent, messageMaker } from "./platform-target.ts";
import { CLOSED, CLOSING, CONNECTING, defineReadyStates, OPEN } from "./ready-states.ts";

/**
 * A `WebSocket` that comes back, with the platform's interface (https://websockets.spec.whatwg.org). It dials in the
 * constructor, queues what is sent while there is no link, notices dead links, and dials again until `close()`.
 *
 * @example
 * const socket = new ReconnectingWebSocket("wss://example.com/feed");
 * socket.onmessage = ({ data }) => console.log(data);
 * socket.send("hello");
 */
export class ReconnectingWebSocket extends HandlerTarget {
  declare static readonly CONNECTING: 0;
  declare static readonly OPEN: 1;
  declare static readonly CLOSING: 2;
  declare static readonly CLOSED: 3;
  declare readonly CONNECTING: 0;
  declare readonly OPEN: 1;
  declare readonly CLOSING: 2;
  declare readonly CLOSED: 3;

  readonly #style: "transparent" | "single" | "handover" | "off";
  readonly #link: Link;
  #readyState: 0 | 1 | 2 | 3 = CONNECTING;
  /** From the first dial to the `close` event: what this is to its listeners. */
  #life: { opened: boolean } | undefined;
  #was: ConnectionState["name"] = "idle";
  /** The application is in a call of ours: what it leads to is told when that has returned. */
  #inCall = false;
  /** Ends that have not been told yet. */
  readonly #late: (() => void)[] = [];
  #url: string;
  #protocol = "";
  #makeMessage: ((data: unknown) => PlatformEvent) | undefined;
  #binaryType: "blob" | "arraybuffer" = "blob";

  static {
    defineReadyStates(this, this.prototype);
  }

  /**
   * Dials, unless `startClosed` is set.
   * @throws DOMException SyntaxError for a URL or a subprotocol that cannot be dialled
   * @throws TypeError that names the option which cannot be right
   */
  constructor(url: UrlProvider, protocols?: ProtocolsProvider, options: WebSocketOptions = {}) {
    super();
    if ((url as unknown) === undefined) throw new TypeError("A WebSocket needs a URL");
    if (Link.dialling)
      throw new HoldfastError(
        "UNSUPPORTED",
        "The global WebSocket is this class; give the platform's as option WebSocket",
      );
    checkWebSocketOptions(options);
    const target = connectionOptions(url, protocols, options);
    const { retry, events = "transparent", startClosed } = options;
    this.#style = retry === "off" ? "off" : events;
    this.#url = typeof target.url === "string" ? target.url : "";
    this.#link = new Link(target, options, {
      changed: (state) => {
        this.#follow(state);
      },
      message: (data) => {
        this.#message(data);
      },
      fire: (type, fields) => {
        this.#fire(type, fields);
      },
    });
    if (startClosed) this.#readyState = CLOSED;
    else
      this.#call(() => {
        this.#link.connection.dispatch({ type: "connect" });
      });
  }

  get [Symbol.toStringTag](): string {
    return "WebSocket";
  }

  get url(): string {
    return this.#link.url || this.#url;
  }

  get readyState(): 0 | 1 | 2 | 3 {
    return this.#readyState;
  }

  /** Bytes that were sent and have not left, the queue included. */
  get bufferedAmount(): number {
    return this.#link.bufferedAmount;
  }

  get extensions(): string {
    return this.#link.extensions;
  }

  /** The subprotocol that the server chose, or "". */
  get protocol(): string {
    return this.#protocol;
  }

  /** What bytes come as. It holds for each message that comes from now on, on every link. @default "blob" */
  get binaryType(): "blob" | "arraybuffer" {
    return this.#binaryType;
  }

  set binaryType(type: "blob" | "arraybuffer") {
    const text = toText(type);
    if (text === "arraybuffer" || text === "blob") this.#binaryType = text;
  }

  /** What the connection is doing, in more words than `readyState` has. */
  get state(): ConnectionState {
    return this.#link.connection.state;
  }

  /** Failures since the last stable connection; 0 while it is open. */
  get retryCount(): number {
    const { state } = this;
    return "attempt" in state ? state.attempt : 0;
  }

  /**
   * Sends text, or bytes: an `ArrayBuffer`, a view of one, a `Blob`. Anything else is sent as its text. While there is no link
   * it is queued; after `close()` it is discarded, which `bufferedAmount` and a `dropped` event tell.
   * @throws HoldfastError QUEUE_FULL
   * @throws DOMException InvalidStateError while connecting, with `retry: "off"`
   */
  send(data: string | ArrayBuffer | ArrayBufferView | BlobLike): void {
    if (arguments.length === 0) throw new TypeError("send() needs data");
    if (this.#style === "off" && this.#readyState === CONNECTING) {
      throw domError("InvalidStateError", "It is still connecting");
    }
    if (ArrayBuffer.isView(data)) assertPayload(data); // not shared memory
    const message = isPayload(data) || isBlob(data) ? data : toText(data);
    if (this.#readyState === CLOSING) this.#link.discard(message);
    else this.#link.send(message);
  }

  /**
   * Ends it for good; `reconnect()` starts again. What is queued is discarded.
   * @throws DOMException InvalidAccessError unless `code` is 1000 or 3000-4999
   * @throws DOMException SyntaxError if `reason` is longer than 123 bytes
   */
  close(code?: number, reason?: string): void {
    const checked = checkClose(code, reason);
    if (this.#life) this.#readyState = CLOSING;
    this.#call(() => {
      this.#link.close(...checked);
    });
  }

  /** Lets go of what there is and dials at once, from every state, with the failures forgotten. */
  reconnect(): void {
    this.#call(() => {
      this.#link.connection.dispatch({ type: "reconnect" });
    });
  }

  #call(action: () => unknown): void {
    const was = this.#inCall;
    this.#inCall = true;
    action();
    this.#inCall = was;
  }

  /** What a new state of the connection is to the listeners: `idle` and `closing` are nothing. */
  #follow(state: ConnectionState): void {
    const was = this.#was;
    this.#was = state.name;
    if (state.name === "connecting") {
      if (was === "open" || was === "closing") this.#missed(true);
      if (!this.#life) this.#readyState = CONNECTING;
      this.#life ??= { opened: false };
    } else if (state.name === "open") this.#opened();
    else if (state.name === "closed") this.#over(ABNORMAL, state.cause);
    else if ("retryAt" in state && (was === "connecting" || was === "open")) this.#missed(was === "open", state);
  }

  #opened(): void {
    if (this.#readyState === CLOSING) return; // somebody who was told before has called close()
    this.#tellLate();
    const isBack = this.#life?.opened === true;
    this.#life = { opened: true };
    this.#readyState = OPEN;
    this.#protocol = this.#link.connection.protocol;
    this.#makeMessage = messageMaker(this.url.replace(/^(\w+:\/\/)(?:[^/?]*@)?([^/?]*).*$/, "$1$2"));
    this.#fire(isBack ? "reconnected" : "open");
  }

  /** A link is gone, or was not to be had, and another is to come: at `next.retryAt`, or at once because `reconnect()` was called. */
  #missed(wasOpen: boolean, next?: { readonly retryAt: number; readonly cause: ConnectionError }): void {
    const style = this.#style;
    const cause = next?.cause;
    const isLast = style === "off" || (style === "handover" && wasOpen) || this.#readyState === CLOSING;
    if (isLast || style === "transparent") {
      if (isLast && next) this.#link.close(); // first: who hears of the end may call reconnect()
      this.#over(!cause || cause.code === "SUSPENDED" ? GOODBYE : ABNORMAL, cause);
    } else {
      this.#fire("reconnecting", { attempt: this.retryCount, retryAt: next?.retryAt, cause });
    }
  }

  /** This life is over: `close`, and `error` before it for what never opened or was broken off. */
  #over(otherwise: SocketEnd, error: ConnectionError | undefined): void {
    const life = this.#life;
    if (!life) return;
    this.#life = undefined;
    this.#readyState = CLOSING;
    const end = this.#link.end ?? (life.opened ? otherwise : ABNORMAL);
    const show = (): void => {
      if (this.#readyState === CLOSING) this.#readyState = CLOSED;
      // Libraries take an error for fatal, so a lost link has none even where the platform's own socket fires one.
      const failed = end.cause ?? (this.#style === "off" && end.failed);
      if (!life.opened || failed) this.#fire("error", { message: error?.message ?? "", error });
      this.dispatchEvent(closeEvent(end));
    };
    this.#late.push(show);
    if (this.#inCall)
      this.#link.clock.after(0, () => {
        this.#tellLate();
      });
    else this.#tellLate();
  }

  /** Each life ends before the next one begins, for those who listen. */
  #tellLate(): void {
    for (let show = this.#late.shift(); show; show = this.#late.shift()) show();
  }

  #message(data: InboundPayload): void {
    if (this.#readyState !== OPEN || !this.#makeMessage) return;
    const isShown = typeof data === "string" || this.#binaryType === "arraybuffer";
    this.dispatchEvent(this.#makeMessage(isShown ? data : toBlob(data)));
  }

  #fire(type: keyof SocketEventMap, fields: object = {}): void {
    this.dispatchEvent(makeEvent(type, fields));
  }
}
