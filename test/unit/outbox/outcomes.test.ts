import { describe, expect, it } from "vitest";
import { CountingController } from "../../support/counting-controller.ts";
import { outcomesOf, setup } from "./setup.ts";

describe("an options object that is used again with other values", () => {
  it("changes nothing about the message that it came with first", () => {
    const { outbox, link } = setup();
    const told: string[] = [];
    const options: { key: string; scope: "client" | "connection"; settled: (outcome: string) => void } = {
      key: "a",
      scope: "connection",
      settled: (outcome) => told.push(`first ${outcome}`),
    };
    outbox.send("first", options);
    Object.assign(options, { key: "b", scope: "client", settled: (outcome: string) => told.push(`second ${outcome}`) });
    outbox.send("second", options);
    outbox.lost(); // the link that was waited for
    outbox.open();
    expect(link.written).toEqual(["second"]);
    expect(told).toEqual(["first discarded", "second written"]);
  });
});

describe("a message with a ttl", () => {
  it("expires at its time, to the millisecond, wherever it stands", () => {
    const all = setup({ ttl: 500 });
    const { clock, outbox, outcomes, send } = all;
    send("for ever", { ttl: Infinity });
    send("by default");
    send("soon", { ttl: 100 });
    send("at once", { ttl: 0 });
    clock.advance(0);
    expect([...outcomes.keys()]).toEqual(["at once"]);
    clock.advance(99);
    expect([...outcomes.keys()]).toEqual(["at once"]);
    clock.advance(1);
    expect([...outcomes.keys()]).toEqual(["at once", "soon"]);
    clock.advance(399);
    expect(outbox.size).toBe(2);
    clock.advance(1);
    expect(outcomesOf(all)).toEqual({ "at once": "expired", soon: "expired", "by default": "expired" });
    expect(clock.pending).toBe(0);
  });

  it("expires whatever is queued without one", () => {
    const { clock, outbox, outcomes, send } = setup();
    send("no ttl");
    send("soon", { ttl: 10 });
    send("later", { ttl: 20 });
    clock.advance(20);
    expect([...outcomes]).toEqual([
      ["soon", ["expired"]],
      ["later", ["expired"]],
    ]);
    expect(outbox.size).toBe(1);
  });

  it("is not written after its time, though its timer is late", () => {
    const { clock, link, outbox, outcomes, send } = setup();
    send("late", { ttl: 100 });
    send("later", { ttl: 5_000 });
    clock.jump(1_000);
    outbox.open();
    expect(link.written).toEqual(["later"]);
    expect(outcomes.get("late")).toEqual(["expired"]);
    clock.advance(10_000);
    expect(outcomes.get("late")).toEqual(["expired"]);
  });

  it("is written in time, and leaves no timer", () => {
    const { clock, outbox, outcomes, send } = setup();
    send("a", { ttl: 100 });
    clock.advance(99);
    outbox.open();
    expect(outcomes.get("a")).toEqual(["written"]);
    expect(clock.pending).toBe(0);
  });

  it("can be sent again by the callback that hears of it", () => {
    const { clock, outbox, outcomes, send } = setup();
    const again = (): void => {
      send("a", { ttl: 100 }, "second try");
    };
    send("a", { ttl: 100, settled: again });
    send("b", { ttl: 100 });
    clock.advance(100);
    expect(outbox.size).toBe(1);
    clock.advance(100);
    expect(outcomes.get("second try")).toEqual(["expired"]);
  });
});

describe("a message with a key", () => {
  it("takes the place of the queued one, at the end", () => {
    const { link, outbox, outcomes, send } = setup();
    send("1", { key: "k" });
    send("2");
    send("3", { key: "other" });
    send("4", { key: "k" });
    expect(outcomes.get("1")).toEqual(["replaced"]);
    expect(outbox.size).toBe(3);
    outbox.open();
    expect(link.written).toEqual(["2", "3", "4"]);
  });

  it("replaces nothing that has been written", () => {
    const { link, outbox, outcomes, send } = setup();
    send("1", { key: "k" });
    outbox.open();
    send("2", { key: "k" });
    expect(link.written).toEqual(["1", "2"]);
    expect(outcomes.get("1")).toEqual(["written"]);
  });

  it.each(["__proto__", "constructor", ""])("may be called %j", (key) => {
    const { outbox, outcomes, send } = setup();
    send("1", { key });
    expect(outbox.size).toBe(1);
    send("2", { key });
    expect(outcomes.get("1")).toEqual(["replaced"]);
    expect(outbox.size).toBe(1);
  });

  it("needs no room of its own in a full queue", () => {
    const { outbox, send } = setup({ maxCount: 1, maxBytes: 10 });
    send("123456789", { key: "k" });
    expect(send("1234567890", { key: "k" })).toBe("queued");
    expect([outbox.size, outbox.bytes]).toEqual([1, 10]);
  });

  it("replaces by an empty key like by any other, and not by none", () => {
    const all = setup();
    all.send("1", { key: "" });
    all.send("2");
    all.send("3", { key: "" });
    all.send("4");
    expect(outcomesOf(all)).toEqual({ 1: "replaced" });
  });

  it("leaves the older one where it is if there is no room for the newer", () => {
    const { outbox, outcomes, send } = setup({ maxBytes: 10 });
    send("older", { key: "k" });
    expect(() => send("much too long", { key: "k" })).toThrow(/outbox\.maxCount/);
    expect(outcomes.size).toBe(0);
    expect([outbox.size, outbox.bytes]).toEqual([1, 5]);
  });
});

describe("a message with a signal", () => {
  it("is not taken if it is aborted already, and the reason comes back", () => {
    const { outbox, outcomes, send } = setup();
    const controller = new CountingController();
    const reason = { why: "not an error" };
    controller.abort(reason);
    let thrown: unknown;
    try {
      send("a", { signal: controller.signal });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBe(reason);
    expect(outbox.size).toBe(0);
    expect(outcomes.size).toBe(0);
    expect(controller.listeners).toBe(0);
  });

  it("is taken out when it aborts", () => {
    const { link, outbox, outcomes, send } = setup();
    const controller = new CountingController();
    send("a");
    send("b", { signal: controller.signal });
    send("c");
    expect(controller.listeners).toBe(1);
    controller.abort();
    expect(outcomes.get("b")).toEqual(["aborted"]);
    expect(controller.listeners).toBe(0);
    outbox.open();
    expect(link.written).toEqual(["a", "c"]);
  });

  it("leaves no listener on it, however it ends", () => {
    const controller = new CountingController();
    const { signal } = controller;
    const { clock, outbox, send } = setup({ maxCount: 3, overflow: "drop-oldest" });
    send("evicted", { signal });
    send("expired", { signal, ttl: 10 });
    send("replaced", { signal, key: "k" });
    send("written", { signal, key: "k" });
    send("one more", { signal });
    expect(controller.listeners).toBe(3);
    clock.advance(10);
    outbox.open();
    expect(controller.listeners).toBe(0);
    expect(send("straight", { signal })).toBe("written");
    outbox.lost();
    send("discarded", { signal });
    outbox.clear();
    expect(controller.listeners).toBe(0);
  });

  it("can be taken out by the function that queue() returns, once", () => {
    const { outbox, outcomes, link } = setup();
    const cancel = outbox.queue("a", { settled: (outcome) => outcomes.set("a", [outcome]) });
    cancel();
    cancel();
    expect(outcomes.get("a")).toEqual(["aborted"]);
    expect(link.dropped).toEqual([["a", "aborted"]]);
  });
});

describe("a message that found no room", () => {
  it("cannot be taken out again: the function that does it finds nothing", () => {
    const { outbox, link, send } = setup({ maxCount: 1, overflow: "drop-newest" });
    send("a");
    const cancel = outbox.queue("b", {});
    cancel();
    expect([outbox.size, outbox.bytes]).toEqual([1, 1]);
    expect(link.dropped).toEqual([["b", "overflow"]]);
    outbox.open();
    expect(link.written).toEqual(["a"]);
  });
});

describe("a message for this connection only", () => {
  it("is discarded with it, also if it was queued before the connection", () => {
    const { link, outbox, outcomes, send } = setup();
    send("before", { scope: "connection" });
    outbox.open();
    expect(link.written).toEqual(["before"]);
    outbox.hold();
    send("mine", { scope: "connection" });
    send("anyone's", { scope: "client" });
    outbox.lost();
    expect(outcomes.get("mine")).toEqual(["discarded"]);
    outbox.open();
    expect(link.written).toEqual(["before", "anyone's"]);
  });
});

describe("clearing", () => {
  it("discards everything and says so of each", () => {
    const { link, outbox, outcomes, send } = setup();
    send("a");
    send("b", { key: "k" });
    outbox.clear();
    outbox.clear();
    expect([...outcomes.values()]).toEqual([["discarded"], ["discarded"]]);
    expect([outbox.size, outbox.bytes]).toEqual([0, 0]);
    outbox.open();
    expect(link.written).toEqual([]);
  });

  it("leaves alone what a callback queues meanwhile", () => {
    const { link, outbox, send } = setup();
    send("a", {
      settled: () => {
        send("new");
      },
    });
    send("b");
    outbox.clear();
    expect(outbox.size).toBe(1);
    outbox.open();
    expect(link.written).toEqual(["new"]);
  });

  it("is the one outcome of a message whose successor did not fit, and discarded it within that", () => {
    const { link, outbox, send } = setup({ maxBytes: 3, overflow: "drop-newest" });
    send("old", { key: "k" });
    send("does not fit", {
      key: "k",
      settled: () => {
        outbox.clear();
      },
    });
    expect(link.dropped).toEqual([
      ["does not fit", "overflow"],
      ["old", "discarded"],
    ]);
  });

  it("says what a callback does to the others first", () => {
    const all = setup();
    const { outbox, send } = all;
    const controller = new AbortController();
    send("a", {
      settled: () => {
        controller.abort();
      },
    });
    send("b", { signal: controller.signal });
    send("c");
    outbox.clear();
    expect(outcomesOf(all)).toEqual({ b: "aborted", c: "discarded" });
  });
});
