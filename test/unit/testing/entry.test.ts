import { afterEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "../../../src/core/clock.ts";
import { chance, integer, MemoryServer, PageClock, seededRandom, VirtualClock } from "../../../src/testing.ts";

/** A small world with chance in every part: three clients that dial again, talk, sleep and are dropped. */
async function world(seed: number): Promise<{ trace: string[]; pending: number; live: number }> {
  const clock = new VirtualClock();
  const random = seededRandom(seed);
  const server = new MemoryServer({ clock, latency: () => integer(random, 0, 80), rate: 50_000 });
  const trace: string[] = [];
  server.onConnection = (connection) => {
    connection.onMessage = (data) => {
      connection.send(data);
      if (chance(random, 0.02)) connection.drop();
      if (chance(random, 0.02)) connection.close(1012);
      if (chance(random, 0.02)) connection.stall();
    };
  };
  let running = true;
  const run = (name: string): void => {
    const page = new PageClock(clock);
    const transport = server.transportOn(page);
    const dial = (): void => {
      if (!running) return;
      let end = (): void => undefined;
      const over = (why: string): void => {
        trace.push(`${clock.now()} ${name} ${why}`);
        end();
        page.after(integer(random, 0, 2_000), dial);
      };
      const socket = transport(
        { url: `ws://${name}`, protocols: [] },
        {
          opened: () => {
            trace.push(`${clock.now()} ${name} opened`);
            socket.send("x".repeat(integer(random, 1, 500)));
          },
          message: (data) => {
            trace.push(`${clock.now()} ${name} got ${(data as string).length}`);
            page.after(integer(random, 0, 100), () => socket.send("x".repeat(integer(random, 1, 500))));
          },
          pong: () => undefined,
          closed: ({ code }) => {
            over(`closed ${code}`);
          },
        },
      );
      end = page.after(5_000, () => {
        socket.abandon();
        over("gave up");
      });
    };
    dial();
    clock.after(integer(random, 1_000, 5_000), () => {
      page.freeze();
      clock.after(integer(random, 1_000, 20_000), () => {
        page.thaw();
      });
    });
  };
  for (const name of ["a", "b", "c"]) run(name);
  await clock.advanceAsync(60_000);
  running = false;
  server.dropAll();
  await clock.advanceAsync(60_000);
  return { trace, pending: clock.pending, live: server.live };
}

describe("holdfast/testing", () => {
  it("plays the same seed the same way, byte for byte, and leaves nothing behind", async () => {
    const first = await world(1);
    const again = await world(1);
    const other = await world(2);
    expect(first.trace.length).toBeGreaterThan(500);
    expect(again).toEqual(first);
    expect(other.trace).not.toEqual(first.trace);
    expect([first.pending, first.live]).toEqual([0, 0]);
  });

  describe("beside the test runner's fake timers", () => {
    afterEach(() => {
      vi.useRealTimers();
    });

    it("runs a MemoryServer on the platform's clock", () => {
      vi.useFakeTimers();
      const server = new MemoryServer({ clock: systemClock, latency: 100 });
      const log: string[] = [];
      server.transport(
        { url: "ws://test", protocols: [] },
        {
          opened: () => log.push("opened"),
          message: (data) => log.push(data as string), // only text is sent here
          pong: () => undefined,
          closed: ({ code }) => log.push(`closed ${code}`),
        },
      );
      vi.advanceTimersByTime(200);
      server.last.send("hello");
      vi.advanceTimersByTime(100);
      server.last.drop();
      vi.advanceTimersByTime(100);
      expect(log).toEqual(["opened", "hello", "closed 1006"]);
      expect(vi.getTimerCount()).toBe(0);
    });
  });
});
