import { type Clock, systemClock } from "../core/clock.ts";
import { HoldfastError } from "../core/errors.ts";
import type { InboundPayload } from "../core/payload.ts";
import { isThenable } from "../core/thenable.ts";
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
  readonly extensions?: string | null;
  readonly bufferedAmount?: number;
  // One by one, since the types of a platform, and of `ws`, have another event for each.
  addEventListener(type: "open", listener: (event: PlatformSocketEvent) => void): void;
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- as said
  addEventListener(type: "message", listener: (event: PlatformSocketEvent) => void): void;
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- as said
  addEventListener(type: "error", listener: (event: PlatformSocketEvent) => void): void;
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- as said
  addEventListener(type: "close", listener: (event: PlatformSocketEvent) => void): void;
  /** It takes every `Payload`. The DOM's types say otherwise of bytes in shared memory, so no more is asked for here. */
  send(data: string): void;
  close(code?: number, reason?: string): void;
}

/** A class like the platform's `WebSocket`. */
export type PlatformWebSocket = new (url: string, protocols?: string[]) => PlatformSocket;

/** What `webSocketTransport` may be told. */
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

/** What `adoptSocket` may be told. */
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
  const release = (code?: number, reason?: string): void => {
    try {
      if (code === undefined) socket.close();
      else socket.close(code, reason);
    } catch {
      // Nobody is left who could be told.
    }
  };
  const life = new SocketLife(events, clock, { release });
  listen(socket, life, () => {
    if (!life.opened(protocol ?? socket.protocol ?? "")) release();
  });
  /** All that was sent, at least, in bytes: text counts by its length. */
  let written = 0;
  return {
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    get extensions() {
      return socket.extensions ?? undefined;
    },
    send(data) {
      if (socket.readyState !== OPEN) return life.closing();
      socket.send(data as string); // see PlatformSocket
      written += typeof data === "string" ? data.length : data.byteLength;
      return true;
    },
    progressed: meter(socket, () => written),
    close(code, reason) {
      socket.close(code, reason);
    },
    abandon(code, reason) {
      if (life.over()) release(code, reason);
    },
  };
}

function listen(socket: PlatformSocket, life: SocketLife, opened: () => void): void {
  /** From the first `Blob` on, what comes in waits here for its turn. Only test doubles send one in spite of `binaryType`. */
  let reading: Promise<void> | undefined;
  socket.binaryType = "arraybuffer";
  // Never taken off: `ws` brings the process down by an `error` that nobody listens to.
  socket.addEventListener("open", opened);
  socket.addEventListener("message", ({ data }) => {
    const inbound = read(data);
    if (reading || isThenable(inbound)) {
      reading = Promise.all([inbound, reading]).then(
        ([next]) => {
          life.message(next);
        },
        () => {
          life.failed();
        },
      );
    } else life.message(inbound);
  });
  // The error itself stays here: Bun quotes the URL in it, and the others say nothing.
  socket.addEventListener("error", ({ message }) => {
    life.failed({ httpStatus: httpStatusOf(message) });
  });
  socket.addEventListener("close", ({ code = 0, reason = "" }) => {
    const ended = (): void => {
      life.ended(code, reason);
    };
    if (reading) void reading.then(ended);
    else ended();
  });
  // A socket that is open already fires no `open`; one that is closed already fires nothing.
  if (socket.readyState !== CONNECTING) {
    void Promise.resolve().then(() => {
      if (socket.readyState === OPEN) opened();
      else life.failed();
    });
  }
}

/** Answers whether a socket that held bytes has let go of some since it was last asked. */
function meter(socket: PlatformSocket, written: () => number): () => boolean {
  let [held, left] = [0, 0];
  return () => {
    const { bufferedAmount = 0 } = socket;
    const [wasHeld, hadLeft] = [held, left];
    held = bufferedAmount;
    left = written() - bufferedAmount;
    return wasHeld > 0 && left > hadLeft;
  };
}

interface BlobLike {
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** No real socket gives a Buffer or a Blob after it was told "arraybuffer". */
function read(data: unknown): InboundPayload | Promise<ArrayBuffer> {
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice().buffer;
  const value = data as InboundPayload | BlobLike;
  return typeof value === "object" && "arrayBuffer" in value ? value.arrayBuffer() : value;
}
