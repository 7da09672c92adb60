import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Heartbeat } from "../../../src/heartbeat/heartbeat.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";
import { setup } from "./setup.ts";

describe("a heartbeat on a silent link", () => {
  it("asks after the interval, and declares death after the timeout, by default 15 s and 5 s", () => {
    const { clock, page, pings, deaths } = setup();
    clock.advance(19_999);
    expect(pings).toEqual([15_000]);
    expect(deaths).toEqual([]);
    clock.advance(1);
    expect(deaths).toEqual([20_000]);
    expect(page.pending).toBe(0);
    clock.advance(600_000);
    expect(pings).toEqual([15_000]);
    expect(deaths).toEqual([20_000]);
  });

  it("watches the next link as if it were the first", () => {
    const { clock, heartbeat, pings, deaths } = setup({ interval: 10, timeout: 5 });
    clock.advance(1_000);
    heartbeat.start();
    clock.advance(1_000);
    expect(pings).toEqual([10, 1_010]);
    expect(deaths).toEqual([15, 1_015]);
  });

  it("says nothing more once it is stopped, in whichever phase", () => {
    for (const at of [5_000, 15_000, 17_000]) {
      const { clock, page, heartbeat, deaths } = setup();
      clock.advance(at);
      heartbeat.stop();
      heartbeat.stop();
      expect(page.pending).toBe(0);
      expect(heartbeat.seen()).toBe(false);
      heartbeat.probe();
      expect(heartbeat.overdue()).toBe(false);
      clock.advance(60_000);
      expect(deaths).toEqual([]);
    }
  });

  it("leaves a link alone that has no way to ask", () => {
    const { clock, page, heartbeat, pings, deaths } = setup({ pings: "absent" });
    clock.advance(600_000);
    expect(pings).toEqual([15_000]);
    expect(deaths).toEqual([]);
    expect(page.pending).toBe(0);
    expect(heartbeat.overdue()).toBe(false);
  });

  it("does not ask a peer that was heard in the very moment in which it would", () => {
    const { clock, heartbeat, pings } = setup();
    const hear = (): void => {
      heartbeat.seen();
    };
    clock.after(10_000, hear);
    clock.after(25_000, hear); // before the heartbeat's own timer, which is armed at 15 s
    clock.advance(39_999);
    expect(pings).toEqual([]);
    clock.advance(1);
    expect(pings).toEqual([40_000]);
  });

  it("takes a zero timeout for what it is: an answer in the same turn", () => {
    const { clock, deaths } = setup({ interval: 100, timeout: 0 });
    clock.advance(100);
    expect(deaths).toEqual([100]);
  });
});

describe("a heartbeat on a link that talks", () => {
  it("never asks while frames keep coming, whatever they are", () => {
    const { clock, heartbeat, pings, deaths } = setup();
    for (let at = 0; at < 600_000; at += 14_999) {
      clock.advance(14_999);
      heartbeat.seen();
    }
    expect(pings).toEqual([]);
    expect(deaths).toEqual([]);
  });

  it("arms one timer at a time, and none for each frame", () => {
    const { clock, page, heartbeat } = setup();
    let armed = 0;
    const after = page.after.bind(page);
    page.after = (delay, callback) => {
      armed++;
      return after(delay, callback);
    };
    for (let frame = 0; frame < 10_000; frame++) {
      clock.advance(10);
      heartbeat.seen();
      expect(page.pending).toBe(1);
    }
    expect(armed).toBeLessThan(10);
  });

  it("takes any frame for the answer", () => {
    const { clock, heartbeat, pings, deaths } = setup();
    clock.advance(19_999);
    heartbeat.seen();
    clock.advance(15_000);
    expect(deaths).toEqual([]);
    expect(pings).toEqual([15_000, 34_999]);
    clock.advance(5_000);
    expect(deaths).toEqual([39_999]);
  });

  it("hears what arrives in the very turn of the deadline", () => {
    const { clock, heartbeat, deaths } = setup();
    clock.after(20_000, () => undefined); // the deadline's turn has come before this one, which was armed first
    clock.advance(19_999);
    clock.after(1, () => heartbeat.seen());
    clock.advance(1);
    expect(deaths).toEqual([]);
  });

  it("asks an idle link once an interval, and no more often", () => {
    const { clock, pings, deaths, answer } = setup();
    answer(100);
    clock.advance(150_000);
    expect(deaths).toEqual([]);
    expect(pings).toEqual(Array.from({ length: 9 }, (_, n) => 15_000 + n * 15_100));
  });

  it("finds death within interval + timeout of the last frame, and never sooner than after the timeout", () => {
    const scenario = fc.record({
      interval: fc.integer({ min: 1, max: 5_000 }),
      timeout: fc.integer({ min: 1, max: 5_000 }),
      waits: fc.array(fc.integer({ min: 0, max: 6_000 }), { maxLength: 30 }),
    });
    fc.assert(
      fc.property(scenario, ({ interval, timeout, waits }) => {
        const { clock, heartbeat, pings, deaths } = setup({ interval, timeout });
        let last = 0;
        for (const wait of waits) {
          clock.advance(wait);
          if (deaths.length > 0) break;
          heartbeat.seen();
          last = clock.now();
        }
        clock.advance(20_000);
        expect(deaths).toEqual([last + interval + timeout]);
        expect(pings.at(-1)).toBe(last + interval);
      }),
    );
  });
});

describe("the round trip", () => {
  it("is what passes between a ping and its answer", () => {
    const { clock, rtts, answer } = setup();
    answer(120);
    clock.advance(15_120);
    answer(30);
    clock.advance(16_000);
    expect(rtts).toEqual([120, 30]);
  });

  it("is not measured by other frames, which do not spoil it either", () => {
    const { clock, heartbeat, rtts, answer } = setup();
    answer(120);
    clock.advance(15_050);
    heartbeat.seen();
    expect(rtts).toEqual([]);
    clock.advance(70);
    expect(rtts).toEqual([120]);
  });

  it("is measured once for each ping: an answer that nobody asked for measures nothing", () => {
    const { clock, heartbeat, rtts } = setup();
    heartbeat.answered();
    clock.advance(15_010);
    heartbeat.answered();
    heartbeat.answered();
    expect(rtts).toEqual([10]);
  });

  it("is not spoilt by an answer that never came", () => {
    const { clock, heartbeat, rtts, pings } = setup();
    clock.advance(16_000);
    heartbeat.seen(); // it lives, though the ping was lost on a server that was busy
    clock.advance(15_040);
    expect(pings).toEqual([15_000, 31_000]);
    heartbeat.answered();
    expect(rtts).toEqual([40]);
  });

  it("may be nothing at all", () => {
    const { clock, heartbeat, rtts } = setup();
    clock.advance(15_000);
    heartbeat.answered();
    expect(rtts).toEqual([0]);
  });

  it("is not measured across links: what the new one says is no answer to the old one's ping", () => {
    const { clock, heartbeat, rtts } = setup();
    clock.advance(15_000);
    heartbeat.stop();
    heartbeat.start();
    clock.advance(100);
    heartbeat.answered();
    expect(rtts).toEqual([]);
  });

  it("is not negative when the clock is set back meanwhile", () => {
    const { clock, page, heartbeat, rtts } = setup();
    clock.advance(15_000);
    page.adjust(-60_000);
    clock.advance(10);
    heartbeat.answered();
    expect(rtts).toEqual([]);
  });
});

describe("the options of a heartbeat", () => {
  it.each([
    ["interval", -1],
    ["timeout", Number.NaN],
    ["interval", "5s"],
    ["timeout", null],
    ["every", 1],
  ])("refuse %s: %j by name", (name, value) => {
    const link = { ping: () => true, measured: () => undefined, dead: () => undefined };
    const make = (): unknown => new Heartbeat({ [name]: value }, new VirtualClock(), link);
    expect(make).toThrow(TypeError);
    expect(make).toThrow(`"heartbeat.${name}"`);
  });
});
