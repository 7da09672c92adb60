import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";
import { Outbox } from "../../../src/outbox/outbox.ts";
import { outcomesOf, setup } from "./setup.ts";

describe("a message that is being handed to the socket", () => {
  it("is written, whatever callbacks do to the queue meanwhile", () => {
    const all = setup({ maxCount: 2, overflow: "drop-oldest" });
    const { link, outbox, send } = all;
    send("first", { key: "k" });
    send("second");
    const write = link.write.bind(link);
    link.write = (data) => {
      if (data === "first") {
        outbox.clear();
        send("third", { key: "k" });
        send("fourth");
      }
      return write(data);
    };
    outbox.open();
    expect(link.written).toEqual(["first", "fourth"]);
    expect(outcomesOf(all)).toEqual({ first: "written", second: "discarded", third: "overflow", fourth: "written" });
  });

  it("has no timer any more when a callback has emptied the queue", () => {
    const { clock, link, outbox, send, outcomes } = setup();
    send("first", { ttl: 1_000 });
    const write = link.write.bind(link);
    const timers: number[] = [];
    link.write = (data) => {
      outbox.clear();
      timers.push(clock.pending);
      return write(data);
    };
    outbox.open();
    expect(timers).toEqual([0]);
    expect(outcomes.get("first")).toEqual(["written"]);
  });

  it("can be replaced again once the socket has refused it", () => {
    const { link, outbox, send, outcomes } = setup();
    send("old", { key: "k" });
    link.up = false;
    outbox.open();
    send("new", { key: "k" });
    expect(outcomes.get("old")).toEqual(["replaced"]);
    expect(outbox.size).toBe(1);
  });

  it("tells its layer before, and takes it back if the link refuses", () => {
    const told: boolean[] = [];
    let takes = false;
    const outbox = new Outbox({}, new VirtualClock(), {
      write: () => takes,
      buffered: () => 0,
      dropped: () => undefined,
      report: () => undefined,
    });
    outbox.queue("frame", { writing: (now) => told.push(now) });
    outbox.open();
    expect(told).toEqual([true, false]);
    takes = true;
    outbox.open();
    expect(told).toEqual([true, false, true]);
    outbox.lost();
  });
});

describe("an outbox with a mark of 0", () => {
  it("writes to an empty socket, one message at a time", () => {
    const { link, outbox, send } = setup({ highWater: 0 });
    outbox.open();
    expect(send("first")).toBe("written");
    expect(send("second")).toBe("queued");
    link.buffered = 0;
  });
});

describe("waiting until everything is drained", () => {
  it("needs no timer while there is no link", async () => {
    const { clock, outbox, send } = setup();
    send("queued");
    void outbox.drain();
    await clock.advanceAsync(0);
    expect(clock.pending).toBe(0);
  });

  it("ends on a socket that cannot tell what it holds, as soon as the queue is empty", async () => {
    const { clock, link, outbox, send } = setup();
    link.buffered = undefined;
    send("queued");
    let drained = false;
    void outbox.drain().then(() => (drained = true));
    outbox.open();
    await clock.advanceAsync(0);
    expect(drained).toBe(true);
  });

  it("goes on past the flush of a new link, until that socket has little left", async () => {
    const { clock, link, outbox, send } = setup({ lowWater: 0 });
    send("queued");
    let drained = false;
    void outbox.drain().then(() => (drained = true));
    outbox.open();
    await clock.advanceAsync(1_000);
    expect([drained, outbox.size]).toEqual([false, 0]);
    link.buffered = 0;
    await clock.advanceAsync(1_000);
    expect(drained).toBe(true);
  });
});
