import type { InboundPayload, Payload } from "../../src/core/payload.ts";

/** One event of a feed: the generation of the feed (a restart may begin a new one) and the number in it. */
export interface FeedEvent {
  readonly generation: number;
  readonly number: number;
}

/** What every call of a user carries: the number of the deed. */
export interface Deed {
  readonly op: number;
}

/** What the server answers to one: which deed, and how often it has run it. */
export interface Ran {
  readonly op: number;
  readonly run: number;
}

/** What travels between the simulated users and the simulated server. */
export interface Api {
  requests: { get(params: Deed): Ran; put(params: Deed): Ran };
  streams: { rows(params: Deed): number };
  notifications: { note(params: Deed): void };
  topics: Record<string, FeedEvent>;
  incoming: { readonly push?: number; readonly link?: number };
  outgoing: { readonly op: number; readonly pad: string };
}

/** Any frame of either side, with what it may hold. Only frames that this simulator made are read as one. */
export interface Frame {
  readonly jsonrpc?: string;
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: {
    readonly op?: number;
    readonly id?: number | string;
    readonly topic?: string;
    readonly since?: number;
    readonly data?: FeedEvent;
    readonly value?: unknown;
  };
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
  readonly op?: number;
  readonly auth?: string;
  readonly welcome?: boolean;
  readonly sign?: "ping" | "pong";
  readonly push?: number;
  readonly link?: number;
}

/** Most frames are looked at more than once, on both sides. */
const seen = new Map<string, Frame | undefined>();

/** `undefined` for what is no frame of this simulator: bytes, broken JSON, or JSON of another shape. */
export function readFrame(data: InboundPayload | Payload): Frame | undefined {
  if (typeof data !== "string") return undefined;
  if (seen.has(data)) return seen.get(data);
  if (seen.size >= 1_000) seen.clear();
  const frame = parse(data);
  seen.set(data, frame);
  return frame;
}

function parse(data: string): Frame | undefined {
  try {
    const value: unknown = JSON.parse(data);
    // Whatever the simulator sends is of this shape, and what it breaks on purpose is told apart by its fields.
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The number of the user's deed that a frame carries, if it carries one. */
export function opOf(frame: Frame | undefined): number | undefined {
  return frame?.op ?? frame?.params?.op;
}

/** What a test throws on purpose, so that it can be told from what must never be thrown. */
export class Mischief extends Error {
  override readonly name = "Mischief";
}

export function result(id: number | string, value: unknown): string {
  return JSON.stringify({ jsonrpc: "2.0", id, result: value });
}

export function failure(id: number | string, code: number, message: string): string {
  return JSON.stringify({ jsonrpc: "2.0", id, error: { code, message } });
}

export function notification(method: string, params: unknown): string {
  return JSON.stringify({ jsonrpc: "2.0", method, params });
}

export function call(id: number | string, method: string, params: unknown): string {
  return JSON.stringify({ jsonrpc: "2.0", id, method, params });
}
