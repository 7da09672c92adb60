import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { clampDelay, MAX_DELAY, systemClock } from "../../../src/core/clock.ts";

describe("clampDelay", () => {
  it.each([
    [0, 0],
    [0.5, 0.5],
    [1_000, 1_000],
    [MAX_DELAY, MAX_DELAY],
    [MAX_DELAY + 1, MAX_DELAY],
    [Number.MAX_VALUE, MAX_DELAY],
    [Infinity, MAX_DELAY],
    [-1, 0],
    [-Infinity, 0],
    [NaN, 0],
  ])("makes %d a delay that a platform timer can hold: %d", (delay, held) => {
    expect(clampDelay(delay)).toBe(held);
  });
});

describe("the system clock", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("looks the platform's time and timers up at each call, so that fake timers installed later work", () => {
    const ran = vi.fn();
    systemClock.after(50, ran);
    expect(systemClock.now()).toBe(1_000);
    vi.advanceTimersByTime(49);
    expect(ran).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(ran).toHaveBeenCalledTimes(1);
    expect(systemClock.now()).toBe(1_050);
    vi.advanceTimersByTime(1_000);
    expect(ran).toHaveBeenCalledTimes(1);
  });

  it.each([0, -5, NaN])("never runs a callback in the turn in which it was armed, not even for %d ms", (delay) => {
    const ran = vi.fn();
    systemClock.after(delay, ran);
    expect(ran).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(ran).toHaveBeenCalledTimes(1);
  });

  it("does not run a timer of more than 2^31-1 ms at once, as the platform's own would", () => {
    const ran = vi.fn();
    systemClock.after(Infinity, ran);
    vi.advanceTimersByTime(1_000_000);
    expect(ran).not.toHaveBeenCalled();
    vi.advanceTimersByTime(MAX_DELAY - 1_000_000);
    expect(ran).toHaveBeenCalledTimes(1);
  });

  it("cancels, and takes it well to be told twice or too late", () => {
    const [early, late] = [vi.fn(), vi.fn()];
    const cancel = systemClock.after(10, early);
    const cancelLate = systemClock.after(20, late);
    cancel();
    cancel();
    vi.advanceTimersByTime(20);
    cancelLate();
    expect(early).not.toHaveBeenCalled();
    expect(late).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
