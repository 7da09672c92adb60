import { describe, expect, it } from "vitest";
import { type Machine, type MachineEvent, type Rules, step } from "../../../src/connection/machine.ts";
import type { RetryContext } from "../../../src/connection/retry.ts";
import { ConnectionError } from "../../../src/core/errors.ts";
import { seededRandom } from "../../../src/testing/seeded-random.ts";
import { IN, LOST, NOW, rules, run, timerOf, waitOf } from "./machines.ts";

const ended: MachineEvent = { type: "ended", cause: LOST };

/** Waits for an attempt that is `ms` away, dialled long ago. */
function waitingFor(ms: number, changes: Partial<Machine> = {}): Machine {
  const long = run(IN.open, [ended], rules({ retry: () => ms }));
  return { ...long, dialledAt: NOW - 60_000, ...changes };
}

describe("a wake-up while waiting", () => {
  it.each([0, 0.5, 0.999])("brings the attempt within half a second, spread by chance (%d)", (drawn) => {
    for (const type of ["online", "wake"] as const) {
      const woken = run(waitingFor(30_000), [{ type }], rules({ random: () => drawn }));
      expect(waitOf(woken)).toBeCloseTo(drawn * 500);
      expect(woken.timer).toEqual({ name: "retry", at: NOW + waitOf(woken) });
    }
  });

  it("keeps dials a second apart, however often it comes", () => {
    const by = rules({ random: seededRandom(1) });
    let machine = waitingFor(30_000, { dialledAt: NOW - 300 });
    for (let round = 0; round < 100; round++) machine = run(machine, [{ type: "wake" }], by);
    expect(waitOf(machine)).toBe(700);
  });

  it("never makes the wait longer, and leaves the state the same object then", () => {
    const soon = waitingFor(100);
    for (const type of ["online", "wake"] as const) {
      const woken = run(soon, [{ type }], rules({ random: () => 0.9 }));
      expect(woken.state).toBe(soon.state);
      expect(woken.timer).toBe(soon.timer);
      expect(woken.hurried).toBe(true);
    }
  });

  it("leaves an attempt alone that is due at this very moment", () => {
    const due = waitingFor(100);
    const woken = run(due, [{ type: "wake" }], rules({ random: () => 0.9 }), NOW + 100);
    expect(woken.state).toBe(due.state);
    expect(woken.timer).toBe(due.timer);
  });

  it("changes the label when the network is back, also where the attempt comes soon enough", () => {
    const soon = run(waitingFor(100), [{ type: "offline" }]);
    const online = run(soon, [{ type: "online" }], rules({ random: () => 0.9 }));
    expect(online).toMatchObject({ state: { ...soon.state, name: "waiting" }, online: true, hurried: true });
    expect(online.timer).toBe(soon.timer);
  });

  it("brings an attempt that should have come already: its timer slept with the computer", () => {
    const slept = run(waitingFor(30_000), [{ type: "wake" }], rules(), NOW + 3_600_000);
    expect(waitOf(slept, NOW + 3_600_000)).toBe(250);
    expect(slept.timer?.at).toBe(NOW + 3_600_000 + 250);
  });

  it("brings the attempt also when the clock was set back meanwhile", () => {
    const back = NOW - 3_600_000;
    const woken = run(waitingFor(30_000), [{ type: "wake" }], rules(), back);
    expect(waitOf(woken, back)).toBeLessThanOrEqual(1_000);
  });

  it("does not bring an attempt forward when the network is lost: that is no reason to hurry", () => {
    const waiting = waitingFor(30_000);
    const offline = run(waiting, [{ type: "offline" }]);
    expect(offline).toMatchObject({ state: { name: "offline" }, hurried: false, online: false });
    expect(waitOf(offline)).toBe(30_000);
    expect(offline.timer).toBe(waiting.timer);
  });
});

describe("an attempt that was hurried", () => {
  const hurried = (by: Rules, changes: Partial<Machine> = {}): Machine => {
    const woken = run(waitingFor(30_000, { attempt: 8, ...changes }), [{ type: "online" }], by);
    return run(woken, [timerOf(woken), ended], by);
  };

  it("is followed by the next one within 2 s if it fails, whatever the number of failures", () => {
    for (const drawn of [0, 0.5, 0.999]) {
      const wait = waitOf(hurried(rules({ random: () => drawn })));
      expect(wait).toBeGreaterThanOrEqual(1_000);
      expect(wait).toBeLessThanOrEqual(2_000);
    }
  });

  it("hurries only one more: then the waits are as long as they were", () => {
    const once = hurried(rules());
    const twice = run(once, [timerOf(once), ended]);
    expect(once.hurried).toBe(false);
    expect(waitOf(twice)).toBeGreaterThanOrEqual(15_000);
  });

  it("may have begun before the platform woke up", () => {
    const connecting = { ...IN.dial, attempt: 8 };
    for (const type of ["online", "wake"] as const) {
      expect(waitOf(run(connecting, [{ type }, ended]))).toBeLessThanOrEqual(2_000);
    }
    expect(waitOf(run(connecting, [{ type: "offline" }, ended]))).toBeGreaterThanOrEqual(15_000);
  });

  it("is forgotten when it succeeds", () => {
    const woken = run(IN.dial, [{ type: "wake" }, { type: "opened", epoch: 1 }, { type: "ready", epoch: 1 }]);
    expect(woken).toMatchObject({ state: { name: "open" }, hurried: false });
  });

  it("does not undercut the minimum that was asked for", () => {
    expect(waitOf(hurried(rules({ backoff: { min: 5_000, max: 60_000 } })))).toBeGreaterThanOrEqual(5_000);
  });
});

describe("a platform that says it is offline", () => {
  it("does not forbid attempts, and makes the first waits twice as long at most", () => {
    expect(waitOf(IN.offline)).toBe(300 + (6_000 - 300) / 2);
    expect(run(IN.offline, [timerOf(IN.offline)]).state.name).toBe("connecting");
  });

  it("does not lengthen the cap", () => {
    const failed = run({ ...IN.dial, attempt: 50, online: false }, [ended], rules({ random: () => 1 }));
    expect(failed.state.name).toBe("offline");
    expect(waitOf(failed)).toBe(30_000);
  });
});

describe("a page that is left", () => {
  it.each(["resolve", "dial", "handshake", "open"] as const)("lets go while in %s, and counts no failure", (place) => {
    let asked = 0;
    const by = rules({
      retry: () => {
        asked++;
        return undefined;
      },
    });
    const left = step(IN[place], { type: "suspend" }, by, NOW);
    expect(left).toMatchObject({ state: { name: "waiting", attempt: 0, cause: { code: "SUSPENDED" } }, attempt: 0 });
    expect(waitOf(left)).toBeLessThanOrEqual(1_000);
    expect(asked).toBe(0);
  });

  it("is offline where the platform says so", () => {
    expect(run({ ...IN.open, online: false }, [{ type: "suspend" }]).state.name).toBe("offline");
  });
});

describe("the retry policy", () => {
  it("hears how long the link was open, and 0 for one that never opened or when the clock was set back", () => {
    const heard: RetryContext[] = [];
    const by = rules({ retry: (context) => void heard.push(context) });
    run(IN.open, [ended], by, NOW + 700);
    run(IN.handshake, [ended], by, NOW + 700);
    run(IN.open, [ended], by, NOW - 3_600_000);
    expect(heard.map(({ uptime }) => uptime)).toEqual([700, 0, 0]);
  });

  it("hears of an empty reason where there was none, and no code where there was no close frame", () => {
    const heard: RetryContext[] = [];
    const cause = new ConnectionError("CONNECT_TIMEOUT", "late");
    run(IN.dial, [{ type: "ended", cause }], rules({ retry: (context) => void heard.push(context) }));
    expect(heard).toEqual([{ cause, code: undefined, reason: "", attempt: 0, uptime: 0 }]);
  });
});

describe("a herd", () => {
  /** When each of 20 000 clients dials after a mass drop, in ms. */
  function dials(cause: ConnectionError): number[] {
    const random = seededRandom(7);
    return Array.from({ length: 20_000 }, () => waitOf(run(IN.open, [{ type: "ended", cause }], rules({ random }))));
  }

  it("is spread: no more than 5 % dial in any 100 ms, and 95 % within 3 s", () => {
    const times = dials(LOST).sort((a, b) => a - b);
    let most = 0;
    for (let first = 0, last = 0; last < times.length; last++) {
      while ((times[last] ?? 0) - (times[first] ?? 0) > 100) first++;
      most = Math.max(most, last - first + 1);
    }
    expect(most / times.length).toBeLessThanOrEqual(0.05);
    expect(times.filter((time) => time <= 3_000).length / times.length).toBeGreaterThanOrEqual(0.95);
  });

  it("leaves a server that restarts alone for twice as long", () => {
    const restarting = new ConnectionError("CONNECTION_LOST", "", { closeCode: 1012 });
    const mean = (times: readonly number[]): number => times.reduce((sum, time) => sum + time, 0) / times.length;
    expect(mean(dials(restarting)) / mean(dials(LOST))).toBeGreaterThan(1.7);
  });
});

describe("a wait while the platform says that it is offline", () => {
  it("is twice as long: nothing is forbidden, and nothing is hurried", () => {
    const by = rules({ random: () => 1 });
    const online = run(IN.open, [ended], by);
    const offline = run({ ...IN.open, online: false }, [ended], by);
    expect(waitOf(online)).toBe(3_000);
    expect(waitOf(offline)).toBe(6_000);
    expect(offline.state.name).toBe("offline");
  });

  it("is remembered from while the link was open", () => {
    expect(run(IN.open, [{ type: "offline" }, ended]).state.name).toBe("offline");
    expect(run(IN.open, [{ type: "offline" }, { type: "online" }, ended]).state.name).toBe("waiting");
  });

  it("is still a short one after an attempt that a wake-up had hurried", () => {
    const hurried = run({ ...IN.dial, attempt: 6 }, [{ type: "wake" }, { type: "offline" }, ended]);
    expect(waitOf(hurried)).toBeLessThanOrEqual(2_000);
  });
});
