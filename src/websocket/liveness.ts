import { Pulse } from "../connection/pulse.ts";
import type { Shell } from "../connection/shell.ts";
import type { Clock } from "../core/clock.ts";
import { ask, reportUnheard } from "../core/guard.ts";
import { atOnce } from "../core/thenable.ts";
import { Heartbeat } from "../heartbeat/heartbeat.ts";
import type { WebSocketHeartbeatOptions } from "./options.ts";

/** A ping: by the protocol, a message, or the maker of one. */
type Ping = Exclude<WebSocketHeartbeatOptions["ping"], "expect" | undefined>;

/** Asks in the way that the options want. */
class Asking extends Pulse {
  readonly #ping: Ping;

  constructor(shell: Shell, ping: Ping) {
    super(shell);
    this.#ping = ping;
  }

  ping(): boolean | "later" {
    const ping = this.#ping;
    if (typeof ping === "string") return this.shell.ping();
    const asked = ask(reportUnheard, "heartbeat.ping", () => {
      this.shell.send(typeof ping === "function" ? atOnce(ping(), "heartbeat.ping") : ping.message);
      return true;
    });
    return asked ?? "later";
  }
}

/** The heartbeat that the options want. */
export function makeHeartbeat(options: WebSocketHeartbeatOptions, connection: Shell, clock: Clock): Heartbeat {
  const { ping = "auto", interval = 15_000, timeout = 5_000 } = options;
  const link = ping === "expect" ? new Pulse(connection) : new Asking(connection, ping);
  return new Heartbeat({ interval, timeout }, clock, link);
}
