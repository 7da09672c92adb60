import type { ConnectionState } from "../../src/connection/state.ts";
import type { ConnectionError } from "../../src/core/errors.ts";
import { longestWait, type Plan } from "./plan.ts";
import type { Page } from "./page.ts";
import type { Path } from "./path.ts";
import type { Run } from "./run.ts";

type Name = ConnectionState["name"];

/** What may follow what; the table of docs/state-machine.md. */
const NEXT: Readonly<Record<Name, readonly Name[]>> = {
  idle: ["connecting", "closed"],
  connecting: ["connecting", "open", "waiting", "offline", "closed"],
  open: ["connecting", "closing", "waiting", "offline", "closed"],
  waiting: ["connecting", "waiting", "offline", "closed"],
  offline: ["connecting", "waiting", "offline", "closed"],
  closing: ["connecting", "closed"],
  closed: ["connecting"],
};

/** Close codes after which no attempt can succeed. */
const HOPELESS: ReadonlySet<number> = new Set([1002, 1003, 1007, 1008, 1010]);

/** A wake-up brings the next attempt this near, at most. */
const SOON = 1_500;

type Waiting = Extract<ConnectionState, { name: "waiting" | "offline" }>;

/** Looks at every state that a client enters. */
export class StateWatch {
  readonly #run: Run;
  readonly #who: string;
  readonly #plan: Plan;
  readonly #page: Page;
  readonly #path: Path;
  #state: ConnectionState = { name: "idle" };
  /** When it opened last, by the world's clock. */
  #openedAt = 0;
  #failures = 0;
  /** When the user called `reconnect()` last, in steps of the run. */
  #forgivenAt = -1;

  constructor(run: Run, who: string, plan: Plan, page: Page, path: Path) {
    this.#run = run;
    this.#who = who;
    this.#plan = plan;
    this.#page = page;
    this.#path = path;
  }

  changed(state: ConnectionState): void {
    const was = this.#state;
    this.#state = state;
    this.#run.log(this.#who, state.name, describe(state));
    this.#check(NEXT[was.name].includes(state.name), `went from ${was.name} to ${state.name}`);
    switch (state.name) {
      case "connecting":
        this.#connecting(was, state.attempt, state.phase);
        return;
      case "open":
        this.#openedAt = this.#run.world.now();
        this.#run.count("opened");
        return;
      case "waiting":
      case "offline":
        if (was.name === "waiting" || was.name === "offline") this.#hurried(was, state);
        else this.#failed(was, state);
        return;
      case "closed":
        this.#closed();
        if (state.cause) this.#gaveUp(state.cause);
    }
  }

  /** The user calls `reconnect()`: the failures will be forgotten. */
  forgive(): void {
    this.#forgivenAt = this.#run.world.steps;
  }

  #connecting(was: ConnectionState, attempt: number, phase: string): void {
    const kept = was.name === "waiting" || was.name === "offline" || (was.name === "connecting" && phase !== "resolve");
    const forgiven = this.#forgivenAt === this.#run.world.steps && attempt === 0;
    if (!kept || forgiven) this.#failures = 0;
    this.#check(attempt === this.#failures, `dials with attempt ${attempt} after ${this.#failures} failures`);
  }

  #failed(was: ConnectionState, { attempt, cause, retryAt }: Waiting): void {
    const { backoff, stableAfter, retry, interval, timeout, asks } = this.#plan;
    const { min = 300 } = backoff;
    const failed = cause.code === "SUSPENDED" ? 0 : 1;
    const stable = was.name === "open" && this.#run.world.now() - this.#openedAt >= stableAfter;
    const expected = this.#failures + failed;
    this.#check(attempt === expected || (stable && attempt === failed), `counts ${attempt} failures, not ${expected}`);
    this.#failures = attempt;
    const delay = retryAt - this.#page.clock.now();
    const least = retry && attempt < 2 ? 0 : min;
    this.#check(delay >= least && delay <= longestWait(this.#plan), `waits ${delay} ms after failure ${attempt}`);
    if (cause.code !== "HEARTBEAT_TIMEOUT") return;
    const within = (asks === "expects" ? interval : 0) + 2 * timeout + this.#page.lateness + 2_000;
    this.#check(this.#path.impaired(within), "took a link that was well for a dead one");
  }

  /** The same wait, with another name or cut short. */
  #hurried(was: Waiting, { attempt, retryAt }: Waiting): void {
    this.#check(attempt === was.attempt, `counts ${attempt} failures, and nothing has failed since ${was.attempt}`);
    if (retryAt === was.retryAt) return;
    const delay = retryAt - this.#page.clock.now();
    this.#check(delay >= 0 && delay <= SOON, `was woken, and waits ${delay} ms`);
  }

  #closed(): void {
    const { clock, network } = this.#page;
    this.#check(clock.pending === 0, `is closed and has ${clock.pending} timers`);
    this.#check(network.watchers === 0, "is closed and listens to the network");
    this.#check(this.#path.server.live === 0, "is closed and has a socket");
  }

  /** Only what cannot get better ends the attempts. */
  #gaveUp({ code, closeCode, httpStatus }: ConnectionError): void {
    const { retry } = this.#plan;
    const hopeless = code === "UNSUPPORTED" || HOPELESS.has(closeCode ?? 0);
    const unauthorized = closeCode === 4401 || httpStatus === 401;
    this.#check(hopeless || unauthorized || retry !== undefined, `gave up after ${code} ${String(closeCode)}`);
  }

  #check(holds: boolean, why: string): void {
    if (!holds) this.#run.fail(`${this.#who} ${why}`);
  }
}

function describe(state: ConnectionState): string {
  if (state.name === "connecting") return `${state.phase} ${state.attempt}`;
  return "cause" in state && state.cause ? `${state.cause.code} ${String(state.cause.closeCode ?? "")}` : "";
}
