import type { ClientOptions, ConnectionState, ErrorCode, Outcome } from "holdfast";

/** What the client is told when it starts. Its options travel as JSON. */
export interface ClientPlan {
  readonly url: string;
  /** A message is sent every so many ms, whatever the state of the link, and with every fifth of them a request. */
  readonly every: number;
  readonly options: Partial<Pick<ClientOptions, "connectTimeout" | "stableAfter" | "backoff" | "heartbeat">>;
}

/** What happened on the client's side, in order; `at` is in ms since the epoch. */
export type ClientEvent =
  | { readonly what: "state"; readonly at: number; readonly name: ConnectionState["name"]; readonly cause?: ErrorCode }
  | { readonly what: "sent"; readonly at: number; readonly n: number; readonly answer: "written" | "queued" }
  | { readonly what: "settled"; readonly at: number; readonly n: number; readonly outcome: Outcome }
  | { readonly what: "confirmed"; readonly at: number; readonly n: number }
  | { readonly what: "asked"; readonly at: number; readonly id: number }
  | {
      readonly what: "answered";
      readonly at: number;
      readonly id: number;
      /** Absent: it was answered. */
      readonly error?: ErrorCode;
      /** Of one that failed: had it been written? */
      readonly sent?: boolean;
    }
  /** A timer of the client came so late that its heartbeat may have asked once more before it judged. */
  | { readonly what: "late"; readonly at: number }
  /** The server's protocol-level answer to a ping. */
  | { readonly what: "pong"; readonly at: number }
  | { readonly what: "unconfirmed"; readonly at: number; readonly count: number };

/** What the client sends on its own: its number, and with it as much as makes the message long. */
export interface Parcel {
  readonly n: number;
  readonly filling: string;
}

/** One message in the server's ledger, or one request that it has run. */
export interface Receipt {
  readonly what: "message" | "request";
  readonly at: number;
  readonly n: number;
  /** Counts the links. */
  readonly link: number;
}

/** What a process is told after it has started. `parcel`: send one message of so many bytes. */
export type Command = { readonly parcel: number } | "stop";
