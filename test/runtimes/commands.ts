import type { FaultCounters, FaultMode } from "../support/fault-server.ts";
import type { PeerAnswer } from "holdfast/testing";

/** A frame on its way between the suite and the control server. */
export type WirePayload = { readonly text: string } | { readonly base64: string };

/** The other end of one arranged dial. */
export interface DialView {
  /** The header fields of the upgrade request, once it was accepted. */
  readonly headers: Readonly<Record<string, unknown>> | undefined;
  /** What has come in, from the index that was asked for. */
  readonly received: readonly WirePayload[];
  readonly end: { readonly code: number; readonly reason: string } | undefined;
  readonly gone: boolean;
}

/** What a laboratory's server has seen. */
export interface LabView {
  readonly counters: FaultCounters;
  /** TCP connections that are there now. */
  readonly connections: number;
  /** Every data frame, oldest first; bytes as `<3 bytes>`. */
  readonly frames: readonly string[];
  /** How its connections ended. */
  readonly ends: readonly { readonly code: number; readonly reason: string }[];
  /** Protocol-level pings that came in. */
  readonly pings: number;
  /** The path, query and header fields of every upgrade request. */
  readonly requests: readonly { readonly url: string; readonly headers: Readonly<Record<string, unknown>> }[];
}

/** What can be done to a laboratory's server, and to the proxy before it. */
export type LabAct =
  | { readonly name: "stop" | "restart" | "kill" | "blackhole" | "heal" }
  | { readonly name: "mode"; readonly mode: FaultMode }
  | { readonly name: "close"; readonly code: number; readonly reason: string }
  | { readonly name: "publish"; readonly topic: string; readonly data: unknown };

/** What a suite in another process can ask of the control server, by name: what it sends, and what it gets. */
export interface Commands {
  "dial/arrange": [PeerAnswer, { readonly id: string; readonly url: string }];
  /** Answers when something is new, or after a while. */
  "dial/watch": [{ readonly id: string; readonly from: number; readonly known: string }, DialView];
  "dial/send": [{ readonly id: string; readonly frames: readonly WirePayload[] }, null];
  "dial/close": [
    { readonly id: string; readonly code?: number | undefined; readonly reason?: string | undefined },
    null,
  ];
  "dial/destroy": [{ readonly id: string }, null];
  "dial/freeze": [{ readonly id: string }, null];
  /** Every dial that was arranged is over. */
  "dial/stop": [null, null];
  "lab/open": [null, { readonly id: string; readonly url: string; readonly proxyUrl: string }];
  "lab/look": [{ readonly id: string }, LabView];
  "lab/act": [{ readonly id: string; readonly act: LabAct }, null];
  "lab/close": [{ readonly id: string }, null];
}

/** Everything of a view that changes, as one string. */
export function stampOf({ headers, end, gone }: DialView, received: number): string {
  return JSON.stringify([headers !== undefined, end !== undefined, gone, received]);
}

/** A frame as it travels in JSON. */
export function toWire(data: string | Uint8Array): WirePayload {
  if (typeof data === "string") return { text: data };
  let binary = "";
  for (let at = 0; at < data.length; at += 10_000) binary += String.fromCharCode(...data.subarray(at, at + 10_000));
  return { base64: btoa(binary) };
}

export function fromWire(data: WirePayload): string | Uint8Array {
  return "text" in data ? data.text : Uint8Array.from(atob(data.base64), (char) => char.charCodeAt(0));
}
