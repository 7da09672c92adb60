import type { Clock } from "../core/clock.ts";
import { guard } from "../core/emitter.ts";
import { HoldfastError } from "../core/errors.ts";
import { byteLength, type Payload } from "../core/payload.ts";
import { onAbort } from "../core/signal.ts";
import type { DropReason, Outcome } from "../core/outcome.ts";
import { checkOutboxOptions, type OutboxOptions, type QueueOptions, type SendOptions } from "./options.ts";
import { type Entry, Shelf } from "./shelf.ts";

/** Where the outbox writes to. */
export interface OutboxSink {
  /** False if the link did not take it. */
  write(data: Payload): boolean;
  /** Bytes that the link holds; `undefined` if it cannot tell. */
  buffered(): number | undefined;
  /** A queued message ended without being written. */
  dropped(data: Payload, reason: DropReason): void;
  /** A `settled` callback threw. */
  readonly failed: (error: HoldfastError) => void;
}

/** While the socket is above the mark, and only then, it is looked at: soon at first, more rarely while nothing moves. */
const FIRST_POLL = 4;
const LAST_POLL = 50;

/**
 * The messages that wait for a link: in order, bounded, and each with an outcome. Without a queue and with room in the
 * socket, `send` writes straight through.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #clock: Clock;
  readonly #sink: OutboxSink;
  readonly #highWater: number;
  readonly #shelf: Shelf;
  /** There is a link, though it may be in doubt. */
  #linked = false;
  #open = false;
  #flushing = false;
  /** It is being handed to the socket: whatever callbacks do meanwhile, nothing else becomes of it. */
  #writing: Entry | undefined;
  #cancelPoll: (() => void) | undefined;
  #drained: (() => void)[] = [];

  /** @throws TypeError that names the option which cannot be right */
  constructor(options: OutboxOptions, clock: Clock, sink: OutboxSink) {
    checkOutboxOptions(options);
    this.#options = options;
    this.#highWater = options.highWater ?? 1 << 20;
    this.#clock = clock;
    this.#sink = sink;
    this.#shelf = new Shelf(clock);
  }

  /** Messages that are queued. */
  get size(): number {
    return this.#shelf.size;
  }

  /** Payload bytes that are queued. */
  get bytes(): number {
    return this.#shelf.bytes;
  }

  /**
   * Writes, or queues behind what is queued. "written" says that the socket took it, and promises no delivery.
   * @throws HoldfastError QUEUE_FULL when the queue is full and `overflow` is "reject"; nothing was taken then
   */
  send(data: Payload, options?: SendOptions): "written" | "queued" {
    if (options?.signal?.aborted) throw options.signal.reason;
    if (this.write(data)) return "written";
    this.queue(data, options ?? {});
    return "queued";
  }

  /** Writes if that overtakes nothing and the socket has room. False if not, and then nothing was taken. */
  write(data: Payload): boolean {
    return this.#open && this.#shelf.size === 0 && !this.#flushing && this.#room() && this.#sink.write(data);
  }

  /**
   * Queues behind what is queued. Returns the function that takes the message out again, if it is still there.
   * @throws HoldfastError QUEUE_FULL as `send`
   */
  queue(data: Payload, options: QueueOptions): () => void {
    const { key, ttl = this.#options.ttl ?? Infinity, signal } = options;
    const entry: Entry = {
      data,
      bytes: byteLength(data),
      options,
      queued: false,
      deadline: {
        expire: () => {
          this.#drop([entry], "expired");
        },
      },
    };
    const cancel = (): void => {
      this.#drop([entry], "aborted");
    };
    const same = this.#shelf.keyed(key);
    const older = same === this.#writing ? undefined : same;
    const evicted = this.#makeRoom(entry.bytes, older);
    if (!evicted) {
      this.#report(entry, "overflow");
      return cancel;
    }
    const replaced = older?.queued ? older : undefined; // it may just have been evicted
    if (replaced) this.#shelf.take(replaced);
    this.#shelf.put(entry, ttl);
    if (signal) entry.off = onAbort(signal, cancel);
    // The queue is as it should be: now the callbacks may do what they like.
    for (const gone of evicted) this.#report(gone, "overflow");
    if (replaced) this.#report(replaced, "replaced");
    if (this.#open) this.#flush();
    return cancel;
  }

  /** A link is open: writes what is queued, in order, and whatever is sent from now on. */
  open(): void {
    this.#open = this.#linked = true;
    this.#flush();
  }

  /** Holds everything back, without deciding anything: the link is in doubt. */
  hold(): void {
    this.#open = false;
    this.#cancelPoll?.();
    this.#cancelPoll = undefined;
  }

  /** The link is gone. What was meant for it alone is discarded; the rest waits for the next one. */
  lost(): void {
    this.hold();
    this.#linked = false;
    this.#drop(
      this.#shelf.all().filter(({ options }) => options.scope === "connection"),
      "discarded",
    );
  }

  /** Discards everything that is queued. */
  clear(): void {
    this.#drop(this.#shelf.all(), "discarded");
  }

  /** Resolves when nothing is queued and the socket, if there is one, is below its low-water mark; at once if so. */
  drain(): Promise<void> {
    if (this.#isDrained()) return Promise.resolve();
    return new Promise((resolve) => {
      this.#drained.push(resolve);
      if (this.#open) this.#poll();
    });
  }

  /** An empty socket takes a message whatever the mark is. */
  #room(): boolean {
    const buffered = this.#sink.buffered() ?? 0;
    return buffered === 0 || buffered < this.#highWater;
  }

  #isDrained(): boolean {
    return this.#shelf.size === 0 && (!this.#linked || (this.#sink.buffered() ?? 0) <= this.#lowWater());
  }

  #lowWater(): number {
    return Math.min(this.#options.lowWater ?? this.#highWater / 4, this.#highWater);
  }

  /** Takes out what has to go, or says with `undefined` that the new one has to. @throws HoldfastError QUEUE_FULL */
  #makeRoom(bytes: number, older: Entry | undefined): Entry[] | undefined {
    const { maxCount = 10_000, maxBytes = 1 << 24, overflow = "reject" } = this.#options;
    const evicted: Entry[] = [];
    const full = (): boolean => {
      const leaving = older?.queued ? older.bytes : 0;
      return this.#shelf.size - (older?.queued ? 1 : 0) >= maxCount || this.#shelf.bytes - leaving + bytes > maxBytes;
    };
    while (overflow === "drop-oldest" && bytes <= maxBytes && full()) {
      const oldest = this.#shelf.oldest(this.#writing);
      if (!oldest) break;
      evicted.push(oldest);
      this.#shelf.take(oldest);
    }
    if (!full()) return evicted;
    if (overflow !== "reject") return undefined;
    const holds = `${String(this.#shelf.size)} messages (${String(this.#shelf.bytes)} bytes) are queued`;
    throw new HoldfastError("QUEUE_FULL", `${holds}; see outbox.maxCount, maxBytes and overflow`);
  }

  #flush(wait: number = FIRST_POLL): void {
    if (this.#flushing) return;
    this.#flushing = true;
    const before = this.#shelf.size;
    for (let entry = this.#shelf.head; entry && this.#open; entry = this.#shelf.head) {
      if (entry.deadline.due !== undefined && entry.deadline.due < this.#clock.now()) {
        this.#drop([entry], "expired"); // its timer is late
        continue;
      }
      if (!this.#room()) break;
      const taken = this.#hand(entry);
      if (taken === false) break;
      this.#shelf.take(entry);
      if (taken) this.#settle(entry, "written");
      else this.#report(entry, "discarded");
    }
    this.#flushing = false;
    this.#settleDrained();
    const moved = this.#shelf.size < before;
    if (this.#open && (this.#shelf.size > 0 || this.#drained.length > 0)) this.#poll(moved ? FIRST_POLL : wait);
  }

  /**
   * The answer may come within the call, and so may anything that an application does about it. `undefined`: the socket
   * throws for this message (its bytes were detached meanwhile), and would do so for ever.
   */
  #hand(entry: Entry): boolean | undefined {
    let taken: boolean | undefined;
    this.#writing = entry;
    entry.options.writing?.(true);
    try {
      taken = this.#sink.write(entry.data);
    } catch (cause) {
      this.#sink.failed(new HoldfastError("LISTENER_FAILED", "The socket's send() threw; see cause", { cause }));
    }
    if (!taken) entry.options.writing?.(false);
    this.#writing = undefined;
    return taken;
  }

  #settleDrained(): void {
    if (this.#drained.length > 0 && this.#isDrained()) for (const resolve of this.#drained.splice(0)) resolve();
  }

  #poll(wait: number = FIRST_POLL): void {
    this.#cancelPoll ??= this.#clock.after(wait, () => {
      const next = Math.min(wait * 2, LAST_POLL);
      this.#cancelPoll = undefined;
      if ((this.#sink.buffered() ?? 0) <= this.#lowWater()) this.#flush(next);
      else this.#poll(next);
    });
  }

  /** Callbacks run between two drops and may change the queue: each entry is looked at again. */
  #drop(entries: readonly Entry[], reason: DropReason): void {
    for (const entry of entries) {
      if (!entry.queued || entry === this.#writing) continue;
      this.#shelf.take(entry);
      this.#report(entry, reason);
    }
    this.#settleDrained();
  }

  #report(entry: Entry, reason: DropReason): void {
    this.#sink.dropped(entry.data, reason);
    this.#settle(entry, reason);
  }

  #settle({ options }: Entry, outcome: Outcome): void {
    if (options.settled) guard(this.#sink.failed, options.settled, outcome);
  }
}
