import type { SocketEnd, SocketEvents, Transport, TransportSocket } from "../../../src/transport/transport.ts";
import {
  type PlatformSocket,
  type PlatformSocketEvent,
  type PlatformWebSocket,
  webSocketTransport,
} from "../../../src/transport/websocket.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";

type Listener = (event: PlatformSocketEvent) => void;

/** A platform's socket that does nothing by itself: a test fires its events, also those that no decent runtime fires. */
export class RudeSocket implements PlatformSocket {
  binaryType = "blob";
  readyState = 0;
  protocol: string | null = "";
  bufferedAmount = 0;
  readonly sent: unknown[] = [];
  /** The arguments of each `close`. */
  readonly closes: unknown[][] = [];
  /** Thrown by `close`, if there is one. */
  closeError: Error | undefined;
  readonly #listeners: { readonly type: string; readonly listener: Listener }[] = [];

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.push({ type, listener });
  }

  send(data: unknown): void {
    this.sent.push(data);
  }

  close(...args: unknown[]): void {
    this.closes.push(args);
    if (this.closeError) throw this.closeError;
  }

  fire(
    type: "open" | "message" | "error" | "close",
    event: PlatformSocketEvent & { readonly wasClean?: boolean } = {},
  ): void {
    if (type === "open") this.readyState = 1;
    if (type === "close") this.readyState = 3;
    for (const entry of this.#listeners) if (entry.type === type) entry.listener(event);
  }
}

/** Everything that a transport has called, as lines that read in order. */
export class Log implements SocketEvents {
  readonly lines: string[] = [];
  readonly messages: unknown[] = [];
  end: SocketEnd | undefined;

  opened(protocol: string): void {
    this.lines.push(`opened ${protocol}`.trimEnd());
  }

  message(data: unknown): void {
    this.messages.push(data);
    this.lines.push("message");
  }

  pong(ping?: "ping"): void {
    this.lines.push(ping ?? "pong");
  }

  closed(end: SocketEnd): void {
    this.end = end;
    this.lines.push(`closed ${String(end.code)}`);
  }
}

export interface Dialled {
  readonly rude: RudeSocket;
  readonly socket: TransportSocket;
  readonly log: Log;
  readonly clock: VirtualClock;
  /** What the constructor was called with. */
  readonly args: readonly unknown[];
}

/** Dials with a class that makes `rude`. */
export function dialRude(rude = new RudeSocket(), protocols: readonly string[] = []): Dialled {
  const clock = new VirtualClock();
  const log = new Log();
  let args: unknown[] = [];
  const transport: Transport = webSocketTransport({
    webSocket: () =>
      classOf((...given) => {
        args = given;
        return rude;
      }),
    clock,
  });
  const socket = transport({ url: "ws://example.test/", protocols }, log);
  return { rude, socket, log, clock, args };
}

/** A class whose instances `make` makes. */
export function classOf(make: (...args: unknown[]) => PlatformSocket): PlatformWebSocket {
  const construct = function (...args: unknown[]): PlatformSocket {
    return make(...args);
  };
  return construct as unknown as PlatformWebSocket; // called with `new`, a function's object is what `new` gives
}
