// Where classes differ from the standard, case by case: what is seen instead, and why. `source` says whose doing it is:
//
// - "holdfast": its own choice, on every platform
// - "ws", "Bun's ws": what holdfast dials with by itself in Node and Deno, and in Bun
// - "Node's EventTarget": every socket in Node inherits it
// - a platform: the WebSocket that it has, and what of it holdfast cannot hide when it dials with that
//
// The suite fails for a difference that is not here, and for one that is here and cannot be seen.
import { browserDifferences } from "./browser-differences.js";
import { from, hidden, NO_ERROR } from "./difference.js";
import { runtimeDifferences } from "./runtime-differences.js";

const holdfast = [
  hidden(
    "subprotocols: null",
    [],
    "`null` means none, as in partysocket; the standard offers a subprotocol called null",
  ),
  hidden(
    "close: without a code",
    { during: 2, client: ['close at 3 1000 "" true'], server: { code: 1000, reason: "" } },
    "`close()` says 1000, as in reconnecting-websocket and partysocket, so that the server can tell it from a crash",
  ),
  hidden("events: are trusted", [false, false, false, false], "only the platform can make trusted events"),
];

const ws = [
  hidden(
    "bufferedAmount: counts the bytes of what was sent in this turn",
    [9, 17, 20],
    "it counts the headers of its frames, 6 bytes for a short message",
  ),
  hidden(
    "the end: the server breaks the connection",
    NO_ERROR,
    "it has an error for what was broken off, not for what was lost",
  ),
];

const bunWs = [
  hidden(
    "bufferedAmount: counts the bytes of what was sent in this turn",
    [0, 0, 3],
    "it writes at once, and counts what the kernel does not take",
  ),
];

const nodeEventTarget = [
  hidden(
    "events: are the same for every listener",
    [false, 0, 0],
    "it takes an event for over when the first listener has returned",
  ),
  hidden(
    "listeners: one that is removed meanwhile is not called, nor one that is added",
    ["first", "last", "added"],
    "it calls a listener that is added while the event is dispatched",
  ),
];

export const differences = [
  ...from("holdfast", holdfast),
  ...from("ws", ws),
  ...from("Bun's ws", bunWs),
  ...from("Node's EventTarget", nodeEventTarget),
  ...browserDifferences,
  ...runtimeDifferences,
];
