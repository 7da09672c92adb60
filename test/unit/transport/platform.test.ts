import { Window } from "happy-dom";
import { afterEach, describe, expect, it, vi } from "vitest";
import { defaultTransport } from "../../../src/transport/platform.ts";
import { defaultTransport as nodeTransport } from "../../../src/transport/platform-node.ts";
import type { Transport } from "../../../src/transport/transport.ts";
import { classOf, Log, RudeSocket } from "./rude-socket.ts";

const request = { url: "ws://127.0.0.1:1/", protocols: [] };

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Dials with `transport` while `WebSocket` is the global class, and lets go at once. */
function dialWith(WebSocket: unknown, transport: Transport, headers?: Record<string, string>): "global" | "ws" {
  vi.stubGlobal("WebSocket", WebSocket);
  const socket = transport({ ...request, headers }, new Log());
  socket.abandon();
  return socket.ping ? "ws" : "global";
}

class HandWritten extends EventTarget {
  readonly readyState = 0;
  binaryType = "blob";
  readonly url = "";
  close(): void {
    this.dispatchEvent(new Event("close"));
  }
}

class Branded extends HandWritten {
  readonly #url = "";
  static {
    Object.defineProperty(this.prototype, "url", {
      get(this: Branded) {
        return this.#url;
      },
    });
  }
}

const own = globalThis.WebSocket;

describe("the default transport of browsers", () => {
  it("uses the global WebSocket of the moment", () => {
    const rude = new RudeSocket();
    expect(
      dialWith(
        classOf(() => rude),
        defaultTransport,
      ),
    ).toBe("global");
    expect(rude.closes).toHaveLength(1);
  });

  it("says so where there is none", () => {
    expect(() => dialWith(undefined, defaultTransport)).toThrow(expect.objectContaining({ code: "UNSUPPORTED" }));
  });
});

describe("the default transport of Node", () => {
  it("uses ws, and not the runtime's own WebSocket", () => {
    expect(dialWith(own, nodeTransport)).toBe("ws");
  });

  it("uses ws where there is no WebSocket, as in Node 20", () => {
    expect(dialWith(undefined, nodeTransport)).toBe("ws");
  });

  it.each([
    ["a hand-written class", HandWritten],
    ["a hand-written class with private fields", Branded],
    ["a function", classOf(() => new RudeSocket())],
    ["a function without a prototype", HandWritten.bind(undefined)],
    ["the class of happy-dom", new Window().WebSocket],
    ["a subclass of the runtime's own class", class extends own {}],
    ["a Proxy of the runtime's own class, which is how msw does it", new Proxy(own, {})],
  ])("uses what replaces the global: %s", (_name, replacement) => {
    expect(dialWith(replacement, nodeTransport)).toBe("global");
  });

  it("uses ws all the same where headers are asked for", () => {
    expect(dialWith(HandWritten, nodeTransport, { authorization: "x" })).toBe("ws");
    expect(dialWith(HandWritten, nodeTransport, {})).toBe("global");
  });
});
