import {
  INITIAL,
  type Machine,
  type MachineEvent,
  type MachineTimer,
  type Rules,
  step,
} from "../../src/connection/machine.ts";
import type { RetryVerdict } from "../../src/connection/retry.ts";
import { ConnectionError, type ErrorCode } from "../../src/core/errors.ts";
import type { Random } from "../../src/core/random.ts";
import { chance, integer, pick, seededRandom } from "../../src/testing/seeded-random.ts";
import { observe } from "./observe.ts";
import type { Step } from "./promises.ts";
import { Findings, Trail } from "./trail.ts";

/** So many steps are made with one set of options, from the beginning. */
const SEGMENT = 1_000;

const VERDICTS: readonly RetryVerdict[] = [
  undefined,
  undefined,
  undefined,
  "stop",
  "refresh",
  0,
  1,
  299,
  5_000,
  1e9,
  Infinity,
];
const CODES: readonly ErrorCode[] = [
  "CONNECTION_LOST",
  "DIAL_FAILED",
  "HEARTBEAT_TIMEOUT",
  "DROPPED",
  "UNSUPPORTED",
  "PROVIDER_FAILED",
];
const CLOSE_CODES = [undefined, 0, 1000, 1001, 1002, 1005, 1006, 1008, 1012, 1013, 4001, 4401];
const TYPES: readonly MachineEvent["type"][] = [
  "connect", "reconnect", "close", "ended", "ended", "resolved", "resolved", "resolved", "opened", "opened", "opened",
  "ready", "ready", "ready", "timer", "timer", "timer", "online", "offline", "wake", "suspend",
]; // prettier-ignore

export interface MachineWalk {
  readonly findings: Findings;
  /** How often each transition was taken, as `observe` writes it. */
  readonly taken: ReadonlyMap<string, number>;
  readonly steps: number;
}

type Checks = Readonly<Record<string, (step: Step) => boolean>>;

/** The step that is walked: the machine's own, or for a test of the promises one that breaks them. */
type StepFunction = typeof step;

/** Walks at random through the machine: any event in any state, stale ones too, under ever new options and a clock that jumps. */
export function walkMachine(seed: number, steps: number, checks: Checks, by: StepFunction = step): MachineWalk {
  const random = seededRandom(seed);
  const findings = new Findings();
  const taken = new Map<string, number>();
  const trail = new Trail();
  for (let done = 0; done < steps; done += SEGMENT) {
    walkSegment({ random, findings, taken, trail, seed, checks, by }, Math.min(SEGMENT, steps - done));
  }
  return { findings, taken, steps: trail.count };
}

interface Walk {
  readonly random: Random;
  readonly findings: Findings;
  readonly taken: Map<string, number>;
  readonly trail: Trail;
  readonly seed: number;
  readonly checks: Checks;
  readonly by: StepFunction;
}

function walkSegment(walk: Walk, steps: number): void {
  const { random, findings, taken, trail, seed } = walk;
  const checks = Object.entries(walk.checks);
  let asked: { readonly given: RetryVerdict } | undefined;
  const rules = rulesFrom(random, (given) => (asked = { given }));
  let machine: Machine = INITIAL;
  let now = integer(random, 0, 1e12);
  let old: MachineTimer | undefined;
  let closedIn: Machine["state"] | undefined;
  for (let count = 0; count < steps; count++) {
    const event = eventFrom(random, machine, old);
    now = timeFrom(random, event, now);
    const before = machine;
    asked = undefined;
    const after = walk.by(before, event, rules, now);
    const verdict = asked;
    const what = observe(before, event, after);
    trail.note(`t=${now} ${describe(event)} | ${what}`);
    if (event.type === "connect" || event.type === "reconnect") closedIn = undefined;
    const done: Step = { before, event, after, rules, now, verdict, closedIn };
    for (const [name, holds] of checks) if (!holds(done)) findings.report(name, what, seed, trail);
    if (after !== before) taken.set(what, (taken.get(what) ?? 0) + 1);
    if (event.type === "close" && after.state.name === "closed") closedIn = after.state;
    if (before.timer !== after.timer) old = before.timer ?? old;
    machine = after;
  }
}

function rulesFrom(random: Random, asked: (given: RetryVerdict) => void): Rules {
  const backoff = chance(random, 0.5)
    ? {}
    : {
        min: pick(random, [0, 1, 300, 5_000]),
        base: pick(random, [0, 100, 3_000, Infinity]),
        factor: pick(random, [0, 1, 2, 10, Infinity]),
        max: pick(random, [0, 1_000, 30_000, Infinity]),
      };
  const opinionated = chance(random, 0.3);
  return {
    backoff,
    connectTimeout: pick(random, [0, 1, 1_000, 10_000]),
    closeTimeout: pick(random, [0, 2_000]),
    stableAfter: pick(random, [0, 5_000]),
    handshake: chance(random, 0.5),
    random,
    retry: () => {
      const given = opinionated ? pick(random, VERDICTS) : undefined;
      asked(given);
      return given;
    },
  };
}

function timeFrom(random: Random, event: MachineEvent, now: number): number {
  if (event.type === "timer" && chance(random, 0.9)) return Math.min(Math.max(now, event.timer.at), 1e15);
  if (chance(random, 0.01)) return now + integer(random, -1e7, 1e7); // the clock is set, or the computer slept
  return now + (chance(random, 0.5) ? 0 : integer(random, 0, 3_000));
}

function eventFrom(random: Random, { epoch, timer }: Machine, old: MachineTimer | undefined): MachineEvent {
  const type = pick(random, TYPES);
  const its = chance(random, 0.85) ? epoch : epoch + pick(random, [-2, -1, 1]);
  switch (type) {
    case "close":
      return { type, code: 1000, reason: "" };
    case "ended":
      return { type, ...(chance(random, 0.8) && { epoch: its }), cause: pick(random, CAUSES) };
    case "resolved":
    case "opened":
    case "ready":
      return { type, epoch: its };
    case "timer": {
      const due = chance(random, 0.85) ? timer : old;
      return due ? { type, timer: due } : { type: "wake" };
    }
    default:
      return { type };
  }
}

/** Made once: an error is costly, because of its stack. */
const CAUSES: readonly ConnectionError[] = CODES.flatMap((code) =>
  CLOSE_CODES.flatMap((closeCode) =>
    [undefined, undefined, undefined, 401, 429, 503].map(
      (httpStatus) => new ConnectionError(code, "model", { closeCode, httpStatus, reason: "" }),
    ),
  ),
);

function describe(event: MachineEvent): string {
  const epoch = "epoch" in event ? ` #${event.epoch ?? "any"}` : "";
  const timer = event.type === "timer" ? ` ${event.timer.name}` : "";
  const cause = event.type === "ended" ? ` ${event.cause.code} ${event.cause.closeCode ?? ""}` : "";
  return `${event.type}${epoch}${timer}${cause}`;
}
