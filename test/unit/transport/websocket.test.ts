import { describe, expect, it } from "vitest";
import { HoldfastError } from "../../../src/core/errors.ts";
import { adoptSocket, type PlatformWebSocket, webSocketTransport } from "../../../src/transport/websocket.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";
import { classOf, dialRude, Log, RudeSocket } from "./rude-socket.ts";

const request = { url: "wss://example.test/?token=s3cr3t", protocols: [] };

/** What `dial` throws. */
function thrownBy(dial: () => unknown): HoldfastError {
  try {
    dial();
  } catch (error) {
    if (error instanceof HoldfastError) return error;
  }
  throw new Error("No HoldfastError was thrown");
}

describe("what is asked of the platform", () => {
  it("takes the platform's own types", () => {
    const globals: () => PlatformWebSocket = () => WebSocket;
    expect(globals()).toBe(WebSocket);
  });

  it("asks for bytes as ArrayBuffer", () => {
    expect(dialRude().rude.binaryType).toBe("arraybuffer");
  });

  it("passes the subprotocols on as an array, and nothing where there are none", () => {
    expect(dialRude(new RudeSocket(), ["a", "b"]).args).toEqual(["ws://example.test/", ["a", "b"]]);
    expect(dialRude().args).toEqual(["ws://example.test/"]);
  });

  it("looks the global class up at each dial", () => {
    const before = globalThis.WebSocket;
    const first = new RudeSocket();
    const second = new RudeSocket();
    const transport = webSocketTransport();
    try {
      for (const rude of [first, second]) {
        Object.assign(globalThis, { WebSocket: classOf(() => rude) });
        transport(request, new Log()).abandon();
      }
    } finally {
      Object.assign(globalThis, { WebSocket: before });
    }
    expect([first.closes.length, second.closes.length]).toEqual([1, 1]);
  });

  it("throws UNSUPPORTED where there is no WebSocket", () => {
    const transport = webSocketTransport({ webSocket: () => undefined });
    expect(thrownBy(() => transport(request, new Log())).code).toBe("UNSUPPORTED");
  });

  it("throws UNSUPPORTED for headers, and takes empty ones for none", () => {
    const transport = webSocketTransport({ webSocket: () => classOf(() => new RudeSocket()) });
    const error = thrownBy(() => transport({ ...request, headers: { authorization: "s3cr3t" } }, new Log()));
    expect(error.code).toBe("UNSUPPORTED");
    expect(error.message).toMatch(/headers/);
    expect(() => transport({ ...request, headers: {} }, new Log())).not.toThrow();
  });

  it.each([
    ["a SyntaxError", new SyntaxError(`The URL '${request.url}' is invalid.`)],
    ["a SecurityError", new DOMException(`An insecure connection to '${request.url}' was refused`, "SecurityError")],
  ])("throws UNSUPPORTED for %s of the constructor, without quoting it", (_name, thrown) => {
    const transport = webSocketTransport({
      webSocket: () =>
        classOf(() => {
          throw thrown;
        }),
    });
    const error = thrownBy(() => transport(request, new Log()));
    expect(error.code).toBe("UNSUPPORTED");
    expect(error.cause).toBeUndefined();
    expect(`${error.message} ${String(error.stack)}`).not.toContain("s3cr3t");
    expect(error.message).toContain(thrown.name);
  });
});

describe("a dial", () => {
  it("opens with the chosen subprotocol, and once only", () => {
    const { rude, log } = dialRude(new RudeSocket(), ["chat"]);
    rude.protocol = "chat";
    rude.fire("open");
    rude.fire("open");
    expect(log.lines).toEqual(["opened chat"]);
  });

  it("opens a socket that was open when it was made, after dial has returned", async () => {
    const rude = new RudeSocket();
    rude.readyState = 1;
    rude.protocol = null;
    const { log, socket } = dialRude(rude);
    expect(log.lines).toEqual([]);
    await Promise.resolve();
    expect(log.lines).toEqual(["opened"]);
    expect(socket.send("at once")).toBe(true);
  });

  it("opens an adopted socket", async () => {
    const rude = new RudeSocket();
    rude.readyState = 1;
    const log = new Log();
    adoptSocket(rude, log);
    await Promise.resolve();
    expect(log.lines).toEqual(["opened"]);
  });

  it("tells the subprotocol that the upgrade was answered with, where the adopted socket does not know it", async () => {
    const rude = new RudeSocket();
    rude.readyState = 1;
    const log = new Log();
    adoptSocket(rude, log, { protocol: "b.v1" });
    await Promise.resolve();
    expect(log.lines).toEqual(["opened b.v1"]);
  });

  it("says nothing about an open socket that is abandoned in the turn of the dial", async () => {
    const rude = new RudeSocket();
    rude.readyState = 1;
    const { log, socket } = dialRude(rude);
    socket.abandon();
    await Promise.resolve();
    expect(log.lines).toEqual([]);
  });

  it("ends with 1006 if the socket was closed when it was made", async () => {
    const rude = new RudeSocket();
    rude.readyState = 3;
    const { log, clock } = dialRude(rude);
    await Promise.resolve();
    clock.advance(1);
    expect(log.lines).toEqual(["closed 1006"]);
  });

  it("ends with 1006 in another turn if the runtime fires error alone, as Node 22 does", () => {
    const { rude, log, clock } = dialRude();
    rude.fire("error", { message: "Received network error or non-101 status code." });
    expect(log.lines).toEqual([]);
    clock.advance(1);
    expect(log.end).toEqual({ code: 1006, reason: "", wasClean: false, failed: true, httpStatus: undefined });
    expect(rude.closes).toEqual([[]]);
  });

  it.each([
    "Unexpected server response: 401",
    "NetworkError: Invalid status code: 401",
    "'ws://a:443/503' failed: Expected 101 status code: 401",
  ])("tells the HTTP status in %j", (message) => {
    const { rude, log } = dialRude();
    rude.fire("error", { message });
    rude.fire("close", { code: 1006 });
    expect(log.end).toEqual({ code: 1006, reason: "", wasClean: false, failed: true, httpStatus: 401 });
  });

  it("reads no HTTP status out of an address", () => {
    const { rude, log } = dialRude();
    rude.fire("error", { message: "WebSocket connection to 'ws://example.test:443/404' failed" });
    rude.fire("close", { code: 1006 });
    expect(log.end?.httpStatus).toBeUndefined();
  });

  it("never hands on an error event or the error in it, which may quote the URL", () => {
    const { rude, log } = dialRude();
    rude.fire("error", Object.assign({ message: "s3cr3t" }, { error: new Error("s3cr3t"), target: { url: "s3cr3t" } }));
    rude.fire("close", { code: 1006 });
    expect(JSON.stringify(log.end)).not.toContain("s3cr3t");
    expect(log.end).not.toHaveProperty("cause");
  });
});

describe("the end", () => {
  it("comes once, however often the runtime fires error and close", () => {
    const { rude, log, clock } = dialRude();
    for (const type of ["error", "close", "error", "close"] as const) rude.fire(type, { code: 1006 });
    clock.advance(10);
    expect(log.lines).toEqual(["closed 1006"]);
    expect(clock.pending).toBe(0);
  });

  it("comes from close where error and close both come, at once", () => {
    const { rude, log } = dialRude();
    rude.fire("open");
    rude.fire("error");
    rude.fire("close", { code: 4000, reason: "bye", wasClean: true });
    expect(log.end).toEqual({ code: 4000, reason: "bye", wasClean: true, failed: true, httpStatus: undefined });
  });

  it.each([{ code: 0 }, {}])("has code 1006 where the runtime says %o", (event) => {
    const { rude, log } = dialRude();
    rude.fire("close", event);
    expect(log.end).toEqual({ code: 1006, reason: "", wasClean: false });
  });

  // workerd and React Native put words of their own where no close frame came, and React Native never says `wasClean`.
  it("has no reason where no close frame came", () => {
    const { rude, log } = dialRude();
    rude.fire("open");
    rude.fire("close", { code: 1006, reason: "WebSocket disconnected without sending Close frame.", wasClean: false });
    expect(log.end).toEqual({ code: 1006, reason: "", wasClean: false });
  });

  it.each([1000, 1005, 4000])("is clean where a close frame came, whatever the runtime says of it (%i)", (code) => {
    const { rude, log } = dialRude();
    rude.fire("open");
    rude.fire("close", { code, reason: "bye", wasClean: false });
    expect(log.end).toEqual({ code, reason: "bye", wasClean: true });
  });

  it("is followed by nothing, not even a message", () => {
    const { rude, log } = dialRude();
    rude.fire("open");
    rude.fire("close", { code: 1000, wasClean: true });
    rude.fire("message", { data: "late" });
    rude.fire("open");
    expect(log.lines).toEqual(["opened", "closed 1000"]);
  });

  it("comes after 5 s if a peer that has said goodbye does not let go of the link, once that is found out", () => {
    const { rude, socket, log, clock } = dialRude();
    rude.fire("open");
    rude.readyState = 2;
    clock.advance(100_000);
    expect(log.lines).toEqual(["opened"]);
    expect(socket.send("data")).toBe(false);
    clock.advance(5_100);
    expect(log.lines).toEqual(["opened", "closed 1006"]);
    expect(clock.pending).toBe(0);
  });

  it("does not come by itself on a peer that never answers the close", () => {
    const { rude, socket, log, clock } = dialRude();
    rude.fire("open");
    socket.close(1000, "bye");
    expect(rude.closes).toEqual([[1000, "bye"]]);
    clock.advance(100_000);
    expect(log.lines).toEqual(["opened"]);
  });
});

describe("abandon", () => {
  it("says goodbye where it is given a code", () => {
    const { rude, socket } = dialRude();
    rude.fire("open");
    socket.abandon(1000, "bye");
    socket.abandon(1000, "again");
    expect(rude.closes).toEqual([[1000, "bye"]]);
  });

  it("closes a socket that opens after it was abandoned", () => {
    const { rude, socket, log } = dialRude();
    socket.abandon();
    rude.fire("open");
    expect(rude.closes).toEqual([[], []]);
    expect(log.lines).toEqual([]);
  });

  it("makes everything that the runtime fires later unheard", () => {
    const { rude, socket, log, clock } = dialRude();
    rude.fire("error");
    socket.abandon();
    for (const type of ["open", "message", "error", "close"] as const) rude.fire(type, { data: "late" });
    clock.advance(10);
    expect(log.lines).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it("does not throw where close throws", () => {
    const rude = new RudeSocket();
    rude.closeError = new Error("InvalidStateError");
    const { socket } = dialRude(rude);
    expect(() => {
      socket.abandon();
    }).not.toThrow();
  });
});

it("uses the clock that it is given, and no timer where nothing fails", () => {
  const clock = new VirtualClock();
  const rude = new RudeSocket();
  webSocketTransport({ webSocket: () => classOf(() => rude), clock })(request, new Log());
  rude.fire("open");
  expect(clock.pending).toBe(0);
});
