import type { Payload } from "../../src/core/payload.ts";
import type { SocketEvents, Transport, TransportSocket } from "../../src/transport/transport.ts";

/**
 * A transport that counts the sockets of another one. A socket lives from its dial to its `closed` or its `abandon`: unlike a
 * server, this side knows at once which of them it has let go of.
 */
export class SocketCounter {
  readonly transport: Transport;
  dials = 0;
  live = 0;
  maxLive = 0;
  /** The most bytes that any of them was holding back after a `send`. */
  maxBuffered = 0;
  /** Called after each ping, and after each text that was sent. */
  onPing: () => void = () => undefined;
  onSend: (data: Payload) => void = () => undefined;

  constructor(inner: Transport) {
    this.transport = (request, events) => {
      let alive = true;
      const over = (): void => {
        if (alive) this.live--;
        alive = false;
      };
      const socket = inner(request, ending(events, over));
      this.dials++;
      this.maxLive = Math.max(this.maxLive, ++this.live);
      return this.#watched(socket, over);
    };
  }

  #watched(socket: TransportSocket, over: () => void): TransportSocket {
    const watched: TransportSocket = {
      get bufferedAmount() {
        return socket.bufferedAmount;
      },
      send: (data) => {
        const taken = socket.send(data);
        this.maxBuffered = Math.max(this.maxBuffered, socket.bufferedAmount ?? 0);
        this.onSend(data);
        return taken;
      },
      close: (code, reason) => {
        socket.close(code, reason);
      },
      abandon: (code, reason) => {
        over();
        socket.abandon(code, reason);
      },
    };
    if (!socket.ping) return watched;
    return Object.assign(watched, {
      ping: () => {
        socket.ping?.();
        this.onPing();
      },
    });
  }
}

function ending(events: SocketEvents, over: () => void): SocketEvents {
  return {
    opened: (protocol) => {
      events.opened(protocol);
    },
    message: (data) => {
      events.message(data);
    },
    pong: (ping) => {
      events.pong(ping);
    },
    closed: (end) => {
      over();
      events.closed(end);
    },
  };
}
