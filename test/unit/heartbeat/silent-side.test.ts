import { describe, expect, it } from "vitest";
import { setup } from "./setup.ts";

/** A link on which nobody asks: the peer is known to talk. */
const expected = { interval: 5_000, timeout: 2_000, pings: "nobody asks" } as const;

describe("a heartbeat that expects its peer to talk", () => {
  it("judges silence by interval and timeout together, and asks nothing", () => {
    const { clock, heartbeat, pings, deaths } = setup(expected);
    for (let at = 0; at < 60_000; at += 6_999) {
      clock.advance(6_999);
      heartbeat.seen();
    }
    expect(deaths).toEqual([]);
    const last = clock.now();
    clock.advance(7_000);
    expect(deaths).toEqual([last + 7_000]);
    expect(pings).toEqual([]);
  });

  it("does nothing when it is told to probe", () => {
    const { clock, heartbeat, deaths } = setup(expected);
    clock.advance(1_000);
    heartbeat.probe();
    clock.advance(5_999);
    expect(deaths).toEqual([]);
    clock.advance(1);
    expect(deaths).toEqual([7_000]);
  });

  it("gives a peer that it may not have heard while it slept a whole interval more", () => {
    for (const sleepsAt of [1_000, 6_000]) {
      const { clock, page, deaths } = setup(expected);
      clock.advance(sleepsAt);
      page.freeze();
      clock.advance(600_000);
      page.thaw();
      const awake = clock.now();
      clock.advance(6_999);
      expect(deaths).toEqual([]);
      clock.advance(20_000);
      expect(deaths).toEqual([awake + 7_000]);
    }
  });

  it("takes no time that was set there and back for silence", () => {
    const { clock, page, heartbeat, deaths } = setup(expected);
    clock.advance(1_000);
    page.adjust(-60_000);
    clock.advance(1_000);
    heartbeat.seen();
    page.adjust(60_000); // the timer is on time, and the last frame seems to be a minute old
    clock.advance(6_999);
    expect(deaths).toEqual([]);
    clock.advance(60_000);
    expect(deaths).toEqual([12_000]);
  });

  it("is in doubt past the deadline as any other, and gives it as long to prove itself", () => {
    const { clock, heartbeat, deaths } = setup(expected);
    clock.jump(7_001);
    expect(heartbeat.overdue()).toBe(true);
    clock.advance(6_999);
    expect(deaths).toEqual([]);
    expect(heartbeat.seen()).toBe(true);
    clock.advance(7_000);
    expect(deaths).toHaveLength(1);
  });
});
