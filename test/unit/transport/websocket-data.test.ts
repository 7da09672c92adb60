import { describe, expect, it } from "vitest";
import { dialRude, RudeSocket } from "./rude-socket.ts";

describe("data", () => {
  it("is taken only while the socket is open", () => {
    const { rude, socket } = dialRude();
    const answers = [0, 1, 2, 3].map((readyState) => {
      rude.readyState = readyState;
      return socket.send(String(readyState));
    });
    expect(answers).toEqual([false, true, false, false]);
    expect(rude.sent).toEqual(["1"]);
  });

  it("is counted as the platform counts it, if it does", () => {
    const rude = new RudeSocket();
    const { socket } = dialRude(rude);
    rude.bufferedAmount = 7;
    expect(socket.bufferedAmount).toBe(7);
    expect("ping" in socket).toBe(false);
  });

  it("comes through as it is where it is text or an ArrayBuffer", () => {
    const { rude, log } = dialRude();
    const bytes = new ArrayBuffer(3);
    rude.fire("open");
    rude.fire("message", { data: "text" });
    rude.fire("message", { data: bytes });
    expect(log.messages[0]).toBe("text");
    expect(log.messages[1]).toBe(bytes);
  });

  it("becomes an ArrayBuffer of its own where it is a view", () => {
    const { rude, log } = dialRude();
    rude.fire("open");
    rude.fire("message", { data: Buffer.from("abc").subarray(1) });
    expect(log.messages).toEqual([new Uint8Array([98, 99]).buffer]);
  });

  it("keeps its order where Blobs are among it, and comes before the end", async () => {
    const { rude, log } = dialRude();
    rude.fire("open");
    rude.fire("message", { data: new Blob(["a"]) });
    rude.fire("message", { data: "b" });
    rude.fire("message", { data: new Blob(["c"]) });
    rude.fire("close", { code: 1000, wasClean: true });
    await expect.poll(() => log.end).toBeDefined();
    expect(log.messages).toEqual([new Uint8Array([97]).buffer, "b", new Uint8Array([99]).buffer]);
    expect(log.lines).toEqual(["opened", "message", "message", "message", "closed 1000"]);
  });

  it("ends the link where a Blob cannot be read, for a gap must not pass unseen", async () => {
    const { rude, log, clock } = dialRude();
    rude.fire("open");
    rude.fire("message", { data: { arrayBuffer: () => Promise.reject(new Error("NotReadableError")) } });
    await clock.settle();
    clock.advance(1);
    expect(log.lines).toEqual(["opened", "closed 1006"]);
  });
});
