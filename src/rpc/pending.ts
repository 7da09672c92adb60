import type { Deadline } from "../core/deadlines.ts";
import type { Payload } from "../core/payload.ts";

/** One request that waits for its answer. */
export class Pending implements Deadline {
  readonly id: number;
  readonly method: string;
  /** May be sent again on the next link. */
  readonly again: boolean;
  /** The application's own, which `maxPending` bounds; or that of a layer of the client, which is bounded elsewhere. */
  readonly owner: "application" | "layer";
  readonly #onExpire: (pending: Pending) => void;
  data: Payload = "";
  /** Written to the link that is open now. */
  written = false;
  /** Written to some link, so that the peer may have run it. */
  sent = false;
  promise: Promise<unknown> | undefined;
  resolve: (value: unknown) => void = nothing;
  reject: (error: unknown) => void = nothing;
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

  constructor(
    id: number,
    method: string,
    again: boolean,
    onExpire: (pending: Pending) => void,
    owner: "application" | "layer" = "application",
  ) {
    this.id = id;
    this.method = method;
    this.again = again;
    this.owner = owner;
    this.#onExpire = onExpire;
  }

  expire(): void {
    this.#onExpire(this);
  }
}

function nothing(): void {
  // replaced before anything can settle it
}
