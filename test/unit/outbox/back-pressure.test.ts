import { describe, expect, it } from "vitest";
import { setup } from "./setup.ts";

const kilobyte = "x".repeat(1_000);

describe("a socket that does not keep up", () => {
  it("gets no more than the high-water mark and one message; the rest waits", () => {
    const { link, outbox, send } = setup({ highWater: 10_000 });
    outbox.open();
    for (let n = 0; n < 50; n++) send(kilobyte, {}, String(n));
    expect(link.buffered).toBe(10_000);
    expect(outbox.size).toBe(40);
    expect(send("1", {}, "small ones do not overtake")).toBe("queued");
  });

  it("gets more when it is below the low-water mark, a quarter of the high one by default, and not before", () => {
    const { clock, link, outbox, send } = setup({ highWater: 10_000 });
    outbox.open();
    for (let n = 0; n < 30; n++) send(kilobyte, {}, String(n));
    link.buffered = 2_501;
    clock.advance(1_000);
    expect(outbox.size).toBe(20);
    link.buffered = 2_500;
    clock.advance(50);
    expect(link.written).toHaveLength(10 + 8);
    link.buffered = 0;
    clock.advance(50);
    link.buffered = 0;
    clock.advance(50);
    expect(outbox.size).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it("is looked at by a timer only while something waits for it", () => {
    const { clock, link, outbox, send } = setup({ highWater: 100 });
    outbox.open();
    expect(clock.pending).toBe(0);
    link.buffered = 1_000;
    send("a");
    expect(clock.pending).toBe(1);
    outbox.lost();
    expect(clock.pending).toBe(0);
  });

  it("is looked at soon at first, and then less and less often, down to every 50 ms, until it moves", () => {
    const { clock, link, outbox, send } = setup({ highWater: 100, lowWater: 100 });
    const looks: number[] = [];
    let held = 1_000;
    Object.defineProperty(link, "buffered", {
      get: () => {
        if (looks.at(-1) !== clock.now()) looks.push(clock.now());
        return held;
      },
      set: (bytes: number) => {
        held = bytes;
      },
    });
    outbox.open();
    send("x".repeat(100), {}, "a");
    send("x".repeat(100), {}, "b");
    clock.advance(300);
    const waits = looks.slice(1).map((at, index) => at - (looks[index] ?? 0));
    expect(waits[0]).toBeLessThan(10);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits.at(-1)).toBe(50);
    held = 0;
    while (link.written.length === 0) clock.advance(1);
    looks.length = 0;
    clock.advance(9);
    expect(looks.length).toBeGreaterThan(0);
  });

  it("is tried less and less often if it has room and takes nothing", () => {
    const { clock, link, outbox, send } = setup();
    const tries: number[] = [];
    link.write = () => {
      tries.push(clock.now());
      return false;
    };
    send("a");
    outbox.open();
    clock.advance(300);
    const waits = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect([waits[0], waits.at(-1)]).toEqual([4, 50]);
  });

  it("that cannot tell what it holds, and takes nothing, gets everything when it does", () => {
    const { clock, link, outbox, send } = setup();
    link.buffered = undefined;
    link.up = false;
    send("a");
    outbox.open();
    clock.advance(1_000);
    link.up = true;
    clock.advance(50);
    expect(link.written).toEqual(["a"]);
  });

  it("is not looked at any more when the link went while the queue was being written", () => {
    const { clock, link, outbox, send } = setup();
    send("a", {
      settled: () => {
        outbox.lost();
      },
    });
    send("b");
    outbox.open();
    expect(link.written).toEqual(["a"]);
    expect(outbox.size).toBe(1);
    expect(clock.pending).toBe(0);
  });

  it("may have a low-water mark of its own, which is never above the high one", () => {
    const { clock, link, outbox, send } = setup({ highWater: 100, lowWater: 1_000 });
    outbox.open();
    link.buffered = 101;
    send("a");
    clock.advance(500);
    expect(link.written).toEqual([]);
    link.buffered = 99;
    clock.advance(50);
    expect(link.written).toEqual(["a"]);
  });

  it("that cannot tell what it holds gets everything", () => {
    const { link, outbox, send } = setup({ highWater: 10 });
    link.buffered = undefined;
    outbox.open();
    for (let n = 0; n < 100; n++) expect(send(kilobyte, {}, String(n))).toBe("written");
  });

  it("leaves messages where they can still expire, be replaced, be aborted, or survive it", () => {
    const { clock, link, outbox, outcomes, send } = setup({ highWater: 10 });
    outbox.open();
    link.buffered = 100;
    const controller = new AbortController();
    send("expires", { ttl: 10 });
    send("replaced", { key: "k" });
    send("newer", { key: "k" });
    send("aborted", { signal: controller.signal });
    controller.abort();
    clock.advance(10);
    expect([...outcomes]).toEqual([
      ["replaced", ["replaced"]],
      ["aborted", ["aborted"]],
      ["expires", ["expired"]],
    ]);
    outbox.lost();
    link.buffered = 0;
    outbox.open();
    expect(link.written).toEqual(["newer"]);
  });
});

describe("drain()", () => {
  const drained = (outbox: { drain(): Promise<void> }): { done: boolean } => {
    const state = { done: false };
    void outbox.drain().then(() => {
      state.done = true;
    });
    return state;
  };

  it("resolves at once when nothing is queued and the socket has room", async () => {
    const { clock, outbox } = setup();
    await outbox.drain();
    outbox.open();
    await outbox.drain();
    expect(clock.pending).toBe(0);
  });

  it("asks no socket before there is a link", async () => {
    const { link, outbox } = setup({ highWater: 10 });
    link.buffered = 100;
    await outbox.drain();
    expect(outbox.size).toBe(0);
  });

  it("waits for what is queued to be written", async () => {
    const { clock, outbox, send } = setup();
    send("a");
    const state = drained(outbox);
    await clock.advanceAsync(10_000);
    expect(state.done).toBe(false);
    outbox.open();
    await clock.settle();
    expect(state.done).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it("waits for the socket to fall to the low-water mark", async () => {
    const { clock, link, outbox, send } = setup({ highWater: 100 });
    outbox.open();
    send(kilobyte);
    expect(outbox.size).toBe(0);
    const state = drained(outbox);
    await clock.advanceAsync(10_000);
    expect(state.done).toBe(false);
    link.buffered = 25;
    await clock.advanceAsync(50);
    expect(state.done).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it("resolves for everybody who waits", async () => {
    const { clock, outbox, send } = setup();
    send("a");
    const states = [drained(outbox), drained(outbox)];
    outbox.clear();
    await clock.settle();
    expect(states).toEqual([{ done: true }, { done: true }]);
  });

  it("waits through a lost link for the next one", async () => {
    const { clock, link, outbox, send } = setup({ highWater: 10 });
    outbox.open();
    link.buffered = 100;
    send("a");
    const state = drained(outbox);
    outbox.lost();
    link.buffered = 0;
    await clock.advanceAsync(1_000);
    expect(state.done).toBe(false);
    outbox.open();
    await clock.settle();
    expect(state.done).toBe(true);
  });

  it("waits no longer for a socket that is gone: it will never send more", async () => {
    const { clock, link, outbox } = setup({ highWater: 10 });
    outbox.open();
    link.buffered = 100;
    const state = drained(outbox);
    outbox.lost();
    outbox.clear();
    await clock.settle();
    expect(state.done).toBe(true);
    await outbox.drain();
  });

  it("does wait for a socket that is only in doubt", async () => {
    const { clock, link, outbox } = setup({ highWater: 10 });
    outbox.open();
    link.buffered = 100;
    outbox.hold();
    const state = drained(outbox);
    await clock.advanceAsync(1_000);
    expect(state.done).toBe(false);
    link.buffered = 0;
    outbox.open();
    await clock.settle();
    expect(state.done).toBe(true);
  });
});
