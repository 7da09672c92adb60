import { Channel } from "../core/channel.ts";
import type { Clock } from "../core/clock.ts";
import { Deadlines } from "../core/deadlines.ts";
import { type ErrorCode, HoldfastError, RemoteError, RequestError, toHoldfastError } from "../core/errors.ts";
import type { Outcome } from "../core/outcome.ts";
import { abortReason, onAbort } from "../core/signal.ts";
import type { Dialect, RequestId, WireError } from "./dialect.ts";
import { GivenUp } from "./given-up.ts";
import type { Check } from "./hooks.ts";
import { type Era, post, type RpcLink } from "./link.ts";
import type { RequestOptions, RpcOptions, StreamOptions } from "./options.ts";
import { Pending } from "./pending.ts";

/** The requests of this side: each ends once, by its answer, its deadline, its signal, or the loss of its link. */
export class Calls {
  readonly #dialect: Dialect;
  readonly #link: RpcLink;
  readonly #era: Era;
  readonly #clock: Clock;
  readonly #options: RpcOptions;
  readonly #check: Check;
  readonly #pending = new Map<RequestId, Pending>();
  readonly #deadlines: Deadlines;
  readonly #givenUp = new GivenUp();
  /** How many requests of the application are pending. */
  #counted = 0;
  #lastId = 0;
  /** Answers that came after this side had given up. */
  late = 0;

  constructor(dialect: Dialect, link: RpcLink, era: Era, clock: Clock, options: RpcOptions, check: Check) {
    this.#dialect = dialect;
    this.#link = link;
    this.#era = era;
    this.#clock = clock;
    this.#options = options;
    this.#check = check;
    this.#deadlines = new Deadlines(clock);
  }

  get size(): number {
    return this.#pending.size;
  }

  request(
    method: string,
    params: unknown,
    options: RequestOptions,
    weight: 0 | 1 = 1,
    order?: "first",
  ): Promise<unknown> {
    const { idempotent = this.#options.idempotent?.includes(method) ? "yes" : "no", scope } = options;
    const again = idempotent === "yes" && scope !== "connection";
    const pending = new Pending(++this.#lastId, method, again, this.#expired, weight);
    const answer = pending.once();
    this.#start(pending, params, options, order);
    return answer;
  }

  stream(method: string, params: unknown, options: StreamOptions): AsyncIterableIterator<unknown, undefined> {
    const pending = new Pending(++this.#lastId, method, false, this.#expired, 1);
    const channel = new Channel<unknown>(options, () => {
      if (this.#settle(pending)) this.#cancel(pending); // the reader left or fell behind: the peer may stop
    });
    pending.into(channel);
    this.#start(pending, params, options);
    return channel;
  }

  /** The link is open again: what may run twice, and was written to the last one, goes out before anything else. */
  opened(): void {
    for (const pending of this.#pending.values()) {
      if (pending.written || pending.unqueue) continue;
      pending.written = true; // before it is: the answer may come within the call
      try {
        if (!this.#link.write(pending.data, "first")) pending.written = false;
      } catch (error) {
        this.#reject(pending, error);
      }
    }
  }

  /** The link is gone: what was written on it has an unknown outcome, what is queued stays queued. */
  lost(cause: HoldfastError): void {
    this.#givenUp.clear(); // an answer belongs to its link
    for (const pending of [...this.#pending.values()]) {
      if (!pending.written) continue;
      if (pending.again) pending.written = false;
      else this.#fail(pending, "OUTCOME_UNKNOWN", "the link was lost before the answer came", cause);
    }
  }

  /** Nothing will be answered any more. */
  end(error: HoldfastError): void {
    for (const pending of [...this.#pending.values()]) {
      if (pending.sent) this.#fail(pending, "OUTCOME_UNKNOWN", "the connection was closed", error);
      else this.#reject(pending, error);
    }
  }

  result(id: RequestId, value: unknown): void {
    const pending = this.#answered(id);
    if (!pending) return;
    try {
      // A schema is for the application's own calls, and the end of a stream has no value.
      pending.resolve(pending.item || !pending.weight ? value : this.#check(pending.method, value));
    } catch (error) {
      this.#reject(pending, error);
    }
  }

  failure(id: RequestId, { message, code, data }: WireError): void {
    const pending = this.#answered(id);
    if (pending) this.#reject(pending, new RemoteError(message, code, data));
  }

  item(id: RequestId, value: unknown): void {
    const pending = this.#pending.get(id);
    if (pending?.written && pending.item) pending.item(value);
    // A stream that was left goes on until the peer has read so: those values are expected.
    else if (!this.#givenUp.has(id)) this.#unexpected();
  }

  #start(pending: Pending, params: unknown, options: RequestOptions, order?: "first"): void {
    const { timeout = this.#options.timeout ?? 30_000, signal, scope = "client" } = options;
    const { maxPending = 10_000 } = this.#options;
    const { losses } = this.#era;
    if (signal?.aborted) {
      this.#reject(pending, abortReason(signal));
      return;
    }
    if (this.#counted + pending.weight > maxPending) {
      this.#fail(pending, "QUEUE_FULL", `${String(maxPending)} requests are pending; see rpc.maxPending`);
      return;
    }
    try {
      pending.data = this.#link.encode(this.#dialect.request(pending.id, pending.method, params));
    } catch (cause) {
      this.#fail(pending, "ENCODE_FAILED", "its params could not be encoded; see cause", cause);
      return;
    }
    if (signal?.aborted) {
      this.#reject(pending, abortReason(signal)); // since its params were encoded
      return;
    }
    this.#pending.set(pending.id, pending);
    this.#counted += pending.weight;
    this.#deadlines.add(pending, timeout);
    if (signal)
      pending.off = onAbort(signal, () => {
        this.#reject(pending, abortReason(signal));
        this.#cancel(pending);
      });
    this.#send(pending, scope, order, losses);
  }

  /** `losses`: from before its params were encoded, which may have left the link. */
  #send(pending: Pending, scope: "client" | "connection", order: "first" | undefined, losses: number): void {
    try {
      if (!order) this.#link.prepare?.();
      if (this.#pending.get(pending.id) !== pending) return; // a callback has ended it
      pending.written = pending.sent = true; // before it is: the answer may come within the call
      if (this.#link.write(pending.data, order)) return;
      pending.written = pending.sent = false;
      if (scope === "connection" && this.#era.losses !== losses) {
        this.#fail(pending, "DISCARDED", "a callback left its link");
        return;
      }
      const unqueue = this.#link.queue(pending.data, {
        scope,
        ttl: Infinity, // it has a timeout
        writing: (now) => {
          pending.written = pending.sent = now;
        },
        settled: (outcome) => {
          this.#unqueued(pending, outcome);
        },
      });
      // The callbacks of what it evicted may have ended it.
      if (this.#pending.get(pending.id)?.written === false) pending.unqueue = unqueue;
      else unqueue();
    } catch (error) {
      pending.written = pending.sent = false;
      const full = error instanceof HoldfastError && error.code === "QUEUE_FULL";
      if (full) this.#fail(pending, "QUEUE_FULL", "the queue was full", error);
      else this.#reject(pending, error);
    }
  }

  #unqueued(pending: Pending, outcome: Outcome): void {
    if (this.#pending.get(pending.id) !== pending) return; // it was given up, and that took it out of the queue
    pending.unqueue = undefined;
    if (outcome === "written") {
      // Unless its link has said so already, and was perhaps lost within the call.
      if (!pending.sent) pending.written = pending.sent = true;
    } else if (outcome === "overflow") this.#fail(pending, "QUEUE_FULL", "the queue was full");
    else this.#fail(pending, "DISCARDED", "it was taken out of the queue");
  }

  /** A page that was frozen wakes up with its timers first: one more turn is left to an answer that has arrived already. */
  readonly #expired = (pending: Pending): void => {
    const { off } = pending;
    const cancel = this.#clock.after(0, () => {
      this.#fail(pending, "TIMEOUT", "no answer came in time");
      this.#cancel(pending);
    });
    pending.off = () => {
      off?.();
      cancel();
    };
  };

  /** Gives up what was written, and says so to the peer. */
  #cancel({ id, written }: Pending): void {
    if (!written) return;
    this.#givenUp.add(id);
    try {
      const frame = this.#dialect.cancel?.(id);
      if (frame !== undefined) post(this.#link, this.#era, frame);
    } catch (cause) {
      this.#link.report(toHoldfastError(cause, "ENCODE_FAILED"));
    }
  }

  #answered(id: RequestId): Pending | undefined {
    const pending = this.#pending.get(id);
    if (pending?.written && this.#settle(pending)) return pending;
    if (this.#givenUp.delete(id)) this.late++;
    else this.#unexpected();
    return undefined;
  }

  #unexpected(): void {
    this.#link.report(
      new HoldfastError("UNEXPECTED_REPLY", "An answer came that no request waits for: twice, or for a foreign id"),
    );
  }

  /** False if it was over before. */
  #settle(pending: Pending): boolean {
    if (this.#pending.get(pending.id) !== pending) return false;
    this.#pending.delete(pending.id);
    this.#counted -= pending.weight;
    this.#deadlines.remove(pending);
    pending.off?.();
    const { unqueue } = pending;
    pending.unqueue = undefined;
    unqueue?.();
    return true;
  }

  #reject(pending: Pending, error: unknown): void {
    this.#settle(pending);
    pending.promise?.catch(() => undefined); // a request that nobody awaits is no unhandled rejection
    pending.reject(error);
  }

  #fail(pending: Pending, code: ErrorCode, why: string, cause?: unknown): void {
    const { method, sent } = pending;
    this.#reject(pending, new RequestError(code, `Request "${method}": ${why}`, { method, sent, cause }));
  }
}
