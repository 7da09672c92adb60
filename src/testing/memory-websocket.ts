import { byteLength, type InboundPayload, isPayload, type Payload } from "../core/payload.ts";
import type { SocketEnd, TransportSocket } from "../transport/transport.ts";
import type { MemoryServer } from "./memory-server.ts";
import { WebSocketEventTarget } from "./websocket-events.ts";
import type { WebSocketQuirk } from "./websocket-quirks.ts";

const CONNECTING = 0;
const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;
const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/;

/** A class like the platform's `WebSocket` whose sockets all lead to one `MemoryServer`. */
export interface MemoryWebSocketClass {
  new (url: string, protocols?: string | readonly string[]): MemoryWebSocket;
  readonly CONNECTING: 0;
  readonly OPEN: 1;
  readonly CLOSING: 2;
  readonly CLOSED: 3;
}

/**
 * Makes a `WebSocket` class that dials `server`. It follows the WHATWG standard but for the `quirks` asked for. Use it to test
 * a transport or an application that makes its own sockets, or put it in the place of `globalThis.WebSocket`.
 *
 * @example
 * const server = new MemoryServer({ clock });
 * const WebSocket = memoryWebSocket(server, RUNTIME_QUIRKS.node22);
 * const transport = webSocketTransport({ webSocket: () => WebSocket, clock });
 */
export function memoryWebSocket(server: MemoryServer, quirks: readonly WebSocketQuirk[] = []): MemoryWebSocketClass {
  const set = new Set(quirks);
  return class WebSocket extends MemoryWebSocket {
    static readonly CONNECTING = CONNECTING;
    static readonly OPEN = OPEN;
    static readonly CLOSING = CLOSING;
    static readonly CLOSED = CLOSED;

    constructor(url: string, protocols: string | readonly string[] = []) {
      super(server, set, url, typeof protocols === "string" ? [protocols] : protocols);
    }
  };
}

/** One socket of such a class, with the standard's members. */
export class MemoryWebSocket extends WebSocketEventTarget {
  readonly CONNECTING: 0 = CONNECTING;
  readonly OPEN: 1 = OPEN;
  readonly CLOSING: 2 = CLOSING;
  readonly CLOSED: 3 = CLOSED;
  readonly url: string;
  readonly extensions = "";
  binaryType = "blob";

  readonly #quirks: ReadonlySet<WebSocketQuirk>;
  readonly #socket: TransportSocket;
  #readyState = CONNECTING;
  #wasOpen = false;
  #protocol = "";
  #discarded = 0;
  /** What `close()` was called with while connecting, on a runtime that opens all the same. */
  #owedClose: { readonly code: number; readonly reason: string } | undefined;

  /** @internal Made by the classes of `memoryWebSocket`. */
  constructor(server: MemoryServer, quirks: ReadonlySet<WebSocketQuirk>, url: string, protocols: readonly string[]) {
    super();
    assertDialable(url, protocols);
    this.url = url;
    this.#quirks = quirks;
    this.#socket = server.transport(
      { url, protocols },
      {
        opened: (protocol) => {
          this.#opened(protocol);
        },
        message: (data) => {
          this.fire("message", { data: this.#inbound(data) });
        },
        pong: () => {
          // Browsers show no protocol pings.
        },
        closed: (end) => {
          this.#closed(end);
        },
      },
    );
  }

  get readyState(): number {
    return this.#readyState;
  }

  get protocol(): string {
    return this.#protocol;
  }

  /** As in browsers, what is sent after the end is counted for ever and goes nowhere. */
  get bufferedAmount(): number {
    const buffered = (this.#socket.bufferedAmount ?? 0) + this.#discarded;
    // On purpose: React Native's sockets have no such member, whatever the type says.
    return this.#quirks.has("no-buffered-amount") ? (undefined as unknown as number) : buffered;
  }

  send(data: Payload): void {
    if (this.#readyState === CONNECTING) throw new MemoryDomError("InvalidStateError", "send: still connecting");
    const given: unknown = data; // JavaScript may pass anything; the standard makes text of it
    const payload = isPayload(given) ? given : String(given);
    if (this.#readyState !== OPEN || !this.#socket.send(payload)) this.#discarded += byteLength(payload);
  }

  close(code?: number, reason = ""): void {
    this.#assertCloseable(code, reason);
    if (this.#readyState === CONNECTING) this.#closeEarly(code ?? 1000, reason);
    else if (this.#readyState === OPEN) {
      this.#readyState = CLOSING;
      this.#socket.close(code ?? 1000, reason);
    }
  }

  #opened(protocol: string): void {
    if (this.#readyState === CONNECTING) this.#readyState = OPEN;
    this.#wasOpen = true;
    this.#protocol = protocol;
    this.fire("open");
    if (this.#owedClose) this.#socket.close(this.#owedClose.code, this.#owedClose.reason);
    this.#owedClose = undefined;
  }

  #closed(end: SocketEnd): void {
    const shown = this.#eventsFor(end);
    if (shown === "nothing") return;
    if (shown !== "error-only") this.#readyState = CLOSED;
    if (!end.wasClean && shown !== "close-only") this.fire("error", { message: "" });
    if (shown === "error-only") return;
    const code = end.code === 1006 && this.#quirks.has("code-zero") ? 0 : end.code;
    this.fire("close", { code, reason: end.reason, wasClean: end.wasClean });
  }

  #eventsFor(end: SocketEnd): "all" | "error-only" | "close-only" | "nothing" {
    if (end.wasClean) return this.#quirks.has("close-fires-nothing") ? "nothing" : "all";
    const failure = this.#wasOpen ? "drop" : "failed-dial";
    const shown = (["error-only", "close-only", "nothing"] as const).find((events) =>
      this.#quirks.has(`${failure}-fires-${events}`),
    );
    return shown ?? "all";
  }

  #closeEarly(code: number, reason: string): void {
    this.#readyState = CLOSING;
    if (this.#quirks.has("early-close-opens")) this.#owedClose = { code, reason };
    else if (this.#quirks.has("early-close-sticks")) {
      this.#socket.abandon();
      this.fire("error", { message: "" });
      this.fire("error", { message: "" });
    } else if (this.#quirks.has("early-close-ends-inside")) {
      this.#socket.abandon();
      this.#closed({ code: 1006, reason: "", wasClean: false });
    } else this.#socket.close(code, reason);
  }

  #inbound(data: InboundPayload): unknown {
    const asBlob = this.#quirks.has("blobs") || this.binaryType === "blob";
    return asBlob && data instanceof ArrayBuffer ? new MemoryBlob(data) : data;
  }

  #assertCloseable(code: number | undefined, reason: string): void {
    const anyCode = this.#quirks.has("any-close-code");
    if (code !== undefined && code !== 1000 && !(code >= 3000 && code <= 4999) && !(anyCode && code > 1000)) {
      throw new MemoryDomError("InvalidAccessError", `close: ${code} is not 1000 or between 3000 and 4999`);
    }
    if (byteLength(reason) > 123) throw new MemoryDomError("SyntaxError", "close: the reason is longer than 123 bytes");
  }
}

/** The part of a `Blob` that a reader of messages needs. Its bytes come in a later promise job, as those of a real one. */
export class MemoryBlob {
  readonly type = "";
  readonly #bytes: ArrayBuffer;

  constructor(bytes: ArrayBuffer) {
    this.#bytes = bytes;
  }

  get size(): number {
    return this.#bytes.byteLength;
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    for (let turn = 0; turn < 4; turn++) await Promise.resolve();
    return this.#bytes;
  }
}

/** Stands for the `DOMException` that a platform throws: it has its `name`. */
export class MemoryDomError extends Error {
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

function assertDialable(url: string, protocols: readonly string[]): void {
  if (!/^(wss?|https?):\/\/[^\s/?#]+([/?]|$)/i.test(url) || url.includes("#")) {
    throw new MemoryDomError("SyntaxError", "WebSocket: the URL is not absolute, has another scheme or a fragment");
  }
  // JavaScript may pass an object of options here, as some runtimes allow; the standard refuses it.
  const valid = Symbol.iterator in protocols && protocols.every((protocol) => TOKEN.test(protocol));
  if (!valid || new Set(protocols).size !== protocols.length) {
    throw new MemoryDomError("SyntaxError", "WebSocket: a subprotocol is no token, or offered twice");
  }
}
