import { expect, it } from "vitest";
import { MemoryServer } from "../../../src/testing/memory-server.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";
import { ReconnectingWebSocket } from "../../../src/websocket/websocket.ts";

it("the drop-in class is an EventTarget of the page, and its events are the page's", () => {
  const clock = new VirtualClock();
  const server = new MemoryServer({ clock });
  const socket = new ReconnectingWebSocket("/feed", [], { clock, transport: server.transport });
  const events: Event[] = [];
  for (const type of ["open", "message", "close"]) socket.addEventListener(type, (event) => events.push(event));
  clock.advance(0);
  server.last.send("hello");
  clock.advance(0);
  server.closeAll(4000, "why");
  clock.advance(0);
  expect(socket).toBeInstanceOf(window.EventTarget);
  expect(events.map(({ constructor }) => constructor)).toEqual([window.Event, window.MessageEvent, window.CloseEvent]);
  expect(events.every(({ target }) => target === socket)).toBe(true);
  expect(events[1]).toMatchObject({ data: "hello" });
  expect(events[2]).toMatchObject({ code: 4000, reason: "why", wasClean: true });
  expect(socket.url).toBe(new URL("/feed", location.href).href.replace(/^http/, "ws"));
});
