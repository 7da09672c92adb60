import { describe, expect, it } from "vitest";
import { setup, outcomesOf } from "./setup.ts";
import { Outbox } from "../../../src/outbox/outbox.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";

const ten = "x".repeat(10);

describe("a full queue", () => {
  it("refuses the message that is one too many, and takes nothing of it", () => {
    const { outbox, outcomes, send } = setup({ maxCount: 3 });
    for (const name of ["a", "b", "c"]) expect(send(name)).toBe("queued");
    expect(() => send("d")).toThrow(expect.objectContaining({ code: "QUEUE_FULL" }));
    expect([outbox.size, outbox.bytes]).toEqual([3, 3]);
    expect(outcomes.size).toBe(0);
  });

  it("refuses the message that has a byte too many, and takes a smaller one", () => {
    const { outbox, send } = setup({ maxBytes: 25 });
    send(ten, {}, "1");
    send(ten, {}, "2");
    expect(() => send("123456")).toThrow(expect.objectContaining({ code: "QUEUE_FULL" }));
    expect(send("12345")).toBe("queued");
    expect(outbox.bytes).toBe(25);
  });

  it("counts bytes of UTF-8, not characters", () => {
    const { outbox, send } = setup({ maxBytes: 10 });
    send("€€");
    send("😀");
    expect(outbox.bytes).toBe(10);
    expect(() => send("x")).toThrow(expect.objectContaining({ code: "QUEUE_FULL" }));
  });

  it("lets the oldest go, as many as it takes, and says so of each", () => {
    const all = setup({ maxCount: 3, maxBytes: 30, overflow: "drop-oldest" });
    const { link, outbox, send } = all;
    send(ten, {}, "1");
    send("x", {}, "2");
    send(ten, {}, "3");
    send("y", {}, "4");
    expect(outcomesOf(all)).toEqual({ 1: "overflow" });
    send("z".repeat(25), {}, "5");
    expect(outcomesOf(all)).toEqual({ 1: "overflow", 2: "overflow", 3: "overflow" });
    expect([outbox.size, outbox.bytes]).toEqual([2, 26]);
    outbox.open();
    expect(link.written).toEqual(["y", "z".repeat(25)]);
  });

  it("lets nothing go for a message that could never fit: that one goes", () => {
    const all = setup({ maxBytes: 30, overflow: "drop-oldest" });
    const { outbox, send } = all;
    send(ten, {}, "fits");
    expect(send("z".repeat(31), {}, "never fits")).toBe("queued");
    expect(outcomesOf(all)).toEqual({ "never fits": "overflow" });
    expect(outbox.size).toBe(1);
  });

  it("lets the newest go, and says so", () => {
    const all = setup({ maxCount: 2, overflow: "drop-newest" });
    const { link, outbox, send } = all;
    send("a");
    send("b");
    send("c");
    expect(outcomesOf(all)).toEqual({ c: "overflow" });
    expect(link.dropped).toEqual([["c", "overflow"]]);
    outbox.open();
    expect(link.written).toEqual(["a", "b"]);
  });

  it("may have no room at all: then there is no queue", () => {
    for (const overflow of ["drop-oldest", "drop-newest"] as const) {
      const all = setup({ maxCount: 0, overflow });
      all.send("a");
      expect(outcomesOf(all)).toEqual({ a: "overflow" });
      all.outbox.open();
      expect(all.send("b")).toBe("written");
    }
    const { outbox, send } = setup({ maxCount: 0 });
    expect(() => send("a")).toThrow(expect.objectContaining({ code: "QUEUE_FULL" }));
    outbox.open();
    expect(send("b")).toBe("written");
  });

  it("has room again for each that leaves it, in whichever way", () => {
    const { clock, outbox, send } = setup({ maxCount: 1 });
    for (let round = 0; round < 3; round++) {
      send("expires", { ttl: 10 }, `expires ${round}`);
      clock.advance(10);
      send("is discarded", {}, `discarded ${round}`);
      outbox.clear();
      send("is written", {}, `written ${round}`);
      outbox.open();
      outbox.lost();
    }
    expect(outbox.size).toBe(0);
  });

  it("tell what they evicted for a message that did not fit after all, beside the one that is being written", () => {
    const all = setup({ maxBytes: 10, overflow: "drop-oldest" });
    const { link, outbox, send } = all;
    send("123456");
    send("789");
    const write = link.write.bind(link);
    link.write = (data) => {
      link.write = write;
      send("abcde"); // on the way of the first, which counts until it has been taken
      return write(data);
    };
    outbox.open();
    expect(outcomesOf(all)).toEqual({ 123456: "written", 789: "overflow", abcde: "overflow" });
  });

  it("stays within its bounds when the callbacks of evicted messages send again", () => {
    const { outbox, send } = setup({ maxCount: 2, overflow: "drop-oldest" });
    let sends = 0;
    const again = (): void => {
      if (sends < 10) send(`again ${++sends}`, { settled: again });
      expect(outbox.size).toBeLessThanOrEqual(2);
    };
    send("a", { settled: again });
    send("b", { settled: again });
    for (let n = 0; n < 20; n++) send("c");
    expect(sends).toBe(10);
    expect(outbox.size).toBe(2);
  });

  it("holds 10 000 messages and 16 MiB by default", () => {
    const { send, outbox } = setup();
    for (let n = 0; n < 10_000; n++) send("x", {}, String(n));
    expect(() => send("x")).toThrow(expect.objectContaining({ code: "QUEUE_FULL" }));
    outbox.clear();
    outbox.send(new Uint8Array(1 << 24));
    expect(() => send("x")).toThrow(expect.objectContaining({ code: "QUEUE_FULL" }));
  });
});

describe("the options of an outbox", () => {
  const sink = { write: () => true, buffered: () => 0, dropped: () => undefined, report: () => undefined };
  it.each([
    ["maxCount", -1],
    ["maxBytes", "1MB"],
    ["overflow", "drop"],
    ["highWater", Number.NaN],
    ["lowWater", null],
    ["ttl", {}],
    ["size", 1],
  ])("refuse %s: %j by name", (name, value) => {
    const make = (): unknown => new Outbox({ [name]: value }, new VirtualClock(), sink);
    expect(make).toThrow(TypeError);
    expect(make).toThrow(`"outbox.${name}"`);
  });
});
