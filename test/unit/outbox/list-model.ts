import type { Outcome } from "../../../src/core/outcome.ts";
import type { OutboxOptions } from "../../../src/outbox/options.ts";

/** A message of the model: what counts about it. */
export interface Message {
  readonly id: number;
  readonly bytes: number;
  readonly ttl: number;
  readonly key: string | undefined;
  readonly scope: "client" | "connection";
}

interface Queued extends Message {
  readonly due: number;
}

/** What an outbox should be, as a plain list and the plainest code. */
export class ListModel {
  queue: readonly Queued[] = [];
  readonly written: number[] = [];
  readonly outcomes = new Map<number, Outcome>();
  readonly #options: OutboxOptions;
  #open = false;
  #now = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  get bytes(): number {
    return this.queue.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  send(message: Message): "written" | "queued" | "refused" {
    if (this.#open) {
      this.written.push(message.id);
      return "written";
    }
    const { maxCount = Infinity, maxBytes = Infinity, overflow } = this.#options;
    const without = (): readonly Queued[] => this.queue.filter(({ key }) => key === undefined || key !== message.key);
    const full = (): boolean =>
      without().length >= maxCount || without().reduce((sum, { bytes }) => sum + bytes, message.bytes) > maxBytes;
    if (overflow === "drop-oldest" && message.bytes <= maxBytes) {
      // What is replaced leaves anyhow, and makes no room.
      for (let [oldest] = without(); full() && oldest; [oldest] = without()) this.#end([oldest.id], "overflow");
    }
    if (full()) {
      if (overflow === "reject") return "refused";
      this.outcomes.set(message.id, "overflow");
      return "queued";
    }
    const kept = without();
    this.#end(
      this.queue.filter((one) => !kept.includes(one)).map(({ id }) => id),
      "replaced",
    );
    this.queue = [...this.queue, { ...message, due: this.#now + message.ttl }];
    return "queued";
  }

  abort(id: number): void {
    if (this.queue.some((one) => one.id === id)) this.#end([id], "aborted");
  }

  wait(ms: number): void {
    this.sleep(ms);
    this.#endAll(({ due }) => due <= this.#now, "expired");
  }

  sleep(ms: number): void {
    this.#now += ms;
  }

  open(): void {
    this.#open = true;
    this.#endAll(({ due }) => due < this.#now, "expired");
    this.written.push(...this.queue.map(({ id }) => id));
    this.#endAll(() => true, "written");
  }

  hold(): void {
    this.#open = false;
  }

  lost(): void {
    this.#open = false;
    this.#endAll(({ scope }) => scope === "connection", "discarded");
  }

  clear(): void {
    this.#endAll(() => true, "discarded");
  }

  #endAll(which: (message: Queued) => boolean, outcome: Outcome): void {
    this.#end(
      this.queue.filter(which).map(({ id }) => id),
      outcome,
    );
  }

  #end(ids: readonly number[], outcome: Outcome): void {
    for (const id of ids) this.outcomes.set(id, outcome);
    this.queue = this.queue.filter(({ id }) => !ids.includes(id));
  }
}
