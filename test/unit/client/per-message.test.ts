import { expect, it, vi } from "vitest";
import { createClient } from "../../../src/index.ts";
import type { SocketEvents } from "../../../src/transport/transport.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";

it("the clock is looked at once for all messages of one turn, and no timer is started for any", async () => {
  const clock = new VirtualClock();
  let inner: SocketEvents | undefined;
  const got: unknown[] = [];
  const client = createClient({
    url: "ws://test",
    clock,
    transport: (_request, events) => {
      inner = events;
      const nothing = (): undefined => undefined;
      return { bufferedAmount: 0, send: () => true, close: nothing, abandon: nothing, ping: nothing };
    },
  });
  client.on("message", (message) => got.push(message));
  const opened = client.connect();
  inner?.opened("");
  await opened;
  const now = vi.spyOn(clock, "now");
  const after = vi.spyOn(clock, "after");
  inner?.message("1");
  inner?.message("2", "again");
  inner?.message("3", "again");
  expect(now).toHaveBeenCalledTimes(1);
  inner?.message("4");
  expect(now).toHaveBeenCalledTimes(2);
  expect(after).not.toHaveBeenCalled();
  expect(got).toEqual([1, 2, 3, 4]);
  await clock.advanceFor(client.close());
});
