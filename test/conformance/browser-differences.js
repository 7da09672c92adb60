import { from, hidden, NEVER_CLOSED, NO_ERROR, NO_REASON_SENT, shown } from "./difference.js";

const NOT_FAILED = ["open at 1", 'close at 3 1000 "" true'];
const CLEAN = ["open at 1", 'close at 3 1005 "" true'];

const noneChosen = shown(
  "subprotocols: none chosen of those offered fails the connection",
  NOT_FAILED,
  "it opens all the same",
);
const lost = shown(
  "the end: the server breaks the connection",
  NO_ERROR,
  "it has an error for what was broken off, not for what was lost",
);
const reasonAlone = hidden(
  "close: with a reason and no code, which is 1000 then",
  NO_REASON_SENT,
  "it leaves the reason out too",
);

const chromium = [
  shown("new WebSocket: a URL that cannot be parsed", "nothing", "its URL parser takes a space in a host"),
  hidden(
    "close: with a reason and no code, which is 1000 then",
    "failed: Failed to execute 'close' on 'WebSocket': The close code must be either 1000, or between 3000 and 4999. 0 is neither.",
    "it takes `undefined` for the code 0",
  ),
  lost,
];

const firefox = [
  noneChosen,
  reasonAlone,
  lost,
  shown("the end: the server sends a frame that is masked", NEVER_CLOSED, "it takes the frame"),
  shown(
    "the end: the server sends a close frame with a code that none may have",
    CLEAN,
    "it takes it for one without a code",
  ),
  shown("the end: the server sends a close frame with half a code", CLEAN, "it takes it for one without a code"),
];

const webkit = [
  noneChosen,
  hidden(
    "bufferedAmount: grows with what is sent while CLOSING and CLOSED",
    [9, 9, 17],
    "it counts the header of a frame, too",
  ),
  reasonAlone,
  hidden(
    "close: what was sent before arrives",
    { code: 3000, reason: "", messages: 1 },
    "it loses a Blob that it has not read yet, and what is behind it",
  ),
  lost,
];

export const browserDifferences = [
  ...from("Chromium", chromium),
  ...from("Firefox", firefox),
  ...from("WebKitGTK", webkit),
];
