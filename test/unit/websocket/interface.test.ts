import { describe, expect, it } from "vitest";
import { ReconnectingWebSocket } from "../../../src/websocket/websocket.ts";
import { URL, record, setup } from "./setup.ts";

const named = (name: string): unknown => expect.objectContaining({ name, constructor: DOMException });

describe("the interface of ReconnectingWebSocket", () => {
  it("stands where the DOM's types want a WebSocket class", () => {
    const webSocket: typeof WebSocket = ReconnectingWebSocket;
    expect(webSocket.OPEN).toBe(1);
  });

  it("has the constants on the class and on its instances, unchangeable", () => {
    const { socket } = setup().dial();
    for (const holder of [ReconnectingWebSocket, socket]) {
      expect([holder.CONNECTING, holder.OPEN, holder.CLOSING, holder.CLOSED]).toEqual([0, 1, 2, 3]);
    }
    expect(() => Object.assign(socket, { OPEN: 7 })).toThrow(TypeError);
  });

  it("is an EventTarget, which the platform's own methods take", () => {
    const { socket } = setup().dial();
    const heard: string[] = [];
    expect(socket).toBeInstanceOf(EventTarget);
    EventTarget.prototype.addEventListener.call(socket, "custom", ({ type }) => {
      heard.push(type);
    });
    socket.dispatchEvent(new Event("custom"));
    expect(heard).toEqual(["custom"]);
  });

  it("can be extended", () => {
    const { clock, server } = setup();
    class Socket extends ReconnectingWebSocket {
      constructor(url: string, protocols?: string | string[]) {
        super(url, protocols, { clock, transport: server.transport });
      }
    }
    const socket = new Socket(URL);
    const log = record(socket);
    clock.advance(0);
    expect(log).toEqual(["open@1"]);
    expect(socket).toBeInstanceOf(ReconnectingWebSocket);
    expect(socket).toBeInstanceOf(EventTarget);
  });

  describe("the URL", () => {
    it.each([
      ["ws://test/feed?a=1", "ws://test/feed?a=1"],
      ["http://test", "ws://test/"],
      ["https://TEST:443/x", "wss://test/x"],
      ["wss://user:word@test/", "wss://user:word@test/"],
      [new globalThis.URL("ws://test/y"), "ws://test/y"],
    ])("%s is dialled as %s", (given, url) => {
      const { clock, server, dial } = setup();
      const { socket } = dial(given);
      clock.advance(0);
      expect(socket.url).toBe(url);
      expect(server.last.url).toBe(url);
    });

    it.each(["", "/feed", "ftp://test/", "ws://test/#", "ws://test/#x", "ws://", "mailto:x"])(
      "%s is a SyntaxError",
      (url) => {
        const { server, dial } = setup();
        expect(() => dial(url)).toThrow(named("SyntaxError"));
        expect(server.dials).toBe(0);
      },
    );

    it("is needed", () => {
      expect(() => {
        Reflect.construct(ReconnectingWebSocket, []); // what JavaScript can do
      }).toThrow(TypeError);
    });

    it("is not quoted in an error: it may hold a token", () => {
      expect(() => setup().dial("ws://test/?token=SECRET#")).toThrow(expect.not.stringContaining("SECRET"));
    });

    it("comes from a provider that is asked for each attempt", async () => {
      const { clock, server, dial } = setup();
      const { socket } = dial(async ({ attempt }) => Promise.resolve(`ws://test/?attempt=${attempt}`));
      expect(socket.url).toBe("");
      await clock.advanceAsync(0);
      server.dropAll();
      await clock.advanceAsync(5_000);
      expect(server.all.map(({ url }) => url)).toEqual(["ws://test/?attempt=0", "ws://test/?attempt=1"]);
      expect(socket.url).toBe("ws://test/?attempt=1");
    });

    it("is tried again when the provider fails", async () => {
      const { clock, dial } = setup();
      let calls = 0;
      const { log } = dial(() => (++calls === 1 ? Promise.reject(new Error("no token")) : URL));
      await clock.advanceAsync(5_000);
      expect(log).toEqual(["error@3 PROVIDER_FAILED", "close@3 1006 unclean", "open@1"]);
    });
  });

  describe("the subprotocols", () => {
    it.each([
      [undefined, []],
      [null, []],
      ["chat", ["chat"]],
      [
        ["chat", "v2.chat"],
        ["chat", "v2.chat"],
      ],
      [new Set(["a", "b"]) as unknown as string[], ["a", "b"]],
    ])("%o are offered", (given, offered) => {
      const { clock, server, dial } = setup();
      dial(URL, given);
      clock.advance(0);
      expect(server.last.protocols).toEqual(offered);
    });

    it.each(["", "a b", "a,b", "ä", ["a", "a"], ["a", ""], ["a/b"], {} as string])("%o are a SyntaxError", (given) => {
      expect(() => setup().dial(URL, given)).toThrow(named("SyntaxError"));
    });

    it("the server's choice is shown, and stays after the end", () => {
      const { clock, server, dial } = setup({}, { protocols: ["b"] });
      const { socket } = dial(URL, ["a", "b"]);
      expect(socket.protocol).toBe("");
      clock.advance(0);
      expect(socket.protocol).toBe("b");
      server.dropAll();
      clock.advance(0);
      expect(socket.protocol).toBe("b");
    });

    it.each([["x"], "x"])("come from a provider: %o", async (answer) => {
      const { clock, server, dial } = setup();
      dial(URL, () => Promise.resolve(answer));
      await clock.advanceAsync(0);
      expect(server.last.protocols).toEqual(["x"]);
    });

    it("a provider may answer null for none", async () => {
      const { clock, server, dial } = setup();
      dial(URL, () => null);
      await clock.advanceAsync(0);
      expect(server.last.protocols).toEqual([]);
    });
  });

  describe("close()", () => {
    it.each([0, 999, 1001, 1005, 1006, 2999, 5000, -1, NaN, null as unknown as number])(
      "refuses the code %s",
      (code) => {
        const { socket } = setup().open();
        expect(() => {
          socket.close(code);
        }).toThrow(named("InvalidAccessError"));
        expect(socket.readyState).toBe(socket.OPEN);
      },
    );

    it.each([1000, 3000, 4999, "3001" as unknown as number])("takes the code %s", (code) => {
      const { clock, open } = setup();
      const { socket, log } = open();
      socket.close(code);
      clock.runAll();
      expect(log).toEqual([`close@3 ${code} clean`]);
    });

    it("refuses a reason of more than 123 bytes, after the code", () => {
      const { socket } = setup().open();
      expect(() => {
        socket.close(1000, "x".repeat(124));
      }).toThrow(named("SyntaxError"));
      expect(() => {
        socket.close(1000, "ä".repeat(62));
      }).toThrow(named("SyntaxError"));
      expect(() => {
        socket.close(1, "x".repeat(124));
      }).toThrow(named("InvalidAccessError"));
      socket.close(1000, "ä".repeat(61));
      expect(socket.readyState).toBe(socket.CLOSING);
    });

    it("does nothing the second time, and checks its arguments all the same", () => {
      const { clock, open } = setup();
      const { socket, log } = open();
      socket.close();
      socket.close(3000);
      clock.runAll();
      socket.close();
      expect(() => {
        socket.close(1);
      }).toThrow(named("InvalidAccessError"));
      clock.runAll();
      expect(log).toEqual(["close@3 1000 clean"]);
    });
  });

  describe("send()", () => {
    it.each([
      ["text", "text"],
      [12, "12"],
      [null, "null"],
      [undefined, "undefined"],
      [{}, "[object Object]"],
      [[1, 2], "1,2"],
    ])("sends %o as text", (data, text) => {
      const { clock, server, open } = setup();
      const { socket } = open();
      socket.send(data as string);
      clock.advance(0);
      expect(server.last.texts).toEqual([text]);
    });

    it("needs an argument", () => {
      const { socket } = setup().open();
      expect(() => {
        (socket as unknown as { send(): void }).send(); // what JavaScript can do
      }).toThrow(TypeError);
    });

    it("takes bytes as they are at the time, also when they have to wait", () => {
      const { clock, server, open } = setup();
      const { socket } = open();
      server.dropAll();
      clock.advance(0);
      const bytes = new Uint8Array([1, 2, 3, 4]);
      socket.send(bytes.subarray(1, 3));
      socket.send(bytes.buffer);
      bytes.fill(9);
      clock.advance(5_000);
      const received = server.last.received.map(({ data }) => [...new Uint8Array(data as ArrayBuffer)]);
      expect(received).toEqual([
        [2, 3],
        [1, 2, 3, 4],
      ]);
    });
  });

  describe("binaryType", () => {
    it("is blob at first, and keeps its value when it is given another", () => {
      const { socket } = setup().dial();
      expect(socket.binaryType).toBe("blob");
      socket.binaryType = "nodebuffer" as "blob";
      expect(socket.binaryType).toBe("blob");
      socket.binaryType = "arraybuffer";
      expect(socket.binaryType).toBe("arraybuffer");
    });

    it("holds for each message, and across links", async () => {
      const { clock, server, dial } = setup();
      const { socket } = dial();
      const seen: unknown[] = [];
      socket.onmessage = ({ data }) => {
        seen.push(data);
        socket.binaryType = "arraybuffer";
      };
      clock.advance(0);
      server.last.send(new Uint8Array([1]));
      clock.advance(0);
      server.last.send(new Uint8Array([2]));
      clock.advance(0);
      server.dropAll();
      clock.advance(5_000);
      server.last.send(new Uint8Array([3]));
      clock.advance(0);
      expect(seen[0]).toBeInstanceOf(Blob);
      expect(await (seen[0] as Blob).arrayBuffer()).toEqual(new Uint8Array([1]).buffer);
      expect(seen.slice(1)).toEqual([new Uint8Array([2]).buffer, new Uint8Array([3]).buffer]);
    });
  });

  it("tells how often it has failed since it was last stable", () => {
    const { clock, server, dial } = setup({ backoff: { min: 10, base: 10, max: 10 } });
    server.next({ type: "refuse" }, { type: "refuse" });
    const { socket } = dial();
    const counts = [socket.retryCount];
    socket.onclose = () => {
      counts.push(socket.retryCount);
    };
    clock.advance(1_000);
    expect([...counts, socket.retryCount]).toEqual([0, 1, 2, 0]);
  });

  it("tells the extensions of the socket below it", () => {
    const { clock, server, dial } = setup({
      transport: (request, events) => Object.assign(server.transport(request, events), { extensions: "x-test" }),
    });
    const { socket } = dial();
    clock.advance(0);
    expect(socket.extensions).toBe("x-test");
  });
});
