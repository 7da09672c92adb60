import { afterEach, describe, expect, it, vi } from "vitest";

/** The module as nobody has used it yet: its first instance puts the parent class in its place. */
async function fresh(): Promise<typeof import("../../../src/websocket.ts")> {
  vi.resetModules();
  return import("../../../src/websocket.ts");
}

const options = { startClosed: true };

/** Adds a listener, dispatches an event, and tells how often it was heard. */
function heard(target: EventTarget): number {
  let count = 0;
  target.addEventListener("close", () => count++);
  target.dispatchEvent(new Event("close"));
  return count;
}

describe("the class above ReconnectingWebSocket", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it("is the platform's EventTarget, for the first instance and for all after it", async () => {
    const { ReconnectingWebSocket } = await fresh();
    for (let i = 0; i < 3; i++) {
      const socket = new ReconnectingWebSocket("ws://a/", [], options);
      expect(socket).toBeInstanceOf(EventTarget);
      expect(heard(socket as unknown as EventTarget)).toBe(1);
    }
  });

  it("is found as well if a class of the application is the first to be made", async () => {
    const { ReconnectingWebSocket } = await fresh();
    class Mine extends ReconnectingWebSocket {}
    class Ours extends Mine {}
    for (const Class of [Ours, ReconnectingWebSocket, Mine]) {
      const socket = new Class("ws://a/", [], options);
      expect(Object.getPrototypeOf(socket)).toBe(Class.prototype);
      expect(socket).toBeInstanceOf(EventTarget);
      expect(heard(socket as unknown as EventTarget)).toBe(1);
    }
  });

  it("is found as well if the first to be made is on behalf of a class that does not extend it", async () => {
    const { ReconnectingWebSocket } = await fresh();
    function Legacy(): void {
      // as classes inherited before `class`: by their prototypes alone
    }
    Legacy.prototype = Object.create(ReconnectingWebSocket.prototype) as object;
    const first: unknown = Reflect.construct(ReconnectingWebSocket, ["ws://a/", [], options], Legacy);
    for (const socket of [first, new ReconnectingWebSocket("ws://a/", [], options)]) {
      expect(socket).toBeInstanceOf(ReconnectingWebSocket);
      expect(heard(socket as EventTarget)).toBe(1);
    }
  });

  it("is chosen with the first instance, and not when the module is imported", async () => {
    const { ReconnectingWebSocket } = await fresh();
    const Before = EventTarget;
    class Other extends Before {}
    vi.stubGlobal("EventTarget", Other);
    expect(new ReconnectingWebSocket("ws://a/", [], options)).toBeInstanceOf(Other);
    vi.stubGlobal("EventTarget", Before);
    expect(new ReconnectingWebSocket("ws://a/", [], options)).toBeInstanceOf(Other);
  });
});
