import { HoldfastError } from "./errors.ts";

/** How a reader that falls behind is treated. */
export interface BufferOptions {
  /** How many values may wait for the reader. @default 1000 */
  readonly buffer?: number | undefined;
  /** When they are more: `fail` ends the iteration with BUFFER_FULL; the others lose a value. @default "fail" */
  readonly overflow?: "fail" | "drop-oldest" | "drop-newest" | undefined;
}

/** What each option takes; see `checkOptions`. */
export const BUFFER_SPEC = { buffer: "number", overflow: '"fail" or "drop-oldest" or "drop-newest"' };

interface Reader<Value> {
  readonly resolve: (result: IteratorResult<Value, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

/** A bounded queue with one reading side: what is pushed comes out of `for await`, in order. */
export class Channel<Value> implements AsyncIterableIterator<Value, undefined> {
  readonly #options: BufferOptions;
  readonly #onEnd: () => void;
  #values: Value[] = [];
  readonly #readers: Reader<Value>[] = [];
  #over: { readonly error?: unknown } | undefined;

  /** `onEnd` is called once, when the reader leaves, falls too far behind, or the source ends or fails. */
  constructor(options: BufferOptions, onEnd: () => void) {
    this.#options = options;
    this.#onEnd = onEnd;
  }

  push(value: Value): void {
    if (this.#over) return;
    const reader = this.#readers.shift();
    if (reader) {
      reader.resolve({ value, done: false });
      return;
    }
    const { buffer = 1_000, overflow = "fail" } = this.#options;
    if (this.#values.length >= buffer) {
      if (overflow === "fail") {
        this.end(new HoldfastError("BUFFER_FULL", "The reader is too slow; see the options buffer and overflow"));
        return;
      }
      if (overflow === "drop-newest" || buffer < 1) return;
      this.#values.shift();
    }
    this.#values.push(value);
  }

  /** What was pushed can still be read; then the iteration is done, or throws `error`, once. */
  end(error?: unknown): void {
    this.#finish({ error });
  }

  next(): Promise<IteratorResult<Value, undefined>> {
    if (this.#values.length > 0) {
      // The cast: the length has just been looked at; `undefined` may be a value.
      return Promise.resolve({ value: this.#values.shift() as Value, done: false });
    }
    if (!this.#over) {
      return new Promise((resolve, reject) => {
        this.#readers.push({ resolve, reject });
      });
    }
    const { error } = this.#over;
    this.#over = {};
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the source's own error, or a signal's reason
    return error === undefined ? Promise.resolve({ value: undefined, done: true }) : Promise.reject(error);
  }

  /** The reader leaves: `break` and `return` in a `for await` call this. */
  return(): Promise<IteratorResult<Value, undefined>> {
    this.#values = [];
    this.#finish({});
    this.#over = {};
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #finish(over: { readonly error?: unknown }): void {
    if (this.#over) return;
    this.#over = over;
    for (const { resolve, reject } of this.#readers.splice(0)) this.next().then(resolve, reject);
    this.#onEnd();
  }
}
