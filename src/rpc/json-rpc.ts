import type { Call, Dialect, Inbound, RequestId, WireError } from "./dialect.ts";

const VERSION = "2.0";
const OTHER: Inbound = { type: "other" };
const NO_ID: Inbound = { type: "invalid", reason: "its id is neither a string nor a number" };

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return isObject(value) && !Array.isArray(value);
}

function isId(value: unknown): value is RequestId {
  return typeof value === "string" || typeof value === "number";
}

function wireError(error: unknown): WireError {
  const { code, message, data } = isRecord(error) ? error : {};
  return { code: isId(code) ? code : -32000, message: typeof message === "string" ? message : "Unknown error", data };
}

/** A frame with a method: a request, or one of the notifications that this dialect gives a meaning (`docs/wire.md`). */
function readCall({ id, method, params }: Readonly<Record<string, unknown>>): Inbound {
  if (typeof method !== "string") return { type: "invalid", reason: "method is not a string" };
  if (id !== undefined) {
    return isId(id) ? { type: "request", id, method, params } : NO_ID;
  }
  const fields = isRecord(params) ? params : {};
  switch (method) {
    case "event":
      if (typeof fields["topic"] !== "string") break; // somebody else's "event"
      return { type: "event", topic: fields["topic"], data: fields["data"] };
    case "$/next":
      return isId(fields["id"]) ? { type: "item", id: fields["id"], value: fields["value"] } : NO_ID;
    case "$/cancelRequest":
      return isId(fields["id"]) ? { type: "cancel", id: fields["id"] } : NO_ID;
  }
  return { type: "notification", method, params };
}

/** Several frames in one, if one of them at least is of this dialect. */
function readBatch(frame: object): Inbound {
  if (!Array.isArray(frame)) return OTHER;
  return frame.some((item) => isRecord(item) && item["jsonrpc"] === VERSION) ? { type: "batch", frames: frame } : OTHER;
}

/**
 * JSON-RPC 2.0 (https://www.jsonrpc.org/specification), with the cancellation of the Language Server Protocol
 * (`$/cancelRequest`), and three conventions of our own: streaming results (`$/next`), `subscribe` and `unsubscribe`
 * calls with `{ topic }`, and `event` notifications with `{ topic, data }`. `docs/wire.md` writes them down.
 */
export const jsonRpc: Dialect = {
  read(frame) {
    if (!isObject(frame)) return OTHER;
    if (frame["jsonrpc"] !== VERSION) return readBatch(frame);
    if ("method" in frame) return readCall(frame);
    const { id, error, result } = frame;
    if (error !== undefined && error !== null) {
      return isId(id) || id === null || id === undefined
        ? { type: "failure", id: id ?? undefined, error: wireError(error) }
        : NO_ID;
    }
    // A method without a result may leave it out: several servers do, though section 5 forbids it.
    return isId(id) ? { type: "result", id, value: result } : NO_ID;
  },
  request: (id, method, params) => ({ jsonrpc: VERSION, id, method, params }),
  notification: (method, params) => ({ jsonrpc: VERSION, method, params }),
  result: (id, value) => ({ jsonrpc: VERSION, id, result: value ?? null }),
  failure: (id, error) => ({ jsonrpc: VERSION, id, error }),
  item: (id, value) => ({ jsonrpc: VERSION, method: "$/next", params: { id, value } }),
  cancel: (id) => ({ jsonrpc: VERSION, method: "$/cancelRequest", params: { id } }),
  subscribe: (topic, params) => ({ method: "subscribe", params: withTopic(topic, params) }),
  unsubscribe: (topic, params) => ({ method: "unsubscribe", params: withTopic(topic, params) }),
  ping: (): Call => ({ method: "ping", params: undefined }),
};

function withTopic(topic: string, params: unknown): unknown {
  return { ...(isRecord(params) ? params : {}), topic };
}
