import type { Machine, MachineEvent, Rules } from "../../src/connection/machine.ts";
import { step } from "../../src/connection/machine.ts";
import type { RetryVerdict } from "../../src/connection/retry.ts";
import { MAX_DELAY } from "../../src/core/clock.ts";
import { TIMERS } from "../../scripts/state-table.ts";
import { isUntouched, leadsSomewhere, LISTED, observe, placeOf } from "./observe.ts";

/** One step of the walk, with everything that the promises speak of. */
export interface Step {
  readonly before: Machine;
  readonly event: MachineEvent;
  readonly after: Machine;
  readonly rules: Rules;
  readonly now: number;
  /** What the retry policy answered in this step, if it was asked. */
  readonly verdict: { readonly given: RetryVerdict } | undefined;
  /** The state object in which a `close()` has ended the machine, until somebody connects again. */
  readonly closedIn: Machine["state"] | undefined;
}

type Check = (step: Step) => boolean;

function isStale({ before, event }: Step): boolean {
  return ("epoch" in event && event.epoch !== before.epoch) || (event.type === "timer" && event.timer !== before.timer);
}

function isWaiting({ state }: Machine): boolean {
  return state.name === "waiting" || state.name === "offline";
}

/** The wait that this step has set, if it has set one. */
function newWait({ before, after, now }: Step): number | undefined {
  const { state } = after;
  if ((state.name !== "waiting" && state.name !== "offline") || after.timer === before.timer) return undefined;
  return state.retryAt - now;
}

/** What the machine promises at every step, each by its name. */
export const MACHINE_PROMISES: Readonly<Record<string, Check>> = {
  "every transition is allowed by the table in the docs": (one) =>
    isStale(one) ||
    !leadsSomewhere(one.event, one.before.state) ||
    LISTED.has(observe(one.before, one.event, one.after)),

  "an event that the table has nothing for changes nothing": (one) =>
    leadsSomewhere(one.event, one.before.state) || isUntouched(one.before, one.after),

  "what changes nothing leaves the very same object": ({ before, after }) =>
    before === after || !isUntouched(before, after) || before.online !== after.online,

  "no stale epoch and no stale timer has an effect": (one) => !isStale(one) || one.after === one.before,

  "at most one live socket: each dial has an epoch of its own, one more than the last": ({ before, after }) =>
    after.epoch === before.epoch || (after.epoch === before.epoch + 1 && placeOf(after.state) === "resolve"),

  "every timer belongs to the state": ({ before, after }) => {
    const { timer, state } = after;
    const own = TIMERS[placeOf(state)];
    if (timer === undefined) return own === undefined || own === "stable";
    return timer.name === own && (timer === before.timer || !Number.isNaN(timer.at));
  },

  "a timer is armed anew when its state is entered, and never into the past": ({ before, after, now }) => {
    const { timer } = after;
    const entered =
      after.epoch !== before.epoch || (after.state.name !== before.state.name && !bothWait(before, after));
    if (timer === undefined) return true;
    return timer === before.timer ? !entered : timer.at >= now;
  },

  "no state without a way out: a timer leads out of it, or the user does": ({ before, after, rules, now }) => {
    const { timer, state } = after;
    if (state === before.state && timer === before.timer) return true; // looked at already
    const waits = state.name === "idle" || state.name === "closed" || state.name === "open";
    if (step(after, { type: "reconnect" }, rules, now).state.name !== "connecting") return false;
    if (waits) return true;
    return timer !== undefined && step(after, { type: "timer", timer }, rules, timer.at).state !== state;
  },

  "the count of failures grows one at a time, and falls only to 0": ({ before, after }) =>
    after.attempt === before.attempt || after.attempt === before.attempt + 1 || after.attempt === 0,

  "the state tells the count of failures": ({ after: { state, attempt } }) =>
    !("attempt" in state) || state.attempt === attempt,

  "the failures are forgotten by the user or by a stable link, and never by opening": ({ before, after, event }) =>
    after.attempt >= before.attempt ||
    event.type === "connect" ||
    event.type === "reconnect" ||
    (event.type === "timer" && event.timer.name === "stable"),

  "a wait after a failure lies between the minimum and the maximum": (one) => {
    const wait = newWait(one);
    if (wait === undefined || isWaiting(one.before) || typeof one.verdict?.given === "number") return true;
    const { min = 300, max = 30_000 } = one.rules.backoff;
    return wait >= Math.min(min, MAX_DELAY) && wait <= Math.min(Math.max(min, max), MAX_DELAY);
  },

  "a wait that the policy asked for is kept, but for the minimum from the second failure on": (one) => {
    const wait = newWait(one);
    const given = one.verdict?.given;
    if (wait === undefined || typeof given !== "number") return true;
    const { min = 300 } = one.rules.backoff;
    const wanted = one.before.attempt > 0 ? Math.max(given, min) : given;
    return wait === wanted || Math.abs(wait - wanted) < 1; // times of day have few digits after the point
  },

  "a wait that a hint has changed is over within a second": (one) => {
    const wait = newWait(one);
    return wait === undefined || !isWaiting(one.before) || (wait >= 0 && wait <= 1_000);
  },

  "after close() nothing moves until somebody connects": ({ closedIn, after }) =>
    closedIn === undefined || (after.state === closedIn && after.timer === undefined),

  "a cause is told where something failed, and nowhere else": ({ after: { state } }) =>
    isWaitingState(state) === "cause" in state || state.name === "closed",
};

function bothWait(before: Machine, after: Machine): boolean {
  return isWaiting(before) && isWaiting(after);
}

function isWaitingState({ name }: Machine["state"]): boolean {
  return name === "waiting" || name === "offline";
}
