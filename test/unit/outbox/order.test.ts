import { describe, expect, it } from "vitest";
import { setup } from "./setup.ts";

describe("an outbox on an open link", () => {
  it("writes straight through, and calls nobody back", () => {
    const { link, outbox, outcomes, send } = setup();
    outbox.open();
    expect(send("a")).toBe("written");
    expect(outbox.write("b")).toBe(true);
    expect(link.written).toEqual(["a", "b"]);
    expect(outcomes.size).toBe(0);
    expect(outbox.size).toBe(0);
  });

  it("queues what the link does not take, and tries again", () => {
    const { clock, link, outbox, send } = setup();
    outbox.open();
    link.up = false;
    expect(outbox.write("never taken")).toBe(false);
    expect(send("a")).toBe("queued");
    expect(send("b")).toBe("queued");
    clock.advance(200);
    link.up = true;
    clock.advance(50);
    expect(link.written).toEqual(["a", "b"]);
    expect(clock.pending).toBe(0);
  });
});

describe("an outbox without a link", () => {
  it("queues in order, counts what it holds, and writes it when there is one", () => {
    const { link, outbox, outcomes, send } = setup();
    expect(send("ä")).toBe("queued");
    expect(send("b")).toBe("queued");
    expect(outbox.write("c")).toBe(false);
    expect([outbox.size, outbox.bytes]).toEqual([2, 3]);
    expect(link.written).toEqual([]);
    outbox.open();
    expect(link.written).toEqual(["ä", "b"]);
    expect([...outcomes]).toEqual([
      ["ä", ["written"]],
      ["b", ["written"]],
    ]);
  });

  it("keeps bytes as they are", () => {
    const { link, outbox } = setup();
    const bytes = new Uint8Array([1, 2, 3]);
    outbox.send(bytes);
    outbox.send(bytes.buffer);
    expect(outbox.bytes).toBe(6);
    outbox.open();
    expect(link.written).toEqual([bytes, bytes.buffer]);
  });

  it("is told when the link goes, and queues again", () => {
    const { link, outbox, send } = setup();
    outbox.open();
    send("a");
    outbox.lost();
    expect(send("b")).toBe("queued");
    outbox.open();
    expect(link.written).toEqual(["a", "b"]);
  });

  it("stops the flush where the link goes, and goes on from there with the next one", () => {
    const { link, outbox, send } = setup();
    for (const name of ["a", "b", "c"]) {
      send(name, {
        settled: () => {
          if (name === "b") outbox.lost();
        },
      });
    }
    outbox.open();
    expect(link.written).toEqual(["a", "b"]);
    outbox.open();
    expect(link.written).toEqual(["a", "b", "c"]);
  });

  it("holds back on demand without deciding anything", () => {
    const { link, outbox, outcomes, send } = setup();
    outbox.open();
    outbox.hold();
    expect(send("a", { scope: "connection" })).toBe("queued");
    expect(outcomes.size).toBe(0);
    outbox.open();
    expect(link.written).toEqual(["a"]);
  });
});

describe("what is sent during the flush", () => {
  it("is appended, and never overtakes", () => {
    const { link, outbox, outcomes, send } = setup();
    const results: string[] = [];
    const sendMore = (name: string) => (): void => {
      results.push(send(name), String(outbox.write("overtaker")));
    };
    send("a", { settled: sendMore("d") });
    send("b", { settled: sendMore("e") });
    send("c");
    outbox.open();
    expect(link.written).toEqual(["a", "b", "c", "d", "e"]);
    expect(results).toEqual(["queued", "false", "queued", "false"]);
    expect(outcomes.get("e")).toEqual(["written"]);
    expect(send("f")).toBe("written");
  });

  it("can be the end of what is queued, and everything still has one outcome", () => {
    const { link, outbox, outcomes, send } = setup();
    send("a", {
      settled: () => {
        outbox.clear();
      },
    });
    send("b");
    send("c");
    outbox.open();
    expect(link.written).toEqual(["a"]);
    expect([...outcomes]).toEqual([
      ["b", ["discarded"]],
      ["c", ["discarded"]],
    ]);
  });
});

describe("a callback that throws", () => {
  it("hurts neither the flush nor the others, and is reported", async () => {
    const { link, outbox, outcomes, send } = setup();
    const broken = new Error("broken");
    const settled = (): void => {
      throw broken;
    };
    send("a", { settled });
    send("b", { settled: () => Promise.reject(broken) });
    send("c");
    outbox.open();
    await Promise.resolve();
    expect(link.written).toEqual(["a", "b", "c"]);
    expect(outcomes.get("c")).toEqual(["written"]);
    expect(link.failures).toMatchObject([
      { code: "LISTENER_FAILED", cause: broken },
      { code: "LISTENER_FAILED", cause: broken },
    ]);
    expect(send("d")).toBe("written");
  });

  it("hurts no drop either", () => {
    const { clock, link, outbox, outcomes, send } = setup();
    const settled = (): void => {
      throw new Error("broken");
    };
    send("expires", { ttl: 10, settled });
    send("is discarded", { settled });
    send("too");
    clock.advance(10);
    outbox.clear();
    expect(link.dropped.map(([, reason]) => reason)).toEqual(["expired", "discarded", "discarded"]);
    expect(outcomes.get("too")).toEqual(["discarded"]);
    expect(link.failures).toHaveLength(2);
  });
});
