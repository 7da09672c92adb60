import { type Client, type ClientOptions, createClient } from "holdfast";

export interface Price {
  readonly symbol: string;
  readonly price: number;
}

/** What travels between the page and the feed. */
export interface Api {
  topics: { prices: Price };
  outgoing: { readonly buy: string };
}

/** How long an order may wait for a connection, in ms. A later one would buy at a price that nobody has seen. */
export const ORDER_TTL = 10_000;

/** The client of this application. A test passes a clock, a network, randomness and a transport besides the URL. */
export function createFeed(options: ClientOptions): Client<Api> {
  return createClient<Api>({ heartbeat: {}, ...options });
}
