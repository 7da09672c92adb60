// The example of docs/guides/testing.md for a transport of one's own. docs.test.ts compares the two.
import { describe, expect, it } from "vitest";
import type { Transport } from "holdfast";
import { memoryHarness, transportContract } from "holdfast/testing";

/** Counts the messages that go through another transport. */
function metered(transport: Transport, count: (direction: "in" | "out") => void): Transport {
  return (request, events) => {
    const socket = transport(request, {
      opened: (protocol) => {
        events.opened(protocol);
      },
      message: (data) => {
        count("in");
        events.message(data);
      },
      pong: () => {
        events.pong();
      },
      closed: (end) => {
        events.closed(end);
      },
    });
    return {
      get bufferedAmount() {
        return socket.bufferedAmount;
      },
      send: (data) => {
        const taken = socket.send(data);
        if (taken) count("out");
        return taken;
      },
      close: (code, reason) => {
        socket.close(code, reason);
      },
      abandon: (code, reason) => {
        socket.abandon(code, reason);
      },
      ...(socket.ping && { ping: () => socket.ping?.() }),
      ...(socket.progressed && { progressed: () => socket.progressed?.() === true }),
    };
  };
}

describe.concurrent("the metered transport", () => {
  const harness = memoryHarness();
  const transport = metered(harness.transport, () => undefined);
  for (const { name, run } of transportContract({ ...harness, transport })) it(name, run);
});

it("fails what the guide says if abandon() only closes", async () => {
  const harness = memoryHarness();
  const careless: Transport = (request, events) => {
    const socket = harness.transport(request, events);
    return Object.assign(socket, {
      abandon: (code = 1000, reason = "") => {
        socket.close(code, reason);
      },
    });
  };
  const cases = transportContract({ ...harness, transport: careless });
  const ends = await Promise.allSettled(cases.map(({ run }) => run()));
  expect(cases.filter((_, index) => ends[index]?.status === "rejected").map(({ name }) => name)).toEqual([
    "waits for an upgrade that is not answered, until it is abandoned",
    "is abandoned in the turn of the dial without a word",
    "waits for a peer that does not answer the close, until it is abandoned",
    "says goodbye when it is abandoned with a code, and is silent at once",
    "lets go at once when it is abandoned without a code",
    "can be abandoned from within each call",
  ]);
});
