import { describe, expect, it } from "vitest";
import { scripted, toldTo, untilOpen } from "./scripted.ts";
import { describeState, record, setup } from "./world.ts";

describe("a server that answers 4401", () => {
  it("gets fresh credentials once; the second refusal in a row stops, and the cause is told", async () => {
    const { provider, contexts } = scripted([() => "ws://old", () => "ws://new", () => "ws://never"]);
    const world = setup({ options: { url: provider } });
    world.server.onConnection = (connection) => {
      connection.close(4_401, "expired");
    };
    const failed = record(world.connection, "state");
    void world.connection.connect();
    await world.clock.advanceAsync(60_000);
    expect(toldTo(contexts)).toEqual([
      { attempt: 0, refresh: false, cause: undefined },
      { attempt: 1, refresh: true, cause: "CONNECTION_LOST" },
    ]);
    expect(failed.at(-1)).toMatchObject({ name: "closed", cause: { closeCode: 4_401, reason: "expired" } });
    expect(world.server.dials).toBe(2);
  });

  it("is believed again when the new credentials were good for a while", async () => {
    const { provider, contexts } = scripted(Array.from({ length: 9 }, () => () => "ws://test"));
    const world = setup({ options: { url: provider } });
    await untilOpen(world);
    for (let round = 0; round < 3; round++) {
      world.server.closeAll(4_401);
      await world.clock.advanceAsync(20_000);
    }
    expect(toldTo(contexts).map(({ refresh }) => refresh)).toEqual([false, true, true, true]);
    expect(describeState(world.connection.state)).toBe("open");
  });

  it("means the same as an HTTP 401", async () => {
    const { provider, contexts } = scripted([() => "ws://old", () => "ws://new"]);
    const world = setup({ options: { url: provider } });
    world.server.answer = { type: "refuse", httpStatus: 401 };
    void world.connection.connect();
    await world.clock.advanceAsync(60_000);
    expect(contexts.map(({ refresh }) => refresh)).toEqual([false, true]);
    expect(world.connection.state).toMatchObject({ name: "closed", cause: { httpStatus: 401 } });
  });
});
