/** What became of a herd. Times are milliseconds since its links were cut. */
export interface Outcome {
  /** Clients that were dropped. */
  readonly clients: number;
  readonly dials: readonly number[];
  /** When each client was back, the earliest first. */
  readonly back: readonly number[];
}

export interface Figures {
  /** Dials in the busiest 100 ms, as a share of the clients. */
  readonly busiest: number;
  /** When half of them were back, and so on; `undefined` if it did not come to that. */
  readonly half: number | undefined;
  readonly most: number | undefined;
  readonly nearlyAll: number | undefined;
  readonly all: number | undefined;
  /** Dials beyond the one that each client needs, for a client. */
  readonly wasted: number;
}

const BUCKET = 100;

export function figuresOf({ clients, dials, back }: Outcome): Figures {
  const buckets = new Map<number, number>();
  for (const at of dials) buckets.set(Math.floor(at / BUCKET), (buckets.get(Math.floor(at / BUCKET)) ?? 0) + 1);
  const by = (share: number): number | undefined => back[Math.ceil(share * clients) - 1];
  return {
    busiest: Math.max(0, ...buckets.values()) / clients,
    half: by(0.5),
    most: by(0.95),
    nearlyAll: by(0.99),
    all: by(1),
    wasted: Math.max(0, dials.length - clients) / clients,
  };
}
