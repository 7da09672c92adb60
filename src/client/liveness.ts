import { Pulse } from "../connection/pulse.ts";
import type { Shell } from "../connection/shell.ts";
import type { Clock } from "../core/clock.ts";
import { ask } from "../core/guard.ts";
import { HoldfastError, RemoteError } from "../core/errors.ts";
import { atOnce } from "../core/thenable.ts";
import { Heartbeat } from "../heartbeat/heartbeat.ts";
import type { Call, Dialect } from "../rpc/dialect.ts";
import type { ClientHeartbeatOptions } from "./options.ts";

/** How the client asks, apart from protocol pings, and what it learns. */
export interface LivenessHost {
  /** Sends a value past the queue. */
  sendNow(value: unknown): void;
  /** Makes a call past the queue. */
  call(call: Call, timeout: number): Promise<unknown>;
  /** The answer to a ping came in. */
  answered(): void;
  /** A round trip was measured. Milliseconds. */
  measured(rtt: number): void;
  readonly report: (error: HoldfastError) => void;
}

/** A ping: by the protocol or the dialect, a message, or the maker of one. */
type Ping = Exclude<ClientHeartbeatOptions["ping"], "expect" | undefined>;

/** Asks in the way that the options want, or that the open link has. */
class Asking extends Pulse {
  readonly #host: LivenessHost;
  readonly #ping: Ping;
  /** Has a call for it, if there is no better way. */
  readonly #dialect: Dialect | undefined;
  /** For the answer to that call. Milliseconds. */
  readonly #patience: number;

  constructor(shell: Shell, host: LivenessHost, ping: Ping, dialect: Dialect | undefined, patience: number) {
    super(shell, host);
    this.#host = host;
    this.#ping = ping;
    this.#dialect = dialect;
    this.#patience = patience;
  }

  ping(): boolean | "later" {
    const ping = this.#ping;
    if (ping === "auto") return this.shell.ping() || this.#call();
    const asked = ask(this.#host.report, "heartbeat.ping", () => {
      this.#host.sendNow(typeof ping === "function" ? atOnce(ping(), "heartbeat.ping") : ping.message);
      return true;
    });
    return asked ?? "later";
  }

  /** False if the dialect has no call for it. */
  #call(): boolean | "later" {
    const call = ask(this.#host.report, "dialect.ping", () => this.#dialect?.ping?.() ?? false);
    if (!call) return call ?? "later";
    const answered = (answer: unknown): void => {
      // "No such method" is a sign of life as well; a time-out or a lost link is none.
      if (!(answer instanceof HoldfastError) || answer instanceof RemoteError) this.#host.answered();
    };
    this.#host.call(call, this.#patience).then(answered, answered);
    return true;
  }
}

/** The heartbeat that the options want. `dialect`: whose ping the server was declared to know, if it was. */
export function makeHeartbeat(
  { ping = "auto", interval = 15_000, timeout = 5_000 }: ClientHeartbeatOptions,
  dialect: Dialect | undefined,
  shell: Shell,
  clock: Clock,
  host: LivenessHost,
): Heartbeat {
  const link = ping === "expect" ? new Pulse(shell, host) : new Asking(shell, host, ping, dialect, interval + timeout);
  return new Heartbeat({ interval, timeout }, clock, link);
}
