import { describe, expect, it } from "vitest";
import { HoldfastError, RemoteError } from "../../../src/core/errors.ts";
import { Subscriptions } from "../../../src/subscriptions/subscriptions.ts";
import type { Gap } from "../../../src/subscriptions/topic.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";

/** Subscriptions on a link that only records what it is asked, and answers as it is told. */
function setup(maxTopics?: number): {
  readonly subscriptions: Subscriptions;
  readonly calls: string[];
  readonly gaps: Gap[];
  readonly errors: HoldfastError[];
  readonly answers: (() => Promise<unknown>)[];
} {
  const calls: string[] = [];
  const gaps: Gap[] = [];
  const errors: HoldfastError[] = [];
  const answers: (() => Promise<unknown>)[] = [];
  const subscriptions = new Subscriptions(
    {
      subscribe: (topic, params) => {
        calls.push(`+${topic}${params === undefined ? "" : JSON.stringify(params)}`);
        return answers.shift()?.() ?? Promise.resolve();
      },
      unsubscribe: (topic) => {
        calls.push(`-${topic}`);
        return Promise.resolve();
      },
      check: (_topic, data) => data,
      gap: (gap) => {
        gaps.push(gap);
      },
      report: (error) => {
        errors.push(error);
      },
    },
    maxTopics,
  );
  return { subscriptions, calls, gaps, errors, answers };
}

const ignore = (): void => undefined;

describe("subscriptions without a client", () => {
  it("count the topics that have consumers", () => {
    const { subscriptions } = setup();
    expect(subscriptions.size).toBe(0);
    const stops = ["a", "b", "a"].map((topic) => subscriptions.subscribe(topic).listen(ignore));
    expect(subscriptions.size).toBe(2);
    for (const stop of stops) stop();
    expect(subscriptions.size).toBe(0);
  });

  it("say whether anybody wanted an event", () => {
    const { subscriptions } = setup();
    subscriptions.opened();
    subscriptions.subscribe("a").listen(ignore);
    expect(subscriptions.event("a", 1)).toBe(true);
    expect(subscriptions.event("b", 1)).toBe(false);
  });

  it("say so of an event that is repeated, too, and deliver it once", () => {
    const { subscriptions } = setup();
    const got: unknown[] = [];
    subscriptions.opened();
    subscriptions.subscribe("a", { sequence: (event) => event as number }).listen((event) => got.push(event)); // as sent
    expect([subscriptions.event("a", 1), subscriptions.event("a", 1)]).toEqual([true, true]);
    expect(got).toEqual([1]);
  });

  it("do not ask for the params of a topic that those of another one have ended", () => {
    const { subscriptions, calls } = setup();
    const asked: string[] = [];
    const paramsOf = (name: string): string => {
      asked.push(name);
      stop();
      return name;
    };
    subscriptions.subscribe("a", { params: () => paramsOf("a") }).listen(ignore);
    const stop = subscriptions.subscribe("b", { params: () => paramsOf("b") }).listen(ignore);
    subscriptions.opened();
    expect(asked).toEqual(["a"]);
    expect(calls).toEqual([`+a"a"`]);
  });

  it("refuse two functions of params for one topic: nobody knows what they answer", () => {
    const { subscriptions } = setup();
    const params = (): number => 1;
    subscriptions.subscribe("a", { params }).listen(ignore);
    subscriptions.subscribe("a", { params }).listen(ignore);
    expect(() => subscriptions.subscribe("a", { params: () => 1 }).listen(ignore)).toThrow(TypeError);
  });

  it("take the no of a server also if it is null", async () => {
    const { subscriptions, answers, errors } = setup();
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a schema may throw what it likes
    answers.push(() => Promise.reject(null));
    subscriptions.opened();
    const iterator = subscriptions.subscribe("a")[Symbol.asyncIterator]();
    await expect(iterator.next()).rejects.toBeInstanceOf(HoldfastError);
    expect(errors).toHaveLength(1);
    expect(subscriptions.size).toBe(0);
  });

  it("take the no of a server that says it within the call", async () => {
    const { subscriptions, answers, errors, calls } = setup();
    const refused = new RemoteError("no", 403);
    answers.push(() => Promise.reject(refused));
    subscriptions.opened();
    const iterator = subscriptions.subscribe("a")[Symbol.asyncIterator]();
    await expect(iterator.next()).rejects.toBe(refused);
    expect(errors).toEqual([refused]);
    expect(calls).toEqual(["+a"]);
    expect(subscriptions.size).toBe(0);
  });

  it("do not take an answer for the one to a later call", async () => {
    const { subscriptions, answers } = setup();
    const settle: (() => void)[] = [];
    answers.push(() => new Promise<void>((resolve) => settle.push(resolve)));
    answers.push(() => new Promise<void>((resolve) => settle.push(resolve)));
    const topic = subscriptions.subscribe("a");
    topic.listen(ignore);
    subscriptions.opened();
    subscriptions.lost();
    subscriptions.opened();
    settle[0]?.();
    await new VirtualClock().settle();
    expect(topic.live).toBe(false);
    settle[1]?.();
    await new VirtualClock().settle();
    expect(topic.live).toBe(true);
  });

  it("do not take a no to a topic that was left for one to the same topic, which is wanted again", async () => {
    const { subscriptions, answers, errors } = setup();
    const refuse: ((error: unknown) => void)[] = [];
    answers.push(() => new Promise((_resolve, reject) => refuse.push(reject)));
    const got: unknown[] = [];
    subscriptions.opened();
    const topic = subscriptions.subscribe("a");
    topic.listen(ignore)();
    topic.listen((event) => got.push(event));
    refuse[0]?.(new RemoteError("no", 403));
    await new VirtualClock().settle();
    expect([topic.live, errors]).toEqual([true, []]);
    subscriptions.event("a", 1);
    expect(got).toEqual([1]);
  });

  it("are on no link any more when the connection is over, though nobody said that it was lost", async () => {
    const { subscriptions, calls } = setup();
    subscriptions.opened();
    const topic = subscriptions.subscribe("a");
    const stop = topic.listen(ignore);
    await new VirtualClock().settle();
    expect(topic.live).toBe(true);
    subscriptions.end(undefined);
    expect(topic.live).toBe(false);
    stop();
    expect(calls).toEqual(["+a"]);
  });

  it("are not alive on a link that went before the answer came", async () => {
    const { subscriptions, answers } = setup();
    const settle: (() => void)[] = [];
    answers.push(() => new Promise<void>((resolve) => settle.push(resolve)));
    const topic = subscriptions.subscribe("a");
    topic.listen(ignore);
    subscriptions.opened();
    subscriptions.lost();
    settle[0]?.();
    await new VirtualClock().settle();
    expect(topic.live).toBe(false);
  });

  it("have room for ten thousand topics by default", () => {
    const { subscriptions } = setup();
    for (let n = 0; n < 10_000; n++) subscriptions.subscribe(String(n)).listen(ignore);
    expect(() => subscriptions.subscribe("one more").listen(ignore)).toThrow(
      expect.objectContaining({ code: "QUEUE_FULL" }),
    );
    expect(subscriptions.size).toBe(10_000);
  });
});
