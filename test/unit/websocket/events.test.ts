import { describe, expect, it } from "vitest";
import { setup } from "./setup.ts";

describe("the events of ReconnectingWebSocket", () => {
  it("are the platform's own, with the socket as their target", () => {
    const { clock, server, dial } = setup();
    const { socket } = dial("ws://user:word@test:8080/feed?a=b");
    const events: Event[] = [];
    for (const type of ["open", "message", "error", "close"]) {
      socket.addEventListener(type, (event) => {
        events.push(event);
      });
    }
    clock.advance(0);
    server.last.send("hello");
    clock.advance(0);
    server.closeAll(4000, "why");
    clock.advance(0);
    server.next({ type: "refuse" });
    clock.advance(2_000);
    expect(events.map(({ type }) => type).slice(0, 5)).toEqual(["open", "message", "close", "error", "close"]);
    expect(events.every((event) => event instanceof Event && event.target === socket && !event.cancelable)).toBe(true);
    expect(events[1]).toBeInstanceOf(MessageEvent);
    expect(events[1]).toMatchObject({ data: "hello", origin: "ws://test:8080", source: null, lastEventId: "" });
    expect(events[2]).toBeInstanceOf(CloseEvent);
    expect(events[2]).toMatchObject({ code: 4000, reason: "why", wasClean: true });
    expect(events[3]).toMatchObject({
      error: { code: "DIAL_FAILED" },
      message: expect.stringContaining("1006") as string,
    });
  });

  it("come to the end of a link that was open without an error, unless the end has one", () => {
    for (const cause of [undefined, new Error("broken frame")]) {
      const { clock, dial } = setup({
        transport: (_request, events) => {
          clock.after(0, () => {
            events.opened("");
          });
          clock.after(10, () => {
            events.closed({ code: 1006, reason: "", wasClean: false, cause });
          });
          return { bufferedAmount: 0, send: () => true, close: () => undefined, abandon: () => undefined };
        },
      });
      const { log } = dial();
      clock.advance(10);
      const end = ["close@3 1006 unclean"];
      expect(log).toEqual(["open@1", ...(cause ? ["error@3 CONNECTION_LOST"] : []), ...end]);
    }
  });

  it("come later than the constructor, also when a dial fails within it", () => {
    const { clock, dial } = setup({
      transport: () => {
        throw new Error("mixed content");
      },
    });
    const { socket, log } = dial();
    expect(log).toEqual([]);
    clock.advance(0);
    expect(log).toEqual(["error@3 UNSUPPORTED", "close@3 1006 unclean"]);
    expect(socket.state.name).toBe("closed");
    expect(clock.pending).toBe(0);
  });

  describe("listeners", () => {
    it("may be objects, may be called once, may be taken off by a signal", () => {
      const { clock, server, dial } = setup();
      const { socket } = dial();
      const heard: string[] = [];
      const controller = new AbortController();
      const object = {
        handleEvent({ data }: MessageEvent<string>) {
          heard.push(`object ${data} ${String(this === object)}`);
        },
      };
      socket.addEventListener("message", object);
      socket.addEventListener("message", object); // is there already
      socket.addEventListener("message", ({ data }) => heard.push(`once ${String(data)}`), { once: true });
      socket.addEventListener("message", ({ data }) => heard.push(`signal ${String(data)}`), {
        signal: controller.signal,
      });
      clock.advance(0);
      const say = (text: string): void => {
        server.last.send(text);
        clock.advance(0);
      };
      say("1");
      controller.abort();
      say("2");
      socket.removeEventListener("message", object);
      say("3");
      expect(heard).toEqual(["object 1 true", "once 1", "signal 1", "object 2 true"]);
    });

    it("hear no more after stopImmediatePropagation()", () => {
      const { clock, open } = setup();
      const { socket } = open();
      const heard: string[] = [];
      socket.addEventListener("close", (event) => {
        heard.push("first");
        event.stopImmediatePropagation();
      });
      socket.addEventListener("close", () => heard.push("second"));
      socket.close();
      clock.runAll();
      expect(heard).toEqual(["first"]);
    });
  });

  describe("on-attributes", () => {
    it("are null at first and whenever they are set to what is no object", () => {
      const { socket } = setup().dial();
      const handler = (): void => undefined;
      for (const name of ["onopen", "onmessage", "onerror", "onclose"] as const) {
        expect(socket[name]).toBeNull();
        socket[name] = handler;
        expect(socket[name]).toBe(handler);
        socket[name] = "text" as unknown as null;
        expect(socket[name]).toBeNull();
      }
    });

    it("are called with the socket as this, in the place where they were first set", () => {
      const { clock, dial } = setup();
      const { socket } = dial();
      const heard: string[] = [];
      const handler = (name: string) => (): void => {
        heard.push(name);
      };
      socket.onopen = handler("attribute 1");
      socket.addEventListener("open", handler("listener"));
      socket.onopen = function (this: unknown) {
        heard.push(`attribute 2 ${String(this === socket)}`);
      };
      clock.advance(0);
      expect(heard).toEqual(["attribute 2 true", "listener"]);
    });

    it("go to the end of the row when they were null in between", () => {
      const { clock, dial } = setup();
      const { socket } = dial();
      const heard: string[] = [];
      socket.onopen = () => heard.push("early");
      socket.addEventListener("open", () => heard.push("listener"));
      socket.onopen = null;
      socket.onopen = () => heard.push("late");
      clock.advance(0);
      expect(heard).toEqual(["listener", "late"]);
    });

    it("may be set to an object, which is never called", () => {
      const { clock, dial } = setup();
      const { socket, log } = dial();
      const object = { handleEvent: () => log.push("called") };
      socket.onopen = object as unknown as null;
      expect(socket.onopen).toBe(object);
      clock.advance(0);
      expect(log).toEqual(["open@1"]);
    });
  });
});
