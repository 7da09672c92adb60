import { thrown } from "./tools.js";

const refused = (name, ...args) => ({
  name: `new WebSocket: ${name}`,
  section: "constructor",
  expected: "DOMException SyntaxError",
  run: (t) => thrown(() => new t.WebSocket(...args)),
});

const serialized = (name, given, url) => ({
  name: `url: ${name}`,
  section: "url",
  expected: true,
  run: (t) => t.make(given(t)).url === url(t),
});

const offers = (name, protocols, expected) => ({
  name: `subprotocols: ${name}`,
  section: "subprotocols",
  expected,
  run: async (t) => {
    const socket = t.make("/offered", protocols);
    const [offered] = await t.messages(socket, 1);
    return JSON.parse(offered);
  },
});

const URL_OF = (t) => t.url("/echo");

export const constructorCases = [
  {
    name: "new WebSocket: needs an argument",
    section: "constructor",
    expected: "TypeError",
    run: (t) => thrown(() => new t.WebSocket()),
  },
  {
    name: "new WebSocket: is no function",
    section: "constructor",
    expected: "TypeError",
    run: (t) => thrown(() => t.WebSocket(URL_OF(t))),
  },
  {
    name: "new WebSocket: what cannot become text",
    section: "constructor",
    expected: ["TypeError", "TypeError", "TypeError"],
    run: (t) =>
      [[Symbol("x")], [URL_OF(t), Symbol("x")], [URL_OF(t), [Symbol("x")]]].map((args) =>
        thrown(() => new t.WebSocket(...args)),
      ),
  },
  refused("a URL without a host", "ws://"),
  refused("a URL that cannot be parsed", "ws://a b/"),
  refused("a port out of range", "ws://localhost:99999/"),
  refused("another scheme", "ftp://localhost/"),
  refused("a scheme without a host", "mailto:somebody"),
  refused("a fragment", "ws://localhost/#top"),
  refused("an empty fragment", "ws://localhost/#"),
  refused("an empty subprotocol", "ws://localhost/", ""),
  refused("a subprotocol with a space", "ws://localhost/", "a b"),
  refused("a subprotocol with a comma", "ws://localhost/", "a,b"),
  refused("a subprotocol that is not ASCII", "ws://localhost/", "\u00e4"),
  refused("a subprotocol with a control character", "ws://localhost/", "a\u0007"),
  refused("a subprotocol twice", "ws://localhost/", ["a", "b", "a"]),
  refused("an empty subprotocol in a list", "ws://localhost/", ["a", ""]),
  refused("an object for a subprotocol", "ws://localhost/", [{}]),

  serialized("as it was given", URL_OF, URL_OF),
  serialized("http: becomes ws:", (t) => t.url("/echo", "http:"), URL_OF),
  serialized(
    "https: becomes wss:",
    (t) => t.url("/echo", "https:"),
    (t) => t.url("/echo", "wss:"),
  ),
  serialized("the scheme in capitals", (t) => t.url("/echo", "WS:"), URL_OF),
  serialized("dots in the path are resolved", (t) => t.url("/a/../echo"), URL_OF),
  serialized(
    "an empty path becomes a slash",
    (t) => t.url("/").slice(0, -1),
    (t) => t.url("/"),
  ),
  serialized(
    "what has to be is percent-encoded",
    (t) => t.url("/echo?a=\u00e4 b"),
    (t) => t.url("/echo?a=%C3%A4%20b"),
  ),
  serialized(
    "the host in capitals",
    (t) => URL_OF(t).replace("127.0.0.1", "LOCALHOST"),
    (t) => URL_OF(t).replace("127.0.0.1", "localhost"),
  ),
  serialized("blanks around it, line breaks in it", (t) => ` ${t.url("/ec\nho")}\t`, URL_OF),
  serialized(
    "the port that is the default goes",
    () => "ws://127.0.0.1:80/",
    () => "ws://127.0.0.1/",
  ),
  serialized(
    "a name and a password stay",
    (t) => URL_OF(t).replace("//", "//me:secret@"),
    (t) => URL_OF(t).replace("//", "//me:secret@"),
  ),
  {
    name: "url: a relative one is resolved in a page, and refused elsewhere",
    section: "url",
    expected: true,
    run: (t) => {
      const page = globalThis.location?.href;
      if (page === undefined) return thrown(() => new t.WebSocket("echo?x")) === "DOMException SyntaxError";
      const socket = new t.WebSocket("echo?x");
      socket.onopen = () => socket.close();
      return socket.url === new URL("echo?x", page).href.replace("http", "ws");
    },
  },
  {
    name: "url: may be a URL object",
    section: "url",
    expected: true,
    run: (t) => t.make(new URL(t.url("/echo"))).url === t.url("/echo"),
  },

  offers("none", undefined, []),
  offers("an empty list", [], []),
  offers("one, as a string", "a.b", ["a.b"]),
  offers("several, in order", ["b", "a"], ["b", "a"]),
  offers("any iterable", new Set(["a", "b"]), ["a", "b"]),
  offers("what is not a string becomes one", [1], ["1"]),
  offers("that differ in case only", ["a", "A"], ["a", "A"]),
  offers("null", null, ["null"]),
  {
    name: "subprotocols: the server's choice is `protocol`",
    section: "subprotocols",
    expected: ["", "b"],
    run: async (t) => {
      const socket = t.make("/choose?protocol=b", ["a", "b"]);
      const before = socket.protocol;
      await t.next(socket, "open");
      return [before, socket.protocol];
    },
  },
  {
    name: "subprotocols: `protocol` stays after the end",
    section: "subprotocols",
    expected: "b",
    run: async (t) => {
      const socket = await t.open("/choose?protocol=b", ["a", "b"]);
      socket.close();
      await t.next(socket, "close");
      return socket.protocol;
    },
  },
  {
    name: "subprotocols: one that was not offered fails the connection",
    section: "subprotocols",
    expected: ["error at 3", 'close at 3 1006 "" false'],
    run: (t) => t.history(t.make("/choose?protocol=c", ["a", "b"])),
  },
  {
    name: "subprotocols: none chosen of those offered fails the connection",
    section: "subprotocols",
    expected: ["error at 3", 'close at 3 1006 "" false'],
    run: (t) => t.history(t.make("/choose?then=close", ["a", "b"])),
  },

  {
    name: "a new socket: its attributes",
    section: "interface",
    expected: [0, "", "", 0, "blob", null, null, null, null],
    run: (t) => {
      const { readyState, protocol, extensions, bufferedAmount, binaryType, ...rest } = pick(t.make("/echo"));
      return [readyState, protocol, extensions, bufferedAmount, binaryType, ...Object.values(rest)];
    },
  },
  {
    name: "a new socket: has no properties of its own",
    section: "interface",
    expected: [],
    run: (t) => Object.keys(t.make("/echo")),
  },
  {
    name: "a new socket: is an EventTarget and says what it is",
    section: "interface",
    expected: [true, "[object WebSocket]"],
    run: (t) => {
      const socket = t.make("/echo");
      return [socket instanceof EventTarget, Object.prototype.toString.call(socket)];
    },
  },
  {
    name: "constants: on the class and on its prototype, read-only",
    section: "interface",
    expected: [0, 1, 2, 3].flatMap((value) =>
      Array(2).fill({ value, writable: false, enumerable: true, configurable: false }),
    ),
    run: (t) => {
      let owner = t.WebSocket;
      while (!Object.hasOwn(owner, "OPEN")) owner = Object.getPrototypeOf(owner); // it may be a subclass
      return ["CONNECTING", "OPEN", "CLOSING", "CLOSED"].flatMap((name) =>
        [owner, owner.prototype].map((holder) => Object.getOwnPropertyDescriptor(holder, name)),
      );
    },
  },
  {
    name: "attributes and methods: are those of sockets only",
    section: "interface",
    expected: Array(7).fill("TypeError"),
    run: (t) => [
      ...["url", "readyState", "bufferedAmount", "binaryType", "onopen"].map((name) =>
        thrown(() => Reflect.get(t.WebSocket.prototype, name, {})),
      ),
      thrown(() => t.WebSocket.prototype.send.call({}, "x")),
      thrown(() => t.WebSocket.prototype.close.call({})),
    ],
  },
  {
    name: "attributes: the read-only ones cannot be set",
    section: "interface",
    expected: Array(5).fill("TypeError"),
    run: (t) => {
      const socket = t.make("/echo");
      return ["url", "readyState", "protocol", "extensions", "bufferedAmount"].map((name) =>
        thrown(() => {
          socket[name] = "x";
        }),
      );
    },
  },
];

function pick({ readyState, protocol, extensions, bufferedAmount, binaryType, onopen, onmessage, onerror, onclose }) {
  return { readyState, protocol, extensions, bufferedAmount, binaryType, onopen, onmessage, onerror, onclose };
}
