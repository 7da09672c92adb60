import { newId, thrown } from "./tools.js";

const refused = (name, args, error) => ({
  name: `close: ${name}`,
  section: "close",
  expected: [`DOMException ${error}`, 1],
  run: async (t) => {
    const socket = await t.open("/echo");
    return [thrown(() => socket.close(...args)), socket.readyState];
  },
});

/** Closes, and says what both sides saw. */
const closes = (name, args, server, client) => ({
  name: `close: ${name}`,
  section: "close",
  expected: { during: 2, client: [client], server },
  run: async (t) => {
    const id = newId();
    const socket = await t.open(`/echo?id=${id}`);
    const history = t.history(socket);
    socket.close(...args);
    const during = socket.readyState;
    return { during, client: await history, server: await t.report(id) };
  },
});

const ends = (name, path, expected) => ({
  name: `the end: ${name}`,
  section: "the end",
  expected,
  run: (t) => {
    const socket = t.make(path === "nowhere" ? t.nowhere : path);
    const history = t.history(socket);
    if (/^\/(drop|raw)/.test(path)) socket.onopen = () => socket.send("go on");
    return history;
  },
});

/** The server sends what no server may send: the connection fails. */
const fails = (name, hex) =>
  ends(`the server sends ${name}`, `/raw?hex=${hex}`, ["open at 1", "error at 3", 'close at 3 1006 "" false']);

export const closeCases = [
  ...[0, 999, 1001, 1005, 1006, 2999, 5000, 65536, 66536, -1, NaN, Infinity, null, "x"].map((code) =>
    refused(`refuses the code ${code}`, [code], "InvalidAccessError"),
  ),
  refused("refuses a reason of more than 123 bytes", [1000, "\u00e4".repeat(62)], "SyntaxError"),
  refused("looks at the code before the reason", [1001, "x".repeat(124)], "InvalidAccessError"),

  closes("without a code", [], { code: 1005, reason: "" }, 'close at 3 1005 "" true'),
  closes("with 1000", [1000], { code: 1000, reason: "" }, 'close at 3 1000 "" true'),
  closes("with a code and a reason", [3001, "bye"], { code: 3001, reason: "bye" }, 'close at 3 3001 "bye" true'),
  closes("with 4999", [4999, ""], { code: 4999, reason: "" }, 'close at 3 4999 "" true'),
  closes("with a fraction, which is rounded", [3000.4], { code: 3000, reason: "" }, 'close at 3 3000 "" true'),
  closes("with a half, which is rounded to even", [3000.5], { code: 3000, reason: "" }, 'close at 3 3000 "" true'),
  closes(
    "with a reason and no code, which is 1000 then",
    [undefined, "bye"],
    { code: 1000, reason: "bye" },
    'close at 3 1000 "bye" true',
  ),
  closes(
    "with half of a surrogate pair, which becomes U+FFFD",
    [3000, "a\ud800"],
    { code: 3000, reason: "a\ufffd" },
    'close at 3 3000 "a\ufffd" true',
  ),
  closes("with a code that is a string of digits", ["3002"], { code: 3002, reason: "" }, 'close at 3 3002 "" true'),
  closes(
    "with a reason of 123 bytes",
    [1000, "\u00e4".repeat(61)],
    { code: 1000, reason: "\u00e4".repeat(61) },
    `close at 3 1000 "${"\u00e4".repeat(61)}" true`,
  ),
  {
    name: "close: the second one does nothing",
    section: "close",
    expected: [['close at 3 3001 "first" true'], 3],
    run: async (t) => {
      const socket = await t.open("/echo");
      const history = t.history(socket);
      socket.close(3001, "first");
      socket.close(3002, "second");
      const lines = await history;
      socket.close();
      await t.turns();
      return [lines, socket.readyState];
    },
  },
  {
    name: "close: checks its arguments after the end too",
    section: "close",
    expected: ["DOMException InvalidAccessError", "DOMException SyntaxError"],
    run: async (t) => {
      const socket = await t.open("/echo");
      socket.close();
      await t.next(socket, "close");
      return [thrown(() => socket.close(1001)), thrown(() => socket.close(1000, "x".repeat(124)))];
    },
  },
  {
    name: "close: turns its arguments into what it takes before anything else",
    section: "close",
    expected: ["TypeError", "TypeError", 1],
    run: async (t) => {
      const socket = await t.open("/echo");
      return [
        thrown(() => socket.close(Symbol("x"))),
        thrown(() => socket.close(1000, Symbol("x"))),
        socket.readyState,
      ];
    },
  },
  {
    name: "close: while CONNECTING",
    section: "close",
    expected: [2, [], ["error at 3", 'close at 3 1006 "" false']],
    run: async (t) => {
      const socket = t.make("/mute");
      const history = t.history(socket);
      const early = [];
      socket.onerror = socket.onclose = ({ type }) => early.push(type);
      socket.close();
      return [socket.readyState, [...early], await history];
    },
  },
  {
    name: "close: in an open listener",
    section: "close",
    expected: [2, ["open at 1", 'close at 3 3000 "" true']],
    run: async (t) => {
      const socket = t.make("/echo");
      const history = t.history(socket);
      let during;
      socket.onopen = () => {
        socket.close(3000);
        during = socket.readyState;
      };
      const lines = await history;
      return [during, lines];
    },
  },
  {
    name: "close: no message comes after it",
    section: "close",
    expected: ["open at 1", "message at 1 1", 'close at 3 3000 "" true'],
    run: async (t) => {
      const socket = t.make("/burst");
      const history = t.history(socket);
      socket.onmessage = () => socket.close(3000);
      return history;
    },
  },
  {
    name: "close: what was sent before arrives",
    section: "close",
    expected: { code: 3000, reason: "", messages: 3 },
    run: async (t) => {
      const id = newId();
      const socket = await t.open(`/count?id=${id}`);
      socket.send("x".repeat(500_000));
      socket.send(new Blob(["y".repeat(1000)]));
      socket.send("z");
      socket.close(3000);
      await t.next(socket, "close");
      return t.report(id);
    },
  },

  ends("the server closes with a code and a reason", "/close?code=4000&reason=why", [
    "open at 1",
    'close at 3 4000 "why" true',
  ]),
  ends("the server closes with 1001", "/close?code=1001", ["open at 1", 'close at 3 1001 "" true']),
  ends("the server closes without a code", "/close", ["open at 1", 'close at 3 1005 "" true']),
  ends("the server breaks the connection", "/drop", ["open at 1", "error at 3", 'close at 3 1006 "" false']),
  fails("a frame with a reserved bit", "f100"),
  fails("a frame that is masked", "818100000000"),
  fails("text that is not UTF-8", "8101ff"),
  fails("a close frame with a code that none may have", "880203ed"),
  fails("a close frame with half a code", "880103"),
  ends("the server refuses the upgrade", "/refuse", ["error at 3", 'close at 3 1006 "" false']),
  ends("nobody listens", "nowhere", ["error at 3", 'close at 3 1006 "" false']),
];
