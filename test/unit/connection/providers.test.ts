import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { ConnectionOptions } from "../../../src/connection/options.ts";
import { scripted, toldTo, untilOpen } from "./scripted.ts";
import { setup } from "./world.ts";

function fail(): never {
  throw new Error("no token today");
}

describe("providers", () => {
  it("that throw, answer '', hang, and then answer well, make four attempts, of which the fourth opens", async () => {
    const hang = (): Promise<never> => new Promise<never>(() => undefined);
    const { provider, contexts } = scripted([fail, () => "", hang, () => "ws://good"]);
    const world = setup({ options: { url: provider } });
    await untilOpen(world);
    expect(world.states).toEqual([
      "connecting resolve 0",
      "waiting 1 PROVIDER_FAILED",
      "connecting resolve 1",
      "waiting 2 PROVIDER_FAILED",
      "connecting resolve 2",
      "waiting 3 CONNECT_TIMEOUT",
      "connecting resolve 3",
      "connecting dial 3",
      "open",
    ]);
    expect(toldTo(contexts)).toEqual([
      { attempt: 0, refresh: false, cause: undefined },
      { attempt: 1, refresh: false, cause: "PROVIDER_FAILED" },
      { attempt: 2, refresh: false, cause: "PROVIDER_FAILED" },
      { attempt: 3, refresh: false, cause: "CONNECT_TIMEOUT" },
    ]);
    expect(world.server.dials).toBe(1);
    expect(world.server.last.url).toBe("ws://good/");
  });

  it("that fail two at a time, one by a promise and one by an exception, are one failed attempt and no unhandled rejection", async () => {
    const unhandled: unknown[] = [];
    const listener = (reason: unknown): void => void unhandled.push(reason);
    process.on("unhandledRejection", listener);
    const world = setup({ options: { url: () => Promise.reject(new Error("no url")), protocols: fail } });
    void world.connection.connect();
    await world.clock.advanceAsync(0);
    await turn();
    process.off("unhandledRejection", listener);
    expect(world.states).toEqual(["connecting resolve 0", "waiting 1 PROVIDER_FAILED"]);
    expect(unhandled).toEqual([]);
  });

  it("are asked afresh for each attempt, whatever ended the last one: url, protocols and headers", async () => {
    let turn = 0;
    const fresh = (): string => `t${turn}`;
    const world = setup({
      options: {
        url: () => `ws://test/${++turn}`,
        protocols: async () => Promise.resolve([fresh(), "chat"]),
        headers: () => ({ Authorization: fresh() }),
      },
    });
    const { connection, server, clock, network } = world;
    await untilOpen(world);
    const ways: (() => void)[] = [
      () => {
        server.dropAll();
      },
      () => {
        server.closeAll(4_001);
      },
      () => {
        connection.drop();
      },
      () => void connection.reconnect(),
      () => {
        network.suspend();
        network.wake();
      },
    ];
    for (const [round, way] of ways.entries()) {
      way();
      const isBack = (): boolean => turn === round + 2 && connection.state.name === "open";
      await clock.advanceUntil(isBack, 60_000);
    }
    expect(turn).toBe(6);
    expect(server.all.map(({ url }) => url)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `ws://test/${n}`));
    expect(server.all.map(({ protocols }) => protocols[0])).toEqual(["t1", "t2", "t3", "t4", "t5", "t6"]);
    expect(server.all.map(({ headers }) => headers["Authorization"])).toEqual(["t1", "t2", "t3", "t4", "t5", "t6"]);
  });

  it.each<[string, Partial<ConnectionOptions>]>([
    ["url", { url: fail }],
    ["protocols", { protocols: fail }],
    ["headers", { headers: fail }],
    ["an async url", { url: () => Promise.reject(new Error("no token today")) }],
    ["async headers", { headers: () => Promise.reject(new Error("no token today")) }],
    [
      "two of them",
      { url: () => Promise.reject(new Error("no token today")), headers: () => Promise.reject(new Error("also")) },
    ],
  ])("that fail (%s) make a failed attempt, whose cause is what they threw", async (_, options) => {
    const { connection, clock, server } = setup({ options });
    void connection.connect();
    await clock.advanceAsync(0);
    expect(connection.state).toMatchObject({
      name: "waiting",
      cause: { code: "PROVIDER_FAILED", cause: { message: "no token today" } },
    });
    expect(server.dials).toBe(0);
  });

  it("may answer with any promise, also one of another library", async () => {
    const thenable = {
      then: (resolve: (url: string) => void): void => {
        resolve("ws://later");
      },
    };
    // The cast: a thenable is as good as a promise, but TypeScript wants the whole interface.
    const world = setup({ options: { url: () => thenable as unknown as Promise<string> } });
    await untilOpen(world);
    expect(world.server.last.url).toBe("ws://later/");
  });
});
