import type { Clock } from "../core/clock.ts";
import { type Deadline, Deadlines } from "../core/deadlines.ts";
import { guard } from "../core/guard.ts";
import { HoldfastError } from "../core/errors.ts";
import { List, type ListNode } from "../core/list.ts";
import type { DropReason, Outcome } from "../core/outcome.ts";
import { byteLength, type Payload } from "../core/payload.ts";
import { onAbort } from "../core/signal.ts";
import type { BacklogOptions, QueueOptions } from "./options.ts";

/** Who is told of what becomes of the messages; see `OutboxSink`. */
interface BacklogSink {
  dropped(data: Payload, reason: DropReason): void;
  readonly report: (error: HoldfastError) => void;
}

/** One message that waits. */
export interface Entry extends ListNode {
  next?: Entry | undefined;
  readonly data: Payload;
  readonly bytes: number;
  readonly options: QueueOptions;
  /** A node of its own: an entry stands in two lists. */
  readonly deadline: Deadline;
  /** It is still there, and its outcome is open: nobody is just writing it. */
  queued: boolean;
  /** Takes the listener off its signal. */
  off?: () => void;
}

/**
 * What waits to be written: in order, bounded, and each with an outcome. It does not decide when it is written.
 * Adding, taking and ending one message cost the same at any length.
 */
export class Backlog {
  readonly #options: BacklogOptions;
  readonly #clock: Clock;
  readonly #sink: BacklogSink;
  /** Called after `dropped`. */
  readonly #dropped: (() => void) | undefined;
  readonly #entries = new List<Entry>();
  /** Absent until there is one. */
  #keys: Map<string, Entry> | undefined;
  /** Absent until one has a time to live. */
  #deadlines: Deadlines | undefined;
  size = 0;
  bytes = 0;
  flushing = false;

  constructor(options: BacklogOptions, clock: Clock, sink: BacklogSink, dropped?: () => void) {
    this.#options = options;
    this.#clock = clock;
    this.#sink = sink;
    this.#dropped = dropped;
  }

  /**
   * Queues behind what is queued. Returns the function that takes the message out again, if it is still there.
   * @throws HoldfastError QUEUE_FULL when it is full and `overflow` is "reject"; nothing was taken then
   */
  add(data: Payload, options: QueueOptions): () => void {
    const { key, ttl = this.#options.ttl ?? Infinity, signal } = options;
    const end = (reason: DropReason) => (): void => {
      this.#drop(entry, reason);
    };
    const deadline = { expire: end("expired") };
    const entry: Entry = { data, bytes: byteLength(data), options, queued: true, deadline };
    const cancel = end("aborted");
    const same = key === undefined ? undefined : this.#keys?.get(key);
    const older = same?.queued ? same : undefined;
    const leaving = this.#makeRoom(entry, older);
    const replaced = entry.queued ? older : undefined;
    if (entry.queued) {
      this.#entries.push(entry);
      this.size++;
      this.bytes += entry.bytes;
      this.#limit(deadline, ttl);
      if (key !== undefined) (this.#keys ??= new Map()).set(key, entry);
      // Only now, so that the key never leaves its map: V8 walks over all that a key has left behind there.
      if (replaced) this.#take(replaced);
      if (signal) entry.off = onAbort(signal, cancel);
    }
    // The queue is as it should be: now the callbacks may do what they like.
    for (const gone of leaving) this.#report(gone, "overflow");
    if (replaced) this.#report(replaced, "replaced");
    return cancel;
  }

  /**
   * Hands one message after the other to `write`, until that answers false; what is due is dropped, and so is what it
   * has no answer for.
   */
  flush(write: (entry: Entry) => boolean | undefined): void {
    this.flushing = true;
    for (let entry = this.#entries.head; entry; entry = this.#entries.head) {
      if (entry.deadline.due !== undefined && entry.deadline.due < this.#clock.now()) {
        this.#drop(entry, "expired"); // its timer is late
        continue;
      }
      // The answer may come within the call: whatever callbacks do meanwhile, nothing else becomes of it.
      entry.queued = false;
      const taken = write(entry);
      if (taken === false) {
        entry.queued = true;
        break;
      }
      this.#take(entry);
      if (taken) this.#settle(entry, "written");
      else this.#report(entry, "discarded");
    }
    this.flushing = false;
  }

  /** Discards everything, or what has this scope. Callbacks run between two and may change the queue. */
  clear(scope?: "connection"): void {
    const all: Entry[] = [];
    for (let entry = this.#entries.head; entry; entry = entry.next) all.push(entry);
    for (const entry of all) {
      if (scope && entry.options.scope !== scope) continue;
      this.#deadlines?.remove(entry.deadline); // also of one that is just being written: no timer stays
      this.#drop(entry, "discarded");
    }
  }

  /** Takes out what has to go for `entry`, and says so; it may be `entry` itself. @throws HoldfastError QUEUE_FULL */
  #makeRoom(entry: Entry, older: Entry | undefined): Entry[] {
    const { maxCount = 10_000, maxBytes = 1 << 24, overflow = "reject" } = this.#options;
    const leaving: Entry[] = [];
    const full = (): boolean =>
      this.size - (older ? 1 : 0) >= maxCount || this.bytes - (older?.bytes ?? 0) + entry.bytes > maxBytes;
    let next = overflow === "drop-oldest" && entry.bytes <= maxBytes ? this.#entries.head : undefined;
    while (next && full()) {
      const oldest = next;
      next = oldest.next;
      if (oldest === older || !oldest.queued) continue;
      leaving.push(oldest);
      this.#take(oldest);
    }
    if (full()) {
      if (overflow === "reject") {
        const holds = `${String(this.size)} messages (${String(this.bytes)} bytes) are queued`;
        throw new HoldfastError("QUEUE_FULL", `${holds}; see outbox.maxCount, maxBytes and overflow`);
      }
      entry.queued = false;
      leaving.push(entry);
    }
    return leaving;
  }

  /** Takes an entry out, wherever it stands. */
  #take(entry: Entry): void {
    const { key } = entry.options;
    entry.queued = false;
    this.#entries.remove(entry);
    this.size--;
    this.bytes -= entry.bytes;
    this.#deadlines?.remove(entry.deadline);
    entry.off?.();
    if (key !== undefined && this.#keys?.get(key) === entry) this.#keys.delete(key);
  }

  #limit(deadline: Deadline, ttl: number): void {
    if (ttl !== Infinity) (this.#deadlines ??= new Deadlines(this.#clock)).add(deadline, ttl);
  }

  #drop(entry: Entry, reason: DropReason): void {
    if (!entry.queued) return;
    this.#take(entry);
    this.#report(entry, reason);
  }

  #report(entry: Entry, reason: DropReason): void {
    this.#sink.dropped(entry.data, reason);
    this.#dropped?.();
    this.#settle(entry, reason);
  }

  #settle({ options }: Entry, outcome: Outcome): void {
    if (options.settled) guard(this.#sink.report, options.settled, outcome);
  }
}
