import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { setup } from "./setup.ts";

describe("a heartbeat whose timer comes late", () => {
  it("probes before it judges: the late timer itself never kills", () => {
    const { clock, page, pings, deaths } = setup();
    clock.advance(15_000);
    page.freeze();
    clock.advance(600_000);
    page.thaw();
    clock.advance(0);
    expect(pings).toEqual([15_000, 615_000]);
    expect(deaths).toEqual([]);
    clock.advance(4_999);
    expect(deaths).toEqual([]);
    clock.advance(1);
    expect(deaths).toEqual([620_000]);
  });

  it("asks again also if the timer of the first question was late too", () => {
    const { clock, page, pings, deaths } = setup();
    page.freeze();
    clock.advance(60_000);
    page.thaw();
    clock.advance(0);
    page.freeze();
    clock.advance(60_000);
    page.thaw();
    clock.advance(0);
    expect(pings).toEqual([60_000, 120_000]);
    clock.advance(4_999);
    expect(deaths).toEqual([]);
  });

  it("asks again, and lives on with the answer", () => {
    const { clock, page, deaths, rtts, answer } = setup();
    clock.advance(15_000);
    page.freeze();
    clock.advance(600_000);
    answer(200);
    page.thaw();
    clock.advance(60_000);
    expect(deaths).toEqual([]);
    expect(rtts.length).toBeGreaterThan(2);
  });

  it("never kills a link whose data is waiting, though the timers run first", () => {
    const { clock, page, heartbeat, deaths } = setup();
    clock.advance(15_000);
    page.freeze();
    clock.advance(5_000); // its deadline is due...
    clock.after(1, () => page.task(() => heartbeat.seen())); // ...before the answer has arrived
    clock.advance(60_000);
    page.thaw();
    clock.advance(0);
    clock.advance(10_000);
    expect(deaths).toEqual([]);
  });

  it("never kills it after a leap of the machine's clock either", () => {
    const { clock, heartbeat, pings, deaths } = setup();
    clock.advance(15_000);
    clock.jump(3_600_000);
    clock.after(0, () => heartbeat.seen());
    clock.advance(0);
    expect(deaths).toEqual([]);
    expect(pings.at(-1)).toBe(3_615_000);
    clock.advance(14_000);
    expect(deaths).toEqual([]);
  });

  it("hears what waits even in a page that is frozen twice in a row", () => {
    const { clock, page, heartbeat, deaths } = setup();
    clock.advance(15_000);
    for (let sleep = 0; sleep < 2; sleep++) {
      page.freeze();
      clock.advance(60_000);
      page.task(() => heartbeat.seen());
      page.thaw();
      clock.advance(0);
    }
    expect(deaths).toEqual([]);
  });

  it.each([1_000, 60_000])("causes no false death where timers run only every %d ms", (grid) => {
    const { clock, page, pings, deaths, answer } = setup();
    page.throttle(grid);
    answer(80);
    clock.advance(3_600_000);
    expect(deaths).toEqual([]);
    const waits = pings.slice(1).map((at, index) => at - (pings[index] ?? 0));
    expect(pings.length).toBeGreaterThan(20);
    expect(Math.max(...waits)).toBeLessThanOrEqual(Math.max(60_000, 15_000 + 2 * grid));
  });

  it.each([
    [1_000, 30_000],
    [60_000, 300_000],
  ])("finds a real death where timers run only every %d ms, within %d ms", (grid, within) => {
    const { clock, page, deaths, answer, stall } = setup();
    page.throttle(grid);
    answer(80);
    clock.advance(1_000_123);
    stall();
    clock.advance(within);
    expect(deaths).toHaveLength(1);
  });

  it("lives through any mix of freezing and throttling on a link that answers, and dies once on one that does not", () => {
    const pause = fc.record({
      freeze: fc.integer({ min: 0, max: 200_000 }),
      awake: fc.integer({ min: 0, max: 200_000 }),
      grid: fc.constantFrom(0, 1_000, 60_000),
    });
    fc.assert(
      fc.property(fc.array(pause, { maxLength: 20 }), fc.integer({ min: 0, max: 4_000 }), (pauses, latency) => {
        const { clock, page, deaths, answer, stall } = setup();
        answer(latency);
        for (const { freeze, awake, grid } of pauses) {
          page.throttle(grid);
          page.freeze();
          clock.advance(freeze);
          page.thaw();
          clock.advance(awake);
          expect(deaths).toEqual([]);
        }
        stall();
        page.throttle(0);
        clock.advance(100_000);
        expect(deaths).toHaveLength(1);
      }),
    );
  });
});

describe("a heartbeat whose clock is set", () => {
  it.each([-3_600_000, -10_000, -1_000, 1_000, 10_000, 3_600_000])(
    "causes no false death and no storm of pings when it moves by %d ms",
    (move) => {
      for (const at of [5_000, 15_000, 15_040]) {
        const { clock, page, pings, deaths, answer } = setup();
        answer(80);
        clock.advance(at);
        page.adjust(move);
        clock.advance(150_000);
        expect(deaths).toEqual([]);
        expect(pings.length).toBeGreaterThan(7);
        expect(pings.length).toBeLessThan(13);
      }
    },
  );

  it.each([-3_600_000, -10_000, 10_000, 3_600_000])("still finds a real death when it moves by %d ms", (move) => {
    for (const at of [5_000, 15_000, 17_000]) {
      const { clock, page, deaths } = setup();
      clock.advance(at);
      page.adjust(move);
      clock.advance(40_000);
      expect(deaths).toHaveLength(1);
    }
  });
});

describe("the deadline that is looked at on send", () => {
  it("counts from the question, also from one that came early", () => {
    const { clock, page, heartbeat } = setup();
    clock.advance(3_000);
    heartbeat.probe();
    page.freeze();
    clock.advance(5_000);
    expect(heartbeat.overdue()).toBe(false);
    clock.advance(1);
    expect(heartbeat.overdue()).toBe(true);
  });

  it("asks, and the late timer that follows asks again before it judges", () => {
    const { clock, page, heartbeat, pings, deaths } = setup();
    page.freeze();
    clock.advance(25_000);
    expect(heartbeat.overdue()).toBe(true);
    clock.advance(60_000);
    page.thaw();
    clock.advance(0);
    expect(pings).toEqual([25_000, 85_000]);
    expect(deaths).toEqual([]);
  });
});

describe("a clock that is set back while an answer is awaited", () => {
  it("makes the timer no proof: it asks again", () => {
    const { clock, page, pings, deaths } = setup();
    clock.advance(15_000);
    page.adjust(-60_000);
    clock.advance(5_000);
    expect(pings).toEqual([15_000, 20_000]);
    expect(deaths).toEqual([]);
  });
});
