import { describe, expect, it } from "vitest";
import { type Machine, step } from "../../src/connection/machine.ts";
import { walkMachine } from "./machine-walk.ts";
import { LISTED } from "./observe.ts";
import { MACHINE_PROMISES } from "./promises.ts";

const STEPS = 1_000_000;
const SEED = 20_260_101;

describe("a random walk of a million steps through the machine", () => {
  const { findings, taken, steps } = walkMachine(SEED, STEPS, MACHINE_PROMISES);

  it("was as long as it should be", () => {
    expect(steps).toBe(STEPS);
  });

  it.each(Object.keys(MACHINE_PROMISES))("%s", (promise) => {
    expect(findings.of(promise)).toBeUndefined();
  });

  it("has taken every transition of the table many times", () => {
    const rare = [...LISTED].filter((transition) => (taken.get(transition) ?? 0) < 20);
    expect(rare).toEqual([]);
  });
});

describe("the walk is the same walk for the same seed", () => {
  it("and another one for another seed", () => {
    const [first, again, other] = [1, 1, 2].map((seed) => [...walkMachine(seed, 5_000, {}).taken]);
    expect(first).toEqual(again);
    expect(first).not.toEqual(other);
  });
});

describe("the walk notices a machine that", () => {
  type Step = typeof step;
  const after =
    (change: (after: Machine, before: Machine, now: number) => Machine): Step =>
    (before, event, rules, now) =>
      change(step(before, event, rules, now), before, now);
  const opens = (after: Machine, before: Machine): boolean =>
    after.state.name === "open" && before.state.name !== "open";
  const closes = (after: Machine, before: Machine): boolean =>
    after.state.name === "closed" && after.state !== before.state;

  it.each<[string, Step, string]>([
    [
      "listens to an older dial",
      (m, event, rules, now) => step(m, "epoch" in event ? { ...event, epoch: m.epoch } : event, rules, now),
      "no stale epoch and no stale timer has an effect",
    ],
    [
      "does not count dials",
      after((m, before) => ({ ...m, epoch: Math.min(m.epoch, before.epoch, 1) })),
      "every transition is allowed by the table in the docs",
    ],
    [
      "forgets the failures when it opens",
      after((m, before) => (opens(m, before) ? { ...m, attempt: 0 } : m)),
      "the failures are forgotten by the user or by a stable link, and never by opening",
    ],
    [
      "keeps its timer when it closes",
      after((m, before) => (closes(m, before) ? { ...m, timer: before.timer } : m)),
      "every timer belongs to the state",
    ],
    [
      "has no timer while it waits",
      after((m) => (m.state.name === "waiting" ? { ...m, timer: undefined } : m)),
      "no state without a way out: a timer leads out of it, or the user does",
    ],
    [
      "waits for no time at all after a failure",
      after((m, before, now) => {
        if (m.state.name !== "waiting" || m.attempt === before.attempt) return m;
        return { ...m, state: { ...m.state, retryAt: now }, timer: { name: "retry", at: now } };
      }),
      "a wait after a failure lies between the minimum and the maximum",
    ],
    [
      "connects when the network is back, although it was closed",
      (m, event, rules, now) =>
        step(m, event.type === "online" && m.state.name === "closed" ? { type: "connect" } : event, rules, now),
      "after close() nothing moves until somebody connects",
    ],
    [
      "ends a link that works when the platform is offline",
      (m, event, rules, now) =>
        step(m, event.type === "offline" && m.state.name === "open" ? { type: "suspend" } : event, rules, now),
      "every transition is allowed by the table in the docs",
    ],
    [
      "makes another object of an event that means nothing",
      after((m, before) => (m === before ? { ...m } : m)),
      "what changes nothing leaves the very same object",
    ],
  ])("%s", (_, broken, promise) => {
    const { findings } = walkMachine(SEED, 20_000, MACHINE_PROMISES, broken);
    expect(findings.of(promise)).toMatch(/^.+\nseed 20260101, step \d+; the last events:\n(\d+\. .+\n?){1,50}$/);
  });
});
