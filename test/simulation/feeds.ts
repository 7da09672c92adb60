import type { Random } from "../../src/core/random.ts";
import { chance, integer, pick } from "../../src/testing/seeded-random.ts";
import { type FeedEvent, notification } from "./frames.ts";
import type { Link } from "./link.ts";
import type { Run } from "./run.ts";

/** Events that are kept for those who come back; what is older is a hole. */
const KEPT = 20;

/** The topics that exist, and one that the server refuses. */
export const TOPICS = ["alpha", "beta", "gamma", "delta"] as const;
export const FORBIDDEN = "forbidden";

interface Feed {
  readonly topic: string;
  generation: number;
  number: number;
}

/** The feeds of the server: numbered events, which can be asked for again for a while. */
export class Feeds {
  readonly #run: Run;
  readonly #random: Random;
  readonly #links: ReadonlySet<Link>;
  readonly #feeds: ReadonlyMap<string, Feed>;

  constructor(run: Run, links: ReadonlySet<Link>) {
    this.#run = run;
    this.#random = run.fork();
    this.#links = links;
    this.#feeds = new Map(TOPICS.map((topic) => [topic, { topic, generation: 1, number: 0 }]));
  }

  /** Publishes again and again, until nothing is stormy any more. */
  start(): void {
    const spacing = this.#run.pace * pick(this.#random, [1, 4, 20]);
    const again = (): void => {
      if (!this.#run.stormy) return;
      const topic = pick(this.#random, TOPICS);
      for (let count = chance(this.#random, 0.1) ? 10 : 1; count > 0; count--) this.publish(topic);
      this.#run.world.after(integer(this.#random, 1, 2 * spacing), again);
    };
    again();
  }

  /** The server has lost its memory: every feed begins anew. */
  forget(): void {
    for (const feed of this.#feeds.values()) {
      feed.generation++;
      feed.number = 0;
    }
  }

  publish(topic: string): void {
    const feed = this.#feed(topic);
    feed.number++;
    for (const link of this.#links) {
      if (!link.topics.has(topic)) continue;
      if (this.#run.stormy && chance(this.#random, 0.02)) this.#misbehave(link, feed);
      else this.#tell(link, feed, feed.number);
    }
  }

  /** What `since` has missed, as far as it is still known. */
  replay(link: Link, topic: string, since: number | undefined): void {
    const feed = this.#feed(topic);
    if (since === undefined) return;
    const from = since > feed.number ? 0 : since;
    for (let number = Math.max(from, feed.number - KEPT) + 1; number <= feed.number; number++) {
      this.#tell(link, feed, number);
    }
  }

  /** A hole, the same again, or something that is long over. */
  #misbehave(link: Link, feed: Feed): void {
    const numbers = pick(this.#random, [[], [feed.number, feed.number], [Math.max(1, feed.number - 3), feed.number]]);
    this.#run.fault("wrong event", link.home.who, feed.topic);
    for (const number of numbers) this.#tell(link, feed, number);
  }

  #tell(link: Link, { topic, generation }: Feed, number: number): void {
    const data: FeedEvent = { generation, number };
    link.send(notification("event", { topic, data }));
  }

  #feed(topic: string): Feed {
    const feed = this.#feeds.get(topic);
    if (!feed) throw new Error(`there is no feed ${topic}`);
    return feed;
  }
}
