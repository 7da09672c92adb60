// What is sent and how much of it: the client and the server have to agree on it.

/** One message: about 100 bytes of JSON. */
export interface Trade {
  readonly seq: number;
  readonly symbol: string;
  readonly price: number;
  readonly volume: number;
  readonly side: string;
  readonly at: number;
}

export function trade(seq: number): Trade {
  return { seq, symbol: "KELP-EUR", price: 1234.5678, volume: 0.125, side: "buy", at: 1_700_000_000_000 };
}

/** What a request asks for. */
export const PARAMS = { symbol: "KELP-EUR", side: "buy", volume: 0.125 };

/** A binary message. */
export const BYTES: number = 1 << 16;
