import type { FeedEvent } from "./frames.ts";
import type { Run } from "./run.ts";

/** One consumer of a topic, as its user knows it. */
export interface Consumer {
  readonly topic: string;
  /** One that iterates reads when it likes; one that listens gets each event at once. */
  readonly kind: "listens" | "iterates";
  /** Events it has got. */
  got: number;
  active: boolean;
  /** When it was ended by something else than its user, in steps of the run. */
  endedAt: number;
}

interface Shadow {
  readonly consumers: Set<Consumer>;
  /** The number of the last event, and the wire on which it came. */
  last: number | undefined;
  wire: number;
  /** The wires up to this one were dialled when it was first wanted. */
  readonly since: number;
  /** The subscribe call may have been lost to a full queue: nobody can tell from outside. */
  doubtful: boolean;
}

/** What a user's subscriptions must have got, worked out from what came in at the socket. */
export class TopicBook {
  readonly #run: Run;
  readonly #who: string;
  /** These topics are subscribed with their sequence numbers. */
  readonly #numbered: ReadonlySet<string>;
  readonly #topics = new Map<string, Shadow>();
  /** How often a topic was left. */
  left = 0;
  #gaps = 0;
  #events = 0;

  constructor(run: Run, who: string, numbered: ReadonlySet<string>) {
    this.#run = run;
    this.#who = who;
    this.#numbered = numbered;
  }

  /** Topics that somebody wants. */
  get wanted(): readonly string[] {
    return [...this.#topics.keys()];
  }

  /** Those of them that are certainly subscribed. */
  get sure(): readonly string[] {
    return this.wantedBefore(Infinity);
  }

  isIterated(topic: string): boolean {
    return [...(this.#topics.get(topic)?.consumers ?? [])].some(({ kind }) => kind === "iterates");
  }

  isNumbered(topic: string): boolean {
    return this.#numbered.has(topic);
  }

  attach(topic: string, wire: number, kind: Consumer["kind"] = "listens"): Consumer {
    let shadow = this.#topics.get(topic);
    if (!shadow) {
      shadow = { consumers: new Set(), last: undefined, wire: 0, since: wire, doubtful: false };
      this.#topics.set(topic, shadow);
    }
    const consumer: Consumer = { topic, kind, got: 0, active: true, endedAt: -1 };
    shadow.consumers.add(consumer);
    this.#run.log(this.#who, kind, topic);
    return consumer;
  }

  detach(consumer: Consumer): void {
    consumer.active = false;
    this.#run.log(this.#who, "leaves", consumer.topic);
    const shadow = this.#topics.get(consumer.topic);
    if (shadow?.consumers.delete(consumer) !== true || shadow.consumers.size > 0) return;
    this.#topics.delete(consumer.topic);
    this.left++;
  }

  /** The connection was closed: who iterates is done, who listens waits for the next one. */
  closed(): void {
    for (const { consumers } of [...this.#topics.values()]) {
      for (const consumer of [...consumers]) if (consumer.kind === "iterates") this.#end(consumer);
    }
  }

  /** The server does not want this one. */
  refused(topic: string): void {
    for (const consumer of [...(this.#topics.get(topic)?.consumers ?? [])]) this.#end(consumer);
  }

  /** A subscribe call of some topic could not be made. */
  doubt(isLive: (topic: string) => boolean): void {
    for (const [topic, shadow] of this.#topics) shadow.doubtful ||= !isLive(topic);
  }

  isDoubtful(topic: string): boolean {
    return this.#topics.get(topic)?.doubtful === true;
  }

  /** The topics that were wanted before `wire` was dialled. */
  wantedBefore(wire: number): readonly string[] {
    return [...this.#topics].filter(([, { since, doubtful }]) => since < wire && !doubtful).map(([topic]) => topic);
  }

  /** A consumer was called. */
  got(consumer: Consumer): void {
    consumer.got++;
    this.#events++;
    const may = consumer.active || consumer.endedAt === this.#run.world.steps;
    this.#run.check(may, () => `${this.#who}: an event of ${consumer.topic} came to a listener that had left`);
  }

  gap(): void {
    this.#gaps++;
  }

  /** An event is about to be delivered on an open link. The answer compares what came of it. */
  expect(topic: string, { number }: FeedEvent, wire: number): (() => void) | undefined {
    const shadow = this.#topics.get(topic);
    if (!shadow || shadow.doubtful) return undefined;
    const verdict = this.#numbered.has(topic) ? judge(shadow, number, wire) : "next";
    if (verdict !== "repeat") {
      shadow.last = number;
    }
    shadow.wire = wire;
    const before = [...shadow.consumers].map((consumer) => ({ consumer, got: consumer.got }));
    const gaps = this.#gaps;
    return () => {
      const holes = this.#gaps - gaps;
      this.#check(holes === (verdict === "gap" ? 1 : 0), topic, number, `${holes} gaps were told, judged ${verdict}`);
      if (this.#topics.get(topic) !== shadow || shadow.doubtful) return;
      const due = verdict === "repeat" ? 0 : 1;
      for (const { consumer, got } of before) {
        if (!consumer.active || consumer.kind === "iterates") continue;
        const times = consumer.got - got;
        this.#check(times === due, topic, number, `was delivered ${times} times, judged ${verdict}`);
      }
    };
  }

  /** No event may come of what is about to be delivered. */
  expectNothing(): () => void {
    const [gaps, events] = [this.#gaps, this.#events];
    return () => {
      const same = this.#gaps === gaps && this.#events === events;
      this.#run.check(same, () => `${this.#who}: a frame of a link that had been left became an event`);
    };
  }

  #end(consumer: Consumer): void {
    consumer.endedAt = this.#run.world.steps;
    this.detach(consumer);
  }

  #check(holds: boolean, topic: string, number: number, why: string): void {
    if (!holds) this.#run.fail(`${this.#who}: event ${String(number)} of ${topic}: ${why}`);
  }
}

/** "repeat" for what this connection or the last one had brought already; a number that falls on a new connection begins anew. */
function judge({ last, wire: seenOn }: Shadow, number: number, wire: number): "next" | "repeat" | "gap" {
  if (last === undefined) return "next";
  if (number === last || (number < last && seenOn === wire)) return "repeat";
  return number === last + 1 ? "next" : "gap";
}
