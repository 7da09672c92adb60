import { describe, expect, it, vi } from "vitest";
import { abortReason, newAbortController, onAbort } from "../../../src/core/signal.ts";

describe("onAbort", () => {
  it("calls the listener once when the signal aborts", () => {
    const controller = new AbortController();
    const listener = vi.fn();
    onAbort(controller.signal, listener);
    expect(listener).not.toHaveBeenCalled();
    controller.abort();
    controller.abort();
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it("takes the listener off again", () => {
    const controller = new AbortController();
    const listener = vi.fn();
    const removed = vi.spyOn(controller.signal, "removeEventListener");
    onAbort(controller.signal, listener)();
    controller.abort();
    expect(listener).not.toHaveBeenCalled();
    expect(removed).toHaveBeenCalledTimes(1);
  });

  it("has nothing to do without a signal", () => {
    const listener = vi.fn();
    onAbort(undefined, listener)();
    expect(listener).not.toHaveBeenCalled();
  });
});

describe("abortReason", () => {
  it("is the signal's own, whatever that is", () => {
    for (const reason of ["enough", null, new Error("enough")]) {
      expect(abortReason(AbortSignal.abort(reason))).toBe(reason);
    }
  });

  it("is an AbortError where the platform keeps no reason, as in React Native", () => {
    const signal = { aborted: true, addEventListener: () => undefined, removeEventListener: () => undefined };
    expect(abortReason(signal)).toBeInstanceOf(Error);
    expect(abortReason(signal)).toMatchObject({ name: "AbortError" });
  });
});

describe("newAbortController", () => {
  it("makes one of the platform's, which aborts with the given reason", () => {
    const controller = newAbortController();
    const reason = new Error("enough");
    expect(controller.signal).toBeInstanceOf(AbortSignal);
    controller.abort(reason);
    expect(controller.signal.aborted).toBe(true);
    expect(controller.signal.reason).toBe(reason);
  });
});
