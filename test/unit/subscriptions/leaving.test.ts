import { describe, expect, it } from "vitest";
import { HoldfastError, type ErrorCode, RequestError } from "../../../src/core/errors.ts";
import { Subscriptions } from "../../../src/subscriptions/subscriptions.ts";
import { feed } from "./setup.ts";

/** Subscriptions whose unsubscribe calls fail, each with the next of `failures`. */
function failing(...failures: readonly unknown[]): {
  readonly subscriptions: Subscriptions;
  readonly left: string[];
  readonly errors: HoldfastError[];
  readonly leave: () => Promise<void>;
} {
  const left: string[] = [];
  const errors: HoldfastError[] = [];
  const rest = [...failures];
  const subscriptions = new Subscriptions({
    subscribe: () => Promise.resolve(),
    unsubscribe: (topic) => {
      left.push(topic);
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- also what is no error
      return rest.length > 0 ? Promise.reject(rest.shift()) : Promise.resolve();
    },
    check: (_topic, data) => data,
    gap: () => undefined,
    report: (error) => {
      errors.push(error);
    },
  });
  const leave = async (): Promise<void> => {
    subscriptions.opened();
    subscriptions.subscribe("trades").listen(() => undefined)();
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  };
  return { subscriptions, left, errors, leave };
}

/** Subscriptions whose calls are written down; each subscribe call, counted from 1, is answered by `answer`. */
function answering(
  answer: (asked: number) => Promise<unknown>,
  report: (error: HoldfastError) => void = () => undefined,
): {
  readonly subscriptions: Subscriptions;
  readonly calls: readonly string[];
} {
  const calls: string[] = [];
  const subscriptions = new Subscriptions({
    subscribe: (topic) => {
      calls.push(`+${topic}`);
      return answer(calls.length);
    },
    unsubscribe: (topic) => {
      calls.push(`-${topic}`);
      return Promise.resolve();
    },
    check: (_topic, data) => data,
    gap: () => undefined,
    report,
  });
  return { subscriptions, calls };
}

/** Makes a payload so many times, and then throws. */
function payloads(times = 1): () => number {
  return () => {
    if (--times < 0) throw new Error("no payload");
    return times;
  };
}

function failure(code: ErrorCode, sent: boolean): RequestError {
  return new RequestError(code, "no", { method: "unsubscribe", sent });
}

describe("a topic that fails while the server may have it, since a call before timed out,", () => {
  const timedOut = new RequestError("TIMEOUT", "no", { method: "subscribe", sent: true });

  it.each([
    ["by the server's no", 9],
    ["by its payload", 1],
  ])("%s, is left", async (_, times) => {
    const refused = new HoldfastError("REMOTE_ERROR", "no");
    const { subscriptions, calls } = answering((asked) => Promise.reject(asked === 1 ? timedOut : refused));
    subscriptions.opened();
    subscriptions.subscribe("trades", { params: payloads(times) }).listen(() => undefined);
    for (let turn = 0; turn < 9; turn++) await Promise.resolve();
    expect(subscriptions.size).toBe(0);
    expect(calls.at(-1)).toBe("-trades");
    expect(calls.filter((call) => call === "-trades")).toHaveLength(1);
  });

  it.each<[string, (subscriptions: Subscriptions) => void, number]>([
    [
      "the link is lost",
      (subscriptions) => {
        subscriptions.lost();
      },
      0,
    ],
    ["it is wanted again", (subscriptions) => void subscriptions.subscribe("trades").listen(() => undefined), 1],
  ])("is not left if, as that is told, %s", async (_, act, size) => {
    const never = new Promise<never>(() => undefined);
    const refused = new HoldfastError("REMOTE_ERROR", "no");
    const { subscriptions, calls } = answering(
      (asked) => (asked === 1 ? Promise.reject(timedOut) : asked === 2 ? Promise.reject(refused) : never),
      () => {
        act(subscriptions);
      },
    );
    subscriptions.opened();
    subscriptions.subscribe("trades").listen(() => undefined);
    for (let turn = 0; turn < 9; turn++) await Promise.resolve();
    expect(subscriptions.size).toBe(size);
    expect(calls).not.toContain("-trades");
  });

  it("is not left on a link on which it was not asked for", async () => {
    const never = new Promise<never>(() => undefined);
    const { subscriptions, calls } = answering((asked) => (asked === 1 ? Promise.reject(timedOut) : never));
    subscriptions.opened();
    subscriptions.subscribe("trades", { params: payloads(2) }).listen(() => undefined);
    for (let turn = 0; turn < 9; turn++) await Promise.resolve();
    subscriptions.lost();
    subscriptions.opened();
    expect(subscriptions.size).toBe(0);
    expect(calls).toEqual(["+trades", "+trades"]);
  });
});

describe("an unsubscribe call that fails", () => {
  it.each([
    ["before it was sent", false],
    ["and nobody knows whether the server has heard it: leaving twice does no harm", true],
  ])("is made again if it timed out %s", async (_, sent) => {
    const { left, errors, leave } = failing(failure("TIMEOUT", sent));
    await leave();
    expect(left).toEqual(["trades", "trades"]);
    expect(errors).toEqual([]);
  });

  it("is made again if the application has emptied the queue", async () => {
    const { left, errors, leave } = failing(failure("DISCARDED", false));
    await leave();
    expect(left).toEqual(["trades", "trades"]);
    expect(errors).toEqual([]);
  });

  it("is made again once, however often the topic was left meanwhile", async () => {
    const late = failure("TIMEOUT", true);
    const { subscriptions, left } = failing(late, late, late);
    subscriptions.opened();
    for (let time = 0; time < 3; time++) subscriptions.subscribe("trades").listen(() => undefined)();
    for (let turn = 0; turn < 9; turn++) await Promise.resolve();
    expect(left).toEqual(["trades", "trades", "trades", "trades"]);
  });

  it("is made five times on a server that never answers, and then reported", async () => {
    const late = failure("TIMEOUT", true);
    const { left, errors, leave } = failing(...Array.from({ length: 9 }, () => late));
    await leave();
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    expect(left).toHaveLength(5);
    expect(errors).toEqual([late]);
  });

  it("is reported if the queue is full: the server goes on sending", async () => {
    const full = failure("QUEUE_FULL", false);
    const { left, errors, leave } = failing(full);
    await leave();
    expect(left).toEqual(["trades"]);
    expect(errors).toEqual([full]);
  });

  it.each([
    ["was lost with its link", failure("OUTCOME_UNKNOWN", true)],
    ["was sent to a full queue of the server", failure("QUEUE_FULL", true)],
    ["was refused", new HoldfastError("REMOTE_ERROR", "no")],
    ["failed in a way of its own", Object.assign(new Error("own"), { code: "TIMEOUT" })],
    ["failed, and nobody said how", undefined],
  ])("is left at that if it %s", async (_, error) => {
    const { left, errors, leave } = failing(error);
    await leave();
    expect(left).toEqual(["trades"]);
    expect(errors).toEqual([]);
  });

  it("is made again if the topic was wanted again meanwhile, and that failed too", async () => {
    const discarded = failure("DISCARDED", false);
    const calls: string[] = [];
    const fails = (call: string) => (): Promise<unknown> => {
      calls.push(call);
      if (calls.length === 3) return Promise.reject(new HoldfastError("REMOTE_ERROR", "no"));
      return calls.length === 2 ? Promise.reject(discarded) : Promise.resolve();
    };
    const subscriptions = new Subscriptions({
      subscribe: fails("+"),
      unsubscribe: fails("-"),
      check: (_topic, data) => data,
      gap: () => undefined,
      report: () => undefined,
    });
    subscriptions.opened();
    subscriptions.subscribe("trades").listen(() => undefined)();
    subscriptions.subscribe("trades").listen(() => undefined);
    for (let turn = 0; turn < 9; turn++) await Promise.resolve();
    expect(subscriptions.size).toBe(0);
    expect(calls.join("")).toBe("+-+-");
  });

  it("is left at that if the topic is wanted again, or the link is gone", async () => {
    for (const after of ["wanted", "lost"] as const) {
      const { subscriptions, left, leave } = failing(failure("TIMEOUT", false));
      const done = leave();
      if (after === "wanted") subscriptions.subscribe("trades").listen(() => undefined);
      else subscriptions.lost();
      await done;
      expect(left).toEqual(["trades"]);
    }
  });
});

describe("the calls of subscriptions", () => {
  it("do not count among the application's requests", async () => {
    const all = feed({ rpc: { maxPending: 1 } });
    all.verdict = "silence";
    const { client, open, go, calls } = all;
    await open();
    void client.request("slow" as never);
    client.subscribe("trades").listen(() => undefined);
    client.subscribe("quotes" as never).listen(() => undefined);
    await go();
    expect(calls()).toEqual(["subscribe trades", "subscribe quotes"]);
    await expect(client.request("another" as never)).rejects.toMatchObject({ code: "QUEUE_FULL" });
  });

  it("are for one link: what a full socket held back is not sent on the next one too", async () => {
    const { client, server, open, go, calls } = feed({ outbox: { highWater: 1 } });
    await open();
    server.rate = 1;
    client.send("so long that it takes a while");
    client.subscribe("trades").listen(() => undefined);
    expect(client.queue.size).toBe(1);
    server.rate = Infinity;
    server.last.drop();
    await go(10_000);
    expect(server.dials).toBe(2);
    expect(calls()).toEqual(["subscribe trades"]);
  });
});
