// Checked by the compiler alone: `npm run typecheck`. A line under @ts-expect-error that compiles is an error.
import { expectTypeOf } from "vitest";
import type { Client, ClientOptions, ConnectionError, ConnectionState } from "../../src/index.ts";

declare const client: Client;

/** Each state has what belongs to it, and nothing else: `retryAt` is there only while it waits. */
export function narrowing(): string {
  const { state } = client;
  // @ts-expect-error -- not before the state is known
  String(state.retryAt);
  switch (state.name) {
    case "waiting":
    case "offline":
      expectTypeOf(state.retryAt).toBeNumber();
      expectTypeOf(state.attempt).toBeNumber();
      expectTypeOf(state.cause).toEqualTypeOf<ConnectionError>();
      return String(state.retryAt);
    case "connecting":
      expectTypeOf(state.phase).toEqualTypeOf<"resolve" | "dial" | "handshake">();
      expectTypeOf(state.attempt).toBeNumber();
      // @ts-expect-error -- it does not wait
      return String(state.retryAt);
    case "open":
      expectTypeOf(state.since).toBeNumber();
      // @ts-expect-error -- nothing has ended
      return String(state.cause);
    case "closing":
      expectTypeOf(state.code).toBeNumber();
      expectTypeOf(state.reason).toBeString();
      // @ts-expect-error -- it will not try again
      return String(state.retryAt);
    case "closed":
      expectTypeOf(state.cause).toEqualTypeOf<ConnectionError | undefined>();
      // @ts-expect-error -- it will not try again
      return String(state.retryAt);
    case "idle":
      expectTypeOf<keyof typeof state>().toEqualTypeOf<"name">();
      return "";
    default:
      return state satisfies never;
  }
}

/** Nobody changes a state, or an option, from the outside. */
export function readonly(state: ConnectionState & { name: "waiting" }, options: ClientOptions): void {
  // @ts-expect-error -- it is read-only
  state.retryAt = 0;
  // @ts-expect-error -- so is this
  client.state = { name: "idle" };
  // @ts-expect-error -- and this
  options.url = "ws://elsewhere";
}

/** What an option takes. */
export const wrong: readonly ClientOptions[] = [
  { url: "ws://a", protocols: ["a"], headers: () => ({ a: "b" }), dialect: "raw", heartbeat: "off" },
  {
    url: async ({ attempt, refresh, signal }) =>
      Promise.resolve(`ws://a/${attempt}${String(refresh)}${String(signal.aborted)}`),
  },
  // @ts-expect-error -- the URL is missing
  {},
  // @ts-expect-error -- there is no such dialect
  { url: "ws://a", dialect: "soap" },
  // @ts-expect-error -- milliseconds are a number
  { url: "ws://a", connectTimeout: "5s" },
  // @ts-expect-error -- there is no such policy
  { url: "ws://a", outbox: { overflow: "block" } },
  // @ts-expect-error -- there is no such option
  { url: "ws://a", retries: 5 },
  // @ts-expect-error -- a message has to be put into an object: a string is a mode
  { url: "ws://a", heartbeat: { ping: "are you there?" } },
];
