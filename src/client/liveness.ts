import type { Shell } from "../connection/shell.ts";
import type { Clock } from "../core/clock.ts";
import { guard } from "../core/guard.ts";
import { ConnectionError, HoldfastError, RemoteError } from "../core/errors.ts";
import { Heartbeat } from "../heartbeat/heartbeat.ts";
import type { Call } from "../rpc/dialect.ts";
import { jsonRpc } from "../rpc/json-rpc.ts";
import type { ClientOptions } from "./options.ts";

/** How the client asks, apart from protocol pings, and what it learns. */
export interface LivenessLink {
  /** Sends a value past the queue. */
  readonly send: (value: unknown) => void;
  /** Makes a call past the queue. */
  readonly call: (call: Call, timeout: number) => Promise<unknown>;
  readonly measured: (rtt: number) => void;
  readonly report: (error: HoldfastError) => void;
}

/**
 * A heartbeat that asks in the way that the options want, or that the open link has. A server that was not declared to
 * know a ping gets none but those of the WebSocket protocol itself.
 */
export function makeHeartbeat(
  { heartbeat: options, dialect = jsonRpc }: ClientOptions,
  shell: Shell,
  clock: Clock,
  link: LivenessLink,
): Heartbeat {
  const { ping = "auto", interval = 15_000, timeout = 5_000 } = options === "off" ? {} : (options ?? {});
  const answered = (answer: unknown): void => {
    // "No such method" is a sign of life as well; a time-out or a lost link is none.
    if (!(answer instanceof HoldfastError) || answer instanceof RemoteError) heartbeat.answered();
  };
  const ask = (way: Exclude<typeof ping, "expect">): boolean => {
    if (way === "auto") {
      if (shell.ping()) return true;
      if (!options || typeof dialect !== "object" || !dialect.ping) return false;
      link.call(dialect.ping(), interval + timeout).then(answered, answered);
      return true;
    }
    const make = typeof way === "function" ? way : () => way.message;
    guard(
      link.report,
      () => {
        link.send(make());
      },
      undefined,
    );
    return true;
  };
  const heartbeat: Heartbeat = new Heartbeat({ interval, timeout }, clock, {
    ...(ping !== "expect" && { ping: () => ask(ping) }),
    progressed: () => shell.progressed(),
    measured: link.measured,
    dead: () => {
      shell.dispatch({ type: "ended", cause: new ConnectionError("HEARTBEAT_TIMEOUT", "No sign of life in time") });
    },
  });
  return heartbeat;
}
