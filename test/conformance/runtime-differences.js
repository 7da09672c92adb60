import { bunDifferences } from "./bun-differences.js";
import { denoDifferences } from "./deno-differences.js";
import { from, hidden, NEVER_CLOSED, NO_ERROR, NO_REASON_SENT, shown } from "./difference.js";

/** Node 22, https://github.com/nodejs/undici/issues/3546 */
const NEVER = "it fires an error and never closes";

const node = [
  shown(
    "subprotocols: that differ in case only",
    "failed: Invalid Sec-WebSocket-Protocol value",
    "it takes them for the same",
    "failed: closed before 1 messages",
  ),
  hidden("bufferedAmount: grows with what is sent while CLOSING and CLOSED", [0, 0, 0], "it does not count it"),
  hidden("binaryType: keeps its value when it is given another", ["nothing", "blob"], "it goes back to blob"),
  hidden("binaryType: is what becomes one of the two as text", "blob", "it compares what it is given"),
  hidden(
    "close: what was sent before arrives",
    { code: 3000, reason: "", messages: 1 },
    "it loses a Blob that it has not read yet, and what is behind it",
  ),
  hidden("events: are trusted", [false, false, false, false], "its events are made by a script"),
  hidden(
    "handlers: keep their place among the listeners",
    ["first listener", "last listener", "second handler"],
    "a new handler goes to the end",
  ),
  hidden("handlers: prevent an event by returning false", [true, true, true], "it does not look at what they return"),
];

const node24 = [
  ...node,
  hidden(
    "close: while CONNECTING",
    [2, ["error", "close"], ["error at 3", 'close at 3 1006 "" false']],
    "it fires error and close within the call",
  ),
  hidden("events: none comes within the constructor or close()", 2, "it fires error and close within the call"),
];

const brokenIn22 = (what, readyState = 1) =>
  hidden(
    `the end: the server sends ${what}`,
    ["open at 1", `error at ${readyState}`, 'close at 3 1006 "" false'],
    "it fires the error before it is closed",
  );

const node22 = [
  ...node,
  hidden("subprotocols: one that was not offered fails the connection", NEVER_CLOSED, NEVER),
  hidden("subprotocols: none chosen of those offered fails the connection", NEVER_CLOSED, NEVER),
  hidden("close: with a reason and no code, which is 1000 then", NO_REASON_SENT, "it leaves the reason out too"),
  hidden("close: while CONNECTING", NEVER_CLOSED, NEVER),
  shown(
    "the end: the server breaks the connection",
    NO_ERROR,
    "it has an error for what was broken off, not for what was lost",
  ),
  brokenIn22("a frame with a reserved bit"),
  brokenIn22("a frame that is masked"),
  brokenIn22("text that is not UTF-8"),
  brokenIn22("a close frame with a code that none may have", 2),
  brokenIn22("a close frame with half a code"),
  hidden("the end: the server refuses the upgrade", NEVER_CLOSED, NEVER),
  hidden("the end: nobody listens", NEVER_CLOSED, NEVER),
  hidden("events: none comes within the constructor or close()", NEVER_CLOSED, NEVER),
  hidden(
    "handlers: keep functions and objects, and are null for anything else",
    [true, false, null, null, null],
    "it takes functions only",
  ),
];

export const runtimeDifferences = [
  ...from("Node 22", node22),
  ...from("Node 24", node24),
  ...from("Deno", denoDifferences),
  ...from("Bun", bunDifferences),
];
