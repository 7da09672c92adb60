import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { inRoot } from "../../../scripts/entries.ts";
import type * as Setup from "./setup.ts";

/** The module as it is on a platform without those globals: the class is made anew. */
async function setupWithout(...names: string[]): Promise<typeof Setup> {
  for (const name of names) vi.stubGlobal(name, undefined);
  return import("./setup.ts");
}

const REACT_NATIVE = ["EventTarget", "Event", "MessageEvent", "CloseEvent", "ErrorEvent", "DOMException", "Blob"];

describe("a platform that lacks what browsers have", () => {
  beforeEach(() => {
    vi.resetModules();
  });

  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it("reads no global when it is imported", async () => {
    const entry = inRoot("src/websocket.ts");
    const { outputFiles } = await build({ entryPoints: [entry], bundle: true, write: false, globalName: "entry" });
    const world = createContext({});
    runInContext(outputFiles[0]?.text ?? "", world);
    expect(runInContext("entry.default.OPEN", world)).toBe(1);
  });

  it("without CloseEvent (Node 22), close is an Event with the same fields", async () => {
    const { setup } = await setupWithout("CloseEvent");
    const { clock, server, open } = setup();
    const { socket } = open();
    const events: Event[] = [];
    socket.onclose = (event) => events.push(event);
    server.closeAll(4000, "why");
    clock.advance(0);
    expect(events[0]).toBeInstanceOf(Event);
    expect(events[0]).toMatchObject({ type: "close", code: 4000, reason: "why", wasClean: true });
    expect(events[0]?.target).toBe(socket);
  });

  it("without MessageEvent and Event, events are plain objects with the same fields", async () => {
    const { setup } = await setupWithout(...REACT_NATIVE);
    const { clock, server, dial } = setup();
    const { socket, log } = dial();
    const events: unknown[] = [];
    socket.onmessage = function (this: unknown, event) {
      events.push(event, this === socket, event.currentTarget === socket);
    };
    clock.advance(0);
    server.last.send("hello");
    server.last.send(new Uint8Array([1]));
    clock.advance(0);
    server.closeAll(4000, "why");
    clock.advance(0);
    expect(log).toEqual(["open@1", "message@1 hello", "message@1 [object ArrayBuffer]", "close@3 4000 clean why"]);
    expect(events[0]).toMatchObject({ type: "message", data: "hello", origin: "ws://test", target: socket });
    expect(events[0]).toMatchObject({
      currentTarget: null,
      bubbles: false,
      cancelable: false,
      defaultPrevented: false,
    });
    expect(events.slice(1, 3)).toEqual([true, true]);
  });

  it("without DOMException, errors have its names", async () => {
    const { setup } = await setupWithout(...REACT_NATIVE);
    const { dial, open } = setup();
    expect(() => dial("ftp://x")).toThrow(expect.objectContaining({ name: "SyntaxError", constructor: Error }));
    expect(() => {
      open().socket.close(1);
    }).toThrow(expect.objectContaining({ name: "InvalidAccessError" }));
  });

  it("where no Blob can be made of bytes (React Native), they come as they are", async () => {
    const { setup } = await setupWithout();
    vi.stubGlobal(
      "Blob",
      vi.fn(function () {
        throw new Error("Creating blobs from 'ArrayBuffer' and 'ArrayBufferView' are not supported");
      }),
    );
    const { clock, server, open } = setup();
    const { log } = open();
    server.last.send(new Uint8Array([1]));
    clock.advance(0);
    expect(log).toEqual(["message@1 [object ArrayBuffer]"]);
  });

  describe("the events of the class itself, without EventTarget", () => {
    it("listeners may be objects, called once, taken off by a signal, and are there once each", async () => {
      const { setup } = await setupWithout(...REACT_NATIVE);
      const { clock, server, open } = setup();
      const { socket } = open();
      const heard: string[] = [];
      const controller = new AbortController();
      const object = { handleEvent: ({ data }: MessageEvent<string>) => heard.push(`object ${data}`) };
      const aborted = new AbortController();
      aborted.abort();
      socket.addEventListener("message", null);
      socket.addEventListener("message", () => heard.push("never"), { signal: aborted.signal });
      socket.addEventListener("message", object);
      socket.addEventListener("message", object);
      socket.addEventListener("message", object, true);
      socket.addEventListener("message", ({ data }) => heard.push(`once ${String(data)}`), { once: true });
      socket.addEventListener("message", ({ data }) => heard.push(`signal ${String(data)}`), {
        signal: controller.signal,
      });
      const say = (text: string): void => {
        server.last.send(text);
        clock.advance(0);
      };
      say("1");
      controller.abort();
      socket.removeEventListener("message", object, { capture: true });
      say("2");
      socket.removeEventListener("message", object);
      socket.removeEventListener("message", object);
      say("3");
      expect(heard).toEqual(["object 1", "object 1", "once 1", "signal 1", "object 2"]);
    });

    it("a listener that throws is reported and harms no other; one that is removed or added meanwhile waits", async () => {
      const { setup } = await setupWithout(...REACT_NATIVE);
      const { clock, server, open } = setup();
      const { socket } = open();
      const reportError = vi.fn();
      vi.stubGlobal("reportError", reportError);
      const heard: string[] = [];
      const removed = (): void => {
        heard.push("removed");
      };
      socket.addEventListener("message", () => {
        socket.removeEventListener("message", removed);
        socket.addEventListener("message", () => heard.push("added"));
        throw new Error("mine");
      });
      socket.addEventListener("message", removed);
      socket.addEventListener("message", () => heard.push("last"));
      server.last.send("x");
      clock.advance(0);
      expect(heard).toEqual(["last"]);
      expect(reportError).toHaveBeenCalledTimes(1);
    });

    it("stopImmediatePropagation() keeps the event from the rest", async () => {
      const { setup } = await setupWithout(...REACT_NATIVE);
      const { clock, server, open } = setup();
      const { socket } = open();
      const heard: string[] = [];
      socket.addEventListener("message", (event) => {
        event.preventDefault();
        event.stopPropagation();
        event.stopImmediatePropagation();
        heard.push(`prevented: ${String(event.defaultPrevented)}`);
      });
      socket.addEventListener("message", () => heard.push("second"));
      server.last.send("x");
      clock.advance(0);
      expect(heard).toEqual(["prevented: false"]);
    });

    it("an event of the application's own can be dispatched", async () => {
      const { setup } = await setupWithout(...REACT_NATIVE);
      const { socket } = setup().dial();
      const heard: string[] = [];
      socket.addEventListener("mine", ({ type }) => heard.push(type));
      expect(socket.dispatchEvent({ type: "mine" } as Event)).toBe(true);
      expect(heard).toEqual(["mine"]);
    });
  });
});
