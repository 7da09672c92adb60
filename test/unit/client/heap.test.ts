import { setImmediate as turn } from "node:timers/promises";
import { expect, it } from "vitest";
import { createClient } from "../../../src/client/client.ts";
import { ManualNetwork } from "../../../src/testing/manual-network.ts";
import { MemoryServer } from "../../../src/testing/memory-server.ts";
import { seededRandom } from "../../../src/testing/seeded-random.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";
import { garbageCollector } from "../../support/garbage.ts";

const CYCLES = 10_000;
/** What the heap may have grown by, for each cycle, in bytes: less than one closure. Compiled code comes and goes by more in all. */
const GROWTH = 64;

it("10 000 clients that are made, connected, dropped, reconnected and closed leave the heap as it was", async () => {
  const gc = garbageCollector();
  const clock = new VirtualClock();
  const network = new ManualNetwork();
  const server = new MemoryServer({ clock, keep: 10 });
  const random = seededRandom(1);
  const refs: WeakRef<object>[] = [];

  const cycle = async (): Promise<void> => {
    const client = createClient({ url: "ws://test", clock, network, random, transport: server.transport });
    client.on("state", () => undefined);
    const subscription = client.subscribe("trades");
    subscription.listen(() => undefined);
    const answer = client.request("sum", { a: 1, b: 2 }).catch(() => "rejected");
    void client.connect();
    client.send("while it connects");
    clock.advance(0);
    server.dropAll();
    clock.advance(3_100);
    void client.reconnect();
    clock.advance(0);
    void client.close();
    clock.advance(0);
    expect(await answer).toBe("rejected");
    if (refs.length < 100) refs.push(new WeakRef(client));
  };
  const run = async (cycles: number): Promise<number> => {
    for (let done = 0; done < cycles; done++) await cycle();
    await turn(); // a WeakRef holds on to its object until the turn is over
    gc();
    return process.memoryUsage().heapUsed;
  };

  const before = await run(2_000); // warm: code is compiled, buffers have their size
  const after = await run(CYCLES);
  expect(after - before).toBeLessThan(GROWTH * CYCLES);
  expect(refs.filter((ref) => ref.deref() !== undefined)).toEqual([]);
  expect([clock.pending, network.watchers, server.live]).toEqual([0, 0, 0]);
}, 120_000);
