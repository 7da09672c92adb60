import { ConnectionError } from "../core/errors.ts";
import { assertCloseCode, NORMAL, truncateReason } from "../transport/close-codes.ts";
import type { Random } from "../core/random.ts";
import { type BackoffOptions, backoffDelay, backoffScale } from "./backoff.ts";
import { defaultVerdict, type RetryPolicy } from "./retry.ts";
import type { ConnectionState } from "./state.ts";

/** A timer belongs to the machine that holds it: the shell arms what it finds here, and cancels what it finds gone. */
export interface MachineTimer {
  readonly name: "connect" | "stable" | "retry" | "close";
  readonly at: number;
}

/**
 * Everything that decides what happens next. There is no list of effects: the shell compares two machines and makes
 * sockets, timers and layers agree with the newer one, so a state that was never entered cannot leave anything behind.
 */
export interface Machine {
  readonly state: ConnectionState;
  /** Counts dials: a new number asks for a new socket. What an older dial still has to say is dropped at the door. */
  readonly epoch: number;
  /** Failures since the last stable connection. */
  readonly attempt: number;
  readonly timer: MachineTimer | undefined;
  /** Why the last attempt or link ended; absent if this side wanted it so. */
  readonly cause: ConnectionError | undefined;
  /** The platform's opinion; a hint. */
  readonly online: boolean;
  readonly dialledAt: number;
  /** The providers are asked for fresh credentials until a connection is stable; a second verdict "refresh" stops. */
  readonly refresh: boolean;
  /** The platform woke us for this attempt: if it fails, the next one comes soon. */
  readonly hurried: boolean;
  /** Counts the hints that came while open: a new number asks for a sign of life. */
  readonly probes: number;
}

export type MachineEvent =
  | { readonly type: "connect" | "reconnect" | "online" | "offline" | "wake" | "suspend" }
  | { readonly type: "close"; readonly code: number; readonly reason: string }
  | { readonly type: "resolved" | "opened" | "ready"; readonly epoch: number }
  /** The attempt failed or the link is lost; without an epoch, whichever there is. */
  | { readonly type: "ended"; readonly epoch?: number; readonly cause: ConnectionError }
  | { readonly type: "timer"; readonly timer: MachineTimer };

/** The user's close. @throws TypeError unless `code` is 1000 or 3000-4999; a long `reason` is cut to 123 bytes */
export function closeRequest(code: number = NORMAL, reason = ""): MachineEvent {
  assertCloseCode(code);
  return { type: "close", code, reason: truncateReason(reason) };
}

export interface Rules {
  readonly backoff: BackoffOptions;
  readonly connectTimeout: number;
  readonly closeTimeout: number;
  readonly stableAfter: number;
  /** Total: it never throws, and answers only what `RetryVerdict` allows. */
  readonly retry: RetryPolicy;
  readonly handshake: boolean;
  readonly random: Random;
}

/** A wake-up spreads the attempts of many clients over this time. */
const WAKE_SPREAD = 500;
/** However often the platform wakes us, dials keep this distance. */
const WAKE_SPACING = 1_000;
/** The attempt after a failed wake-up attempt comes within this time. */
const HURRY = 2_000;

const FRESH = { attempt: 0, cause: undefined, refresh: false, hurried: false } as const;

export const INITIAL: Machine = {
  ...FRESH,
  state: { name: "idle" },
  epoch: 0,
  timer: undefined,
  online: true,
  dialledAt: -Infinity,
  probes: 0,
};

/**
 * The whole behaviour of a connection as one pure function (`docs/state-machine.md` is its table).
 * An event that means nothing in a state leaves the machine as it is: the very same object.
 */
export function step(m: Machine, event: MachineEvent, rules: Rules, now: number): Machine {
  if ("epoch" in event && event.epoch !== m.epoch) return m;
  const { name } = m.state;
  const phase = phaseOf(m.state);
  const linked = phase !== undefined || name === "open";
  switch (event.type) {
    case "connect":
      if (linked) return m;
      return begin(isWaiting(m.state) ? m : { ...m, ...FRESH }, rules, now);
    case "reconnect":
      return begin({ ...m, ...FRESH }, rules, now);
    case "close":
      return close(m, event.code, event.reason, now + rules.closeTimeout);
    case "ended":
      if (name === "closing") return closed(m);
      return linked ? fail(m, event.cause, rules, now) : m;
    case "suspend":
      return linked ? suspend(m, rules, now) : m;
    case "resolved":
      return phase === "resolve" ? connecting(m, "dial") : m;
    case "opened":
      if (phase !== "dial") return m;
      return rules.handshake ? connecting(m, "handshake") : open(m, rules, now);
    case "ready":
      return phase === "handshake" ? open(m, rules, now) : m;
    case "timer":
      return event.timer === m.timer ? expire(m, event.timer, rules, now) : m;
    case "online":
    case "offline":
    case "wake":
      return hint(m, event.type, rules, now);
    default:
      event satisfies never;
      return m; // a network source of one's own may say anything
  }
}

function phaseOf(state: ConnectionState): "resolve" | "dial" | "handshake" | undefined {
  return state.name === "connecting" ? state.phase : undefined;
}

type Waiting = ConnectionState & { readonly name: "waiting" | "offline" };

export function isWaiting(state: ConnectionState): state is Waiting {
  return state.name === "waiting" || state.name === "offline";
}

/** Starts the next dial, whatever came before. */
function begin(m: Machine, rules: Rules, now: number): Machine {
  const timer: MachineTimer = { name: "connect", at: now + rules.connectTimeout };
  return { ...connecting(m, "resolve"), epoch: m.epoch + 1, timer, dialledAt: now };
}

function connecting(m: Machine, phase: "resolve" | "dial" | "handshake"): Machine {
  return { ...m, state: { name: "connecting", phase, attempt: m.attempt } };
}

function open(m: Machine, rules: Rules, now: number): Machine {
  const timer: MachineTimer = { name: "stable", at: now + rules.stableAfter };
  return { ...m, state: { name: "open", since: now }, timer, hurried: false };
}

/** The user's close: politely where a link is open, at once everywhere else. */
function close(m: Machine, code: number, reason: string, at: number): Machine {
  const { name } = m.state;
  if (name === "open")
    return { ...m, state: { name: "closing", code, reason }, timer: { name: "close", at }, cause: undefined };
  return name === "closed" || name === "closing" ? m : closed(m);
}

function closed(m: Machine, cause?: ConnectionError): Machine {
  return { ...m, state: cause ? { name: "closed", cause } : { name: "closed" }, timer: undefined, cause };
}

/** An attempt failed or a link was lost: what now? */
function fail(m: Machine, cause: ConnectionError, rules: Rules, now: number): Machine {
  const { state, attempt } = m;
  const { closeCode: code, reason = "" } = cause;
  const uptime = state.name === "open" ? Math.max(0, now - state.since) : 0; // clocks are set back
  const verdict = rules.retry({ cause, code, reason, attempt, uptime }) ?? defaultVerdict(cause);
  if (verdict === "stop" || (verdict === "refresh" && m.refresh)) return closed(m, cause);
  const { min = 300 } = rules.backoff;
  const delay =
    typeof verdict !== "number" ? delayAfter(m, cause, rules) : attempt > 0 ? Math.max(verdict, min) : verdict;
  return wait({ ...m, attempt: attempt + 1, refresh: m.refresh || verdict === "refresh" }, cause, now + delay);
}

function delayAfter(m: Machine, cause: ConnectionError, { backoff, random }: Rules): number {
  const delay = backoffDelay(backoff, m.attempt, backoffScale(cause) * (m.online ? 1 : 2), random);
  return m.hurried ? Math.min(delay, Math.max(backoff.min ?? 0, (HURRY * (1 + random())) / 2)) : delay;
}

/** The page is being left: a clean close now, and a new link when it is shown again. No failure, so nobody is asked. */
function suspend(m: Machine, rules: Rules, now: number): Machine {
  const cause = new ConnectionError("SUSPENDED", "The page was left");
  return wait(m, cause, now + delayAfter(m, cause, rules));
}

function wait(m: Machine, cause: ConnectionError, retryAt: number): Machine {
  const state: ConnectionState = { name: m.online ? "waiting" : "offline", attempt: m.attempt, retryAt, cause };
  return { ...m, state, cause, timer: { name: "retry", at: retryAt }, hurried: false };
}

function expire(m: Machine, { name }: MachineTimer, rules: Rules, now: number): Machine {
  switch (name) {
    case "connect":
      return fail(m, new ConnectionError("CONNECT_TIMEOUT", "Not open within connectTimeout"), rules, now);
    case "stable":
      return { ...m, attempt: 0, refresh: false, timer: undefined };
    case "retry":
      return begin(m, rules, now);
    case "close":
      return closed(m);
    default:
      name satisfies never;
      return m;
  }
}

/** The platform's opinion. It hurries or probes, and does no more. */
function hint(m: Machine, type: "online" | "offline" | "wake", rules: Rules, now: number): Machine {
  const { state } = m;
  const online = type === "wake" ? m.online : type === "online";
  if (state.name === "open") return { ...m, online, probes: m.probes + 1 };
  const hurried = m.hurried || (type !== "offline" && (state.name === "connecting" || isWaiting(state)));
  const next = online === m.online && hurried === m.hurried ? m : { ...m, online, hurried };
  if (!isWaiting(state)) return next;
  const soon = Math.max(now + rules.random() * WAKE_SPREAD, Math.min(m.dialledAt, now) + WAKE_SPACING);
  // A wait that ends before that is kept. One that should be over already is not: its timer slept, or the clock was set.
  const kept = type === "offline" || (now <= state.retryAt && state.retryAt <= soon);
  if (!kept) return { ...wait(next, state.cause, soon), hurried };
  return online === m.online ? next : { ...next, state: { ...state, name: online ? "waiting" : "offline" } };
}
