/** How many events a report shows. */
const LENGTH = 50;

/** The last events of a walk. Writing one down costs next to nothing; they are only put together for a report. */
export class Trail {
  readonly #entries: string[] = [];
  #count = 0;

  /** How many there were altogether. */
  get count(): number {
    return this.#count;
  }

  note(entry: string): void {
    this.#entries[this.#count++ % LENGTH] = entry;
  }

  /** The last 50, oldest first, each with its number. */
  toString(): string {
    const first = Math.max(0, this.#count - LENGTH);
    const numbers = Array.from({ length: this.#count - first }, (_, index) => first + index);
    return numbers.map((number) => `${number + 1}. ${this.#entries[number % LENGTH] ?? ""}`).join("\n");
  }
}

/** The first break of each promise in a walk, by the promise's name, with all that is needed to see it again. */
export class Findings {
  readonly #found = new Map<string, string>();

  /** Ends the report with the seed, the step and the last events. */
  report(promise: string, what: string, seed: number, trail: Trail): void {
    if (this.#found.has(promise)) return;
    this.#found.set(promise, `${what}\nseed ${seed}, step ${trail.count}; the last events:\n${trail.toString()}`);
  }

  of(promise: string): string | undefined {
    return this.#found.get(promise);
  }

  get size(): number {
    return this.#found.size;
  }
}
