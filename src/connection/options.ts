import type { Clock } from "../core/clock.ts";
import type { ConnectionError } from "../core/errors.ts";
import type { Network } from "../core/network.ts";
import { badOption, checkOptions } from "../core/options.ts";
import type { InboundPayload, Payload } from "../core/payload.ts";
import type { Random } from "../core/random.ts";
import type { PlatformSignal } from "../core/signal.ts";
import type { Transport } from "../transport/transport.ts";
import type { BackoffOptions } from "./backoff.ts";
import type { RetryPolicy } from "./retry.ts";

/** What a provider is told about the attempt that it provides for. */
export interface AttemptContext {
  /** Failures since the last stable connection: 0 for the first attempt. */
  readonly attempt: number;
  /** Why the last attempt or link ended; absent for the first one. */
  readonly cause: ConnectionError | undefined;
  /** True if the retry policy asked for fresh credentials (a close with 4401, an HTTP 401): do not answer from a cache. */
  readonly refresh: boolean;
  /** Aborted when the attempt is given up: by a time-out, `reconnect()` or `close()`. Hand it to `fetch`. */
  readonly signal: PlatformSignal;
}

/** A value, or a function that is asked afresh for each attempt. */
export type Provider<Value> = Value | ((context: AttemptContext) => Value | Promise<Value>);

/** The open socket, as the handshake sees it: nothing else is sent or delivered until the handshake is done. */
export interface HandshakeLink extends AttemptContext {
  /** The subprotocol that the server chose, or "". */
  readonly protocol: string;
  readonly send: (data: Payload) => void;
  /** The next inbound message, in order. What is left unread when the handshake ends is delivered as usual. */
  readonly receive: () => Promise<InboundPayload>;
}

/** Everything that a connection can be told. Times are in milliseconds; only `url` is required. */
export interface ConnectionOptions {
  /**
   * Where to connect: `ws:`, `wss:`, `http:` or `https:`, or in a page relative to it. No fragment.
   * A function is called for each attempt, so that it can carry a fresh token.
   */
  readonly url: Provider<string>;
  /** The subprotocols to offer, the favourite first. @default none */
  readonly protocols?: Provider<string | readonly string[]> | undefined;
  /** Header fields of the upgrade request. Where they cannot be sent (every browser) the attempt fails with UNSUPPORTED. */
  readonly headers?: Provider<Readonly<Record<string, string>>> | undefined;
  /**
   * Runs on each new socket before anything else, to authenticate by a message for example. A rejection is a failed
   * attempt.
   * @example handshake: async (link) => { link.send(token); if ((await link.receive()) !== "ok") throw new Error("refused"); }
   */
  readonly handshake?: ((link: HandshakeLink) => Promise<void> | void) | undefined;
  /** Providers, TCP, TLS, upgrade and handshake together may take so long. @default 10000 */
  readonly connectTimeout?: number | undefined;
  /** `close()` waits so long for the peer's answer, then lets go. @default 2000 */
  readonly closeTimeout?: number | undefined;
  /** A link that has been open for so long is stable: the next failure starts at the first wait again. @default 5000 */
  readonly stableAfter?: number | undefined;
  /** How long it waits between attempts. */
  readonly backoff?: BackoffOptions | undefined;
  /** Overrides the close-code table, case by case. If it throws, the table decides and an `error` event tells. */
  readonly retry?: RetryPolicy | undefined;
  /** How sockets are made. @default the platform's WebSocket; on Node `ws` */
  readonly transport?: Transport | undefined;
  /** Where hints about the network and the page come from. @default the page's own events */
  readonly network?: Network | undefined;
  /** @default the platform's clock */
  readonly clock?: Clock | undefined;
  /** @default Math.random */
  readonly random?: Random | undefined;
}

/** What each option takes; see `checkOptions`. */
export const CONNECTION_SPEC = {
  url: "string or function",
  protocols: "string or array or function",
  headers: "object or function",
  handshake: "function",
  connectTimeout: "number",
  closeTimeout: "number",
  stableAfter: "number",
  backoff: "object",
  retry: "function",
  transport: "function",
  network: "object",
  clock: "object",
  random: "function",
};

/** Throws a `TypeError` that names the first option that cannot be right. `spec`: of a floor above, with more of them. */
export function checkConnectionOptions(
  options: Pick<ConnectionOptions, "url" | "backoff">,
  spec: Readonly<Record<string, string>> = CONNECTION_SPEC,
): void {
  checkOptions(options, spec);
  if (!options.url) throw badOption("url", CONNECTION_SPEC.url);
  if (options.backoff)
    checkOptions(options.backoff, { min: "number", base: "number", factor: "number", max: "number" }, "backoff");
}
