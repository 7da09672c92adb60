import { hidden, NO_ERROR, shown } from "./difference.js";

const NO_DOM_EXCEPTION = "its SyntaxError is JavaScript's, and no DOMException";

const constructor = [
  "a URL without a host",
  "a URL that cannot be parsed",
  "a port out of range",
  "another scheme",
  "a scheme without a host",
  "a fragment",
  "an empty fragment",
  "an empty subprotocol",
  "a subprotocol with a space",
  "a subprotocol with a comma",
  "a subprotocol that is not ASCII",
  "a subprotocol with a control character",
  "a subprotocol twice",
  "an empty subprotocol in a list",
  "an object for a subprotocol",
].map((what) => hidden(`new WebSocket: ${what}`, "SyntaxError", NO_DOM_EXCEPTION));

export const bunDifferences = [
  ...constructor,
  hidden("url: a relative one is resolved in a page, and refused elsewhere", false, NO_DOM_EXCEPTION),
  shown(
    "subprotocols: that differ in case only",
    "failed: WebSocket protocols contain duplicates: 'A'",
    "it takes them for the same",
    "failed: closed before 1 messages",
  ),
  hidden(
    "a new socket: its attributes",
    [0, "", "", 0, "nodebuffer", null, null, null, null],
    "its binaryType is nodebuffer until it is set",
  ),
  shown(
    "bufferedAmount: counts the bytes of what was sent in this turn",
    [0, 0, 0],
    "it writes at once, and counts what the kernel does not take",
    [0, 0, 3],
  ),
  hidden(
    "binaryType: a blob has the bytes and no type",
    [[1, 2], null, null],
    "it gives a Buffer until binaryType is set",
  ),
  hidden("close: refuses the code 1001", ["nothing", 2], "it takes codes from 1000 on"),
  hidden("close: refuses a reason of more than 123 bytes", ["SyntaxError", 1], NO_DOM_EXCEPTION),
  hidden("close: looks at the code before the reason", ["SyntaxError", 1], "it takes codes from 1000 on"),
  hidden(
    "close: checks its arguments after the end too",
    ["nothing", "SyntaxError"],
    "it takes codes from 1000 on, and its SyntaxError is no DOMException",
  ),
  shown(
    "the end: the server breaks the connection",
    NO_ERROR,
    "it has an error for what was broken off, not for what was lost",
  ),
];
