// Where classes differ from the standard, case by case: what is seen instead, and why. `source` says whose doing it is:
//
// - "holdfast": its own choice, on every platform
// - "ws": what holdfast dials with in Node
// - "Node's EventTarget": every socket in Node inherits it
// - "Node 24": the WebSocket that Node 24 has, and what of it holdfast cannot hide when it dials with that
//
// The suite fails for a difference that is not here, and for one that is here and cannot be seen.

const plainEvent = (type) => ({
  type,
  target: true,
  currentTarget: true,
  eventPhase: 2,
  bubbles: false,
  cancelable: false,
  composed: false,
  isTrusted: false,
  isEvent: true,
});

const ofEachEvent = (reason) =>
  ["open", "message", "error", "close"].map((type) => ({
    case: `events: ${type} is a plain event of the platform`,
    actual: plainEvent(type),
    reason,
  }));

const holdfast = [
  {
    case: "subprotocols: null",
    actual: [],
    reason: "`null` means none, as in partysocket; the standard offers a subprotocol called null",
  },
  {
    case: "close: without a code",
    actual: { during: 2, client: ['close at 3 1000 "" true'], server: { code: 1000, reason: "" } },
    reason:
      "`close()` says 1000, as in reconnecting-websocket and partysocket, so that the server can tell it from a crash",
  },
  {
    case: "the end: the server breaks the connection",
    actual: ["open at 1", 'close at 3 1006 "" false'],
    reason:
      "a link that is lost is a `close` without an `error`, as Node 22, Bun and ws have it: clients such as graphql-ws take an `error` for fatal",
  },
  ...ofEachEvent("only the platform can make trusted events"),
];

const ws = [
  {
    case: "bufferedAmount: counts the bytes of what was sent in this turn",
    actual: [9, 17, 20],
    reason: "ws counts the headers of its frames, 6 bytes for a short message",
  },
];

const nodeEventTarget = [
  {
    case: "listeners: one that is removed meanwhile is not called, nor one that is added",
    actual: ["first", "last", "added"],
    reason: "Node calls a listener that is added while the event is dispatched",
  },
];

const node24 = [
  {
    case: "subprotocols: that differ in case only",
    actual: "failed: Invalid Sec-WebSocket-Protocol value",
    over: "failed: closed before 1 messages",
    reason: "Node takes them for the same",
  },
  {
    case: "bufferedAmount: grows with what is sent while CLOSING and CLOSED",
    actual: [0, 0, 0],
    reason: "Node does not count it",
  },
  {
    case: "binaryType: keeps its value when it is given another",
    actual: ["nothing", "blob"],
    reason: "Node goes back to blob",
  },
  {
    case: "close: while CONNECTING",
    actual: [2, ["error", "close"], ["error at 3", 'close at 3 1006 "" false']],
    reason: "Node fires error and close within the call",
  },
  {
    case: "events: none comes within the constructor or close()",
    actual: 2,
    reason: "Node fires error and close within the call",
  },
  {
    case: "close: what was sent before arrives",
    actual: { code: 3000, reason: "", messages: 1 },
    reason: "Node sends the close frame before a Blob that it has not read yet, and loses what is behind it",
  },
  {
    case: "handlers: keep their place among the listeners",
    actual: ["first listener", "last listener", "second handler"],
    reason: "in Node a new handler goes to the end",
  },
  {
    case: "the end: the server sends a broken frame",
    over: ["open at 1", 'close at 3 1006 "" false'],
    reason: "Node's socket gives no reason, so it looks like a lost link",
  },
  ...ofEachEvent("Node's events are made by a script"),
];

const from = (source, list) => list.map((each) => ({ ...each, source }));

/**
 * `actual` is what the class itself does, and `over` what holdfast does when it dials with that class; either may be missing: then there
 * is no difference.
 */
export const differences = [
  ...from("holdfast", holdfast),
  ...from("ws", ws),
  ...from("Node's EventTarget", nodeEventTarget),
  ...from("Node 24", node24),
];
