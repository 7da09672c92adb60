/** How many events are kept to show what led to a violation. */
const KEPT = 50;

interface Entry {
  at: number;
  who: string;
  what: string;
  detail: string | number;
}

/** Everything that a simulation did, as a digest of all of it and the text of the last events. */
export class Trace {
  readonly #ring: Entry[] = [];
  readonly #told: ((line: string) => void) | undefined;
  #count = 0;
  #low = 0x811c9dc5;
  #high = 0x1000193;

  /** `told` gets each event as it comes. */
  constructor(told?: (line: string) => void) {
    this.#told = told;
  }

  /** How many events were recorded. */
  get count(): number {
    return this.#count;
  }

  /** The same for two runs only if each event of one was the same in the other, at the same time and in the same order. */
  get digest(): string {
    return `${hex(this.#high)}${hex(this.#low)}-${String(this.#count)}`;
  }

  /** The last events, oldest first. */
  get last(): string[] {
    const start = this.#count % KEPT;
    const ordered = this.#count > KEPT ? [...this.#ring.slice(start), ...this.#ring.slice(0, start)] : this.#ring;
    return ordered.map(lineOf);
  }

  add(at: number, who: string, what: string, detail: string | number): void {
    this.#mix(at);
    this.#text(who);
    this.#text(what);
    if (typeof detail === "number") this.#mix(detail);
    else this.#text(detail);
    this.#told?.(lineOf({ at, who, what, detail }));
    const entry = this.#ring[this.#count++ % KEPT];
    if (!entry) {
      this.#ring.push({ at, who, what, detail });
      return;
    }
    entry.at = at;
    entry.who = who;
    entry.what = what;
    entry.detail = detail;
  }

  #text(text: string): void {
    for (let i = 0; i < text.length; i++) this.#mix(text.charCodeAt(i));
  }

  /** FNV-1a and a murmur step, over whole words. */
  #mix(word: number): void {
    this.#low = Math.imul(this.#low ^ (word | 0), 0x01000193);
    this.#high = Math.imul((this.#high ^ (word | 0)) + (this.#low >>> 15), 0x85ebca6b);
  }
}

function lineOf({ at, who, what, detail }: Entry): string {
  return `${String(at).padStart(9)} ${who} ${what} ${String(detail)}`.trimEnd();
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}
