import { describe, expect, it } from "vitest";
import type { AttemptContext } from "../../../src/connection/options.ts";
import { untilOpen } from "./scripted.ts";
import { open, setup, type World } from "./world.ts";

describe("the signal of a provider", () => {
  async function hanging(): Promise<{ world: World; signals: AbortSignal[]; resolve: (url: string) => void }> {
    const signals: AbortSignal[] = [];
    let resolve: (url: string) => void = () => undefined;
    const url = ({ signal }: AttemptContext): Promise<string> => {
      signals.push(signal);
      return new Promise((settle) => (resolve = settle));
    };
    const world = setup({ options: { url, connectTimeout: 1_000 } });
    void world.connection.connect();
    await world.clock.advanceAsync(500);
    return {
      world,
      signals,
      resolve: (value) => {
        resolve(value);
      },
    };
  }

  it.each<[string, (world: World) => void]>([
    ["close()", ({ connection }) => void connection.close()],
    ["reconnect()", ({ connection }) => void connection.reconnect()],
    [
      "drop()",
      ({ connection }) => {
        connection.drop();
      },
    ],
    [
      "the page being left",
      ({ network }) => {
        network.suspend();
      },
    ],
    [
      "connectTimeout",
      ({ clock }) => {
        clock.advance(500);
      },
    ],
  ])("is aborted by %s, and an answer that comes later dials nothing", async (_, way) => {
    const { world, signals, resolve } = await hanging();
    const [signal] = signals;
    expect(signal?.aborted).toBe(false);
    way(world);
    expect(signal?.aborted).toBe(true);
    expect(signal?.reason).toMatchObject({ code: "DISCARDED" });
    if (signals.length === 1) resolve("ws://late");
    const { state } = world.connection;
    await world.clock.settle();
    expect(world.connection.state).toBe(state);
    expect(world.server.dials).toBe(0);
  });

  it("is not aborted while the link that it was asked for is in use, but when that is over", async () => {
    const signals: AbortSignal[] = [];
    const world = setup({
      options: {
        url: ({ signal }) => {
          signals.push(signal);
          return "ws://test";
        },
      },
    });
    await untilOpen(world);
    await world.clock.advanceAsync(10_000);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    world.server.dropAll();
    await world.clock.advanceAsync(0);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it("is aborted also for a provider that looks at it only when its attempt is over", async () => {
    const contexts: AttemptContext[] = [];
    const { connection, clock } = setup({
      options: {
        url: (context) => {
          contexts.push(context);
          return new Promise<string>(() => undefined);
        },
      },
    });
    void connection.connect();
    await clock.advanceAsync(0);
    void connection.close();
    expect(contexts[0]?.signal.aborted).toBe(true);
  });

  it("is the same one for all providers of an attempt and for its handshake", async () => {
    const signals: AbortSignal[] = [];
    const note = ({ signal }: AttemptContext): number => signals.push(signal);
    const world = setup({
      options: {
        url: (context) => `ws://test/${note(context)}`,
        protocols: (context) => `p${note(context)}`,
        handshake: (link) => void note(link),
      },
    });
    await open(world);
    expect(signals).toHaveLength(3);
    expect(new Set(signals).size).toBe(1);
  });
});
