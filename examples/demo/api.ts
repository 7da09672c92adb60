/** What the demo server understands. The server implements it; the page and the feed service are typed by it. */
export interface Api {
  requests: {
    /** The server's clock, milliseconds since the epoch. */
    time(): number;
    sum(params: { a: number; b: number }): number;
    quote(params: { symbol: string }): Quote;
    /** The newest trades, at most `limit` of them, the oldest first; or those after the sequence number `since`. */
    history(params: { symbol: string; limit?: number; since?: number }): Trade[];
    /** Answers after so many seconds, unless it is cancelled. */
    slow(params: { seconds: number }): { waited: number };
  };
  streams: {
    /** Counts down, one number a second. */
    countdown(params: { from: number }): number;
  };
  /** One topic for each symbol. Subscribing takes `since` (replay what came after) or `last` (begin with the last few). */
  topics: Record<`trades.${string}`, Trade>;
}

export interface Trade {
  readonly symbol: string;
  /** Grows by one with each trade of this symbol. */
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly price: number;
  readonly volume: number;
}

export interface Quote {
  readonly symbol: string;
  readonly price: number;
  /** Against one minute ago, in percent. */
  readonly change: number;
  readonly volume: number;
  readonly seq: number;
}
