import type { Transport } from "../../src/transport/transport.ts";
import { dialCases } from "./contract-dial.ts";
import { linkCases } from "./contract-link.ts";
import { Recorder } from "./contract-recorder.ts";

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
  /** The header fields of the upgrade request, by their names in lower case. Empty where there are none. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** How the connection ended for the peer, once it has ended. */
  readonly end: { readonly code: number; readonly reason: string } | undefined;
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

/** What the suite needs of whoever runs it: a transport, and a peer that can be told how to behave. */
export interface TransportHarness {
  readonly transport: Transport;
  readonly features: TransportFeatures;
  /** Prepares the peer for one dial; `url` of the answer is what to dial. */
  arrange(answer: PeerAnswer): Promise<ContractDial>;
}

/** One promise of the interface and the code that checks it; `run` rejects if it is broken. */
export interface ContractCase {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** A case as it is written: it gets the harness and a fresh recorder. */
export type CaseBody = (harness: TransportHarness, recorder: Recorder) => Promise<void>;

/** The promises of the transport interface, as cases for any test runner: `for (const c of cases) it(c.name, c.run)`. */
export function transportContract(harness: () => TransportHarness): readonly ContractCase[] {
  return Object.entries({ ...dialCases, ...linkCases }).map(([name, body]) => ({
    name,
    run: async () => {
      const recorder = new Recorder(harness().transport);
      try {
        await body(harness(), recorder);
        recorder.check();
      } finally {
        recorder.abandonAll();
      }
    },
  }));
}
