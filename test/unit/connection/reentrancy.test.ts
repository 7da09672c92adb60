import { describe, expect, it } from "vitest";
import type { Connection } from "../../../src/connection/connection.ts";
import { record, setup, type World } from "./world.ts";

/** Every state that a connection passes in the story below, as `name` or `name phase`. */
const PASSED = [
  "connecting resolve",
  "connecting dial",
  "connecting handshake",
  "open",
  "waiting",
  "offline",
  "closing",
  "closed",
] as const;

function placeOf({ state }: Connection): string {
  return state.name === "connecting" ? `connecting ${state.phase}` : state.name;
}

/** From nothing to open, through a loss, a failure offline, and a close. */
async function story({ connection, clock, server, network }: World): Promise<void> {
  void connection.connect();
  await clock.advanceAsync(10);
  server.dropAll();
  await clock.advanceAsync(10);
  network.goOffline();
  await clock.advanceAsync(20_000);
  network.goOnline();
  await clock.advanceAsync(2_000);
  void connection.close();
  await clock.advanceAsync(3_000);
}

const handshake = (): Promise<void> => Promise.resolve();

const ACTS: Readonly<Record<string, (world: World) => unknown>> = {
  "close()": ({ connection }) => connection.close(),
  "connect()": ({ connection }) => connection.connect(),
  "reconnect()": ({ connection }) => connection.reconnect(),
  "drop()": ({ connection }) => {
    connection.drop();
  },
  "send()": ({ connection }) => connection.send("hello"),
  "close() and connect()": ({ connection }) => [connection.close(), connection.connect()],
  "connect() and close()": ({ connection }) => [connection.connect(), connection.close()],
  "reconnect() and close() and reconnect()": ({ connection }) => [
    connection.reconnect(),
    connection.close(),
    connection.reconnect(),
  ],
  "an exception": () => {
    throw new Error("listener");
  },
  "a rejection": () => Promise.reject(new Error("listener")),
  "a dropped server": ({ server }) => {
    server.dropAll();
  },
  "a suspended page": ({ network }) => {
    network.suspend();
  },
};

describe.each(Object.entries(ACTS))("a state listener with %s", (name, act) => {
  it.each(PASSED)(
    "the first time it hears of %s: the connection goes on, and in the end nothing is left",
    async (place) => {
      const world = setup({ options: { handshake } });
      let fired = 0;
      let inside = 0;
      world.connection.on("state", () => {
        expect(++inside).toBe(1); // no step runs inside another
        if (placeOf(world.connection) === place && fired++ === 0) {
          try {
            const result = act(world);
            inside--;
            return result;
          } catch (error) {
            inside--;
            throw error;
          }
        }
        inside--;
        return undefined;
      });
      await story(world);
      expect(fired).toBeGreaterThanOrEqual(1);
      expect(world.server.maxLive).toBe(1);
      if (name === "an exception" || name === "a rejection") {
        expect(world.errors).toHaveLength(1);
        expect(world.errors[0]).toMatchObject({ code: "LISTENER_FAILED", cause: { message: "listener" } });
      } else expect(world.errors).toEqual([]);
      void world.connection.reconnect();
      await world.clock.advanceAsync(30_000);
      expect(world.connection.state.name).toBe("open");
    },
  );
});

describe("what a listener asks for", () => {
  it("happens after the event that it is told of, for every listener in the same order", async () => {
    const world = setup();
    const heard: string[] = [];
    world.connection.on("state", ({ name }) => {
      heard.push(`first ${name}`);
      if (name === "open") void world.connection.close();
    });
    world.connection.on("state", ({ name }) => heard.push(`second ${name}`));
    void world.connection.connect();
    await world.clock.advanceAsync(0);
    expect(heard.slice(-6)).toEqual([
      "first open",
      "second open",
      "first closing",
      "second closing",
      "first closed",
      "second closed",
    ]);
  });

  it("may be a connection from within `closed`, for ever: no recursion, and one socket at a time", async () => {
    const world = setup();
    let rounds = 0;
    world.connection.on("state", ({ name }) => {
      if (name === "closed" && rounds++ < 5_000) void world.connection.connect();
      if (name === "connecting" && rounds < 5_000) void world.connection.close();
    });
    void world.connection.connect();
    await world.clock.advanceAsync(0);
    expect(rounds).toBeGreaterThanOrEqual(5_000);
    expect(world.server.maxLive).toBe(1);
  });
});

describe("the promise of what a listener asks for", () => {
  it("of close() and connect() in one breath is kept: the one closes, the other opens", async () => {
    const world = setup();
    const fates: string[] = [];
    let once = true;
    world.connection.on("state", ({ name }) => {
      if (name !== "open" || !once) return;
      once = false;
      void world.connection.close().then(() => fates.push(`closed: ${world.connection.state.name}`));
      void world.connection.connect().then(() => fates.push(`opened: ${world.connection.state.name}`));
    });
    void world.connection.connect();
    await world.clock.advanceAsync(10);
    expect(world.connection.state.name).toBe("open");
    expect(fates.at(-1)).toBe("opened: open");
    expect(world.server.dials).toBe(2);
  });

  it("is not broken by an end that was asked for before it", async () => {
    const world = setup();
    const fates: string[] = [];
    let once = true;
    world.connection.on("state", ({ name }) => {
      if (name !== "waiting" || !once) return;
      once = false;
      void world.connection.close();
      world.connection.connect().then(
        () => fates.push(`opened: ${world.connection.state.name}`),
        () => fates.push("rejected"),
      );
    });
    world.server.next({ type: "refuse" });
    void world.connection.connect();
    await world.clock.advanceAsync(10);
    expect(world.connection.state.name).toBe("open");
    expect(fates).toEqual(["opened: open"]);
  });
});

describe("one listener that fails", () => {
  it.each(["state", "message", "debug"] as const)(
    "of %s disturbs no other, and is reported each time",
    async (event) => {
      const world = setup();
      const { connection, clock, server } = world;
      const off = connection.on(event, () => {
        throw new Error("listener");
      });
      const heard = record(connection, event);
      void connection.connect();
      await clock.advanceAsync(0);
      server.last.send("a");
      server.last.send("b");
      await clock.advanceAsync(0);
      expect(world.messages).toEqual(["a", "b"]);
      expect(heard.length).toBeGreaterThanOrEqual(2);
      expect(world.errors).toHaveLength(heard.length);
      off();
    },
  );

  it("of errors does not bring about another error", async () => {
    const world = setup();
    let calls = 0;
    world.connection.on("error", () => {
      calls++;
      throw new Error("the error listener");
    });
    world.connection.on("state", () => {
      throw new Error("the state listener");
    });
    void world.connection.connect();
    await world.clock.advanceAsync(0);
    expect(world.connection.state.name).toBe("open");
    expect(calls).toBe(3);
    expect(world.errors).toHaveLength(3);
  });
});
