import type { Channel } from "../core/channel.ts";
import type { Deadline } from "../core/deadlines.ts";
import type { Payload } from "../core/payload.ts";

/** One request that waits for its answer. */
export class Pending implements Deadline {
  readonly id: number;
  readonly method: string;
  /** May be sent again on the next link. */
  readonly again: boolean;
  /** What it counts for `maxPending`: 0 for a call of a layer of the client, which is bounded elsewhere. */
  readonly weight: 0 | 1;
  readonly #onExpire: (pending: Pending) => void;
  data: Payload = "";
  /** Written to the link that is open now. */
  written = false;
  /** Written to some link, so that the peer may have run it. */
  sent = false;
  promise: Promise<unknown> | undefined;
  /** Set by `once` or `into`, before anything can settle it. */
  resolve!: (value: unknown) => void;
  reject!: (error: unknown) => void;
  /** Takes one value of a streaming answer. */
  item: ((value: unknown) => void) | undefined;
  /** Takes it out of the queue, while it is there. */
  unqueue: (() => void) | undefined;
  /** Takes the listener off its signal. */
  off: (() => void) | undefined;
  // the links of `Deadlines`
  due = 0;
  lane: Deadline["lane"] = undefined;
  prev: Deadline["prev"] = undefined;
  next: Deadline["next"] = undefined;

  constructor(id: number, method: string, again: boolean, onExpire: (pending: Pending) => void, weight: 0 | 1) {
    this.id = id;
    this.method = method;
    this.again = again;
    this.weight = weight;
    this.#onExpire = onExpire;
  }

  /** It is answered once. */
  once(): Promise<unknown> {
    return (this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    }));
  }

  /** It is answered bit by bit. */
  into(channel: Channel<unknown>): void {
    this.resolve = () => {
      channel.end();
    };
    this.reject = (error) => {
      channel.end(error);
    };
    this.item = (value) => {
      channel.push(value);
    };
  }

  expire(): void {
    this.#onExpire(this);
  }
}
