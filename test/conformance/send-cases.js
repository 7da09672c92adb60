import { bytesOf, kindOf, thrown } from "./tools.js";

/** Sends each, and says what came back. */
const echoes = (name, data, expected) => ({
  name: `send: ${name}`,
  section: "send",
  expected,
  run: async (t) => {
    const socket = await t.open("/echo");
    socket.binaryType = "arraybuffer";
    const all = data();
    const answers = t.messages(socket, all.length);
    for (const each of all) socket.send(each);
    return Promise.all((await answers).map((each) => (typeof each === "string" ? each : bytesOf(each))));
  },
});

const bytes = (...values) => new Uint8Array(values);

const LENGTHS = [0, 1, 125, 126, 65_535, 65_536, 1_000_000];

export const sendCases = [
  echoes("text", () => ["hello", "", "\u00e4\u{1f600}"], ["hello", "", "\u00e4\u{1f600}"]),
  echoes("half of a surrogate pair becomes U+FFFD", () => ["a\ud800b"], ["a\ufffdb"]),
  echoes("what is neither text nor bytes becomes text", () => [12, null, undefined, { toString: () => "x" }, [1, 2]], [
    "12",
    "null",
    "undefined",
    "x",
    "1,2",
  ]),
  {
    name: "send: messages of every length of header, and long ones",
    section: "send",
    expected: LENGTHS.flatMap((length) => [length, length]),
    run: async (t) => {
      const socket = await t.open("/echo");
      socket.binaryType = "arraybuffer";
      const answers = t.messages(socket, LENGTHS.length * 2);
      for (const length of LENGTHS) {
        socket.send("x".repeat(length));
        socket.send(new Uint8Array(length));
      }
      return (await answers).map((each) => each.length ?? each.byteLength);
    },
  },
  {
    name: "send: what cannot become text",
    section: "send",
    expected: "TypeError",
    run: async (t) => {
      const socket = await t.open("/echo");
      return thrown(() => socket.send(Symbol("x")));
    },
  },
  echoes("an ArrayBuffer", () => [bytes(1, 2, 3).buffer, new ArrayBuffer(0)], [[1, 2, 3], []]),
  echoes(
    "views, the part that they show",
    () => [bytes(1, 2, 3).subarray(1), new DataView(bytes(4, 5, 6).buffer, 1, 1), new Uint16Array([0x0101])],
    [[2, 3], [5], [1, 1]],
  ),
  echoes("a Blob", () => [new Blob([bytes(1, 2), "a"]), new Blob([])], [[1, 2, 97], []]),
  echoes(
    "blobs keep their place among the rest",
    () => ["1", new Blob([bytes(2)]), "3", bytes(4), new Blob([bytes(5)]), "6"],
    ["1", [2], "3", [4], [5], "6"],
  ),
  {
    name: "send: needs an argument",
    section: "send",
    expected: "TypeError",
    run: async (t) => {
      const socket = await t.open("/echo");
      return thrown(() => socket.send());
    },
  },
  {
    name: "send: while CONNECTING",
    section: "send",
    expected: ["DOMException InvalidStateError", 0],
    run: (t) => {
      const socket = t.make("/echo");
      return [thrown(() => socket.send("x")), socket.bufferedAmount];
    },
  },
  {
    name: "send: bytes are those of the time of the call",
    section: "send",
    expected: [1, 2],
    run: async (t) => {
      const socket = await t.open("/echo");
      const answers = t.messages(socket, 1);
      const data = bytes(1, 2);
      socket.send(data);
      data.fill(9);
      return bytesOf((await answers)[0]);
    },
  },
  {
    name: "send: after close() it is silent, and sends nothing",
    section: "send",
    expected: ["nothing", ["before"]],
    run: async (t) => {
      const socket = await t.open("/echo");
      const seen = [];
      socket.onmessage = ({ data }) => seen.push(data);
      socket.send("before");
      await t.next(socket, "message");
      socket.close();
      const error = thrown(() => socket.send("after"));
      await t.next(socket, "close");
      return [error, seen];
    },
  },

  {
    name: "bufferedAmount: counts the bytes of what was sent in this turn",
    section: "bufferedAmount",
    expected: [3, 5, 8],
    run: async (t) => {
      const socket = await t.open("/echo");
      const amounts = [];
      for (const data of ["\u00e4x", bytes(1, 2), new Blob(["abc"])]) {
        socket.send(data);
        amounts.push(socket.bufferedAmount);
      }
      return amounts;
    },
  },
  {
    name: "bufferedAmount: is 0 when all of it has left",
    section: "bufferedAmount",
    expected: 0,
    run: async (t) => {
      const socket = await t.open("/echo");
      const answers = t.messages(socket, 2);
      socket.send("x".repeat(100_000));
      socket.send("y");
      await answers;
      return socket.bufferedAmount;
    },
  },
  {
    name: "bufferedAmount: grows with what is sent while CLOSING and CLOSED",
    section: "bufferedAmount",
    expected: [3, 3, 5],
    run: async (t) => {
      const socket = await t.open("/echo");
      const amounts = [];
      socket.close();
      socket.send("abc");
      amounts.push(socket.bufferedAmount);
      await t.next(socket, "close");
      amounts.push(socket.bufferedAmount);
      socket.send(bytes(1, 2));
      amounts.push(socket.bufferedAmount);
      return amounts;
    },
  },

  {
    name: "binaryType: decides what bytes come as, message by message",
    section: "binaryType",
    expected: ["Blob", "ArrayBuffer", "Blob"],
    run: async (t) => {
      const socket = await t.open("/echo");
      const kinds = [];
      for (const type of ["blob", "arraybuffer", "blob"]) {
        socket.binaryType = type;
        const answer = t.messages(socket, 1);
        socket.send(bytes(1));
        kinds.push(kindOf((await answer)[0]));
      }
      return kinds;
    },
  },
  {
    name: "binaryType: a blob has the bytes and no type",
    section: "binaryType",
    expected: [[1, 2], "", 2],
    run: async (t) => {
      const socket = await t.open("/echo");
      const answer = t.messages(socket, 1);
      socket.send(bytes(1, 2));
      const [blob] = await answer;
      return [await bytesOf(blob), blob.type, blob.size];
    },
  },
  {
    name: "binaryType: keeps its value when it is given another",
    section: "binaryType",
    expected: ["nothing", "arraybuffer"],
    run: (t) => {
      const socket = t.make("/echo");
      socket.binaryType = "arraybuffer";
      const error = thrown(() => {
        socket.binaryType = "text";
      });
      return [error, socket.binaryType];
    },
  },
  {
    name: "binaryType: is what becomes one of the two as text",
    section: "binaryType",
    expected: "arraybuffer",
    run: (t) => {
      const socket = t.make("/echo");
      socket.binaryType = { toString: () => "arraybuffer" };
      return socket.binaryType;
    },
  },
  {
    name: "binaryType: can be set before, and has no effect on text",
    section: "binaryType",
    expected: "text",
    run: async (t) => {
      const socket = t.make("/echo");
      socket.binaryType = "arraybuffer";
      await t.next(socket, "open");
      const answer = t.messages(socket, 1);
      socket.send("x");
      return kindOf((await answer)[0]);
    },
  },
];
