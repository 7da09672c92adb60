import { afterEach, describe, expect, it, vi } from "vitest";
import { type NetworkSignal, systemNetwork } from "../../../src/core/network.ts";

interface FakePage {
  /** What the source said, in order. */
  readonly heard: NetworkSignal[];
  readonly unwatch: () => void;
  readonly fire: (type: string, details?: { persisted?: boolean; visible?: boolean }) => void;
  /** The listeners on the global, with their capture flag. */
  readonly listeners: Map<string, { readonly listener: (event: object) => void; readonly capture: boolean }>;
}

/** A page's global objects, as far as the source looks at them. */
function setup(): FakePage {
  const listeners: FakePage["listeners"] = new Map();
  const page = { visibilityState: "visible" };
  vi.stubGlobal("document", page);
  vi.stubGlobal("addEventListener", (type: string, listener: () => void, capture: boolean) => {
    listeners.set(type, { listener, capture });
  });
  vi.stubGlobal("removeEventListener", (type: string, listener: () => void, capture: boolean) => {
    const known = listeners.get(type);
    if (known?.listener === listener && known.capture === capture) listeners.delete(type);
  });
  const heard: NetworkSignal[] = [];
  const unwatch = systemNetwork.watch((signal) => heard.push(signal));
  const fire: FakePage["fire"] = (type, { persisted, visible = true } = {}) => {
    page.visibilityState = visible ? "visible" : "hidden";
    listeners.get(type)?.listener({ type, ...(persisted !== undefined && { persisted }) });
  };
  return { heard, unwatch, fire, listeners };
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("the system network in a page", () => {
  it.each<[string, { persisted?: boolean; visible?: boolean }, NetworkSignal[]]>([
    ["online", {}, ["online"]],
    ["offline", {}, ["offline"]],
    ["pagehide", { persisted: true }, ["suspend"]],
    ["pagehide", { persisted: false }, ["suspend"]],
    ["pageshow", { persisted: true }, ["wake"]],
    ["pageshow", { persisted: false }, []],
    ["pageshow", {}, []],
    ["visibilitychange", { visible: true }, ["wake"]],
    ["visibilitychange", { visible: false }, []],
    ["resume", {}, ["wake"]],
  ])("makes of %s %o: %o", (type, details, signals) => {
    const { fire, heard } = setup();
    fire(type, details);
    expect(heard).toEqual(signals);
  });

  it("listens at the global while events are on their way down, where those of the document pass too", () => {
    const { listeners } = setup();
    expect([...listeners.keys()].sort()).toEqual([
      "offline",
      "online",
      "pagehide",
      "pageshow",
      "resume",
      "visibilitychange",
    ]);
    expect([...listeners.values()].every(({ capture }) => capture)).toBe(true);
  });

  it("leaves no listener behind", () => {
    const { listeners, unwatch, fire, heard } = setup();
    unwatch();
    unwatch();
    expect(listeners.size).toBe(0);
    fire("online");
    expect(heard).toEqual([]);
  });

  it.each([
    [true, true],
    [false, false],
    [undefined, true],
  ])("with navigator.onLine %s is online: %s", (onLine, online) => {
    vi.stubGlobal("navigator", { onLine });
    expect(systemNetwork.online).toBe(online);
  });
});

describe("the system network on a platform without a page", () => {
  it("is always online, and silent", () => {
    vi.stubGlobal("navigator", undefined);
    vi.stubGlobal("addEventListener", undefined);
    vi.stubGlobal("removeEventListener", undefined);
    const listener = vi.fn();
    const unwatch = systemNetwork.watch(listener);
    expect(systemNetwork.online).toBe(true);
    unwatch();
    expect(listener).not.toHaveBeenCalled();
  });

  it("does not ask to hear events on their way down, which Cloudflare Workers answer with an error", () => {
    const types = new Set<string>();
    const refuse = (capture: boolean): void => {
      if (capture) throw new TypeError("addEventListener(): useCapture must be false.");
    };
    vi.stubGlobal("document", undefined);
    vi.stubGlobal("addEventListener", (type: string, _: unknown, capture: boolean) => {
      refuse(capture);
      types.add(type);
    });
    vi.stubGlobal("removeEventListener", (type: string, _: unknown, capture: boolean) => {
      refuse(capture);
      types.delete(type);
    });
    const unwatch = systemNetwork.watch(() => undefined);
    expect(types).toContain("online");
    vi.stubGlobal("document", {});
    unwatch();
    expect(types.size).toBe(0);
  });

  it("takes a visibility change without a document for no wake-up", () => {
    const { fire, heard } = setup();
    vi.stubGlobal("document", undefined);
    fire("visibilitychange");
    expect(heard).toEqual([]);
  });
});
