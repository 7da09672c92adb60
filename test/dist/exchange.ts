import type { Dialect, Inbound } from "holdfast";

const OTHER: Inbound = { type: "other" };

/** A value that may be anything, as an object of anything. */
function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** `{"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":1}`, and pushes like `{"stream":"btcusdt@trade","data":{…}}`. */
export const exchange: Dialect = {
  read(frame) {
    const { id, stream, data, error, result } = fields(frame);
    if (typeof stream === "string") return { type: "event", topic: stream, data };
    if (typeof id !== "number") return OTHER;
    if (error === undefined) return { type: "result", id, value: result };
    const { code, msg } = fields(error);
    return {
      type: "failure",
      id,
      error: { code: typeof code === "number" ? code : -1, message: typeof msg === "string" ? msg : "unknown" },
    };
  },
  request: (id, method, params) => ({ method, params, id }),
  subscribe: (topic) => ({ method: "SUBSCRIBE", params: [topic] }),
  unsubscribe: (topic) => ({ method: "UNSUBSCRIBE", params: [topic] }),
  ping: () => ({ method: "LIST_SUBSCRIPTIONS", params: [] }),
  // The exchange never calls us, so these are never sent.
  notification: (method, params) => ({ method, params }),
  result: () => undefined,
  failure: () => undefined,
};
