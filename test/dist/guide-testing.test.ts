// The examples of docs/guides/testing.md: a consumer's tests, on the built package. docs.test.ts compares the two.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createClient } from "holdfast";
import { ManualNetwork, MemoryServer, seededRandom, systemClock, VirtualClock } from "holdfast/testing";

function setup() {
  const clock = new VirtualClock();
  const network = new ManualNetwork();
  const server = new MemoryServer({ clock });
  const client = createClient({
    url: "ws://test",
    clock,
    network,
    random: seededRandom(1),
    transport: server.transport,
  });
  return { clock, network, server, client };
}

it("sends what was queued once the server is back", async () => {
  const { clock, network, server, client } = setup();
  server.stop();
  void client.connect();
  client.send({ text: "hello" });
  await clock.advanceAsync(60_000);
  expect(client.state.name).toBe("waiting");

  server.start();
  await clock.advanceUntil(() => client.state.name === "open", 60_000);
  await clock.advanceAsync(0); // what was written arrives
  expect(server.last.texts).toEqual(['{"text":"hello"}']);

  await clock.advanceFor(client.close());
  expect([clock.pending, network.watchers, server.live]).toEqual([0, 0, 0]); // nothing is left behind
});

it("notices a link that died without a word", async () => {
  const { clock, server, client } = setup();
  await clock.advanceFor(client.connect());

  server.last.stall(); // half-open: nothing arrives any more, and nobody is told
  await clock.advanceUntil(() => client.state.name === "waiting", 20_000);
  await clock.advanceFor(client.close());
});

it("survives a server that keeps no promise", async () => {
  const { clock, server, client } = setup();
  server.rude = seededRandom(2);
  void client.connect();
  await clock.advanceAsync(600_000);

  server.rude = undefined;
  server.dropAll();
  await clock.advanceUntil(() => server.last.breaks.size === 0 && client.state.name === "open", 120_000);
  await clock.advanceFor(client.close());
});

describe("with the runner's fake timers", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("dials again", async () => {
    const server = new MemoryServer({ clock: systemClock });
    const client = createClient({ url: "ws://test", transport: server.transport });
    void client.connect();
    await vi.advanceTimersByTimeAsync(10);
    server.dropAll();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(server.dials).toBe(2);

    await Promise.all([client.close(), vi.advanceTimersByTimeAsync(2_000)]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
