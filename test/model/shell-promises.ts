import type { ConnectionDebugEvent } from "../../src/connection/events.ts";
import type { AttemptContext } from "../../src/connection/options.ts";
import type { ConnectionState } from "../../src/connection/state.ts";
import type { HoldfastError } from "../../src/core/errors.ts";
import { MAX_DELAY } from "../../src/core/clock.ts";
import { GROUPS, TRANSITIONS } from "../../scripts/state-table.ts";
import { OnPurpose, type ShellWorld } from "./shell-world.ts";

const PHASES: readonly string[] = GROUPS.connecting;

/** The table as the debug stream tells of it: without the phases. */
const LISTED: ReadonlySet<string> = new Set(
  TRANSITIONS.flatMap(({ on, from, to }) =>
    from.map((state) => `${on}: ${nameOf(state)} -> ${nameOf(to === "same" ? state : to)}`),
  ),
);

function nameOf(state: string): string {
  return PHASES.includes(state) ? "connecting" : state;
}

/** How many timers of its own a connection has in each state. */
const TIMERS: Readonly<Record<ConnectionState["name"], readonly [least: number, most: number]>> = {
  idle: [0, 0],
  connecting: [1, 1],
  open: [0, 1],
  waiting: [1, 1],
  offline: [1, 1],
  closing: [1, 1],
  closed: [0, 0],
};

const HAS_SOCKET: ReadonlySet<string> = new Set(["connecting", "open", "closing"]);
const IS_WANTED: ReadonlySet<string> = new Set([...HAS_SOCKET, "waiting", "offline"]);

/** What must hold between any two steps of the walk, by name. */
export const SHELL_PROMISES: Readonly<Record<string, (world: ShellWorld, watch: Watch) => boolean>> = {
  "at most one live socket": ({ server }) => server.live <= 1 && server.maxLive <= 1,

  "no socket where the state has none": ({ server, connection }) =>
    server.live === 0 || HAS_SOCKET.has(connection.state.name),

  "every timer belongs to the state": ({ clock, server, connection }) => {
    const [least, most] = TIMERS[connection.state.name];
    const own = clock.pending - server.pending;
    return own >= least && own <= most;
  },

  "the platform is watched while a connection is wanted, once, and not otherwise": ({ network, connection }) =>
    network.watchers === (IS_WANTED.has(connection.state.name) ? 1 : 0),

  "after close() nothing moves until somebody connects": ({ server }, { dialsWhenClosed }) =>
    dialsWhenClosed === undefined || server.dials === dialsWhenClosed,

  "no more dials than attempts": ({ server }, { epoch }) => server.dials <= epoch,
};

/** What listeners must see, by name; the watch notes when they do not. */
export const SEEN_PROMISES = [
  "every transition is allowed by the table in the docs",
  "the debug stream is an unbroken chain",
  "no step runs inside another",
  "a state event brings the new state, and never the same one twice",
  "waits lie ahead, and within what a timer can hold",
  "messages come while the connection is open, and at no other time",
  "the floor above hears of opened and lost in pairs, with messages between",
  "each attempt asks its provider once, and says which attempt it is",
  "every error is one that a callback or the transport has made",
  "nothing is thrown at the caller but what the transport throws",
  "in the end everything is settled and nothing is left",
] as const;

export type SeenPromise = (typeof SEEN_PROMISES)[number];

/** True for what a transport throws that was told to break its promises. */
export function isScripted({ message }: Error): boolean {
  return message.endsWith("throws, as scripted");
}

/** The listeners' view of one connection. */
export class Watch {
  readonly #broken: (promise: SeenPromise, what: string) => void;
  readonly #now: () => number;
  readonly #dials: () => number;
  #name: ConnectionState["name"] = "idle";
  #state: ConnectionState | undefined;
  #inside = false;
  #linked = false;
  #asked = 0;
  /** Attempts so far. */
  epoch = 0;
  /** How many dials there had been when it closed; undefined while it is wanted. */
  dialsWhenClosed: number | undefined;

  constructor(broken: (promise: SeenPromise, what: string) => void, now: () => number, dials: () => number) {
    this.#broken = broken;
    this.#now = now;
    this.#dials = dials;
  }

  debug({ event, from, to, epoch, at }: ConnectionDebugEvent): void {
    const what = `${event}: ${from} -> ${to}`;
    if (from !== to && !LISTED.has(what)) this.#broken("every transition is allowed by the table in the docs", what);
    const chained = from === this.#name && epoch >= this.epoch && epoch <= this.epoch + 1 && at === this.#now();
    if (!chained) this.#broken("the debug stream is an unbroken chain", `${what} after ${this.#name}`);
    if (this.#inside) this.#broken("no step runs inside another", what);
    this.#name = to;
    this.epoch = epoch;
    if (event === "connect" || event === "reconnect") this.dialsWhenClosed = undefined;
    if (to === "closed" && from !== "closed") this.dialsWhenClosed = this.#dials();
  }

  state(state: ConnectionState, reenter: () => void): void {
    if (this.#inside) this.#broken("no step runs inside another", state.name);
    if (state === this.#state || state.name !== this.#name) {
      this.#broken("a state event brings the new state, and never the same one twice", state.name);
    }
    const planned = this.#state && "retryAt" in this.#state ? this.#state.retryAt : undefined;
    this.#state = state;
    if ("retryAt" in state && state.retryAt !== planned) {
      const wait = state.retryAt - this.#now();
      if (!(wait >= 0 && wait <= MAX_DELAY)) {
        this.#broken("waits lie ahead, and within what a timer can hold", `${state.name} for ${wait} ms`);
      }
    }
    this.#inside = true;
    try {
      reenter();
    } finally {
      this.#inside = false;
    }
  }

  message(state: ConnectionState): void {
    if (state.name !== "open")
      this.#broken("messages come while the connection is open, and at no other time", state.name);
  }

  upper(what: "opened" | "message" | "lost" | "ended" | "other"): void {
    const fits = what === "opened" || what === "ended" ? !this.#linked : what === "other" || this.#linked;
    if (!fits) this.#broken("the floor above hears of opened and lost in pairs, with messages between", what);
    if (what === "opened" || what === "lost") this.#linked = what === "opened";
  }

  provider({ attempt }: AttemptContext): void {
    this.#asked++;
    const fits = this.#asked === this.epoch + 1 && Number.isInteger(attempt) && attempt >= 0;
    if (!fits) {
      this.#broken(
        "each attempt asks its provider once, and says which attempt it is",
        `${this.#asked} of ${this.epoch}`,
      );
    }
  }

  error(error: HoldfastError): void {
    const thrown = error.cause instanceof OnPurpose || (error.cause instanceof Error && isScripted(error.cause));
    const own = error.code === "LISTENER_FAILED" && thrown;
    if (!own)
      this.#broken(
        "every error is one that a callback or the transport has made",
        `${error.code} ${String(error.cause)}`,
      );
  }
}
