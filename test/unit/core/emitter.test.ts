import { afterEach, describe, expect, it, vi } from "vitest";
import { Emitter } from "../../../src/core/emitter.ts";
import { guard, reportUnheard } from "../../../src/core/guard.ts";
import { HoldfastError } from "../../../src/core/errors.ts";

interface Events {
  tick: number;
  error: HoldfastError;
}

interface Setup {
  readonly emitter: Emitter<Events>;
  /** What came as an event `error`. */
  readonly errors: HoldfastError[];
  /** What the listeners heard, in order. */
  readonly heard: string[];
}

function setup(): Setup {
  const emitter = new Emitter<Events>();
  const errors: HoldfastError[] = [];
  emitter.on("error", (error) => errors.push(error));
  return { emitter, errors, heard: [] };
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("an Emitter", () => {
  it("calls the listeners of an event in the order in which they were added", () => {
    const { emitter, heard } = setup();
    emitter.on("tick", (tick) => heard.push(`a${tick}`));
    emitter.on("tick", (tick) => heard.push(`b${tick}`));
    expect(emitter.emit("tick", 1)).toBe(true);
    expect(heard).toEqual(["a1", "b1"]);
  });

  it("says when nobody listened, and how many do", () => {
    const emitter = new Emitter<Events>();
    expect(emitter.emit("tick", 1)).toBe(false);
    expect(emitter.count("tick")).toBe(0);
    const off = emitter.on("tick", () => undefined);
    expect(emitter.count("tick")).toBe(1);
    expect(emitter.count("error")).toBe(0);
    off();
    off();
    expect(emitter.count("tick")).toBe(0);
    expect(emitter.emit("tick", 2)).toBe(false);
  });

  it("removes one registration of a listener that was added twice", () => {
    const { emitter, heard } = setup();
    const listener = (tick: number): number => heard.push(String(tick));
    const off = emitter.on("tick", listener);
    emitter.on("tick", listener);
    off();
    off();
    emitter.emit("tick", 1);
    expect(heard).toEqual(["1"]);
  });

  it.each([undefined, null, "listener", {}])("refuses %o as a listener", (listener) => {
    const { emitter } = setup();
    // The cast: JavaScript callers pass anything.
    expect(() => emitter.on("tick", listener as () => void)).toThrow(
      new TypeError('Option "listener" takes a function'),
    );
    expect(emitter.count("tick")).toBe(0);
  });

  it("is not confused by the names that objects have of their own", () => {
    const emitter = new Emitter<Record<string, number> & { error: never }>();
    const heard: string[] = [];
    for (const name of ["__proto__", "constructor", "toString", "~tick"]) {
      expect(emitter.emit(name, 0)).toBe(false);
      emitter.on(name, () => heard.push(name));
      emitter.emit(name, 1);
    }
    expect(heard).toEqual(["__proto__", "constructor", "toString", "~tick"]);
  });

  it("lets a listener that is added or removed during an event take effect with the next one", () => {
    const { emitter, heard } = setup();
    let offSecond = (): void => undefined;
    const offFirst = emitter.on("tick", (tick) => {
      heard.push(`first${tick}`);
      offFirst();
      offSecond();
      emitter.on("tick", (later) => heard.push(`third${later}`));
    });
    offSecond = emitter.on("tick", (tick) => heard.push(`second${tick}`));
    emitter.emit("tick", 1);
    emitter.emit("tick", 2);
    expect(heard).toEqual(["first1", "second1", "third2"]);
  });

  it("goes on with its listeners when one of them has caused another event", () => {
    const { emitter, heard } = setup();
    const error = new HoldfastError("BAD_FRAME", "bad");
    emitter.on("tick", (tick) => {
      heard.push(`first${tick}`);
      emitter.emit("error", error);
      if (tick === 1) emitter.emit("tick", 2);
    });
    emitter.on("error", ({ code }) => heard.push(code));
    emitter.on("tick", (tick) => heard.push(`second${tick}`));
    emitter.emit("tick", 1);
    expect(heard).toEqual(["first1", "BAD_FRAME", "first2", "BAD_FRAME", "second2", "second1"]);
  });
});

describe("a listener that fails", () => {
  it("disturbs neither the emitter nor the listeners after it, and is reported with its cause", () => {
    const { emitter, errors, heard } = setup();
    const cause = new RangeError("listener");
    emitter.on("tick", () => {
      throw cause;
    });
    emitter.on("tick", () => heard.push("after"));
    expect(emitter.emit("tick", 1)).toBe(true);
    expect(heard).toEqual(["after"]);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toBeInstanceOf(HoldfastError);
    expect(errors[0]).toMatchObject({ code: "LISTENER_FAILED", cause });
  });

  it.each([
    ["an async listener", (cause: Error) => Promise.reject(cause)],
    [
      "a listener with a promise of another library",
      (cause: Error) => ({
        then: (_: unknown, failed: (error: Error) => void): void => {
          failed(cause);
        },
      }),
    ],
  ])("is reported when it is %s, without an unhandled rejection", async (_, answer) => {
    const { emitter, errors } = setup();
    const cause = new Error("later");
    emitter.on("tick", () => answer(cause));
    emitter.emit("tick", 1);
    await Promise.resolve();
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ code: "LISTENER_FAILED", cause });
  });

  it("is not reported when its promise resolves, or when it returns something else", async () => {
    const { emitter, errors } = setup();
    emitter.on("tick", () => Promise.resolve("fine"));
    emitter.on("tick", () => ({ not: "a promise" }));
    emitter.on("tick", () => null);
    emitter.emit("tick", 1);
    await Promise.resolve();
    expect(errors).toEqual([]);
  });

  it("of errors is not told of itself, but the platform is", () => {
    const { emitter, errors } = setup();
    const reportError = vi.fn();
    vi.stubGlobal("reportError", reportError);
    const error = new HoldfastError("BAD_FRAME", "bad");
    const cause = new Error("the error listener");
    emitter.on("error", () => {
      throw cause;
    });
    emitter.emit("error", error);
    expect(errors).toEqual([error]);
    expect(reportError).toHaveBeenCalledTimes(1);
    expect(reportError.mock.calls[0]?.[0]).toMatchObject({ code: "LISTENER_FAILED", cause });
  });
});

describe("what an emitter reports", () => {
  it("is an event error, and goes to the platform where nobody listens to that", () => {
    const reportError = vi.fn();
    vi.stubGlobal("reportError", reportError);
    const { emitter, errors } = setup();
    const error = new HoldfastError("BAD_FRAME", "bad");
    const { report } = emitter; // it is passed on as a plain function
    report(error);
    expect(errors).toEqual([error]);
    expect(reportError).not.toHaveBeenCalled();
    new Emitter<Events>().report(error);
    expect(reportError).toHaveBeenCalledExactlyOnceWith(error);
  });
});

describe("guard", () => {
  it("calls what it guards with the argument", () => {
    const callback = vi.fn();
    guard(() => undefined, callback, "argument");
    expect(callback).toHaveBeenCalledExactlyOnceWith("argument");
  });
});

describe("an error that nobody listens to", () => {
  it("goes to the platform's reportError", () => {
    const reportError = vi.fn();
    vi.stubGlobal("reportError", reportError);
    const error = new HoldfastError("BAD_FRAME", "bad");
    reportUnheard(error);
    expect(reportError).toHaveBeenCalledExactlyOnceWith(error);
  });

  it("goes nowhere on a platform without one, such as Node", () => {
    vi.stubGlobal("reportError", undefined);
    expect(() => {
      reportUnheard(new HoldfastError("BAD_FRAME", "bad"));
    }).not.toThrow();
  });
});
