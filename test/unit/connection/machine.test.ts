import { describe, expect, it } from "vitest";
import { type Machine, type MachineEvent, step } from "../../../src/connection/machine.ts";
import { IN, LOST, NOW, type Place, placeOf, rules, run, timerOf } from "./machines.ts";

const EVENTS = {
  connect: { type: "connect" },
  reconnect: { type: "reconnect" },
  close: { type: "close", code: 4000, reason: "bye" },
  ended: { type: "ended", epoch: 1, cause: LOST },
  drop: { type: "ended", cause: LOST },
  resolved: { type: "resolved", epoch: 1 },
  opened: { type: "opened", epoch: 1 },
  ready: { type: "ready", epoch: 1 },
  timer: undefined,
  online: { type: "online" },
  offline: { type: "offline" },
  wake: { type: "wake" },
  suspend: { type: "suspend" },
} as const satisfies Readonly<Record<string, MachineEvent | undefined>>;

/**
 * The table of the design, a row a state. "=": the very same machine; "~": only the platform's opinion is noted; "+": a new
 * dial; "1": one more failure; "?": a probe; "!": hurried.
 */
const TABLE = `
             connect   reconnect close   ended    drop     resolved opened    ready timer    online    offline  wake     suspend
  idle       resolve+  resolve+  closed  =        =        =        =         =     =        =         ~        =        =
  resolve    =         resolve+  closed  waiting1 waiting1 dial     =         =     waiting1 resolve!  ~        resolve! waiting
  dial       =         resolve+  closed  waiting1 waiting1 =        handshake =     waiting1 dial!     ~        dial!    waiting
  handshake  =         resolve+  closed  waiting1 waiting1 =        =         open  waiting1 handshake! ~       handshake! waiting
  open       =         resolve+  closing waiting1 waiting1 =        =         =     open     open?     open?    open?    waiting
  waiting    resolve+  resolve+  closed  =        =        =        =         =     resolve+ waiting!  offline  waiting! =
  offline    resolve+  resolve+  closed  =        =        =        =         =     resolve+ waiting!  =        offline! =
  closing    resolve+  resolve+  =       closed   closed   =        =         =     closed   =         ~        =        =
  closed     resolve+  resolve+  =       =        =        =        =         =     =        =         ~        =        =
`;

function outcome(before: Machine, event: MachineEvent): string {
  const after = step(before, event, rules(), NOW);
  if (after === before) return "=";
  const { online } = after;
  if (
    after.state === before.state &&
    JSON.stringify({ ...before, online }) === JSON.stringify(after) &&
    online !== before.online
  )
    return after.probes === before.probes ? "~" : "unexpected";
  const marks = [
    after.epoch > before.epoch && "+",
    after.attempt > before.attempt && "1",
    after.probes > before.probes && "?",
    after.hurried && !before.hurried && "!",
  ];
  return placeOf(after) + marks.filter(Boolean).join("");
}

const [head = [], ...rows] = TABLE.trim()
  .split("\n")
  .map((line) => line.trim().split(/\s+/));

describe("step() does what the table of the design says", () => {
  const cells = rows.flatMap(([place = "", ...cells]) =>
    cells.map((expected, column) => ({ place, event: head[column] ?? "", expected })),
  );

  it("for every state and every event", () => {
    expect(head).toEqual(Object.keys(EVENTS));
    expect(cells).toHaveLength(9 * head.length);
  });

  it.each(cells)("$place: $event -> $expected", ({ place, event, expected }) => {
    // The casts: the table names places and events, which the test above has counted.
    const before = IN[place as Place];
    const named: MachineEvent | undefined = EVENTS[event as keyof typeof EVENTS];
    const own = before.timer ?? { name: "retry", at: NOW };
    expect(outcome(before, named ?? { type: "timer", timer: own })).toBe(expected);
  });
});

describe("step() keeps a machine that gave up", () => {
  it("until somebody connects", () => {
    const machine = IN["given up"];
    expect(machine.state).toEqual({ name: "closed", cause: LOST });
    for (const type of ["online", "wake", "suspend"] as const) expect(run(machine, [{ type }])).toBe(machine);
    expect(run(machine, [EVENTS.close])).toBe(machine);
    expect(run(machine, [{ type: "connect" }])).toMatchObject({
      state: { name: "connecting", attempt: 0 },
      cause: undefined,
    });
  });
});

describe("what an older dial still says", () => {
  const again = run(IN.open, [{ type: "reconnect" }]);

  it.each(["resolved", "opened", "ready", "ended"] as const)("is dropped: %s", (name) => {
    expect(again.epoch).toBe(2);
    expect(step(again, EVENTS[name], rules(), NOW)).toBe(again);
    const open = run(again, [
      { type: "resolved", epoch: 2 },
      { type: "opened", epoch: 2 },
      { type: "ready", epoch: 2 },
    ]);
    expect(open.state.name).toBe("open");
    expect(step(open, EVENTS[name], rules(), NOW)).toBe(open);
  });

  it("is dropped too when it is the timer of a state that was left", () => {
    const late = timerOf(IN.resolve);
    const waiting = run(IN.resolve, [EVENTS.ended]);
    for (const machine of [waiting, IN.open, IN.closing, IN.closed]) expect(run(machine, [late])).toBe(machine);
  });
});

describe("a timer", () => {
  it.each<[Place, string | undefined, number]>([
    ["idle", undefined, 0],
    ["resolve", "connect", 10_000],
    ["dial", "connect", 10_000],
    ["handshake", "connect", 10_000],
    ["open", "stable", 5_000],
    ["waiting", "retry", 1_650],
    ["offline", "retry", 3_150],
    ["closing", "close", 2_000],
    ["closed", undefined, 0],
    ["given up", undefined, 0],
  ])("of %s is: %s", (place, name, delay) => {
    expect(IN[place].timer).toEqual(name && { name, at: NOW + delay });
  });

  it("of connecting covers all three phases: it is armed once", () => {
    const dial = run(IN.resolve, [EVENTS.resolved]);
    expect(dial.timer).toBe(IN.resolve.timer);
    expect(run(dial, [EVENTS.opened]).timer).toBe(IN.resolve.timer);
  });

  it("makes a failed attempt of a dial that takes too long", () => {
    const failed = run(IN.handshake, [timerOf(IN.handshake)]);
    expect(failed.state).toMatchObject({ name: "waiting", cause: { code: "CONNECT_TIMEOUT" } });
  });

  it("of open fires once, forgets the failures, and leaves the state the same object", () => {
    const open = { ...IN.open, attempt: 4, refresh: true };
    const stable = run(open, [timerOf(open)]);
    expect(stable).toMatchObject({ attempt: 0, refresh: false, timer: undefined });
    expect(stable.state).toBe(open.state);
  });

  it("that has not fired yet leaves the failures counted: opening alone forgets nothing", () => {
    const failed = run({ ...IN.dial, attempt: 4 }, [EVENTS.opened, EVENTS.ready, EVENTS.ended]);
    expect(failed).toMatchObject({ attempt: 5, state: { attempt: 5 } });
  });
});

describe("what the next attempt knows", () => {
  it("is the cause of the last failure, until it is stable or somebody begins afresh", () => {
    expect(IN.waiting.cause).toBe(LOST);
    expect(run(IN.waiting, [{ type: "connect" }])).toMatchObject({ cause: LOST, attempt: 1 });
    expect(run(IN.waiting, [{ type: "reconnect" }])).toMatchObject({ cause: undefined, attempt: 0 });
    expect(run(IN.waiting, [timerOf(IN.waiting)])).toMatchObject({ cause: LOST, attempt: 1, epoch: 2 });
  });

  it("is when it was dialled", () => {
    expect(IN.idle.dialledAt).toBe(-Infinity);
    expect(run(IN.waiting, [{ type: "connect" }], rules(), NOW + 5).dialledAt).toBe(NOW + 5);
  });

  it("is nothing of a failure once this side has closed", () => {
    const failedBefore = run(IN.waiting, [
      { type: "connect" },
      { type: "resolved", epoch: 2 },
      { type: "opened", epoch: 2 },
      { type: "ready", epoch: 2 },
    ]);
    expect(failedBefore).toMatchObject({ state: { name: "open" }, cause: LOST });
    const closing = run(failedBefore, [EVENTS.close]);
    expect(closing).toMatchObject({ state: { name: "closing", code: 4000, reason: "bye" }, cause: undefined });
    expect(run(closing, [{ type: "ended", epoch: 2, cause: LOST }]).state).toEqual({ name: "closed" });
  });
});

describe("a connection without a handshake", () => {
  it("is open as soon as its socket is", () => {
    expect(run(IN.dial, [EVENTS.opened], rules({ handshake: false })).state).toEqual({ name: "open", since: NOW });
  });
});

describe("what the machine does not know", () => {
  it("changes nothing: a network source of one's own may say anything", () => {
    // The casts: JavaScript callers pass anything.
    expect(run(IN.open, [{ type: "sunset" } as unknown as MachineEvent])).toBe(IN.open);
    const odd = { ...IN.open, timer: { name: "tea", at: NOW } as unknown as NonNullable<Machine["timer"]> };
    expect(run(odd, [timerOf(odd)])).toBe(odd);
  });
});
