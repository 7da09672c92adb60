import type { ReconnectingWebSocket } from "holdfast/websocket";
import { oneLife } from "./one-life.ts";
import { type ConformanceResult, runSuite } from "./suite.js";

/** A class that is tried: the platform's own, ours over `ws`, ours over the platform's. */
export type Kind = "platform" | "ws" | "native";

/** Where the server listens, and where nobody does. */
export interface Addresses {
  readonly base: string;
  readonly nowhere: string;
}

/** What each class did in each case. */
export type Results = Partial<Record<Kind, readonly ConformanceResult[]>>;

/** Tries classes on the platform that this runs on. `Ours` dials over `ws` by itself where there is such a thing. */
export async function tryAll(
  Ours: typeof ReconnectingWebSocket,
  kinds: readonly Kind[],
  addresses: Addresses,
): Promise<Results> {
  const results: Results = {};
  for (const kind of kinds) results[kind] = await runSuite({ WebSocket: classOf(kind, Ours), ...addresses });
  return results;
}

function classOf(kind: Kind, Ours: typeof ReconnectingWebSocket): unknown {
  switch (kind) {
    case "platform":
      return WebSocket;
    case "ws":
      return oneLife(Ours);
    case "native":
      return oneLife(Ours, { WebSocket });
    default:
      return kind satisfies never;
  }
}
