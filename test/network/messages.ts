import type { ClientOptions, ConnectionState, ErrorCode, Outcome } from "holdfast";

/** What the client is told when it starts. Its options travel as JSON. */
export interface ClientPlan {
  readonly url: string;
  /** A message is sent every so many ms, whatever the state of the link. */
  readonly every: number;
  readonly options: Partial<Pick<ClientOptions, "connectTimeout" | "stableAfter" | "backoff" | "heartbeat">>;
}

/** What happened on the client's side, in order; `at` is in ms since the epoch. */
export type ClientEvent =
  | { readonly what: "state"; readonly at: number; readonly name: ConnectionState["name"]; readonly cause?: ErrorCode }
  | { readonly what: "sent"; readonly at: number; readonly n: number; readonly answer: "written" | "queued" }
  | { readonly what: "settled"; readonly at: number; readonly n: number; readonly outcome: Outcome }
  | { readonly what: "confirmed"; readonly at: number; readonly n: number }
  | { readonly what: "unconfirmed"; readonly at: number; readonly count: number };

/** One message in the server's ledger. */
export interface Receipt {
  readonly at: number;
  readonly n: number;
  /** Counts the links. */
  readonly link: number;
}

/** What the two processes are told after they have started. */
export type Command = "stop sending" | "close";
