import type { Clock } from "../core/clock.ts";
import { HoldfastError } from "../core/errors.ts";
import { checkOptions, WAITING_SPEC } from "../core/options.ts";
import type { DropReason } from "../core/outcome.ts";
import type { Payload } from "../core/payload.ts";
import { abortReason } from "../core/signal.ts";
import { Backlog, type Entry } from "./backlog.ts";
import { BACKLOG_SPEC, type OutboxOptions, type QueueOptions, type SendOptions } from "./options.ts";

const SPEC = /* @__PURE__ */ Object.assign({ highWater: "number", lowWater: "number" }, BACKLOG_SPEC);
const SEND_SPEC = /* @__PURE__ */ Object.assign({ ttl: "number", key: "string", settled: "function" }, WAITING_SPEC);

/** Where the outbox writes to. */
export interface OutboxSink {
  /** False if the link did not take it. */
  write(data: Payload): boolean;
  /** Bytes that the link holds; `undefined` if it cannot tell. */
  buffered(): number | undefined;
  /** A queued message ended without being written. */
  dropped(data: Payload, reason: DropReason): void;
  /** A `settled` callback threw. */
  readonly report: (error: HoldfastError) => void;
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
  readonly #backlog: Backlog;
  /** There is a link, though it may be in doubt. */
  #linked = false;
  #open = false;
  #cancelPoll: (() => void) | undefined;
  #drained: (() => void)[] = [];

  /** @throws TypeError that names the option which cannot be right */
  constructor(options: OutboxOptions, clock: Clock, sink: OutboxSink) {
    checkOptions(options, SPEC, "outbox");
    this.#options = options;
    this.#highWater = options.highWater ?? 1 << 20;
    this.#clock = clock;
    this.#sink = sink;
    this.#backlog = new Backlog(options, clock, sink, () => {
      this.#settleDrained();
    });
  }

  /** Messages that are queued. */
  get size(): number {
    return this.#backlog.size;
  }

  /** Payload bytes that are queued. */
  get bytes(): number {
    return this.#backlog.bytes;
  }

  /**
   * Writes, or queues behind what is queued. "written" says that the socket took it, and promises no delivery.
   * @throws HoldfastError QUEUE_FULL when the queue is full and `overflow` is "reject"; nothing was taken then
   * @throws TypeError that names the option which cannot be right
   */
  send(data: Payload, options?: SendOptions): "written" | "queued" {
    if (options) checkOptions(options, SEND_SPEC);
    if (options?.signal?.aborted) throw abortReason(options.signal);
    if (this.write(data)) return "written";
    this.queue(data, { ...options }); // a copy: the application may use its object for the next one
    return "queued";
  }

  /** Writes if that overtakes nothing and the socket has room. False if not, and then nothing was taken. */
  write(data: Payload): boolean {
    return this.#open && this.#backlog.size === 0 && this.#room() && this.#sink.write(data);
  }

  /**
   * Queues behind what is queued. Returns the function that takes the message out again, if it is still there.
   * @throws HoldfastError QUEUE_FULL as `send`
   */
  queue(data: Payload, options: QueueOptions): () => void {
    const cancel = this.#backlog.add(data, options);
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
    this.#backlog.clear("connection");
    this.#settleDrained();
  }

  /** Discards everything that is queued. */
  clear(): void {
    this.#backlog.clear();
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
    return this.#backlog.size === 0 && (!this.#linked || (this.#sink.buffered() ?? 0) <= this.#lowWater());
  }

  #lowWater(): number {
    return Math.min(this.#options.lowWater ?? this.#highWater / 4, this.#highWater);
  }

  #flush(wait: number = FIRST_POLL): void {
    if (this.#backlog.flushing) return;
    const before = this.#backlog.size;
    this.#backlog.flush((entry) => this.#open && this.#room() && this.#hand(entry));
    this.#settleDrained();
    const moved = this.#backlog.size < before;
    if (this.#open && (this.#backlog.size > 0 || this.#drained.length > 0)) this.#poll(moved ? FIRST_POLL : wait);
  }

  /**
   * Its sender is told before: the answer may come within the call, and so may anything that an application does about it.
   * `undefined`: the socket throws for this message (its bytes were detached meanwhile), and would do so for ever.
   */
  #hand({ data, options }: Entry): boolean | undefined {
    let taken: boolean | undefined;
    options.writing?.(true);
    try {
      taken = this.#sink.write(data);
    } catch (cause) {
      this.#sink.report(new HoldfastError("LISTENER_FAILED", "The socket's send() threw; see cause", { cause }));
    }
    if (!taken) options.writing?.(false);
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
}
