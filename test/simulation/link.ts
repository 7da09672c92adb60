import type { MemoryConnection } from "../../src/testing/memory-connection.ts";
import type { Ledger } from "./ledger.ts";

/** One client as the server knows it. */
export interface Home {
  readonly who: string;
  readonly ledger: Ledger;
  /** It speaks first, and nothing else until it has been welcomed. */
  readonly handshake: boolean;
  /** It expects to hear something this often; 0 if it does not. */
  readonly chatter: number;
  /** Its queue has room for every answer: none is lost to an overflow. */
  readonly roomy: boolean;
}

/** A call of the server that waits for the client's answer. */
export interface Inquiry {
  readonly method: string;
  readonly number: number;
  /** Values of a streaming answer that have come. */
  items: number;
  cancelled: boolean;
  /** Something of its answer may have come to a server that has forgotten it. */
  forgotten: boolean;
  /** The client has told that something of its answer was dropped. */
  lost: boolean;
}

/** One connection, as the server's application sees it. */
export class Link {
  /** Counts all links of the server. */
  readonly number: number;
  readonly home: Home;
  /** Subscribed topics. */
  readonly topics: Set<string> = new Set<string>();
  /** What ends the streams that are being sent, by request id. */
  readonly streams: Map<number | string, () => void> = new Map<number | string, () => void>();
  /** Calls of the server that wait for an answer, by id. */
  readonly inquiries: Map<string, Inquiry> = new Map<string, Inquiry>();
  greeted: boolean;
  /** Messages pushed so far; each carries its number. */
  pushes = 0;
  readonly connection: MemoryConnection;

  constructor(number: number, home: Home, connection: MemoryConnection) {
    this.number = number;
    this.home = home;
    this.greeted = !home.handshake;
    this.connection = connection;
  }

  get open(): boolean {
    return this.connection.state === "open";
  }

  send(data: string | Uint8Array): void {
    this.connection.send(data);
  }

  ping(): void {
    this.connection.ping();
  }

  close(code: number, reason: string): void {
    this.connection.close(code, reason);
  }

  /** The server is gone for it. */
  end(): void {
    for (const stop of this.streams.values()) stop();
    this.streams.clear();
    this.inquiries.clear();
    this.topics.clear();
  }
}
