import { describe, expect, it } from "vitest";
import { setup } from "./setup.ts";

describe("a heartbeat on a link that is busy with one long message", () => {
  it.each([
    [60_000, 65_000],
    [60_001, 70_000],
    [64_999, 70_000],
  ])("waits as long as bytes move, and at most two timeouts after they have stopped: %d, %d", (stops, dies) => {
    const { clock, pings, deaths, move } = setup();
    move(stops);
    clock.advance(dies - 1);
    expect(deaths).toEqual([]);
    clock.advance(1);
    expect(deaths).toEqual([dies]);
    expect(pings).toEqual([15_000]); // another one would only queue behind the message
  });

  it("asks anew after the message has arrived", () => {
    const { clock, heartbeat, pings, deaths, move, answer } = setup();
    move(60_000);
    clock.advance(60_000);
    heartbeat.seen();
    answer(50);
    clock.advance(15_000);
    expect(pings).toEqual([15_000, 75_000]);
    clock.advance(60_000);
    expect(deaths).toEqual([]);
  });

  it("does not take what moved before it asked for a sign of life", () => {
    const { clock, deaths, move } = setup();
    move(14_999);
    clock.advance(20_000);
    expect(deaths).toEqual([20_000]);
  });

  it("trusts the link with what is sent meanwhile", () => {
    const { clock, heartbeat, deaths, move } = setup();
    move(60_000);
    for (let at = 0; at < 60_000; at += 1_000) {
      expect(heartbeat.overdue()).toBe(false);
      clock.advance(1_000);
    }
    expect(deaths).toEqual([]);
  });

  it("is not killed by a timer that comes late after that: it is asked once more", () => {
    const { clock, page, pings, deaths, move } = setup();
    move(20_000);
    clock.advance(21_000);
    page.freeze();
    clock.advance(30_000);
    page.thaw();
    clock.advance(0);
    expect(pings).toEqual([15_000, 51_000]);
    clock.advance(4_999);
    expect(deaths).toEqual([]);
    clock.advance(1);
    expect(deaths).toEqual([56_000]);
  });

  it("waits as long where nobody asks", () => {
    const { clock, deaths, move } = setup({ pings: "nobody asks" });
    move(60_000);
    clock.advance(64_999);
    expect(deaths).toEqual([]);
    clock.advance(1);
    expect(deaths).toEqual([65_000]);
  });
});
