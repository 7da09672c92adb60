import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Deadline, Deadlines } from "../../../src/core/deadlines.ts";
import { MAX_DELAY } from "../../../src/core/clock.ts";
import { PageClock } from "../../../src/testing/page-clock.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";

interface Setup {
  readonly clock: VirtualClock;
  readonly deadlines: Deadlines;
  /** What has expired and when: "a@100". */
  readonly expired: string[];
  readonly make: (name: string, then?: () => void) => Deadline;
}

function setup(): Setup {
  const clock = new VirtualClock();
  const expired: string[] = [];
  const make = (name: string, then?: () => void): Deadline => ({
    expire: () => {
      expired.push(`${name}@${clock.now()}`);
      then?.();
    },
  });
  return { clock, deadlines: new Deadlines(clock), expired, make };
}

describe("Deadlines", () => {
  it("expire each thing once, when it is due, whatever the order in which they were added", () => {
    const { clock, deadlines, expired, make } = setup();
    deadlines.add(make("slow"), 300);
    deadlines.add(make("fast"), 100);
    clock.advance(50);
    deadlines.add(make("later"), 100);
    expect(deadlines.size).toBe(3);
    clock.advance(1_000);
    expect(expired).toEqual(["fast@100", "later@150", "slow@300"]);
    expect(deadlines.size).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it("need one timer for any number of them, and none without", () => {
    const { clock, deadlines, make } = setup();
    expect(clock.pending).toBe(0);
    const added = Array.from({ length: 1_000 }, (_, index) => make(String(index)));
    for (const [index, deadline] of added.entries()) deadlines.add(deadline, 1_000 + (index % 50));
    expect(clock.pending).toBe(1);
    for (const deadline of added) deadlines.remove(deadline);
    expect(deadlines.size).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it("cost as much for each of many as for each of few, also if each has a duration of its own", () => {
    /** How often a due time is looked at until all have expired, for each of them. */
    const looksAt = (count: number): number => {
      const { clock, deadlines } = setup();
      let looks = 0;
      for (let index = 0; index < count; index++) {
        let due = 0;
        const deadline: Deadline = {
          expire: () => undefined,
          get due() {
            looks++;
            return due;
          },
          set due(at) {
            due = at;
          },
        };
        deadlines.add(deadline, 1_000 + ((index * 7_919) % count));
      }
      clock.advance(1_000 + count);
      expect(deadlines.size).toBe(0);
      return looks / count;
    };
    expect(looksAt(4_000)).toBeLessThan(looksAt(500) * 2);
  });

  it("do not expire what was removed, and take it well to be told twice", () => {
    const { clock, deadlines, expired, make } = setup();
    const [first, second] = [make("first"), make("second")];
    deadlines.add(first, 100);
    deadlines.add(second, 100);
    deadlines.remove(first);
    deadlines.remove(first);
    deadlines.remove(make("never added"));
    expect(deadlines.size).toBe(1);
    clock.advance(100);
    expect(expired).toEqual(["second@100"]);
    deadlines.remove(second);
    expect(deadlines.size).toBe(0);
  });

  it("can be added again after they were removed or have expired", () => {
    const { clock, deadlines, expired, make } = setup();
    const deadline = make("again");
    deadlines.add(deadline, 100);
    deadlines.remove(deadline);
    deadlines.add(deadline, 200);
    clock.advance(200);
    deadlines.add(deadline, 50);
    clock.advance(50);
    expect(expired).toEqual(["again@200", "again@250"]);
  });

  it("are never due when they are infinitely far away, and are not kept then", () => {
    const { clock, deadlines, make } = setup();
    deadlines.add(make("never"), Infinity);
    expect(deadlines.size).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it("may be further away than a platform timer can hold", () => {
    const { clock, deadlines, expired, make } = setup();
    const far = 2 * MAX_DELAY + 10;
    deadlines.add(make("far"), far);
    clock.advance(far - 1);
    expect(expired).toEqual([]);
    clock.advance(1);
    expect(expired).toEqual([`far@${far}`]);
  });

  it("expire all that a late timer finds due", () => {
    const { clock, deadlines, expired, make } = setup();
    deadlines.add(make("a"), 100);
    deadlines.add(make("b"), 200);
    deadlines.add(make("c"), 5_000);
    clock.jump(1_000);
    clock.advance(0);
    expect(expired).toEqual(["a@1000", "b@1000"]);
    expect(deadlines.size).toBe(1);
  });
});

describe("Deadlines on a wall clock that is set", () => {
  it("back: wait at most twice as long as they should, and not until the old time comes again", () => {
    const world = new VirtualClock({ start: 10_000_000 });
    const clock = new PageClock(world);
    const deadlines = new Deadlines(clock);
    const expired: number[] = [];
    const add = (duration: number): void => {
      deadlines.add({ expire: () => expired.push(world.now() - 10_000_000) }, duration);
    };
    add(1_000);
    world.advance(400);
    add(1_000);
    add(5_000);
    clock.adjust(-3_600_000);
    world.advance(500);
    add(1_000);
    world.advance(20_000);
    expect(expired).toHaveLength(4);
    expect(Math.max(...expired.slice(0, 3))).toBeLessThanOrEqual(2_400);
    expect(expired[3]).toBeLessThanOrEqual(10_400);
    expect(world.pending).toBe(0);
  });

  it("forward: expire, as if this side had slept", () => {
    const world = new VirtualClock();
    const clock = new PageClock(world);
    const deadlines = new Deadlines(clock);
    let expired = 0;
    deadlines.add({ expire: () => expired++ }, 1_000);
    deadlines.add({ expire: () => expired++ }, 60_000);
    clock.adjust(3_600_000);
    world.advance(1_000);
    expect(expired).toBe(2);
    expect(world.pending).toBe(0);
  });
});

describe("Deadlines whose expiry changes them", () => {
  it("have taken out what expires before it is told", () => {
    const { clock, deadlines, make } = setup();
    const sizes: number[] = [];
    const look = (): void => {
      sizes.push(deadlines.size);
    };
    deadlines.add(make("a", look), 100);
    deadlines.add(make("b", look), 100);
    clock.advance(100);
    expect(sizes).toEqual([1, 0]);
  });

  it("do not expire what the expiry of another has removed, though both were due", () => {
    const { clock, deadlines, expired, make } = setup();
    const [sameLane, otherLane] = [make("same lane"), make("other lane")];
    const first = make("first", () => {
      deadlines.remove(sameLane);
      deadlines.remove(otherLane);
    });
    deadlines.add(first, 100);
    deadlines.add(sameLane, 100);
    deadlines.add(otherLane, 101);
    clock.jump(101);
    clock.advance(0);
    expect(expired).toEqual(["first@101"]);
    expect(clock.pending).toBe(0);
  });

  it("keep what an expiry adds, in the same and in other lanes, also when it was the last", () => {
    const { clock, deadlines, expired, make } = setup();
    deadlines.add(
      make("first", () => {
        deadlines.add(make("same"), 100);
        deadlines.add(make("shorter"), 30);
        deadlines.add(make("longer"), 200);
      }),
      100,
    );
    clock.advance(1_000);
    expect(expired).toEqual(["first@100", "shorter@130", "same@200", "longer@300"]);
    expect(clock.pending).toBe(0);
  });

  it("do not expire in one turn what is added again and again without a delay", () => {
    const { clock, deadlines, expired, make } = setup();
    let rounds = 0;
    const again = make("again", () => {
      if (rounds++ < 1_000) deadlines.add(again, 0);
    });
    deadlines.add(again, 0);
    clock.after(0, () => expired.push("something else"));
    clock.advance(0);
    expect(expired.indexOf("something else")).toBe(1);
    expect(rounds).toBe(1_001);
  });

  it("do not expire a second time in one turn what was due and an expiry has added anew", () => {
    const { clock, deadlines, expired, make } = setup();
    const second = make("second");
    const first = make("first", () => {
      deadlines.remove(second);
      deadlines.add(second, 50);
    });
    deadlines.add(first, 100);
    deadlines.add(second, 100);
    clock.advance(149);
    expect(expired).toEqual(["first@100"]);
    clock.advance(1);
    expect(expired).toEqual(["first@100", "second@150"]);
  });
});

describe("Deadlines do what a plain list of due times does", () => {
  const move = fc.oneof(
    fc.record({
      type: fc.constant("add" as const),
      duration: fc.oneof(fc.constantFrom(0, 1, 10, 25, 100, 1_000), fc.nat(200)),
    }),
    fc.record({ type: fc.constant("remove" as const), index: fc.nat(30) }),
    fc.record({ type: fc.constant("advance" as const), ms: fc.nat(120) }),
  );

  it("for any sequence of additions, removals and time", () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 150 }), (moves) => {
        const { clock, deadlines, expired, make } = setup();
        const expected: string[] = [];
        let waiting: { readonly name: string; readonly due: number; readonly deadline: Deadline }[] = [];
        for (const [turn, next] of moves.entries()) {
          if (next.type === "add") {
            const deadline = make(String(turn));
            deadlines.add(deadline, next.duration);
            waiting.push({ name: String(turn), due: clock.now() + next.duration, deadline });
          } else if (next.type === "remove") {
            const gone = waiting[next.index];
            if (gone) deadlines.remove(gone.deadline);
            waiting = waiting.filter((one) => one !== gone);
          } else {
            const until = clock.now() + next.ms;
            clock.advance(next.ms);
            expected.push(...waiting.filter(({ due }) => due <= until).map(({ name, due }) => `${name}@${due}`));
            waiting = waiting.filter(({ due }) => due > until);
          }
          expect([...expired].sort()).toEqual([...expected].sort());
          expect(deadlines.size).toBe(waiting.length);
          expect(clock.pending).toBeLessThanOrEqual(1);
          if (waiting.length === 0) expect(clock.pending).toBe(0);
        }
      }),
      { numRuns: 300 },
    );
  });
});
