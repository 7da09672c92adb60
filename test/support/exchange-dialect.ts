import type { Dialect, Inbound } from "../../src/rpc/dialect.ts";

/** One push of a trade stream; `u` counts the pushes of its stream. */
export interface ExchangeTrade {
  readonly p: string;
  readonly u: number;
}

const OTHER: Inbound = { type: "other" };

/** A value that may be anything, as an object of anything. */
function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/**
 * What many exchanges speak, and nothing of JSON-RPC:
 *
 * - a call is `{"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":1}`;
 * - its answer is `{"result":null,"id":1}`, or `{"error":{"code":2,"msg":"Invalid request"},"id":1}`;
 * - a push is `{"stream":"btcusdt@trade","data":{"p":"100.5","u":812}}`.
 *
 * The server never calls, so this side never answers; it cannot be told to stop, and there is nothing to ping with but
 * a call that changes nothing.
 */
export const exchangeDialect: Dialect = {
  read(frame) {
    const { id, stream, data, error, result } = fields(frame);
    if (typeof stream === "string") return { type: "event", topic: stream, data };
    if (typeof id !== "number")
      return error === undefined ? OTHER : { type: "invalid", reason: "an error without an id" };
    if (error === undefined) return { type: "result", id, value: result };
    const { code, msg } = fields(error);
    return {
      type: "failure",
      id,
      error: { code: typeof code === "number" ? code : -1, message: typeof msg === "string" ? msg : "Unknown error" },
    };
  },
  request: (id, method, params) => ({ method, params, id }),
  notification: (method, params) => ({ method, params }),
  subscribe: (topic) => ({ method: "SUBSCRIBE", params: [topic] }),
  unsubscribe: (topic) => ({ method: "UNSUBSCRIBE", params: [topic] }),
  ping: () => ({ method: "LIST_SUBSCRIPTIONS", params: [] }),
  // Never sent: the exchange does not call.
  result: () => undefined,
  failure: () => undefined,
};
