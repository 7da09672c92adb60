import { describe, expect, it } from "vitest";
import { BROKEN_PROMISES, type BrokenPromise } from "../../../src/testing/memory-script.ts";
import { describeState, fateOf, record, setup, type World } from "./world.ts";

/** Whatever a server and an application do to a connection in its life. */
async function liveThrough({ connection, clock, server, network }: World): Promise<void> {
  const tryToSend = (): void => {
    try {
      connection.send("hello");
    } catch {
      // "send-throws" throws at whoever sends
    }
  };
  const acts: (() => void)[] = [
    () => void connection.connect(),
    tryToSend,
    () => {
      server.all.at(-1)?.send("hello");
    },
    () => {
      server.all.at(-1)?.send(new ArrayBuffer(2));
    },
    () => {
      server.closeAll(1_001, "restart");
    },
    () => {
      server.all.at(-1)?.send("after the end");
    },
    () => void connection.reconnect(),
    () => {
      server.dropAll();
    },
    () => {
      server.answer = { type: "refuse" };
    },
    () => {
      connection.drop();
    },
    () => {
      server.answer = { type: "stall" };
    },
    () => void connection.reconnect(),
    () => {
      server.answer = { type: "accept" };
    },
    () => {
      network.suspend();
    },
    () => {
      network.wake();
    },
    () => void connection.reconnect(),
    () => void connection.close(),
    () => void connection.connect(),
    tryToSend,
    () => void connection.close(4_000, "enough"),
  ];
  for (const act of acts) {
    act();
    await clock.advanceAsync(3_000);
  }
}

describe.each(BROKEN_PROMISES)("a transport that breaks its promise: %s", (promise) => {
  it.each(["task", "sync"] as const)("is survived, with nothing left in the end (%s delivery)", async (delivery) => {
    const world = setup({ breaks: [promise], server: { delivery } });
    await liveThrough(world);
    expect(world.connection.state.name).toBe("closed");
    expect(world.server.live).toBe(0);
    expect(world.server.maxLive).toBe(1);
    world.server.breaks.clear();
    void world.connection.connect();
    await world.clock.advanceAsync(20_000);
    expect(world.connection.state.name).toBe("open");
  });

  it("is survived by a connection with a handshake too", async () => {
    const world = setup({
      breaks: [promise],
      options: {
        handshake: (link) => {
          link.send("hi");
        },
      },
    });
    await liveThrough(world);
    expect(world.connection.state.name).toBe("closed");
    world.server.breaks.clear();
    void world.connection.connect();
    await world.clock.advanceAsync(20_000);
    expect(world.connection.state.name).toBe("open");
  });
});

describe("a transport that breaks every promise at once", () => {
  it("is survived", async () => {
    const world = setup({ breaks: BROKEN_PROMISES });
    await liveThrough(world);
    world.server.breaks.clear();
    void world.connection.connect();
    await world.clock.advanceAsync(20_000);
    expect(world.connection.state.name).toBe("open");
  });
});

describe("what a broken promise does not do", () => {
  async function connected(...breaks: BrokenPromise[]): Promise<World> {
    const world = setup({ breaks });
    void world.connection.connect();
    await world.clock.advanceAsync(0);
    return world;
  }

  it("a socket that opens inside the dial is open like any other, and one that is refused there is a failed attempt", async () => {
    const { connection, clock, server, states } = await connected("opens-during-dial");
    expect(states).toEqual(["connecting resolve 0", "connecting dial 0", "open"]);
    server.answer = { type: "refuse" };
    void connection.reconnect();
    await clock.advanceAsync(0);
    expect(describeState(connection.state)).toBe("waiting 1 DIAL_FAILED");
  });

  it("two `open` of one socket open once", async () => {
    expect((await connected("opens-twice")).states.filter((state) => state === "open")).toHaveLength(1);
  });

  it("two ends of one link are one loss, and one failure", async () => {
    const { connection, clock, server } = await connected("closed-twice");
    server.dropAll();
    await clock.advanceAsync(0);
    expect(describeState(connection.state)).toBe("waiting 1 CONNECTION_LOST");
  });

  it("a message before the socket opened is not lost, and not early", async () => {
    const world = setup({ breaks: ["message-before-opened"] });
    const order: string[] = [];
    world.connection.on("state", ({ name }) => order.push(name));
    world.connection.on("message", (data) => order.push(data as string)); // only text is sent here
    world.server.onConnection = (connection) => {
      connection.send("early");
      connection.send("next");
    };
    void world.connection.connect();
    await world.clock.advanceAsync(0);
    expect(order.slice(-3)).toEqual(["open", "early", "next"]);
  });

  it("a message after the end reaches nobody, nor does anything of a socket that was let go of", async () => {
    const { connection, clock, server, messages, states } = await connected(
      "message-after-closed",
      "late-after-abandon",
    );
    const [first] = server.connections;
    connection.drop();
    const { length } = states;
    first?.send("late");
    first?.close(1_008);
    await clock.advanceAsync(0);
    expect(messages).toEqual([]);
    expect(states).toHaveLength(length);
  });

  it("a socket that was let go of is not heard on the next link either", async () => {
    const { connection, clock, server, messages } = await connected("late-after-abandon");
    const [first] = server.connections;
    void connection.reconnect();
    await clock.advanceAsync(0);
    expect(connection.state.name).toBe("open");
    first?.send("late");
    server.last.send("of the open link");
    await clock.advanceAsync(0);
    expect(messages).toEqual(["of the open link"]);
  });

  it("a link that never reports its end is given up by connectTimeout and closeTimeout", async () => {
    const { connection, clock, server, states } = await connected("never-closed");
    const closed = connection.close();
    await clock.advanceAsync(2_000);
    expect(await fateOf(closed)).toBe("resolved");
    server.answer = { type: "refuse" };
    void connection.connect();
    await clock.advanceAsync(10_000);
    expect(states.at(-1)).toBe("waiting 1 CONNECT_TIMEOUT");
  });

  it("close() that throws is still a close, after closeTimeout", async () => {
    const { connection, clock } = await connected("close-throws");
    const closed = connection.close();
    await clock.advanceAsync(1_999);
    expect(await fateOf(closed)).toBe("pending");
    await clock.advanceAsync(1);
    expect(await fateOf(closed)).toBe("resolved");
  });

  it("an end that is reported inside close() is the end", async () => {
    const { connection } = await connected("closed-during-close");
    const closed = connection.close();
    expect(connection.state.name).toBe("closed");
    expect(await fateOf(closed)).toBe("resolved");
  });

  it("send() that throws throws at whoever sends, and nowhere else", async () => {
    const { connection, server } = await connected("send-throws");
    expect(() => connection.send("x")).toThrow("as scripted");
    expect(connection.state.name).toBe("open");
    server.breaks.clear();
    expect(connection.send("x")).toBe(true);
  });

  it("a transport that throws while dialling cannot do it, and is not asked again", async () => {
    const { connection, clock, server } = setup();
    server.onDial = () => {
      throw new TypeError("ws://SECRET@test is no URL");
    };
    const states = record(connection, "state");
    void connection.connect();
    await clock.advanceAsync(60_000);
    expect(states.at(-1)).toMatchObject({ name: "closed", cause: { code: "UNSUPPORTED" } });
    expect(JSON.stringify(states) + String((states.at(-1) as { cause?: Error }).cause?.stack)).not.toContain("SECRET"); // closed, see above
    expect(server.dials).toBe(0);
  });
});
