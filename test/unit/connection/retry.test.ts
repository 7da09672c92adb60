import { describe, expect, it } from "vitest";
import { INITIAL, type Machine, type Rules, step } from "../../../src/connection/machine.ts";
import {
  defaultVerdict,
  type RetryContext,
  type RetryPolicy,
  type RetryVerdict,
} from "../../../src/connection/retry.ts";
import { rulesOf } from "../../../src/connection/rules.ts";
import { ConnectionError, type HoldfastError } from "../../../src/core/errors.ts";

type Fate = "retry" | "stop" | "refresh";

/** What becomes of a lost link by the table, for each close code. */
const TABLE: readonly (readonly [code: number, fate: Fate])[] = [
  [0, "retry"],
  [1000, "retry"],
  [1001, "retry"],
  [1005, "retry"],
  [1006, "retry"],
  [1002, "stop"],
  [1003, "stop"],
  [1007, "stop"],
  [1008, "stop"],
  [1010, "stop"],
  [1011, "retry"],
  [1012, "retry"],
  [1013, "retry"],
  [4001, "retry"],
  [4401, "refresh"],
];

// prettier-ignore
const NONSENSE = [null, true, false, NaN, -1, -Infinity, "", "5", "STOP", "retry", {}, [], [5], new Date(5), 5n, () => 5];

function lost(closeCode: number): ConnectionError {
  return new ConnectionError("CONNECTION_LOST", "lost", { closeCode, reason: "because" });
}

interface Setup {
  readonly rules: Rules;
  readonly errors: HoldfastError[];
}

function setup(retry?: RetryPolicy): Setup {
  const errors: HoldfastError[] = [];
  const options = { url: "ws://test", random: () => 0.5, ...(retry && { retry }) };
  return { rules: rulesOf(options, (error) => errors.push(error)), errors };
}

/** A machine that has been open for 250 ms, its first link or after failures. */
function openMachine(rules: Rules, attempt = 0): Machine {
  let machine = step({ ...INITIAL, attempt }, { type: "connect" }, rules, 0);
  machine = { ...machine, attempt };
  machine = step(machine, { type: "resolved", epoch: 1 }, rules, 0);
  return step(machine, { type: "opened", epoch: 1 }, rules, 0);
}

/** What the machine does when an open link is lost with `code`. */
function fateOf(code: number, { rules }: Setup, attempt = 0): { fate: Fate; delay: number | undefined } {
  const { state, refresh } = step(
    openMachine(rules, attempt),
    { type: "ended", epoch: 1, cause: lost(code) },
    rules,
    250,
  );
  if (state.name === "closed") return { fate: "stop", delay: undefined };
  if (state.name !== "waiting") throw new Error(`unexpected state ${state.name}`);
  return { fate: refresh ? "refresh" : "retry", delay: state.retryAt - 250 };
}

describe("the close-code table", () => {
  it.each(TABLE)("answers %d with: %s", (code, fate) => {
    expect(defaultVerdict(lost(code)) ?? "retry").toBe(fate);
    expect(fateOf(code, setup()).fate).toBe(fate);
  });

  it("stops for what this platform cannot do, and asks for fresh credentials after an HTTP 401", () => {
    expect(defaultVerdict(new ConnectionError("UNSUPPORTED", ""))).toBe("stop");
    expect(defaultVerdict(new ConnectionError("DIAL_FAILED", "", { httpStatus: 401 }))).toBe("refresh");
    expect(defaultVerdict(new ConnectionError("DIAL_FAILED", "", { httpStatus: 403 }))).toBeUndefined();
    expect(defaultVerdict(new ConnectionError("PROVIDER_FAILED", ""))).toBeUndefined();
    expect(defaultVerdict(new ConnectionError("HANDSHAKE_FAILED", ""))).toBeUndefined();
  });
});

describe.each(TABLE)("a policy of one's own, asked about %d", (code, fate) => {
  it("hears what happened", () => {
    const heard: RetryContext[] = [];
    fateOf(
      code,
      setup((context) => void heard.push(context)),
      3,
    );
    expect(heard).toHaveLength(1);
    expect(heard[0]).toMatchObject({ code, reason: "because", attempt: 3, uptime: 250 });
    expect(heard[0]?.cause).toMatchObject({ code: "CONNECTION_LOST", closeCode: code });
  });

  it("stops what it wants to stop", () => {
    expect(
      fateOf(
        code,
        setup(() => "stop"),
      ).fate,
    ).toBe("stop");
  });

  it("asks for fresh credentials when it wants to", () => {
    expect(
      fateOf(
        code,
        setup(() => "refresh"),
      ).fate,
    ).toBe("refresh");
  });

  it.each([0, 1, 299, 5_000, Infinity])("waits %d ms when it says so", (delay) => {
    expect(
      fateOf(
        code,
        setup(() => delay),
      ),
    ).toEqual({ fate: "retry", delay });
  });

  it("has no say over the minimum from the second failure on: no loop of 0 ms", () => {
    expect(
      fateOf(
        code,
        setup(() => 0),
        1,
      ).delay,
    ).toBe(300);
    expect(
      fateOf(
        code,
        setup(() => 299),
        5,
      ).delay,
    ).toBe(300);
    expect(
      fateOf(
        code,
        setup(() => 301),
        5,
      ).delay,
    ).toBe(301);
  });

  it("leaves it to the table with undefined", () => {
    expect(
      fateOf(
        code,
        setup(() => undefined),
      ).fate,
    ).toBe(fate);
  });

  it("leaves it to the table when it throws, and the application is told", () => {
    const cause = new Error("policy");
    const world = setup(() => {
      throw cause;
    });
    expect(fateOf(code, world).fate).toBe(fate);
    expect(world.errors).toHaveLength(1);
    expect(world.errors[0]).toMatchObject({ code: "LISTENER_FAILED", cause });
  });

  it.each(NONSENSE.map((nonsense) => ({ nonsense })))(
    "leaves it to the table when it answers nonsense, and the application is told: $nonsense",
    ({ nonsense }) => {
      // The cast: JavaScript policies answer anything.
      const world = setup(() => nonsense as RetryVerdict);
      expect(fateOf(code, world).fate).toBe(fate);
      expect(world.errors).toHaveLength(1);
      expect(world.errors[0]?.cause).toBeInstanceOf(TypeError);
    },
  );
});

describe("an async policy", () => {
  it("is nonsense too, and its rejection is nobody's unhandled one", async () => {
    // The cast: JavaScript policies answer anything.
    const world = setup((() => Promise.reject(new Error("later"))) as unknown as RetryPolicy);
    expect(fateOf(1006, world).fate).toBe("retry");
    expect(world.errors.length).toBeGreaterThanOrEqual(1);
    await new Promise<void>((resolve) => {
      setImmediate(resolve); // an unhandled rejection would be raised by now
    });
  });
});

describe("fresh credentials", () => {
  const unauthorized = { type: "ended", cause: lost(4401) } as const;

  it("are asked for once: the second refusal without a stable connection between gives up", () => {
    const { rules } = setup();
    let machine = step(openMachine(rules), unauthorized, rules, 10);
    expect(machine).toMatchObject({ state: { name: "waiting" }, refresh: true });
    machine = step(machine, { type: "connect" }, rules, 20);
    expect(machine).toMatchObject({ state: { name: "connecting" }, refresh: true });
    machine = step(machine, unauthorized, rules, 30);
    expect(machine.state).toEqual({ name: "closed", cause: unauthorized.cause });
  });

  it("are asked for again after a stable connection", () => {
    const { rules } = setup();
    let machine = openMachine(rules);
    for (let round = 1; round <= 3; round++) {
      machine = step(machine, unauthorized, rules, 0);
      expect(machine.state.name).toBe("waiting");
      machine = step(machine, { type: "connect" }, rules, 0);
      machine = step(machine, { type: "resolved", epoch: machine.epoch }, rules, 0);
      machine = step(machine, { type: "opened", epoch: machine.epoch }, rules, 0);
      if (!machine.timer) throw new Error("an open machine waits to be stable");
      machine = step(machine, { type: "timer", timer: machine.timer }, rules, 5_000);
      expect(machine).toMatchObject({ attempt: 0, refresh: false });
    }
  });

  it("are asked for until they were good: another failure between does not forget it", () => {
    const { rules } = setup();
    let machine = step(openMachine(rules), unauthorized, rules, 0);
    machine = step(machine, { type: "connect" }, rules, 0);
    machine = step(machine, { type: "ended", cause: lost(1006) }, rules, 0);
    expect(machine).toMatchObject({ state: { name: "waiting" }, refresh: true });
    machine = step(machine, { type: "connect" }, rules, 0);
    machine = step(machine, unauthorized, rules, 0);
    expect(machine.state.name).toBe("closed");
  });

  it("are forgotten by a new connect() and by reconnect()", () => {
    const { rules } = setup();
    const refused = step(openMachine(rules), unauthorized, rules, 0);
    expect(step(refused, { type: "reconnect" }, rules, 0).refresh).toBe(false);
    const over = step(step(refused, { type: "connect" }, rules, 0), unauthorized, rules, 0);
    expect(step(over, { type: "connect" }, rules, 0)).toMatchObject({ refresh: false, attempt: 0, cause: undefined });
  });
});
