import { describe, expect, it } from "vitest";
import { MAX_DELAY } from "../../../src/core/clock.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";

interface Setup {
  readonly clock: VirtualClock;
  readonly ran: string[];
  /** Arms a timer that notes its name and the time. */
  readonly note: (delay: number, name: string) => () => void;
}

function setup(start = 0): Setup {
  const clock = new VirtualClock({ start });
  const ran: string[] = [];
  return {
    clock,
    ran,
    note: (delay, name) => clock.after(delay, () => ran.push(`${name}@${clock.now()}`)),
  };
}

describe("VirtualClock", () => {
  it("stands still until it is advanced", () => {
    const { clock } = setup(5_000);
    expect(clock.now()).toBe(5_000);
    clock.advance(250);
    expect(clock.now()).toBe(5_250);
  });

  it("runs timers in the order of their due times, and equals in the order in which they were added", () => {
    const { clock, ran, note } = setup();
    note(30, "c");
    note(10, "a1");
    note(20, "b");
    note(10, "a2");
    clock.advance(25);
    expect(ran).toEqual(["a1@10", "a2@10", "b@20"]);
    expect(clock.now()).toBe(25);
    expect(clock.pending).toBe(1);
    expect(clock.nextAt).toBe(30);
  });

  it("runs timers that are added on the way, if they fall due on the way", () => {
    const { clock, ran, note } = setup();
    clock.after(10, () => {
      note(5, "inside");
      note(0, "at once");
      note(50, "later");
      ran.push("armed");
    });
    clock.advance(20);
    expect(ran).toEqual(["armed", "at once@10", "inside@15"]);
    expect(clock.pending).toBe(1);
  });

  it("never runs a timer inside after(), and runs one of 0 ms in advance(0)", () => {
    const { clock, ran, note } = setup();
    note(0, "zero");
    expect(ran).toEqual([]);
    clock.advance(0);
    expect(ran).toEqual(["zero@0"]);
  });

  it("cancels, also twice, also after the timer ran, also from a timer of the same instant", () => {
    const { clock, ran, note } = setup();
    const cancelFirst = note(10, "first");
    clock.after(20, () => {
      cancelSecond();
    });
    const cancelSecond = note(20, "second");
    const cancelThird = note(30, "third");
    clock.advance(10);
    cancelFirst();
    cancelThird();
    cancelThird();
    expect(clock.pending).toBe(2);
    clock.advance(100);
    expect(ran).toEqual(["first@10"]);
    expect(clock.pending).toBe(0);
    expect(clock.nextAt).toBeUndefined();
  });

  it("clamps delays: NaN and negative to 0, too long to the longest", () => {
    const { clock, ran, note } = setup();
    note(NaN, "nan");
    note(-5, "negative");
    note(Infinity, "forever");
    clock.advance(0);
    expect(ran).toEqual(["nan@0", "negative@0"]);
    expect(clock.nextAt).toBe(MAX_DELAY);
  });

  it("agrees with a plain sort for thousands of timers, many of them cancelled", () => {
    const { clock, ran, note } = setup();
    const expected: { due: number; order: number; name: string }[] = [];
    let state = 1;
    for (let order = 0; order < 5_000; order++) {
      state = (state * 48_271) % 2_147_483_647;
      const due = state % 997;
      const cancel = note(due, String(order));
      if (state % 3 === 0) expected.push({ due, order, name: String(order) });
      else cancel();
    }
    expect(clock.pending).toBe(expected.length);
    clock.advance(1_000);
    expected.sort((a, b) => a.due - b.due || a.order - b.order);
    expect(ran).toEqual(expected.map(({ due, name }) => `${name}@${due}`));
  });

  it("passes on what a timer throws, stands at that timer, and goes on from there", () => {
    const { clock, ran, note } = setup();
    clock.after(10, () => {
      throw new Error("boom");
    });
    note(10, "next");
    expect(() => {
      clock.advance(50);
    }).toThrow("boom");
    expect(clock.now()).toBe(10);
    expect(clock.pending).toBe(1);
    clock.advance(0);
    expect(ran).toEqual(["next@10"]);
  });

  it("refuses to be advanced from within a timer, and by what is no time", () => {
    const { clock } = setup();
    clock.after(1, () => {
      clock.advance(1);
    });
    expect(() => {
      clock.advance(1);
    }).toThrow(TypeError);
    for (const ms of [-1, NaN, Infinity]) {
      expect(() => {
        clock.advance(ms);
      }).toThrow(TypeError);
      expect(() => {
        clock.jump(ms);
      }).toThrow(TypeError);
    }
  });

  it("throws instead of hanging on a loop of 0 ms timers", () => {
    const clock = new VirtualClock({ timersPerInstant: 100 });
    const again = (): void => void clock.after(0, again);
    again();
    expect(() => {
      clock.advance(1);
    }).toThrow(/100 timers ran while time stood at 0/);
  });

  describe("jump", () => {
    it("leaps over timers, which then run late, in order, at the time of the wake-up", () => {
      const { clock, ran, note } = setup();
      note(20, "b");
      note(10, "a");
      clock.jump(1_000);
      expect(ran).toEqual([]);
      expect(clock.now()).toBe(1_000);
      clock.advance(0);
      expect(ran).toEqual(["a@1000", "b@1000"]);
    });
  });

  describe("runAll", () => {
    it("runs until nothing is left and says how many ran", () => {
      const { clock, ran, note } = setup();
      note(10, "a");
      clock.after(1_000_000, () => note(5, "b"));
      expect(clock.runAll()).toBe(3);
      expect(ran).toEqual(["a@10", "b@1000005"]);
    });

    it("throws at its limit", () => {
      const { clock } = setup();
      const again = (): void => void clock.after(1_000, again);
      again();
      expect(() => clock.runAll(50)).toThrow(/50 timers ran and 1 are still armed/);
      expect(clock.now()).toBe(50_000);
    });
  });

  describe("advanceAsync", () => {
    const hops = async (count: number): Promise<void> => {
      for (let hop = 0; hop < count; hop++) await Promise.resolve();
    };

    it("lets awaiting code go on between the timers, so that what it arms still runs in time", async () => {
      const { clock, ran, note } = setup();
      const wait = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve));
      const run = async (): Promise<void> => {
        await hops(5);
        await wait(10);
        ran.push(`woke@${clock.now()}`);
        await hops(20);
        await wait(10);
        ran.push(`woke@${clock.now()}`);
      };
      void run();
      note(15, "between");
      await clock.advanceAsync(30);
      expect(ran).toEqual(["woke@10", "between@15", "woke@20"]);
      expect(clock.now()).toBe(30);
    });

    it("gives each timer as many promise turns as it says", async () => {
      const { clock, ran } = setup();
      clock.after(10, () => void hops(60).then(() => ran.push(`settled@${clock.now()}`)));
      clock.after(10, () => ran.push("next"));
      await clock.advanceAsync(10);
      expect(ran).toEqual(["settled@10", "next"]);
    });

    it("settles what the last timer set off before it returns", async () => {
      const { clock, ran } = setup();
      clock.after(10, () => void hops(10).then(() => ran.push("settled")));
      await clock.advanceAsync(10);
      expect(ran).toEqual(["settled"]);
    });

    it("refuses to be advanced twice at once", async () => {
      const { clock } = setup();
      const first = clock.advanceAsync(10);
      expect(() => {
        clock.advance(10);
      }).toThrow(TypeError);
      await expect(clock.advanceAsync(10)).rejects.toThrow(TypeError);
      await first;
      expect(clock.now()).toBe(10);
    });
  });

  describe("advanceUntil", () => {
    it("stops at the timer that made the condition true", async () => {
      const { clock, ran, note } = setup();
      note(10, "a");
      note(20, "b");
      note(30, "c");
      await clock.advanceUntil(() => ran.length === 2, 1_000);
      expect(clock.now()).toBe(20);
      expect(clock.pending).toBe(1);
    });

    it("rejects when the time is up, and says what was waited for", async () => {
      const { clock, ran } = setup();
      await expect(clock.advanceUntil(() => ran.length === 2, 1_000)).rejects.toThrow(
        "advanceUntil: within 1000 ms it did not come to () => ran.length === 2",
      );
      expect(clock.now()).toBe(1_000);
    });

    it("moves nothing if the condition holds already", async () => {
      const { clock } = setup();
      await clock.advanceUntil(() => true, 1_000);
      expect(clock.now()).toBe(0);
    });
  });

  describe("advanceFor", () => {
    it("moves time until the promise resolves, and answers its value", async () => {
      const { clock, note } = setup();
      note(50, "later");
      const value = new Promise<string>((resolve) => {
        clock.after(20, () => {
          resolve("done");
        });
      });
      expect(await clock.advanceFor(value)).toBe("done");
      expect([clock.now(), clock.pending]).toEqual([20, 1]);
    });

    it("rejects as the promise does", async () => {
      const { clock } = setup();
      const reason = new Error("refused");
      const failed = new Promise<never>((_, reject) => {
        clock.after(20, () => {
          reject(reason);
        });
      });
      await expect(clock.advanceFor(failed)).rejects.toBe(reason);
    });

    it("rejects if the promise is pending still, and takes its later rejection upon itself", async () => {
      const { clock } = setup();
      const late = new Promise<never>((_, reject) => {
        clock.after(2_000, () => {
          reject(new Error("too late"));
        });
      });
      await expect(clock.advanceFor(late, 1_000)).rejects.toThrow(
        "advanceFor: the promise is still pending after 1000 ms",
      );
      await clock.advanceAsync(2_000);
      expect(clock.pending).toBe(0);
    });

    it("refuses to run inside another advance", async () => {
      const { clock } = setup();
      const first = clock.advanceAsync(10);
      await expect(clock.advanceFor(Promise.resolve())).rejects.toThrow(TypeError);
      await first;
    });
  });
});
