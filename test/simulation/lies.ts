import type { Random } from "../../src/core/random.ts";
import type { SocketEvents, Transport, TransportSocket } from "../../src/transport/transport.ts";

/** Something that a client would do if it were broken, put between a sound one and the eyes of the simulator. */
export interface Lie {
  /** Stands between the client and the socket that is watched. */
  readonly transport?: (real: Transport) => Transport;
  /** The chance that the clients of a herd get. */
  readonly random?: Random;
}

type Sends = (send: TransportSocket["send"]) => TransportSocket["send"];
type Hears = (message: SocketEvents["message"]) => SocketEvents["message"];

/** A client that sends otherwise than it says. */
function sends(change: Sends): Lie {
  return {
    transport: (real) => (request, events) => {
      const socket = real(request, events);
      const send = change((data) => socket.send(data));
      return new Proxy(socket, { get: (target, name) => (name === "send" ? send : read(target, name)) });
    },
  };
}

/** A client that makes something else of what comes in. */
function hears(change: Hears): Lie {
  return {
    transport: (real) => (request, events) => {
      const message = change((data) => events.message(data));
      return real(request, { ...bound(events), message });
    },
  };
}

/** Each is one way to be wrong; the checks have to notice every one of them. */
export const LIES: Readonly<Record<string, Lie>> = {
  "writes every frame twice": sends((send) => (data) => send(data) && send(data)),
  "says that a frame was taken, and drops it": sends((send) => {
    let count = 0;
    return (data) => ++count % 9 === 0 || send(data);
  }),
  "sends two frames in the wrong order": sends((send) => {
    let held: Parameters<typeof send>[0] | undefined;
    return (data) => {
      const first = held;
      held = first === undefined && String(data).includes('"op"') ? data : undefined;
      return held === undefined ? send(data) && (first === undefined || send(first)) : true;
    };
  }),
  "delivers a message twice": hears((message) => (data) => {
    message(data);
    message(data);
  }),
  "loses a message": hears((message) => {
    let count = 0;
    return (data) => {
      if (++count % 9 !== 0) message(data);
    };
  }),
  "never hears that its link has ended": {
    transport: (real) => (request, events) => real(request, { ...bound(events), closed: () => undefined }),
  },
  "keeps its sockets": {
    transport: (real) => (request, events) => {
      const socket = real(request, events);
      return new Proxy(socket, { get: (target, name) => (name === "abandon" ? () => undefined : read(target, name)) });
    },
  },
  "dials with all others at once": { random: () => 0.5 },
};

function bound(events: SocketEvents): SocketEvents {
  return {
    opened: (protocol) => events.opened(protocol),
    message: (data) => events.message(data),
    pong: () => events.pong(),
    closed: (end) => events.closed(end),
  };
}

function read(target: TransportSocket, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name, target);
  return typeof value === "function" ? (value.bind(target) as unknown) : value;
}
