// The contract sees what it is for: each promise that is broken fails the cases that are about it, and no others.
import { describe, expect, it } from "vitest";
import { memoryHarness, transportContract, VirtualClock } from "../../../src/testing.ts";
import type { BrokenPromise, MemoryHarness, TransportHarness } from "../../../src/testing.ts";
import type { Payload } from "../../../src/core/payload.ts";
import type { Transport, TransportSocket } from "../../../src/transport/transport.ts";

/** What the cases that fail say, by their names; each case in a world of its own. */
async function failures(spoil: (harness: MemoryHarness) => TransportHarness): Promise<Record<string, string>> {
  const failed: Record<string, string> = {};
  for (const index of transportContract(memoryHarness()).keys()) {
    const clock = new VirtualClock();
    const one = transportContract(spoil(memoryHarness({ clock })))[index];
    if (!one) throw new Error("there is no such case");
    await clock.advanceFor(one.run()).catch((error: unknown) => {
      failed[one.name] = (error as Error).message; // the cases throw nothing else
    });
  }
  return failed;
}

const DIALS = {
  opens: "opens once, with an empty protocol where none was offered",
  offers: "offers the subprotocols in order and tells the chosen one",
  greets: "delivers what came together with the acceptance, after opened",
  refused: "ends a refused dial with 1006, once",
  breaksOff: "ends a dial that breaks off with 1006, once",
  status: "ends a refused upgrade with 1006, and tells the status where it can",
  unanswered: "waits for an upgrade that is not answered, until it is abandoned",
  abandonedAtOnce: "is abandoned in the turn of the dial without a word",
  closedEarly: "ends once when it is closed before it has opened",
  headers: "sends the headers, or throws",
} as const;
const LINKS = {
  delivers: "delivers text as a string and bytes as an ArrayBuffer, in order",
  sends: "sends text as text and bytes as bytes, in order",
  buffered: "reports what is buffered as a number, or not at all",
  still: "tells of no progress while nothing moves, if it tells of any",
  code: "tells the peer's close code and reason, once and last",
  noCode: "tells 1005 for a close frame without a code",
  drop: "tells 1006 for a link that breaks, once",
  closes: "closes with a code and a reason, and sends nothing more",
  noAnswer: "waits for a peer that does not answer the close, until it is abandoned",
  goodbye: "says goodbye when it is abandoned with a code, and is silent at once",
  letsGo: "lets go at once when it is abandoned without a code",
  within: "can be abandoned from within each call",
  pings: "sends pings and hears pongs, where there are any",
} as const;

const every = [...Object.values(DIALS), ...Object.values(LINKS)];
const failedDials = [DIALS.refused, DIALS.breaksOff, DIALS.status];
const ends = [...failedDials, DIALS.closedEarly, LINKS.code, LINKS.noCode, LINKS.drop, LINKS.closes, LINKS.within];

/** For each promise: the cases that fail, if they are all; or some that must, and what one of them says. */
const BROKEN: Readonly<
  Record<BrokenPromise, { readonly all?: readonly string[]; readonly some?: readonly string[]; readonly says: RegExp }>
> = {
  "opens-during-dial": { some: [DIALS.opens, ...failedDials, LINKS.delivers], says: /came before dial had returned/ },
  "late-after-abandon": {
    all: [DIALS.unanswered, DIALS.abandonedAtOnce, LINKS.noAnswer, LINKS.goodbye, LINKS.letsGo, LINKS.within],
    says: /opened came after abandon/,
  },
  "opens-twice": { some: [DIALS.opens, DIALS.offers, LINKS.closes], says: /opened came out of order/ },
  "message-before-opened": { some: [DIALS.greets], says: /message came out of order/ },
  "never-closed": { all: ends, says: /Waited in vain: closed/ },
  "closed-twice": { all: ends, says: /closed came after closed/ },
  "message-after-closed": { all: [LINKS.code], says: /^messages: .*"too late"/ },
  "closed-during-close": { all: [LINKS.noAnswer], says: /^end: .* instead of undefined/ },
  "code-zero": { all: [...failedDials, DIALS.closedEarly, LINKS.drop], says: /^code: 0 instead of 1006/ },
  "bytes-as-views": { all: [LINKS.delivers], says: /instead of .*buffer/ },
  "silent-discard": { all: [DIALS.opens, LINKS.code, LINKS.closes, LINKS.goodbye], says: /^send .* true instead of/ },
  "send-throws": {
    all: [DIALS.opens, LINKS.sends, LINKS.buffered, LINKS.code, LINKS.closes, LINKS.goodbye],
    says: /send\(\) throws/,
  },
  "close-throws": { all: [DIALS.closedEarly, LINKS.closes, LINKS.noAnswer], says: /close\(\) throws/ },
  "abandon-throws": { some: [DIALS.unanswered, LINKS.goodbye, LINKS.letsGo], says: /abandon\(\) throws/ },
};

describe("the transport contract fails", () => {
  it.each(Object.entries(BROKEN))("a transport that breaks %s", async (promise, { all, some = [], says }) => {
    const failed = await failures((harness) => ({
      ...harness,
      arrange: async (answer) => {
        const dial = await harness.arrange(answer);
        harness.server(dial.url).breaks.add(promise as BrokenPromise); // `Object.entries` does not tell the type
        return dial;
      },
    }));
    if (all) expect(Object.keys(failed).sort()).toEqual([...all].sort());
    expect(Object.keys(failed)).toEqual(expect.arrayContaining([...some]));
    expect(Object.values(failed)).toContainEqual(expect.stringMatching(says));
  });

  /** A transport that does something else with its socket than it was told. */
  const over =
    (change: (socket: TransportSocket) => Partial<TransportSocket>) =>
    (transport: Transport): Transport =>
    (request, events) => {
      const socket = transport(request, events);
      const own: TransportSocket = {
        send: (data) => socket.send(data),
        close: (code, reason) => {
          socket.close(code, reason);
        },
        abandon: (code, reason) => {
          socket.abandon(code, reason);
        },
        ping: () => socket.ping?.(),
        get bufferedAmount() {
          return socket.bufferedAmount;
        },
      };
      return Object.defineProperties(own, Object.getOwnPropertyDescriptors(change(socket)));
    };
  const wholeBuffer = (data: Payload): Payload => (ArrayBuffer.isView(data) ? data.buffer : data) as Payload;

  const mistakes: readonly (readonly [string, (transport: Transport) => Transport, readonly string[]])[] = [
    [
      "offers no subprotocols",
      (transport) => (request, events) => transport({ ...request, protocols: [] }, events),
      [DIALS.offers],
    ],
    [
      "loses the headers in silence",
      (transport) => (request, events) => transport({ ...request, headers: {} }, events),
      [DIALS.headers],
    ],
    [
      "sends the whole buffer of a view",
      over((socket) => ({ send: (data) => socket.send(wholeBuffer(data)) })),
      [LINKS.sends],
    ],
    [
      "loses what it sends",
      over(() => ({ send: () => true })),
      [DIALS.opens, LINKS.sends, LINKS.buffered, LINKS.code, LINKS.closes, LINKS.goodbye],
    ],
    [
      "closes without the reason",
      over((socket) => ({
        close: (code) => {
          socket.close(code, "");
        },
      })),
      [LINKS.closes],
    ],
    [
      "says no goodbye",
      over((socket) => ({
        abandon: () => {
          socket.abandon();
        },
      })),
      [LINKS.goodbye],
    ],
    ["has a ping that pings nobody", over(() => ({ ping: () => undefined })), [LINKS.pings]],
    ["always makes progress", over(() => ({ progressed: () => true })), [LINKS.still]],
    ["counts for ever what it has sent", over(() => ({ bufferedAmount: 1 })), [LINKS.buffered]],
    [
      "tells the status of no refusal",
      (transport) => (request, events) =>
        transport(request, {
          opened: (protocol) => {
            events.opened(protocol);
          },
          message: (data) => {
            events.message(data);
          },
          pong: () => {
            events.pong();
          },
          closed: ({ code, reason, wasClean }) => {
            events.closed({ code, reason, wasClean });
          },
        }),
      [DIALS.status],
    ],
    [
      "quotes the URL in its errors",
      (transport) => (request, events) =>
        transport(request, {
          opened: (protocol) => {
            events.opened(protocol);
          },
          message: (data) => {
            events.message(data);
          },
          pong: () => {
            events.pong();
          },
          closed: (end) => {
            events.closed({ ...end, cause: new Error(`no answer from ${request.url}`) });
          },
        }),
      failedDials,
    ],
  ];

  it.each(mistakes)("a transport that %s", async (_, spoiled, expected) => {
    const failed = await failures((harness) => ({ ...harness, transport: spoiled(harness.transport) }));
    expect(Object.keys(failed).sort()).toEqual([...expected].sort());
  });
});

it("the contract has no case that no broken transport here fails, but those that are about arguments", () => {
  const names = transportContract(memoryHarness()).map(({ name }) => name);
  expect(names.filter((name) => !(every as readonly string[]).includes(name))).toEqual([
    "takes empty headers for none",
    "throws for a URL that is none, without quoting it",
  ]);
});
