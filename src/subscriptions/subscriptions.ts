import { BUFFER_SPEC, Channel } from "../core/channel.ts";
import { guard } from "../core/guard.ts";
import { HoldfastError, RequestError, toHoldfastError } from "../core/errors.ts";
import { badOption, checkOptions } from "../core/options.ts";
import { atOnce } from "../core/thenable.ts";
import { type Gap, type Sink, type SubscribeContext, type SubscribeOptions, Topic } from "./topic.ts";

/** What subscriptions need from the link. */
export interface SubscriptionsLink {
  /**
   * Makes the subscribe call. `TIMEOUT` and `DISCARDED` are tried again; every other rejection on an open link is a no.
   * `first`: the link has just opened, and this goes out before anything that is queued.
   */
  subscribe(topic: string, params: unknown, order: "first" | undefined): Promise<unknown>;
  /** Makes the unsubscribe call. `TIMEOUT` and `DISCARDED` are tried again. With the link a subscription ends by itself. */
  unsubscribe(topic: string, params: unknown): Promise<unknown>;
  /** Checks an event, and answers what the consumers get. May throw. */
  check(topic: string, data: unknown): unknown;
  gap(gap: Gap): void;
  readonly report: (error: HoldfastError) => void;
}

/**
 * One topic, as one part of the application sees it. Nothing travels until it is listened to or iterated; all consumers
 * of a topic share one subscription on the wire, which is renewed on each connection and ended with the last of them.
 */
export interface Subscription<Data> extends AsyncIterable<Data> {
  readonly topic: string;
  /** True while the server has confirmed it on the open connection. */
  readonly live: boolean;
  /** Calls `listener` for each event. Returns the function that ends it. */
  listen(listener: (data: Data) => unknown): () => void;
  /** Ends every consumer that came through this object. */
  close(): void;
}

const SPEC = /* @__PURE__ */ Object.assign({ params: "anything", sequence: "function" }, BUFFER_SPEC);
/** What ends the consumers that came through one `Subscription`. */
type Ends = Set<() => void>;

/** How often a server that does not answer is told that a topic is left. */
const LEAVE_TIMES = 5;

/** Keeps the topics subscribed, across connections. */
export class Subscriptions {
  readonly #link: SubscriptionsLink;
  readonly #maxTopics: number;
  readonly #topics = new Map<string, Topic>();
  /** The last call by which a topic is left, until it has an answer. */
  readonly #leaving = new Map<string, Promise<unknown>>();
  #connected = false;

  constructor(link: SubscriptionsLink, maxTopics = 10_000) {
    this.#link = link;
    this.#maxTopics = maxTopics;
  }

  /** Topics with at least one consumer. */
  get size(): number {
    return this.#topics.size;
  }

  subscribe(name: string, options: SubscribeOptions = {}): Subscription<unknown> {
    if (typeof name !== "string") throw badOption("topic", "a string");
    checkOptions(options, SPEC);
    const ends: Ends = new Set();
    const isLive = (): boolean => this.#topics.get(name)?.live === true;
    return {
      topic: name,
      get live() {
        return isLive();
      },
      listen: (listener) => this.#listen(name, options, ends, listener),
      close: () => {
        for (const end of [...ends]) end();
      },
      [Symbol.asyncIterator]: () => this.#iterate(name, options, ends),
    };
  }

  /** A link is open: every topic is subscribed on it. */
  opened(): void {
    this.#connected = true;
    for (const topic of [...this.#topics.values()]) {
      if (this.#topics.get(topic.name) !== topic) continue; // the payload of another one has ended it
      topic.fresh = true;
      topic.doubtful = false;
      this.#ask(topic, topic.asked > 0, "first");
    }
  }

  lost(): void {
    this.#connected = false;
    for (const topic of this.#topics.values()) topic.live = topic.here = false;
  }

  /** The connection is over: iterations end, with `error` if there is one; listeners wait for the next connection. */
  end(error: HoldfastError | undefined): void {
    this.lost();
    for (const topic of [...this.#topics.values()]) endSinks(topic, error);
  }

  /** Takes one event. False if nobody subscribes to its topic. */
  event(name: string, data: unknown): boolean {
    const topic = this.#topics.get(name);
    if (!topic) return false;
    let value: unknown;
    try {
      value = this.#link.check(name, data);
      const number = atOnce(topic.options.sequence?.(value), "sequence");
      const verdict = Number.isFinite(number) ? topic.accept(number as number) : "next";
      if (verdict === "repeat") return true;
      if (verdict !== "next") this.#link.gap(verdict);
    } catch (error) {
      this.#link.report(toHoldfastError(error));
      return true;
    }
    // A copy, since callbacks come and go: who comes now hears the next event, and who has just left hears none.
    for (const sink of [...topic.sinks]) if (topic.sinks.has(sink)) sink.push(value);
    return true;
  }

  #listen(name: string, options: SubscribeOptions, ends: Ends, listener: (data: unknown) => unknown): () => void {
    if (typeof listener !== "function") throw badOption("listener", "a function");
    const push = (data: unknown): void => {
      guard(this.#link.report, listener, data);
    };
    const end = (): void => {
      ends.delete(end);
      this.#detach(name, sink);
    };
    const sink: Sink = {
      push,
      end: (_error, topic) => {
        if (topic) end();
      },
    };
    this.#attach(name, options, sink, ends, end);
    return end;
  }

  #iterate(name: string, options: SubscribeOptions, ends: Ends): Channel<unknown> {
    const channel = new Channel<unknown>(options, () => {
      ends.delete(end);
      this.#detach(name, channel);
    });
    const end = (): void => {
      channel.end();
    };
    this.#attach(name, options, channel, ends, end);
    return channel;
  }

  /** Adds a consumer, which may be ended within this call: the first subscribe call fails, or a callback closes. */
  #attach(name: string, options: SubscribeOptions, sink: Sink, ends: Ends, end: () => void): void {
    const found = this.#topics.get(name);
    if (found && options.params !== undefined && !same(options.params, found.options.params)) {
      throw new TypeError(`subscribe("${name}"): it is subscribed with other params; make them part of the topic`);
    }
    if (!found && this.#topics.size >= this.#maxTopics) {
      throw new HoldfastError("QUEUE_FULL", `${String(this.#maxTopics)} topics are subscribed; see maxTopics`);
    }
    const topic = found ?? new Topic(name, options);
    this.#topics.set(name, topic);
    topic.sinks.add(sink);
    ends.add(end);
    if (!found && this.#connected) this.#ask(topic, false);
  }

  /** A consumer has left; with the last one the topic goes. */
  #detach(name: string, sink: Sink): void {
    const topic = this.#topics.get(name);
    if (!topic?.sinks.delete(sink) || topic.sinks.size > 0) return;
    this.#topics.delete(name);
    if (topic.here) this.#leave(name, topic.params);
  }

  /** A server that does not learn of it goes on sending, so it is told a few times. With the link its subscriptions go too. */
  #leave(name: string, params: unknown, times = LEAVE_TIMES): void {
    const call = this.#link.unsubscribe(name, params);
    const isLast = (): boolean => this.#leaving.get(name) === call && this.#leaving.delete(name);
    this.#leaving.set(name, call);
    call.then(isLast, (error: unknown) => {
      if (!isLast() || !(error instanceof RequestError) || !this.#connected) return;
      const again = this.#topics.get(name);
      if (again) {
        again.doubtful = true; // wanted again, and the server may not know that it had been left
        return;
      }
      const undone = error.code === "TIMEOUT" || error.code === "DISCARDED"; // the application has emptied the queue
      if (undone && times > 1) this.#leave(name, params, times - 1);
      else if (undone || !error.sent) this.#link.report(error); // what was not sent met a full queue
    });
  }

  #ask(topic: Topic, resubscribing: boolean, order?: "first"): void {
    const { name, lastSequence, options } = topic;
    const isWanted = (): boolean => this.#topics.get(name) === topic;
    try {
      const params = atOnce<unknown>(
        typeof options.params === "function"
          ? // The cast: a function takes the context, as documented.
            (options.params as (context: SubscribeContext) => unknown)({ topic: name, lastSequence, resubscribing })
          : options.params,
        "params",
      );
      if (!isWanted() || !this.#connected) return; // the last consumer, or the link, has been left within that
      topic.here = true;
      const asked = ++topic.asked;
      const isCurrent = (): boolean => topic.asked === asked && isWanted();
      topic.params = params;
      this.#link.subscribe(name, params, order).then(
        () => {
          if (isCurrent()) topic.live = this.#connected;
        },
        (error: unknown) => {
          if (!isCurrent() || !this.#connected) return;
          const code = error instanceof HoldfastError && error.code;
          if (code === "TIMEOUT") topic.doubtful = true;
          if (code === "TIMEOUT" || code === "DISCARDED") this.#ask(topic, resubscribing);
          else this.#fail(topic, error);
        },
      );
    } catch (error) {
      if (isWanted()) this.#fail(topic, error);
      else this.#link.report(toHoldfastError(error)); // the topic was left within that, and perhaps begun anew
    }
  }

  /** The server's no, or a payload that could not be made: all consumers lose the topic. */
  #fail(topic: Topic, cause: unknown): void {
    const { name, params, doubtful } = topic;
    const error = toHoldfastError(cause);
    this.#topics.delete(name);
    this.#link.report(error);
    endSinks(topic, error, "over");
    if (doubtful && this.#connected && !this.#topics.has(name)) this.#leave(name, params);
  }
}

function endSinks({ sinks }: Topic, error: HoldfastError | undefined, topic?: "over"): void {
  for (const sink of [...sinks]) sink.end(error, topic);
}

/** The same payload: the same function, or the same JSON. */
function same(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === "object" && typeof b === "object" && JSON.stringify(a) === JSON.stringify(b));
}
