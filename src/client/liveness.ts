import type { Connection } from "../connection/connection.ts";
import type { Clock } from "../core/clock.ts";
import { guard } from "../core/emitter.ts";
import { ConnectionError, HoldfastError, RemoteError } from "../core/errors.ts";
import { Heartbeat } from "../heartbeat/heartbeat.ts";
import type { ClientHeartbeatOptions } from "./options.ts";

/** How the client asks, apart from protocol pings. */
export interface LivenessLink {
  /** Sends a value past the queue. */
  send(value: unknown): void;
  /** Makes a call past the queue that any server of the dialect answers. Absent: there is none. */
  readonly call: ((timeout: number) => Promise<unknown>) | undefined;
  measured(rtt: number): void;
  failed(error: HoldfastError): void;
}

/** A heartbeat that asks in the way that the options want, or that the open link has. */
export function makeHeartbeat(
  options: ClientHeartbeatOptions,
  connection: Connection,
  clock: Clock,
  link: LivenessLink,
): Heartbeat {
  const { ping = "auto", interval = 15_000, timeout = 5_000 } = options;
  const answered = (answer: unknown): void => {
    // "No such method" is a sign of life as well; a time-out or a lost link is none.
    if (!(answer instanceof HoldfastError) || answer instanceof RemoteError) heartbeat.answered();
  };
  const ask = (): boolean => {
    if (ping === "expect") return true;
    if (ping === "auto") {
      if (connection.ping()) return true;
      link.call?.(interval + timeout).then(answered, answered);
      return link.call !== undefined;
    }
    guard(
      link.failed,
      () => {
        link.send(typeof ping === "function" ? ping() : ping.message);
      },
      undefined,
    );
    return true;
  };
  const heartbeat: Heartbeat = new Heartbeat({ interval, timeout }, clock, {
    ping: ask,
    measured: link.measured,
    dead: () => {
      connection.drop(new ConnectionError("HEARTBEAT_TIMEOUT", "No sign of life in time"));
    },
  });
  return heartbeat;
}
