import { type Clock, systemClock } from "../core/clock.ts";
import { HoldfastError } from "../core/errors.ts";
import type { InboundPayload, Payload } from "../core/payload.ts";
import { construct, httpStatusOf, SocketLife } from "./life.ts";
import type { SocketEvents, Transport, TransportSocket } from "./transport.ts";

/** The part of the four events' fields that is read. Which of them are there depends on the event and on the runtime. */
export interface PlatformSocketEvent {
  readonly data?: unknown;
  readonly message?: string;
  readonly code?: number;
  readonly reason?: string;
}

/** The part of a `WebSocket` that is used. No `onmessage` and the like: workerd's sockets have listeners only. */
export interface PlatformSocket {
  binaryType: string;
  readonly readyState: number;
  readonly protocol?: string | null;
  readonly extensions?: string;
  readonly bufferedAmount?: number;
  addEventListener(type: "open" | "message" | "error" | "close", listener: (event: PlatformSocketEvent) => void): void;
  /** It takes every `Payload`. The DOM's types say otherwise of bytes in shared memory, so no more is asked for here. */
  send(data: string): void;
  close(code?: number, reason?: string): void;
}

/** A class like the platform's `WebSocket`. */
export type PlatformWebSocket = new (url: string, protocols?: string[]) => PlatformSocket;

export interface WebSocketTransportOptions {
  /**
   * Answers the class to dial with. It is asked at each dial, so that what replaces the global in a test is seen.
   * @default () => globalThis.WebSocket
   */
  readonly webSocket?: () => PlatformWebSocket | undefined;
  /** @default the platform's clock */
  readonly clock?: Clock;
}

const CONNECTING = 0;
const OPEN = 1;

/**
 * Dials with the platform's own `WebSocket`: browsers, workers, Deno, Bun, Node 22 and later, React Native, and what
 * replaces the global in tests. Its `dial` throws a `HoldfastError` with code `UNSUPPORTED` where there is no
 * `WebSocket`, where headers are asked for (no standard `WebSocket` can send them), and where the constructor throws
 * (a malformed URL, mixed content, a Content-Security-Policy).
 */
export function webSocketTransport(options: WebSocketTransportOptions = {}): Transport {
  return ({ url, protocols, headers }, events) => {
    const { webSocket = globalWebSocket, clock = systemClock } = options;
    const WebSocket = webSocket();
    if (!WebSocket) throw new HoldfastError("UNSUPPORTED", "There is no WebSocket here; pass a transport");
    if (headers && Object.keys(headers).length > 0) {
      throw new HoldfastError(
        "UNSUPPORTED",
        "This WebSocket cannot send headers; use a cookie, a subprotocol or a first message",
      );
    }
    const socket = construct(() => (protocols.length > 0 ? new WebSocket(url, [...protocols]) : new WebSocket(url)));
    return adoptSocket(socket, events, { clock });
  };
}

function globalWebSocket(): PlatformWebSocket | undefined {
  // The library's types know no DOM; what is there is used through `PlatformSocket` only.
  return (globalThis as { WebSocket?: PlatformWebSocket }).WebSocket;
}

export interface AdoptOptions {
  /** The subprotocol that was chosen, where the socket does not know it. @default what the socket says */
  readonly protocol?: string | undefined;
  /** @default the platform's clock */
  readonly clock?: Clock;
}

/**
 * Makes a `TransportSocket` of a socket that a transport has got by other means, such as a fetch upgrade on Cloudflare
 * Workers. It must be called in the turn in which the socket was made; the socket may be open already.
 */
export function adoptSocket(
  socket: PlatformSocket,
  events: SocketEvents,
  { protocol, clock = systemClock }: AdoptOptions = {},
): TransportSocket {
  return new NativeSocket(socket, events, protocol, clock);
}

class NativeSocket implements TransportSocket {
  readonly #socket: PlatformSocket;
  readonly #life: SocketLife;
  readonly #protocol: string | undefined;
  /** All that was sent, at least, in bytes: text counts by its length. */
  #written = 0;
  /** What the socket held, and what it had let go, when `progressed` was last called. */
  #held = 0;
  #left = 0;
  /** From the first `Blob` on, what comes in waits here for its turn. Only test doubles send one in spite of `binaryType`. */
  #reading: Promise<void> | undefined;

  constructor(socket: PlatformSocket, events: SocketEvents, protocol: string | undefined, clock: Clock) {
    this.#socket = socket;
    this.#protocol = protocol;
    this.#life = new SocketLife(events, clock, () => {
      this.#release();
    });
    socket.binaryType = "arraybuffer";
    // Never taken off: `ws` brings the process down by an `error` that nobody listens to.
    socket.addEventListener("open", this.#opened);
    socket.addEventListener("message", ({ data }) => {
      if (!this.#reading && (typeof data === "string" || data instanceof ArrayBuffer)) this.#life.message(data);
      else this.#unusual(data);
    });
    // The error itself stays here: Bun quotes the URL in it, and the others say nothing.
    socket.addEventListener("error", ({ message }) => {
      this.#life.failed({ httpStatus: httpStatusOf(message) });
    });
    socket.addEventListener("close", ({ code = 0, reason = "" }) => {
      this.#inTurn(() => {
        this.#life.ended(code, reason);
      });
    });
    // A socket that is open already fires no `open`; one that is closed already fires nothing.
    if (socket.readyState !== CONNECTING) {
      void Promise.resolve().then(() => {
        if (socket.readyState === OPEN) this.#opened();
        else this.#life.failed();
      });
    }
  }

  get bufferedAmount(): number | undefined {
    return this.#socket.bufferedAmount;
  }

  get extensions(): string | undefined {
    return this.#socket.extensions;
  }

  send(data: Payload): boolean {
    if (this.#socket.readyState !== OPEN) return false;
    this.#socket.send(data as string); // see PlatformSocket
    this.#written += typeof data === "string" ? data.length : data.byteLength;
    return true;
  }

  progressed(): boolean {
    const { bufferedAmount = 0 } = this.#socket;
    const left = this.#written - bufferedAmount;
    const progressed = this.#held > 0 && left > this.#left;
    this.#held = bufferedAmount;
    this.#left = left;
    return progressed;
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  abandon(code?: number, reason?: string): void {
    if (this.#life.over()) this.#release(code, reason);
  }

  readonly #opened = (): void => {
    if (!this.#life.opened(this.#protocol ?? this.#socket.protocol ?? "")) this.#release();
  };

  #release(code?: number, reason?: string): void {
    try {
      if (code === undefined) this.#socket.close();
      else this.#socket.close(code, reason);
    } catch {
      // Nobody is left who could be told.
    }
  }

  /** What no real socket gives after it was told "arraybuffer": a Buffer, a Blob, an ArrayBuffer of another realm. */
  #unusual(data: unknown): void {
    const value = ArrayBuffer.isView(data) ? copyOf(data) : (data as InboundPayload | BlobLike);
    if (typeof value === "object" && "arrayBuffer" in value) this.#wait(value.arrayBuffer());
    else if (this.#reading) this.#wait(value);
    else this.#life.message(value);
  }

  #wait(read: InboundPayload | Promise<ArrayBuffer>): void {
    this.#reading = Promise.all([read, this.#reading]).then(
      ([inbound]) => {
        this.#life.message(inbound);
      },
      () => {
        this.#life.failed();
      },
    );
  }

  #inTurn(step: () => void): void {
    if (this.#reading) void this.#reading.then(step);
    else step();
  }
}

interface BlobLike {
  arrayBuffer(): Promise<ArrayBuffer>;
}

function copyOf(view: ArrayBufferView): ArrayBuffer {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice().buffer;
}
