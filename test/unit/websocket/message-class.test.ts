import { afterEach, describe, expect, it, vi } from "vitest";
import { messageClass as ofBrowsers } from "../../../src/websocket/platform.ts";
import { messageClass as ofNode } from "../../../src/websocket/platform-node.ts";
import { setup } from "./setup.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("a message in Node, whose own class takes long to make one,", () => {
  function received(): MessageEvent<unknown> {
    const { clock, server, open } = setup();
    const { socket } = open();
    const events: MessageEvent<unknown>[] = [];
    socket.addEventListener("message", (event) => events.push(event));
    server.last.send("text");
    clock.advance(0);
    const [event] = events;
    if (!event) throw new Error("no message came");
    return event;
  }

  it("is an event of the platform, and a MessageEvent in all that shows", () => {
    const event = received();
    expect(event).toBeInstanceOf(MessageEvent);
    expect(event).toBeInstanceOf(Event);
    expect(event.constructor).toBe(MessageEvent);
    expect(Object.prototype.toString.call(event)).toBe("[object MessageEvent]");
    const { type, data, origin, lastEventId, source, ports, bubbles, cancelable, isTrusted } = event;
    expect({ type, data, origin, lastEventId, source, ports, bubbles, cancelable, isTrusted }).toEqual({
      type: "message",
      data: "text",
      origin: "ws://test",
      lastEventId: "",
      source: null,
      ports: [],
      bubbles: false,
      cancelable: false,
      isTrusted: false,
    });
    expect(Object.keys(event)).toEqual(Object.keys(new MessageEvent("message")));
  });

  it("can be handed on: dispatched again, and copied as libraries copy it", () => {
    const event = received();
    const target = new EventTarget();
    const heard: unknown[] = [];
    target.addEventListener("message", (again) => heard.push(again));
    target.dispatchEvent(event);
    expect(heard).toEqual([event]);
    // The cast: the type of `constructor` is no more than `Function`.
    const Class = event.constructor as new (type: string, fields: MessageEventInit<unknown>) => MessageEvent<unknown>;
    const copy = new Class(event.type, { data: event.data, origin: event.origin });
    expect(copy).toMatchObject({ type: "message", data: "text", origin: "ws://test" });
  });

  it("follows a class that was put in the place of the global, as the next link opens", () => {
    class Mine extends MessageEvent<unknown> {}
    vi.stubGlobal("MessageEvent", Mine);
    expect(received()).toBeInstanceOf(Mine);
  });

  it("is left to others where there is no such class", () => {
    expect(ofNode({ Event })).toBeUndefined();
    expect(ofNode({ MessageEvent })).toBe(MessageEvent);
  });
});

it("a browser's messages are made by its own class", () => {
  expect(ofBrowsers({ MessageEvent })).toBe(MessageEvent);
  expect(ofBrowsers({})).toBeUndefined();
});
