import type { Trade } from "../demo/api.ts";

/** What the service has seen so far. It counts for itself, and so checks what the client promises. */
export class Tally {
  total = 0;
  /** Trades that never came. */
  missing = 0;
  duplicates = 0;
  readonly #last = new Map<string, Trade>();
  #reported = 0;

  add(trade: Trade): void {
    const last = this.#last.get(trade.symbol);
    this.total++;
    if (last && trade.seq <= last.seq) {
      this.duplicates++;
      return;
    }
    if (last) this.missing += trade.seq - last.seq - 1;
    this.#last.set(trade.symbol, trade);
  }

  /** Trades since the last call. */
  fresh(): number {
    const fresh = this.total - this.#reported;
    this.#reported = this.total;
    return fresh;
  }

  /** `KELP 44.06  DULSE 204.64`, in order of the alphabet. */
  prices(): string {
    const trades = [...this.#last.values()].sort((a, b) => a.symbol.localeCompare(b.symbol));
    return trades.map(({ symbol, price }) => `${symbol} ${price.toFixed(2)}`).join("  ");
  }
}
