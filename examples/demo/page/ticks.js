// What came in: the last minutes of each symbol, and the counts that show whether anything was lost.

const KEPT = 1_200; // two minutes

export class Ticks {
  total = 0;
  lost = 0;
  doubled = 0;
  #series = new Map();
  #recent = [];

  /** Takes one trade. */
  add({ symbol, seq, time, price, volume }) {
    let series = this.#series.get(symbol);
    if (!series) this.#series.set(symbol, (series = empty()));
    this.total++;
    this.#recent.push(time);
    if (series.seq !== undefined && seq <= series.seq) {
      this.doubled++;
      return;
    }
    if (series.seq !== undefined && seq > series.seq + 1) {
      this.lost += seq - series.seq - 1;
      put(series, time / 1_000 - 0.05, null, null); // the line must not bridge a hole
    }
    series.seq = seq;
    put(series, time / 1_000, price, volume);
  }

  /** `{ times, prices, volumes }` of one symbol, the oldest first. */
  series(symbol) {
    return this.#series.get(symbol) ?? empty();
  }

  /** The newest price, and its change in percent over the minute before. */
  quote(symbol) {
    const { times, prices } = this.series(symbol);
    const price = prices.at(-1);
    if (price === undefined) return undefined;
    const start = prices[times.findIndex((time) => time >= times.at(-1) - 60)] ?? price;
    return { price, change: (price / start - 1) * 100 };
  }

  /** When the newest trade was made, in seconds. */
  get newest() {
    return Math.max(...[...this.#series.values()].map(({ times }) => times.at(-1) ?? 0), 0);
  }

  /** Trades that were made within the last second; what is filled in later is not among them. */
  rate() {
    const second = Date.now() - 1_000;
    this.#recent = this.#recent.filter((time) => time > second);
    return this.#recent.length;
  }
}

function empty() {
  return { seq: undefined, times: [], prices: [], volumes: [] };
}

function put({ times, prices, volumes }, time, price, volume) {
  for (const [list, value] of [
    [times, time],
    [prices, price],
    [volumes, volume],
  ]) {
    list.push(value);
    if (list.length > KEPT) list.splice(0, list.length - KEPT);
  }
}
