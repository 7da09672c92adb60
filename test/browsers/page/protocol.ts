import type { FaultMode } from "../../support/fault-server.ts";

/** What a case may have done to its server, or to the network before it. */
export type Command =
  /** The server resets every connection. `stop`: and refuses new ones, until `restart`. */
  | { readonly do: "kill" | "stop" | "restart" }
  /** The network resets every connection, or ends it without a goodbye of WebSocket. */
  | { readonly do: "rst" | "fin" }
  /** From now on nothing passes, either way; then everything does. */
  | { readonly do: "blackhole" | "heal" }
  /** What new connections meet. */
  | { readonly do: "answer"; readonly mode: FaultMode }
  /** The server closes with a code, or sends a text, on every connection. */
  | { readonly do: "close"; readonly code: number; readonly reason: string }
  | { readonly do: "say"; readonly text: string };

/** A message as the server saw it. */
export interface SeenMessage {
  /** Counts connections, from 1. */
  readonly connection: number;
  /** Text; of binary messages only the length. */
  readonly text: string;
  readonly at: number;
}

/** The end of a connection as the server saw it. */
export interface SeenClose {
  readonly connection: number;
  readonly code: number;
  readonly reason: string;
  readonly at: number;
}

/** A call that came in. */
export interface SeenCall {
  readonly connection: number;
  readonly id: number | undefined;
  readonly method: string;
  readonly params: unknown;
  readonly at: number;
}

/** A server of its own for one case, and where it is. */
export interface WorldAddress {
  readonly id: number;
  /** Through the network that can be hurt. */
  readonly url: string;
  /** Past it: where a stopped server refuses connections, as the kernel does. */
  readonly directUrl: string;
}

/** What a server has seen since it was made. Times are in milliseconds since the epoch. */
export interface Seen {
  /** TCP connections, those that are open, and the opened WebSockets among them. */
  readonly dials: number;
  readonly connections: number;
  readonly opened: number;
  readonly live: number;
  readonly maxLive: number;
  readonly openedAt: readonly number[];
  readonly messages: readonly SeenMessage[];
  readonly calls: readonly SeenCall[];
  readonly closes: readonly SeenClose[];
}

/** What became of one case. */
export type Outcome =
  | { readonly passed: true; readonly ms: number; readonly figure?: number }
  | { readonly passed: false; readonly ms: number; readonly error: string };

/** Where a case runs. */
export const CONTEXTS = ["page", "worker", "shared worker", "service worker"] as const;

export type Context = (typeof CONTEXTS)[number];

/** Which file of the package it runs on: the one for CDNs, or the ES modules for bundlers. */
export type Build = "cdn" | "esm";
