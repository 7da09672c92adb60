import { describe, expect, it } from "vitest";
import type { Direction } from "../../../src/testing/memory-script.ts";
import { clientWorld, framesOf, say } from "../../support/client-world.ts";

const heartbeat = { interval: 5_000, timeout: 2_000 };

describe("a client on a link that stalls", () => {
  it.each<Direction>(["both", "toClient", "toServer"])(
    "(%s) detaches it in the tick in which interval + timeout have passed, and waits for nobody",
    async (direction) => {
      const { clock, server, client, open, go, all } = clientWorld({ heartbeat }, { latency: 20 });
      server.breaks.add("never-closed");
      await open();
      say(server.last, "hello");
      await go(20);
      const last = clock.now();
      server.last.stall(direction);
      await go(6_999);
      expect(client.state.name).toBe("open");
      await go(1);
      expect(client.state).toMatchObject({ name: "waiting", cause: { code: "HEARTBEAT_TIMEOUT" } });
      expect(server.live).toBe(0);
      expect(all("state").filter(({ name }) => name === "waiting")).toHaveLength(1);
      expect(clock.now()).toBe(last + 7_000);
      await go(10_000);
      expect(client.state.name).toBe("open");
      expect(server.dials).toBe(2);
      expect(server.maxLive).toBe(1);
    },
  );

  it("stays, and sends no ping, as long as anything comes, though no pong does", async () => {
    const { server, client, open, go, codes } = clientWorld({ heartbeat }, { pings: "swallow" });
    await open();
    for (let at = 0; at < 120_000; at += 4_900) {
      say(server.last, { at });
      await go(4_900);
    }
    expect(client.state.name).toBe("open");
    expect(server.last.pingCount).toBe(0);
    expect(codes()).toEqual([]);
  });

  it("probes once for five wake-ups within 100 ms, and keeps a link that answers", async () => {
    const { network, server, client, open, go } = clientWorld({ heartbeat });
    await open();
    await go(3_000);
    for (let wake = 0; wake < 5; wake++) {
      network.show();
      await go(20);
    }
    expect(server.last.pingCount).toBe(1);
    expect(client.state.name).toBe("open");
    expect(server.dials).toBe(1);
  });

  it("leaves one that died while the machine slept within the timeout of the wake-up", async () => {
    const { clock, network, server, client, open, go } = clientWorld({ heartbeat });
    await open();
    await go(1_000);
    server.last.stall();
    network.sleep(clock, 600_000);
    await go(1_999);
    expect(client.state.name).toBe("open");
    await go(1);
    expect(client.state).toMatchObject({ name: "waiting", cause: { code: "HEARTBEAT_TIMEOUT" } });
  });
});

describe("a client whose timers come late", () => {
  it("keeps a link whose answer is waiting, and its requests", async () => {
    const { clock, page, server, client, open, go } = clientWorld({ heartbeat });
    await open();
    const sum = client.request("sum", { a: 1, b: 2 }, { timeout: 3_600_000 });
    await go();
    page.freeze();
    clock.advance(600_000);
    say(server.last, { jsonrpc: "2.0", id: 1, result: 3 });
    clock.advance(1_000);
    page.thaw();
    await go(10_000);
    await expect(sum).resolves.toBe(3);
    expect(client.state.name).toBe("open");
    expect(server.dials).toBe(1);
  });

  it.each([1_000, 60_000])("keeps a live link where timers run every %d ms, and leaves a dead one", async (grid) => {
    const { page, server, client, open, go } = clientWorld({ heartbeat: { interval: 30_000, timeout: 5_000 } });
    await open();
    page.throttle(grid);
    await go(1_800_000);
    expect(server.dials).toBe(1);
    expect(server.last.pingCount).toBeGreaterThanOrEqual(15);
    server.last.stall();
    await go(35_000 + 5 * grid);
    expect(server.dials).toBe(2);
    expect(client.state.name).toBe("open");
  });
});

describe("a message that is sent past the deadline", () => {
  it("is held, and goes to the next socket if the link is dead", async () => {
    const { clock, server, client, open, go } = clientWorld({ heartbeat });
    await open();
    await go(1_000);
    server.last.stall();
    clock.jump(7_001);
    expect(client.send("late")).toBe("queued");
    expect(client.notify("note")).toBe("queued");
    await go(5_000);
    expect(server.dials).toBe(2);
    expect(server.all[0]?.texts).toEqual([]);
    expect(framesOf(server.last)).toEqual(["late", { jsonrpc: "2.0", method: "note" }]);
  });

  it("goes out at once when the link proves alive, before what is sent then", async () => {
    const { clock, server, client, open, go } = clientWorld({ heartbeat });
    await open();
    clock.jump(7_001);
    expect(client.send("held")).toBe("queued");
    await go();
    expect(framesOf(server.last)).toEqual(["held"]);
    expect(client.send("next")).toBe("written");
    await go();
    expect(framesOf(server.last)).toEqual(["held", "next"]);
    expect(server.dials).toBe(1);
  });

  it("is a request that is written once, to the next socket", async () => {
    const { clock, server, client, open, go } = clientWorld({ heartbeat });
    await open();
    await go(1_000);
    server.last.stall();
    clock.jump(7_001);
    const sum = client.request("sum");
    await go(5_000);
    expect(server.all.map((connection) => framesOf(connection).length)).toEqual([0, 1]);
    say(server.last, { jsonrpc: "2.0", id: 1, result: 3 });
    await go();
    await expect(sum).resolves.toBe(3);
  });

  it("is written as ever one millisecond before", async () => {
    const { clock, client, open, go } = clientWorld({ heartbeat });
    await open();
    await go(100);
    clock.jump(6_900);
    expect(client.send("in time")).toBe("written");
  });
});
