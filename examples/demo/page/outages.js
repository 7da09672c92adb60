// When the connection was away, and how it came back.

export class Outages {
  /** The newest `{ from, to, filled, trades }`, in seconds; `to` is undefined while it lasts. */
  list = [];
  /** Trades that were filled in after all outages together. */
  filled = 0;

  get current() {
    const last = this.list.at(-1);
    return last && last.to === undefined ? last : undefined;
  }

  /** The connection is gone, and the newest trade that came was made at `from`. */
  begin(from) {
    if (this.current) return;
    this.list.push({ from, to: undefined, filled: false, trades: 0 });
    if (this.list.length > 20) this.list.shift();
  }

  /** It is back. Returns how long nothing came, in seconds. */
  end() {
    const { current } = this;
    if (!current) return undefined;
    current.to = Date.now() / 1_000;
    return current.to - current.from;
  }

  /** A trade of the time of an outage came after it. */
  fill(time) {
    const outage = this.list.findLast(({ from, to }) => to !== undefined && time > from && time <= to);
    if (!outage) return;
    outage.filled = true;
    outage.trades++;
    this.filled++;
  }
}
