import type { Clock } from "../../src/core/clock.ts";
import type { InboundPayload, Payload } from "../../src/core/payload.ts";
import type { MemoryConnection } from "../../src/testing/memory-connection.ts";
import type { MemoryServer } from "../../src/testing/memory-server.ts";
import type { DialRequest, SocketEvents, Transport, TransportSocket } from "../../src/transport/transport.ts";
import { type Frame, opOf, readFrame } from "./frames.ts";
import type { Ledger } from "./ledger.ts";
import type { Page } from "./page.ts";

/** What a page knows about one of its sockets, seen at the socket itself: the truth that the client is compared with. */
export interface Wire {
  /** Counts the dials of this page. */
  readonly number: number;
  /** When something came in last, by the world's clock. */
  heardAt: number;
  /** Frames that the socket took since the last one came in, a handshake's not counted. */
  unconfirmed: number;
  /** Topics whose subscription was asked for. */
  readonly asked: Set<string>;
  /** Messages of a user that it took. */
  deeds: number;
  /** The server's end. */
  connection: MemoryConnection | undefined;
}

/** Whoever watches the sockets of a page. */
export interface WireWatch {
  dialled(wire: Wire): void;
  /** A frame is on its way to the client. The answer is called when the client has had it. */
  incoming(data: InboundPayload, wire: Wire): (() => void) | undefined;
  /** The first message of a user on this wire. */
  firstDeed(wire: Wire): void;
  /** A message of a user, while the socket holds so many bytes. */
  deed(buffered: number): void;
}

/** A transport to `server` from a page, with everything that passes looked at. */
export function spied(
  server: MemoryServer,
  { clock: page }: Page,
  clock: Clock,
  ledger: Ledger,
  watch: WireWatch,
): Transport {
  const inner = server.transportOn(page);
  let dials = 0;
  return (request: DialRequest, events: SocketEvents): TransportSocket => {
    const wire: Wire = {
      number: ++dials,
      heardAt: clock.now(),
      unconfirmed: 0,
      asked: new Set(),
      deeds: 0,
      connection: undefined,
    };
    watch.dialled(wire);
    const socket = inner(request, spiedEvents(events, wire, clock, watch));
    wire.connection = server.last;
    return spiedSocket(socket, wire, ledger, watch);
  };
}

function spiedEvents(events: SocketEvents, wire: Wire, clock: Clock, watch: WireWatch): SocketEvents {
  return {
    opened: (protocol) => {
      wire.heardAt = clock.now();
      events.opened(protocol);
    },
    message: (data) => {
      wire.heardAt = clock.now();
      wire.unconfirmed = 0;
      const had = watch.incoming(data, wire);
      events.message(data);
      had?.();
    },
    pong: () => {
      wire.heardAt = clock.now();
      wire.unconfirmed = 0;
      events.pong();
    },
    closed: (end) => {
      events.closed(end);
    },
  };
}

function spiedSocket(socket: TransportSocket, wire: Wire, ledger: Ledger, watch: WireWatch): TransportSocket {
  const send = (data: Payload): boolean => {
    const frame = readFrame(data);
    const op = opOf(frame);
    if (op !== undefined) handing(op, frame);
    if (frame?.method === "subscribe") wire.asked.add(frame.params?.topic ?? "");
    const counted = frame?.auth === undefined;
    if (counted) wire.unconfirmed++;
    const taken = socket.send(data);
    if (!taken) {
      if (op !== undefined) ledger.refused(op);
      if (counted) wire.unconfirmed--;
    }
    return taken;
  };
  const handing = (op: number, frame: Frame | undefined): void => {
    if (!ledger.handing(op, wire.number, frame?.id)) return; // what is sent again goes past the queue
    if (wire.deeds++ === 0) watch.firstDeed(wire);
    watch.deed(socket.bufferedAmount ?? 0);
  };
  return {
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    send,
    close: (code, reason) => {
      socket.close(code, reason);
    },
    abandon: (code, reason) => {
      socket.abandon(code, reason);
    },
    ...(socket.ping && { ping: () => socket.ping?.() }),
  };
}
