import type { ClientOptions } from "../../../src/client/options.ts";
import { callsOf, clientWorld, type Frame, parse, say, type World } from "../../support/client-world.ts";

/** One event of the tests' topics. */
export interface Trade {
  readonly seq: number;
}

interface Api {
  readonly topics: Readonly<Record<string, Trade>>;
}

/** A client and a server that has topics. */
export interface Feed extends World<Api> {
  /** Sends events of the topic "trades". */
  readonly publish: (...numbers: readonly number[]) => void;
  /** The subscribe and unsubscribe calls that the open connection has brought. */
  readonly calls: () => readonly string[];
  /** The params of the subscribe calls of the open connection. */
  readonly subscribed: () => readonly Frame["params"][];
  /** What the server says to a subscribe call: yes, no, or nothing. @default "yes" */
  verdict: "yes" | "no" | "silence";
}

export function feed(options: Partial<ClientOptions> = {}): Feed {
  const world = clientWorld<Api>(options);
  const { server } = world;
  const all: Feed = {
    ...world,
    verdict: "yes",
    publish: (...numbers) => {
      for (const seq of numbers) event(all, "trades", { seq });
    },
    calls: () =>
      [...callsOf(server.last, "subscribe"), ...callsOf(server.last, "unsubscribe")]
        .sort((a, b) => Number(a.id) - Number(b.id))
        .map(({ method, params }) => `${String(method)} ${String(params?.["topic"])}`),
    subscribed: () => callsOf(server.last, "subscribe").map(({ params }) => params),
  };
  server.onConnection = (connection) => {
    connection.onMessage = (data) => {
      const { id, method } = parse(data);
      if (id === undefined || all.verdict === "silence") return;
      const refused = all.verdict === "no" && method === "subscribe";
      say(connection, {
        jsonrpc: "2.0",
        id,
        ...(refused ? { error: { code: 403, message: "not allowed" } } : { result: true }),
      });
    };
  };
  return all;
}

/** Sends one event. */
export function event({ server }: World<Api>, topic: string, data: unknown): void {
  say(server.last, { jsonrpc: "2.0", method: "event", params: { topic, data } });
}

/** Iterates in the background. */
export function iterating<Data>(source: AsyncIterable<Data>): { readonly got: Data[]; error?: unknown; done: boolean } {
  const state: { got: Data[]; error?: unknown; done: boolean } = { got: [], done: false };
  const read = async (): Promise<void> => {
    for await (const value of source) state.got.push(value);
  };
  read().then(
    () => {
      state.done = true;
    },
    (error: unknown) => {
      state.error = error;
    },
  );
  return state;
}
