import { afterEach, describe, expect, it, vi } from "vitest";
import type { SocketEvents } from "../../../src/transport/transport.ts";
import { setup } from "./setup.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("each message that comes in", () => {
  it("makes one event, which all listeners get", () => {
    let made = 0;
    const counted = <Class extends new (...args: never[]) => object>(from: Class): Class =>
      new Proxy(from, {
        construct: (target, args, newTarget) => {
          made++;
          return Reflect.construct(target, args, newTarget) as object;
        },
      });
    vi.stubGlobal("MessageEvent", counted(MessageEvent));
    vi.stubGlobal("Event", counted(Event));
    const { clock, server, open } = setup();
    const { socket } = open();
    const seen: unknown[] = [];
    const note = (event: unknown): void => {
      seen.push(event);
    };
    socket.onmessage = note;
    socket.addEventListener("message", (event) => {
      note(event);
    });
    made = 0;
    for (let i = 0; i < 100; i++) server.last.send("text");
    clock.advance(0);
    expect(made).toBe(100);
    expect(seen).toHaveLength(200);
    expect(new Set(seen).size).toBe(100);
  });

  it("starts no timer, and neither does one that goes out", () => {
    let inner: SocketEvents | undefined;
    const sent: unknown[] = [];
    const { clock, dial } = setup({
      transport: (_request, events) => {
        inner = events;
        const socket = { bufferedAmount: 0, close: () => undefined, abandon: () => undefined, ping: () => undefined };
        return { ...socket, send: (data) => sent.push(data) > 0 };
      },
    });
    const { socket, log } = dial();
    inner?.opened("");
    const after = vi.spyOn(clock, "after");
    for (let i = 0; i < 100; i++) {
      inner?.message("in");
      socket.send("out");
    }
    expect(after).not.toHaveBeenCalled();
    expect(sent).toHaveLength(100);
    expect(log).toHaveLength(101); // and "open"
  });
});
