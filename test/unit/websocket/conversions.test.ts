import { describe, expect, it } from "vitest";
import { setup, URL } from "./setup.ts";

/** Web IDL turns arguments into what a method takes before the method looks at them. */
describe("arguments of another type", () => {
  const symbol = Symbol("x") as unknown as string;

  it("that cannot become text are a TypeError", () => {
    const { dial, open } = setup();
    const { socket } = open();
    for (const call of [
      () => dial(symbol),
      () => dial(URL, symbol),
      () => dial(URL, [symbol]),
      () => {
        socket.send(symbol);
      },
      () => {
        socket.close(1000, symbol);
      },
      () => {
        socket.close(1001, symbol);
      },
    ]) {
      expect(call).toThrow(TypeError);
    }
    expect(socket.readyState).toBe(socket.OPEN);
  });

  it.each([
    [3000.4, 3000],
    [3000.5, 3000],
    [3001.5, 3002],
    [2999.5, 3000],
  ])("the close code %d is rounded to %d: halves go to the even neighbour", (given, code) => {
    const { clock, server, open } = setup();
    const { socket } = open();
    socket.close(given);
    clock.advance(0);
    expect(server.last.end?.code).toBe(code);
  });

  it("binaryType takes what becomes one of its values", () => {
    const { socket } = setup().open();
    socket.binaryType = { toString: () => "arraybuffer" } as unknown as "arraybuffer";
    expect(socket.binaryType).toBe("arraybuffer");
  });
});

describe("a handler that returns false", () => {
  it("prevents an event that can be prevented", () => {
    const { socket } = setup().open();
    const dispatch = (): boolean => socket.dispatchEvent(new Event("open", { cancelable: true }));
    socket.onopen = () => false;
    expect(dispatch()).toBe(false);
    socket.onopen = () => 0;
    expect(dispatch()).toBe(true);
  });
});
