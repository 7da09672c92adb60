import { describe, expect, it } from "vitest";
import { createClient } from "../../../src/client/client.ts";
import { MemoryServer } from "../../../src/testing/memory-server.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";

describe("a latency that is no whole number of milliseconds", () => {
  it.each([0.1, 0.3, 0.7, 1.1, 2.3])("of %d ms makes no loop of timers without a wait", async (latency) => {
    const clock = new VirtualClock();
    const server = new MemoryServer({ clock, latency });
    const client = createClient({ url: "ws://server", clock, transport: server.transport });
    void client.connect();
    await clock.advanceAsync(60_000);
    expect(client.state.name).toBe("open");
    void client.close();
    await clock.advanceAsync(5_000);
    expect(clock.pending).toBe(0);
  });
});
