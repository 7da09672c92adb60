import type { Random } from "../../src/core/random.ts";
import {
  isHoldfastError,
  RequestError,
  type SubscribeContext,
  type SubscribeOptions,
  type Subscription,
} from "../../src/index.ts";
import { chance, integer, pick } from "../../src/testing/seeded-random.ts";
import { FORBIDDEN, TOPICS } from "./feeds.ts";
import { type FeedEvent, Mischief } from "./frames.ts";
import type { Member } from "./member.ts";
import type { Run } from "./run.ts";
import type { Consumer } from "./topics.ts";

/** A buffer that holds whatever comes. */
const WHOLE = 1_000;
/** Listeners that one user has at once. */
const MOST = 6;

interface Listener {
  readonly subscription: Subscription<FeedEvent>;
  readonly consumer: Consumer;
  readonly off: () => void;
}

/** The part of a user that subscribes. */
export class Listening {
  readonly #run: Run;
  readonly #member: Member;
  readonly #random: Random;
  readonly #options: ReadonlyMap<string, SubscribeOptions<FeedEvent>>;
  #listeners: Listener[] = [];
  #iterating = 0;

  constructor(run: Run, member: Member) {
    this.#run = run;
    this.#member = member;
    this.#random = run.fork();
    this.#options = new Map([...TOPICS, FORBIDDEN].map((topic) => [topic, this.#optionsOf(topic)]));
  }

  get unfinished(): readonly string[] {
    return this.#iterating > 0 ? [`${this.#iterating} iterations still go on`] : [];
  }

  listen(topic: string = this.#topic()): void {
    const { client, topics, wire } = this.#member;
    if (this.#listeners.length >= MOST) return;
    // While the connection is being closed, nobody outside can tell whether those who iterate have ended the topic yet.
    if (this.#leaving() && topics.isIterated(topic)) return;
    const subscription = client.subscribe(topic, this.#options.get(topic));
    const consumer = topics.attach(topic, wire?.number ?? 0);
    try {
      const off = subscription.listen(() => {
        topics.got(consumer);
        this.#run.count("events");
        this.#member.provoked();
      });
      this.#listeners.push({ subscription, consumer, off });
    } catch (error) {
      this.#refused(error, consumer);
    }
  }

  /** Iterates until it has had enough, or the subscription ends. */
  iterate(): void {
    if (this.#leaving()) return;
    this.#iterating++;
    void this.#read(this.#topic()).finally(() => {
      this.#iterating--;
    });
  }

  /** Takes off one listener, or ends a whole subscription. */
  stop(): void {
    if (this.#listeners.length === 0) return;
    const [listener] = this.#listeners.splice(integer(this.#random, 0, this.#listeners.length - 1), 1);
    if (listener) this.#end(listener, chance(this.#random, 0.5) ? "off" : "close");
  }

  /** Where a subscribe call may have been lost, the user begins anew. */
  renew(): void {
    const { topics } = this.#member;
    const old = this.#listeners;
    this.#listeners = [];
    for (const listener of old) {
      const { topic } = listener.consumer;
      const doubtful = topics.isDoubtful(topic);
      if (!doubtful) this.#listeners.push(listener);
      else this.#end(listener, "off");
    }
  }

  /** At least one topic is wanted. */
  want(): void {
    if (this.#member.topics.wanted.length === 0) this.listen(TOPICS[0]);
  }

  async #read(topic: string): Promise<void> {
    const random = this.#random;
    const { client, page, topics, wire } = this.#member;
    const consumer = topics.attach(topic, wire?.number ?? 0, "iterates");
    const patience = integer(random, 1, 20);
    const buffer = { buffer: pick(random, [2, WHOLE]), overflow: "drop-oldest" } as const;
    let last: FeedEvent | undefined;
    try {
      for await (const event of client.subscribe(topic, { ...this.#options.get(topic), ...buffer })) {
        this.#run.check(
          !this.#isSecond(topic, event, last, buffer.buffer),
          () => `${this.#member.who}: event ${event.number} of ${topic} was iterated twice`,
        );
        last = event;
        if (++consumer.got > patience) topics.detach(consumer);
        if (consumer.got > patience) return;
        if (chance(random, 0.2)) await page.sleep(integer(random, 0, 20_000));
      }
      this.#run.check(!consumer.active, () => `${this.#member.who}: the iteration of ${topic} ended by itself`);
    } catch (error) {
      this.#refused(error, consumer);
    }
  }

  #end({ subscription, consumer, off }: Listener, how: "off" | "close"): void {
    this.#member.topics.detach(consumer);
    if (how === "off") off();
    else subscription.close();
  }

  /** There may be no more topics, or the server said no. */
  #refused(error: unknown, consumer: Consumer): void {
    const { topics, plan } = this.#member;
    const full = topics.wanted.length > plan.maxTopics || error instanceof RequestError;
    topics.detach(consumer);
    const known = isHoldfastError(error) && (error.code !== "QUEUE_FULL" || full);
    if (!known) this.#member.unexpected(error, `subscribe ${consumer.topic}`);
  }

  /** Whoever iterates while the connection is being closed cannot tell on which side of that he was. */
  #leaving(): boolean {
    const { name } = this.#member.client.state;
    return name === "closing" || name === "closed";
  }

  #topic(): string {
    return chance(this.#random, 0.05) ? FORBIDDEN : pick(this.#random, TOPICS);
  }

  /**
   * Twice the same. A small buffer may have dropped what came between two of one number: a server that counted anew, and
   * skipped events, says the same number again.
   */
  #isSecond(topic: string, event: FeedEvent, last: FeedEvent | undefined, buffer: number): boolean {
    if (event === last || buffer < WHOLE || !this.#numbered(topic)) return event === last;
    return event.generation === last?.generation && event.number === last.number;
  }

  #numbered(topic: string): boolean {
    return this.#options.get(topic)?.sequence !== undefined;
  }

  #optionsOf(topic: string): SubscribeOptions<FeedEvent> {
    if (!this.#member.topics.isNumbered(topic)) return {};
    return {
      sequence: ({ number }) => number,
      params: ({ lastSequence }: SubscribeContext) => {
        if (this.#run.stormy && chance(this.#random, 0.01)) throw new Mischief(`params ${topic}`);
        return { since: lastSequence };
      },
    };
  }
}
