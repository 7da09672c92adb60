import type { Codec } from "../codec/codec.ts";
import { badOption, checkOptions } from "../core/options.ts";
import type { StandardSchema } from "../core/schema.ts";
import {
  type AttemptContext,
  checkConnectionOptions,
  CONNECTION_SPEC,
  type ConnectionOptions,
} from "../connection/options.ts";
import type { HeartbeatOptions } from "../heartbeat/heartbeat.ts";
import type { OutboxOptions } from "../outbox/options.ts";
import type { Dialect } from "../rpc/dialect.ts";
import { checkRpcOptions, type RpcOptions } from "../rpc/options.ts";

/** The open socket, as the client's handshake sees it: values in and out, through the codec. */
export interface ClientHandshakeLink extends AttemptContext {
  /** The subprotocol that the server chose, or "". */
  readonly protocol: string;
  readonly send: (value: unknown) => void;
  /** The next inbound message. What is left unread when the handshake ends is delivered as usual. */
  readonly receive: () => Promise<unknown>;
}

/** How a client watches whether its link is alive. */
export interface ClientHeartbeatOptions extends HeartbeatOptions {
  /**
   * How the peer is asked. `auto`: by a protocol ping where the platform has one (Node), else by a `ping` call of the
   * dialect. `expect`: not at all; the peer is known to talk often enough. Or the message to send, or a function that makes it.
   * @default "auto"
   */
  readonly ping?: "auto" | "expect" | { readonly message: unknown } | (() => unknown) | undefined;
  /** Recognises the answer to `ping`. It is kept from the application, and its round trip is measured. */
  readonly pong?: ((message: unknown) => boolean) | undefined;
}

/** Schemas for what comes in (https://standardschema.dev), by name. What does not match never reaches the application. */
export interface Schemas {
  /** Results of requests, by method. */
  readonly results?: Readonly<Record<string, StandardSchema>> | undefined;
  /** Params of the server's calls, by method. */
  readonly params?: Readonly<Record<string, StandardSchema>> | undefined;
  /** Events, by topic. */
  readonly topics?: Readonly<Record<string, StandardSchema>> | undefined;
  /** Messages that are neither calls nor events. */
  readonly message?: StandardSchema | undefined;
}

/** Everything that a client can be told. Times are in milliseconds; only `url` is required. */
export interface ClientOptions extends Omit<ConnectionOptions, "handshake"> {
  /**
   * Runs on each new socket before anything else, to authenticate by a message for example. A rejection is a failed attempt.
   * @example handshake: async (link) => { link.send({ token }); await link.receive(); }
   */
  readonly handshake?: ((link: ClientHandshakeLink) => Promise<void> | void) | undefined;
  /**
   * Liveness. Without this option, protocol pings are used where the platform has them, and nothing elsewhere: no
   * server gets a message that it does not know.
   */
  readonly heartbeat?: ClientHeartbeatOptions | "off" | undefined;
  /** The bounds of the queue. */
  readonly outbox?: OutboxOptions | undefined;
  /** The bounds and defaults of requests. */
  readonly rpc?: RpcOptions | undefined;
  /**
   * What the frames mean. `none`: values through the codec, no calls and no subscriptions. `raw`: text and bytes as
   * they are. Or an adapter for another server's frames.
   * @default JSON-RPC 2.0
   */
  readonly dialect?: Dialect | "none" | "raw" | undefined;
  /** How values become frames. @default JSON; with the dialect "raw" text and bytes as they are */
  readonly codec?: Codec | undefined;
  /** Checks of what comes in. */
  readonly schemas?: Schemas | undefined;
  /** A longer message is reported and not decoded. Characters of text, or bytes. @default 16777216 */
  readonly maxMessageSize?: number | undefined;
  /** Topics that may be subscribed at once. @default 10000 */
  readonly maxTopics?: number | undefined;
}

const SPEC = /* @__PURE__ */ Object.assign(
  {
    heartbeat: 'object or "off"',
    outbox: "object",
    rpc: "object",
    dialect: 'object or "none" or "raw"',
    codec: "object",
    schemas: "object",
    maxMessageSize: "number",
    maxTopics: "number",
  },
  CONNECTION_SPEC,
);

const HEARTBEAT_SPEC = {
  interval: "number",
  timeout: "number",
  ping: '"auto" or "expect" or object or function',
  pong: "function",
};

const SCHEMAS_SPEC = { message: "object or function", results: "object", params: "object", topics: "object" };

/** Throws a `TypeError` that names the first option that cannot be right; the parts check their own. */
export function checkClientOptions(options: ClientOptions): void {
  checkConnectionOptions(options, SPEC);
  const { heartbeat, rpc, schemas } = options;
  if (rpc) checkRpcOptions(rpc); // now, and not when the first request is made
  if (schemas) checkOptions(schemas, SCHEMAS_SPEC, "schemas");
  if (!heartbeat || heartbeat === "off") return;
  checkOptions(heartbeat, HEARTBEAT_SPEC, "heartbeat");
  const { ping } = heartbeat;
  if (typeof ping === "object" && !("message" in ping)) throw badOption("heartbeat.ping.message", "what is sent");
}
