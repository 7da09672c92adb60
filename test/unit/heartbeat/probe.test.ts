import { describe, expect, it } from "vitest";
import { setup } from "./setup.ts";

describe("a probe", () => {
  it("asks at once, and death is declared after the timeout", () => {
    const { clock, heartbeat, pings, deaths } = setup();
    clock.advance(1_000);
    heartbeat.probe();
    expect(pings).toEqual([1_000]);
    clock.advance(4_999);
    expect(deaths).toEqual([]);
    clock.advance(1);
    expect(deaths).toEqual([6_000]);
  });

  it("does nothing while an answer is awaited: it neither asks again nor puts off the deadline", () => {
    const { clock, heartbeat, pings, deaths } = setup();
    clock.advance(15_000);
    for (let spam = 0; spam < 49; spam++) {
      clock.advance(100);
      heartbeat.probe();
    }
    expect(pings).toEqual([15_000]);
    clock.advance(100);
    expect(deaths).toEqual([20_000]);
  });

  it("asks once for five that come within 100 ms, also if the link answers in between", () => {
    const { clock, heartbeat, pings, answer } = setup();
    answer(5);
    clock.advance(2_000);
    for (let wake = 0; wake < 5; wake++) {
      heartbeat.probe();
      clock.advance(20);
    }
    expect(pings).toEqual([2_000]);
  });

  it("asks again a while later: the network may have changed", () => {
    const { clock, heartbeat, pings, deaths, answer, stall } = setup();
    answer(5);
    clock.advance(2_000);
    heartbeat.probe();
    clock.advance(1_000);
    stall();
    heartbeat.probe();
    expect(pings).toEqual([2_000, 3_000]);
    clock.advance(5_000);
    expect(deaths).toEqual([8_000]);
  });

  it("asks at once on a new link, however short a time ago the old one was asked", () => {
    const { clock, heartbeat, pings } = setup();
    clock.advance(1_000);
    heartbeat.probe();
    heartbeat.stop();
    heartbeat.start();
    clock.advance(100);
    heartbeat.probe();
    expect(pings).toEqual([1_000, 1_100]);
  });
});

describe("a deadline that has passed while its timer has not come", () => {
  it("is seen at once by whoever wants to write, who makes it ask", () => {
    const { clock, heartbeat, pings } = setup();
    clock.jump(20_000);
    expect(heartbeat.overdue()).toBe(false);
    clock.jump(1);
    expect(heartbeat.overdue()).toBe(true);
    expect(heartbeat.overdue()).toBe(true);
    expect(pings).toEqual([20_001]);
  });

  it("is seen too if the question was asked in time", () => {
    const { clock, heartbeat, pings } = setup();
    clock.advance(15_000);
    clock.jump(5_000);
    expect(heartbeat.overdue()).toBe(false);
    clock.jump(1);
    expect(heartbeat.overdue()).toBe(true);
    expect(pings).toEqual([15_000]);
  });

  it("is cleared by the first frame, which says so once", () => {
    const { clock, heartbeat } = setup();
    clock.jump(60_000);
    expect(heartbeat.seen()).toBe(false);
    clock.jump(60_000);
    expect(heartbeat.overdue()).toBe(true);
    expect(heartbeat.seen()).toBe(true);
    expect(heartbeat.seen()).toBe(false);
    expect(heartbeat.overdue()).toBe(false);
  });

  it("ends in death if nothing answers, and the next link is not in doubt", () => {
    const { clock, heartbeat, deaths } = setup();
    clock.jump(60_000);
    expect(heartbeat.overdue()).toBe(true);
    clock.advance(5_000);
    expect(deaths).toEqual([65_000]);
    expect(heartbeat.overdue()).toBe(false);
    heartbeat.start();
    expect(heartbeat.overdue()).toBe(false);
  });

  it("is no doubt where the link cannot be asked", () => {
    const { clock, heartbeat, pings } = setup({ pings: "absent" });
    clock.jump(60_000);
    expect(heartbeat.overdue()).toBe(false);
    expect(pings).toEqual([60_000]);
    expect(heartbeat.overdue()).toBe(false);
  });
});
