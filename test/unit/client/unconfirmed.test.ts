// What is written while the messages of one turn are handed on: all of these had come in before, so none of them says that
// the server goes on reading.
import { expect, it } from "vitest";
import { createClient } from "../../../src/index.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";
import type { SocketEvents, Transport } from "../../../src/transport/transport.ts";
import { ReconnectingWebSocket } from "../../../src/websocket/websocket.ts";

/** A transport that shows what it was given to tell. */
function shown(): { readonly transport: Transport; readonly events: () => SocketEvents } {
  let inner: SocketEvents | undefined;
  const nothing = (): undefined => undefined;
  return {
    transport: (_request, events) => {
      inner = events;
      return { bufferedAmount: 0, send: () => true, close: nothing, abandon: nothing };
    },
    events: () => {
      if (!inner) throw new Error("Nobody has dialled");
      return inner;
    },
  };
}

const LOST = { code: 1006, reason: "", wasClean: false };

it("is unconfirmed for a client, though another message of the turn comes after it", async () => {
  const clock = new VirtualClock();
  const { transport, events } = shown();
  const client = createClient({ url: "ws://test", clock, transport });
  const counts: number[] = [];
  client.on("unconfirmed", ({ count }) => counts.push(count));
  client.on("message", () => client.send("answer"));
  const connected = client.connect();
  events().opened("");
  await connected;
  events().message("1");
  events().message("2", "again");
  events().closed(LOST);
  expect(counts).toEqual([2]);
  await clock.advanceFor(client.close());
});

it("is unconfirmed for a drop-in socket as well", () => {
  const clock = new VirtualClock();
  const { transport, events } = shown();
  const socket = new ReconnectingWebSocket("ws://test", [], { clock, transport });
  const counts: number[] = [];
  socket.addEventListener("unconfirmed", ({ count }) => counts.push(count));
  socket.onmessage = () => {
    socket.send("answer");
  };
  clock.advance(0);
  events().opened("");
  events().message("1");
  events().message("2", "again");
  events().message("3");
  events().message("4", "again");
  events().closed(LOST);
  expect(counts).toEqual([2]);
  socket.close();
  clock.advance(5_000);
  expect(clock.pending).toBe(0);
});
