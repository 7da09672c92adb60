import { type Clock, systemClock } from "../../core/clock.ts";
import type { Transport } from "../../transport/transport.ts";
import { dialCases } from "./dial-cases.ts";
import { linkCases } from "./link-cases.ts";
import { Recorder } from "./recorder.ts";

/** How the peer answers the next dial. */
export type PeerAnswer =
  /** Accepts; speaks this subprotocol, if one is given. `greeting` is sent in the same turn as the acceptance. */
  | { readonly name: "accept"; readonly protocol?: string; readonly greeting?: string }
  /** There is nobody at the address. */
  | { readonly name: "refuse" }
  /** Lets the dial begin, and never answers the upgrade. */
  | { readonly name: "silence" }
  /** Lets the dial begin, and breaks off without a word. */
  | { readonly name: "break" }
  /** Answers the upgrade with an HTTP status. */
  | { readonly name: "status"; readonly status: number };

/** The other end of one connection. */
export interface ContractPeer {
  /** What came in, oldest first: text as a string, bytes as bytes. */
  readonly received: readonly (string | Uint8Array)[];
  /** The header fields of the upgrade request by their names in lower case, `sec-websocket-protocol` among them. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** How the connection ended for the peer, once it has ended. */
  readonly end: { readonly code: number; readonly reason: string } | undefined;
  /** After `close` it may do nothing, and throws nothing. */
  send(data: string | Uint8Array): void;
  /** Starts the closing handshake. Without a code the close frame is empty. */
  close(code?: number, reason?: string): void;
  /** Breaks the connection off without a close frame. */
  destroy(): void;
  /**
   * From now on nothing is answered any more, not even a close frame. The connection stays. A peer in another process
   * answers a promise that resolves when it is so.
   */
  freeze(): void | Promise<void>;
}

/** One arranged dial. */
export interface ContractDial {
  /** What is to be dialled. */
  readonly url: string;
  /** The peer's end, once the peer has accepted. */
  peer(): ContractPeer | undefined;
  /** True once the peer sees that the client's end is gone, whether or not it was ever accepted. */
  gone(): boolean;
}

/** What depends on the platform. Everything else is promised by every transport. */
export interface TransportFeatures {
  /** It sends header fields; without it, a dial with headers throws. */
  readonly headers: boolean;
  /** It tells the HTTP status of a refused upgrade. */
  readonly httpStatus: boolean;
  /** It sends protocol-level pings. */
  readonly ping: boolean;
  /** `abandon()` frees an open connection even if the peer never answers again. */
  readonly terminate: boolean;
  /** `abandon()` of a dial whose upgrade is not answered frees the connection. */
  readonly cancelDial: boolean;
  /** It refuses a URL that is none by throwing. */
  readonly checksUrl: boolean;
}

/** What the contract needs of whoever runs it: a transport, and a peer that can be told how to behave. */
export interface TransportHarness {
  /** What is held to the contract. */
  readonly transport: Transport;
  /** What it can do here: the cases ask for no more, and for no less. */
  readonly features: TransportFeatures;
  /** What the cases wait with. With a `VirtualClock`, move it while a case runs (`advanceFor`). @default systemClock */
  readonly clock?: Clock | undefined;
  /** Prepares the peer for one dial, which will be to the `url` of the answer and to no other. */
  arrange(answer: PeerAnswer): Promise<ContractDial>;
}

/** One promise of the `Transport` interface, and the code that checks it. */
export interface ContractCase {
  /** A sentence about the transport, without its subject: "opens once, …". */
  readonly name: string;
  /** Rejects with what was seen if the promise is broken. It needs at most a few seconds, and leaves no socket behind. */
  readonly run: () => Promise<void>;
}

/** A case as it is written: it gets the harness and a fresh recorder. */
export type CaseBody = (harness: TransportHarness, recorder: Recorder) => Promise<void>;

/**
 * The promises of the `Transport` interface as cases for any test runner. The cases are independent of each other, and may run
 * at the same time if the harness allows it. holdfast's own transports are held to the same ones.
 *
 * @example
 * import { test } from "node:test"; // or `it` of Vitest or Jest
 *
 * const harness = memoryHarness();
 * const mine: Transport = (request, events) => harness.transport(request, events);
 * for (const { name, run } of transportContract({ ...harness, transport: mine })) {
 *   test(name, run);
 * }
 */
export function transportContract(harness: TransportHarness): readonly ContractCase[] {
  return Object.entries({ ...dialCases, ...linkCases }).map(([name, body]) => ({
    name,
    run: async () => {
      const recorder = new Recorder(harness.transport, harness.clock ?? systemClock);
      try {
        await body(harness, recorder);
        recorder.check();
      } finally {
        recorder.abandonAll();
      }
    },
  }));
}
