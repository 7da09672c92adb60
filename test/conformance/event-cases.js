/** What an event says about itself in its only listener. */
async function describe(t, socket, type) {
  let seen;
  const done = new Promise((resolve) => {
    socket.addEventListener(type, (event) => {
      seen = {
        type: event.type,
        target: event.target === socket,
        currentTarget: event.currentTarget === socket,
        eventPhase: event.eventPhase,
        bubbles: event.bubbles,
        cancelable: event.cancelable,
        composed: event.composed,
        isEvent: event instanceof Event,
        path: event.composedPath().map((each) => each === socket),
      };
      resolve(event);
    });
  });
  const event = await t.within(done, type);
  return { event, seen };
}

const PLAIN = {
  target: true,
  currentTarget: true,
  eventPhase: 2,
  bubbles: false,
  cancelable: false,
  composed: false,
  isEvent: true,
  path: [true],
};

const described = (type, path) => ({
  name: `events: ${type} is a plain event of the platform`,
  section: "events",
  expected: { type, ...PLAIN },
  run: async (t) => (await describe(t, t.make(path === "nowhere" ? t.nowhere : path), type)).seen,
});

export const eventCases = [
  described("open", "/echo"),
  described("message", "/burst"),
  described("error", "nowhere"),
  described("close", "/close?code=4000"),
  {
    name: "events: are the same for every listener",
    section: "events",
    expected: [true, 2, 1],
    run: async (t) => {
      const socket = t.make("/echo");
      socket.addEventListener("open", () => {});
      const { seen } = await describe(t, socket, "open");
      return [seen.currentTarget, seen.eventPhase, seen.path.length];
    },
  },
  {
    name: "events: are trusted",
    section: "events",
    expected: [true, true, true, true],
    run: async (t) => {
      const [refused, socket] = [t.make(t.nowhere), t.make("/burst?then=close")];
      const events = [t.next(refused, "error"), ...["open", "message", "close"].map((type) => t.next(socket, type))];
      return (await Promise.all(events)).map(({ isTrusted }) => isTrusted);
    },
  },
  {
    name: "events: message is a MessageEvent with data and origin",
    section: "events",
    expected: [true, "1", true, "", null, 0],
    run: async (t) => {
      const { event } = await describe(t, t.make("/burst"), "message");
      const { data, origin, lastEventId, source, ports } = event;
      const isRight = origin === t.url("/").slice(0, -1);
      return [event instanceof MessageEvent, data, isRight, lastEventId, source, ports.length];
    },
  },
  {
    name: "events: close is a CloseEvent, where there is such a class",
    section: "events",
    expected: true,
    run: async (t) => {
      const { event } = await describe(t, t.make("/close?code=4000"), "close");
      return typeof CloseEvent === "undefined" || event instanceof CloseEvent;
    },
  },
  {
    name: "events: open comes before messages, and those in order",
    section: "events",
    expected: ["open at 1", "message at 1 1", "message at 1 2", "message at 1 3", 'close at 3 1000 "" true'],
    run: (t) => t.history(t.make("/burst?then=close")),
  },
  {
    name: "events: none comes within the constructor or close()",
    section: "events",
    expected: 0,
    run: async (t) => {
      const socket = t.make("/echo");
      const closed = t.next(socket, "close");
      let count = 0;
      socket.onopen = socket.onerror = socket.onclose = () => count++;
      socket.close();
      const now = count;
      await closed;
      return now;
    },
  },

  {
    name: "handlers: keep functions and objects, and are null for anything else",
    section: "handlers",
    expected: [true, true, null, null, null],
    run: (t) => {
      const socket = t.make("/echo");
      const set = (value) => {
        socket.onopen = value;
        return socket.onopen;
      };
      const [handler, object] = [() => {}, {}];
      return [set(handler) === handler, set(object) === object, set(1), set("x"), set(undefined)];
    },
  },
  {
    name: "handlers: are called with the socket as `this` and the event as the argument",
    section: "handlers",
    expected: [true, "open", 1],
    run: async (t) => {
      const socket = t.make("/echo");
      let seen;
      socket.onopen = function (...args) {
        seen = [this === socket, args[0].type, args.length];
      };
      await t.next(socket, "open");
      return seen;
    },
  },
  {
    name: "handlers: keep their place among the listeners",
    section: "handlers",
    expected: ["first listener", "second handler", "last listener"],
    run: async (t) => {
      const socket = t.make("/echo");
      const seen = [];
      socket.addEventListener("open", () => seen.push("first listener"));
      socket.onopen = () => seen.push("first handler");
      socket.addEventListener("open", () => seen.push("last listener"));
      socket.onopen = () => seen.push("second handler");
      await t.next(socket, "open");
      return seen;
    },
  },
  {
    name: "handlers: prevent an event by returning false",
    section: "handlers",
    expected: [false, true, true],
    run: (t) => {
      const socket = t.make("/echo");
      return [false, true, undefined].map((answer) => {
        socket.onmessage = () => answer;
        return socket.dispatchEvent(new Event("message", { cancelable: true }));
      });
    },
  },
  {
    name: "handlers: lose their place when they are null in between",
    section: "handlers",
    expected: ["listener", "handler"],
    run: async (t) => {
      const socket = t.make("/echo");
      const seen = [];
      socket.onopen = () => seen.push("gone");
      socket.addEventListener("open", () => seen.push("listener"));
      socket.onopen = null;
      socket.onopen = () => seen.push("handler");
      await t.next(socket, "open");
      return seen;
    },
  },

  {
    name: "listeners: once, capture, signal, objects, twice the same",
    section: "listeners",
    expected: [
      "function",
      "function, capturing",
      "object",
      "once",
      "signal",
      "function",
      "function, capturing",
      "object",
    ],
    run: async (t) => {
      const socket = await t.open("/echo");
      const seen = [];
      const controller = new AbortController();
      const both = (event) => seen.push(event === undefined ? "" : "function");
      socket.addEventListener("message", both);
      socket.addEventListener("message", both);
      socket.addEventListener("message", () => seen.push("function, capturing"), { capture: true, passive: true });
      socket.addEventListener("message", { handleEvent: () => seen.push("object") });
      socket.addEventListener("message", () => seen.push("once"), { once: true });
      socket.addEventListener("message", () => seen.push("signal"), { signal: controller.signal });
      for (let round = 0; round < 2; round++) {
        const answer = t.messages(socket, 1);
        socket.send("x");
        await answer;
        controller.abort();
      }
      return sortRounds(seen, 5);
    },
  },
  {
    name: "listeners: one with capture and one without are two",
    section: "listeners",
    expected: [2, 1, 0],
    run: (t) => {
      const socket = t.make("/echo");
      let count = 0;
      const listener = () => count++;
      const counted = () => {
        count = 0;
        socket.dispatchEvent(new Event("custom"));
        return count;
      };
      socket.addEventListener("custom", listener, true);
      socket.addEventListener("custom", listener, { capture: false });
      const counts = [counted()];
      socket.removeEventListener("custom", listener);
      counts.push(counted());
      socket.removeEventListener("custom", listener, { capture: true });
      counts.push(counted());
      return counts;
    },
  },
  {
    name: "listeners: one that is removed meanwhile is not called, nor one that is added",
    section: "listeners",
    expected: ["first", "last"],
    run: (t) => {
      const socket = t.make("/echo");
      const seen = [];
      const removed = () => seen.push("removed");
      socket.addEventListener("custom", () => {
        seen.push("first");
        socket.removeEventListener("custom", removed);
        socket.addEventListener("custom", () => seen.push("added"));
      });
      socket.addEventListener("custom", removed);
      socket.addEventListener("custom", () => seen.push("last"));
      socket.dispatchEvent(new Event("custom"));
      return seen;
    },
  },
  {
    name: "listeners: stopImmediatePropagation() keeps the event from the rest",
    section: "listeners",
    expected: ["first"],
    run: (t) => {
      const socket = t.make("/echo");
      const seen = [];
      socket.addEventListener("custom", (event) => {
        seen.push("first");
        event.stopImmediatePropagation();
      });
      socket.addEventListener("custom", () => seen.push("second"));
      socket.dispatchEvent(new Event("custom"));
      return seen;
    },
  },
  {
    name: "dispatchEvent: delivers an event of one's own, to handlers too, and says whether it was prevented",
    section: "listeners",
    expected: ["x", true, false],
    run: (t) => {
      const socket = t.make("/echo");
      const seen = [];
      socket.onmessage = ({ data }) => seen.push(data);
      seen.push(socket.dispatchEvent(new MessageEvent("message", { data: "x" })));
      socket.addEventListener("custom", (event) => event.preventDefault());
      seen.push(socket.dispatchEvent(new Event("custom", { cancelable: true })));
      return seen;
    },
  },
];

/** At the target, older platforms call the capturing listeners in their place, newer ones first: both are right here. */
function sortRounds(seen, length) {
  return [...seen.slice(0, length).sort(), ...seen.slice(length).sort()];
}
