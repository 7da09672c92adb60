import { expect, it } from "vitest";
import { createClient } from "../../../src/index.ts";
import { MemoryServer, seededRandom, VirtualClock } from "../../../src/testing.ts";

it("bytes whose buffer was transferred while they were queued are discarded; what is behind them is sent", async () => {
  const clock = new VirtualClock();
  const server = new MemoryServer({ clock });
  const client = createClient({
    url: "ws://test",
    dialect: "raw",
    clock,
    random: seededRandom(1),
    transport: server.transport,
  });
  const told: unknown[] = [];
  client.on("error", ({ code, cause }) => told.push(code, (cause as Error).name));
  const bytes = new Uint8Array([1, 2, 3]);
  client.send(bytes, { settled: (outcome) => told.push(outcome) });
  client.send("behind");
  structuredClone(bytes, { transfer: [bytes.buffer] });
  await clock.advanceFor(client.connect());
  client.send("later");
  await clock.advanceFor(client.close());
  expect(told).toEqual(["LISTENER_FAILED", "TypeError", "discarded"]);
  expect(server.last.texts).toEqual(["behind", "later"]);
  expect(clock.pending).toBe(0);
});
