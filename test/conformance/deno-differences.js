import { hidden, NEVER_CLOSED, shown } from "./difference.js";

const ZERO = "its code for what ended without a close frame is 0";

/** Ends with the code 0. */
const zero = (name, ...before) => hidden(`the end: ${name}`, [...before, 'close at 3 0 "" false'], ZERO);
const broken = (what) => zero(`the server sends ${what}`, "open at 1", "error at 3");

const own = [0, 1, 2, 3].flatMap((value) => [
  { value, writable: false, enumerable: false, configurable: false },
  { enumerable: true, configurable: true },
]);

export const denoDifferences = [
  hidden("url: a name and a password stay", false, "it takes them out"),
  shown(
    "subprotocols: that differ in case only",
    "failed: Cannot supply the same protocol multiple times",
    "it takes them for the same",
    "failed: closed before 1 messages",
  ),
  hidden("subprotocols: null", [], "it takes null for none"),
  shown("subprotocols: one that was not offered fails the connection", NEVER_CLOSED, "its dial never ends"),
  shown(
    "subprotocols: none chosen of those offered fails the connection",
    ["open at 1", 'close at 3 1000 "" true'],
    "it opens all the same",
  ),
  hidden("constants: on the class and on its prototype, read-only", own, "they are getters on the prototype"),
  hidden(
    "attributes and methods: are those of sockets only",
    [...Array(4).fill("TypeError"), "nothing", "TypeError", "TypeError"],
    "its handlers are getters that do not look at what they are called on",
  ),
  hidden(
    "bufferedAmount: counts the bytes of what was sent in this turn",
    [3, 5, 5],
    "it counts a Blob when it has read it",
  ),
  hidden("bufferedAmount: grows with what is sent while CLOSING and CLOSED", [0, 0, 0], "it does not count it"),
  hidden(
    "close: with a reason and no code, which is 1000 then",
    { during: 2, client: ['close at 3 1002 "" true'], server: { code: 1006, reason: "" } },
    "it sends a close frame that is broken",
  ),
  hidden("close: while CONNECTING", [2, [], ["error at 3", 'close at 3 0 "" false']], ZERO),
  hidden(
    "close: no message comes after it",
    ["open at 1", "message at 1 1", "message at 2 2", "message at 2 3", 'close at 3 3000 "" true'],
    "it delivers messages while it is CLOSING",
  ),
  zero("the server breaks the connection", "open at 1", "error at 3"),
  broken("a frame with a reserved bit"),
  shown("the end: the server sends a frame that is masked", NEVER_CLOSED, "it takes the frame"),
  broken("text that is not UTF-8"),
  broken("a close frame with a code that none may have"),
  broken("a close frame with half a code"),
  zero("the server refuses the upgrade", "error at 3"),
  zero("nobody listens", "error at 3"),
  hidden("events: are trusted", [false, false, true, false], "all but message are made by a script"),
  hidden(
    "events: message is a MessageEvent with data and origin",
    [true, "1", false, "", null, 0],
    "its origin is the whole URL",
  ),
  hidden("handlers: prevent an event by returning false", [true, true, true], "it does not look at what they return"),
  hidden(
    "handlers: lose their place when they are null in between",
    ["handler", "listener"],
    "a handler keeps its place for ever",
  ),
];
