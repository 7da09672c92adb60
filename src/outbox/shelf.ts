import type { Clock } from "../core/clock.ts";
import { type Deadline, Deadlines } from "../core/deadlines.ts";
import { List, type ListNode } from "../core/list.ts";
import type { Payload } from "../core/payload.ts";
import type { QueueOptions } from "./options.ts";

/** One message that waits. */
export interface Entry extends ListNode {
  next?: Entry | undefined;
  readonly data: Payload;
  readonly bytes: number;
  readonly options: QueueOptions;
  /** A node of its own: an entry stands in two lists. */
  readonly deadline: Deadline;
  /** It is still there, and its outcome is open. */
  queued: boolean;
  /** Takes the listener off its signal. */
  off?: () => void;
}

/** What is queued, in order, with its keys and deadlines. It decides nothing; every operation costs the same at any length. */
export class Shelf {
  readonly #entries = new List<Entry>();
  readonly #keys = new Map<string, Entry>();
  readonly #deadlines: Deadlines;
  size = 0;
  bytes = 0;

  constructor(clock: Clock) {
    this.#deadlines = new Deadlines(clock);
  }

  /** The oldest. */
  get head(): Entry | undefined {
    return this.#entries.head;
  }

  keyed(key: string | undefined): Entry | undefined {
    return key === undefined ? undefined : this.#keys.get(key);
  }

  all(): Entry[] {
    const all: Entry[] = [];
    for (let entry = this.head; entry; entry = entry.next) all.push(entry);
    return all;
  }

  put(entry: Entry, ttl: number): void {
    const { key } = entry.options;
    entry.queued = true;
    this.#entries.push(entry);
    this.size++;
    this.bytes += entry.bytes;
    this.#deadlines.add(entry.deadline, ttl);
    if (key !== undefined) this.#keys.set(key, entry);
  }

  /** Takes an entry out, wherever it stands. */
  take(entry: Entry): void {
    const { key } = entry.options;
    entry.queued = false;
    this.#entries.remove(entry);
    this.size--;
    this.bytes -= entry.bytes;
    this.#deadlines.remove(entry.deadline);
    entry.off?.();
    if (key !== undefined && this.#keys.get(key) === entry) this.#keys.delete(key);
  }
}
