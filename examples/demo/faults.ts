import type { FeedServer } from "./feed-server.ts";

/** How long each fault lasts, in milliseconds. */
const STALL = 10_000;
const RESTART = 2_000;
const REFUSE = 10_000;

/** The ways in which the feed can be hurt from the page. They come by plain HTTP, so that they work while the socket does not. */
export const FAULTS = ["drop", "stall", "restart", "refuse"] as const;

export type Fault = (typeof FAULTS)[number];

export class Faults {
  readonly #feed: FeedServer;
  readonly #port: number;
  readonly #timers = new Set<NodeJS.Timeout>();
  #restarting = false;
  #refusal: NodeJS.Timeout | undefined;

  constructor(feed: FeedServer, port: number) {
    this.#feed = feed;
    this.#port = port;
  }

  /** Does it, and resolves when it has begun. */
  async inflict(fault: Fault): Promise<void> {
    switch (fault) {
      case "drop":
        for (const session of this.#feed.sessions) session.terminate();
        return;
      case "stall":
        this.#stall();
        return;
      case "restart":
        await this.#restart();
        return;
      case "refuse":
        this.#refuse();
        return;
      default:
        fault satisfies never;
    }
  }

  /** Forgets what was to end later. */
  clear(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Only the sockets of this moment are stalled: whoever dials anew is served. */
  #stall(): void {
    const cures = [...this.#feed.sessions].map((session) => session.stall());
    this.#after(STALL, () => {
      for (const cure of cures) cure();
    });
  }

  /** The feed's listener is closed, so that a dial in these two seconds is refused by the kernel. */
  async #restart(): Promise<void> {
    if (this.#restarting) return;
    this.#restarting = true;
    await this.#feed.stop(1012, "service restart");
    this.#after(RESTART, () => {
      this.#restarting = false;
      void this.#feed.start([this.#port]);
    });
  }

  /** The sockets are cut and each upgrade is answered with 503. */
  #refuse(): void {
    this.#feed.refusing = true;
    for (const session of this.#feed.sessions) session.terminate();
    clearTimeout(this.#refusal);
    this.#refusal = this.#after(REFUSE, () => {
      this.#feed.refusing = false;
    });
  }

  #after(ms: number, run: () => void): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, ms);
    this.#timers.add(timer);
    return timer;
  }
}
