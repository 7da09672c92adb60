import type { Quote, Trade } from "./api.ts";

/** The symbols of the market and where their prices tend to be. Kelp, dulse and wrack are what holdfasts hold. */
export const SYMBOLS: ReadonlyMap<string, number> = new Map([
  ["KELP", 46.2],
  ["DULSE", 181.5],
  ["WRACK", 318.9],
]);

/** Every symbol trades once in so many milliseconds. */
export const TICK = 100;

/** Trades of a symbol that can still be replayed: ten minutes. */
const KEPT = 6_000;

/** Sequence numbers count ticks from here, so that they go on when the process is started again. 2026-01-01T00:00:00Z */
const FIRST_TICK = Date.UTC(2026, 0, 1) / TICK;

/**
 * A market that never was: each price is a geometric random walk with calmer and wilder spells and a weak pull towards
 * its base. It knows neither clock nor chance: the same seed and origin give the same trades, so a server that is
 * killed and started again goes on with the same market, and can replay what a client has missed.
 */
export class Market {
  readonly #walks: ReadonlyMap<string, Walk>;
  #next: number;

  /** The walk begins at `origin`, milliseconds since the epoch. */
  constructor(options: { readonly seed: number; readonly origin: number }) {
    this.#next = Math.ceil(options.origin / TICK);
    this.#walks = new Map(
      [...SYMBOLS].map(([symbol, base], index) => [symbol, new Walk(symbol, base, options.seed + index)]),
    );
  }

  /** Lets time pass until `now` and returns the trades of that time, in order. */
  advance(now: number): Trade[] {
    const trades: Trade[] = [];
    for (; this.#next * TICK <= now; this.#next++) {
      for (const walk of this.#walks.values()) trades.push(walk.step(this.#next - FIRST_TICK, this.#next * TICK));
      // After a start, hours pass at once. Only what can still be asked for is worth keeping.
      if (trades.length > 2 * KEPT) trades.splice(0, KEPT);
    }
    return trades;
  }

  /** The trades of `symbol` that came after the sequence number `since` and are still kept, the oldest first. */
  since(symbol: string, since: number): Trade[] {
    return this.#walks.get(symbol)?.since(since) ?? [];
  }

  /** The newest `count` trades of `symbol`, the oldest first. */
  last(symbol: string, count: number): Trade[] {
    return this.#walks.get(symbol)?.since(this.#sequence() - count) ?? [];
  }

  /** `undefined` for an unknown symbol, and before its first trade. */
  quote(symbol: string): Quote | undefined {
    const minute = this.last(symbol, 60_000 / TICK);
    const [first, newest] = [minute.at(0), minute.at(-1)];
    if (!first || !newest) return undefined;
    const { seq, price } = newest;
    const change = Math.round((price / first.price - 1) * 1e4) / 100;
    return { symbol, price, change, volume: minute.reduce((sum, trade) => sum + trade.volume, 0), seq };
  }

  /** The newest sequence number. */
  #sequence(): number {
    return this.#next - 1 - FIRST_TICK;
  }
}

class Walk {
  readonly #symbol: string;
  readonly #base: number;
  readonly #random: () => number;
  /** A ring: the trade with sequence number n lies at n modulo its length. */
  readonly #ring: Trade[] = [];
  #newest = -1;
  /** The logarithm of price / base. */
  #level = 0;
  /** The logarithm of how wild it is at present. */
  #wildness = 0;

  constructor(symbol: string, base: number, seed: number) {
    this.#symbol = symbol;
    this.#base = base;
    this.#random = mulberry32(seed);
  }

  step(seq: number, time: number): Trade {
    this.#wildness = 0.998 * this.#wildness + 0.05 * this.#bell();
    this.#level = 0.99999 * this.#level + 0.0003 * Math.exp(this.#wildness) * this.#bell();
    const price = Math.round(this.#base * Math.exp(this.#level) * 100) / 100;
    const volume = Math.ceil(20 * Math.exp(this.#wildness + this.#bell()));
    const trade: Trade = { symbol: this.#symbol, seq, time, price, volume };
    this.#ring[seq % KEPT] = trade;
    this.#newest = seq;
    return trade;
  }

  since(since: number): Trade[] {
    const trades: Trade[] = [];
    for (let seq = Math.max(since + 1, this.#newest - KEPT + 1); seq <= this.#newest; seq++) {
      const trade = this.#ring[seq % KEPT];
      if (trade?.seq === seq) trades.push(trade);
    }
    return trades;
  }

  /** Nearly normal, mean 0, deviation 1. */
  #bell(): number {
    return 2 * (this.#random() + this.#random() + this.#random() - 1.5);
  }
}

/** A small generator with 32 bits of state, good enough for a picture of a market. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
