import { describe, expect, it } from "vitest";
import type { InboundPayload } from "../../../src/core/payload.ts";
import type { HandshakeLink } from "../../../src/connection/options.ts";
import type { MemoryConnection } from "../../../src/testing/memory-connection.ts";
import { describeState, fateOf, open, setup, type World } from "./world.ts";

/** A server that says "ok" to "auth", and whatever `also` says. */
function authServer(world: World, also: readonly string[] = []): void {
  world.server.onConnection = (connection: MemoryConnection) => {
    connection.onMessage = (data) => {
      if (data !== "auth") return;
      connection.send("ok");
      for (const text of also) connection.send(text);
    };
  };
}

function textOf(data: InboundPayload): string {
  return typeof data === "string" ? data : "bytes";
}

async function authenticate(link: HandshakeLink): Promise<void> {
  link.send("auth");
  const answer = await link.receive();
  if (answer !== "ok") throw new Error(`refused: ${textOf(answer)}`);
}

describe("a handshake", () => {
  it("comes before everything else on each new socket", async () => {
    const world = setup({ options: { handshake: authenticate } });
    authServer(world);
    const { connection, clock, server } = world;
    connection.on("state", ({ name }) => {
      if (name === "open") for (const text of ["m1", "m2"]) connection.send(text);
    });
    void connection.connect();
    expect(connection.send("too early")).toBe(false);
    await clock.advanceAsync(0);
    expect(server.last.texts).toEqual(["auth", "m1", "m2"]);
    server.dropAll();
    await clock.advanceUntil(() => connection.state.name === "open" && server.dials === 2, 10_000);
    await clock.advanceAsync(0);
    expect(server.last.texts).toEqual(["auth", "m1", "m2"]);
  });

  it("leaves what it has not read to the listeners, in order and before what comes later", async () => {
    const world = setup({ options: { handshake: authenticate } });
    authServer(world, ["first", "second", "third"]);
    await open(world);
    world.server.last.send("fourth");
    await world.clock.advanceAsync(0);
    expect(world.messages).toEqual(["first", "second", "third", "fourth"]);
  });

  it("reads in order, what came before it asked and what comes after", async () => {
    const read: unknown[] = [];
    const world = setup({
      options: {
        handshake: async (link) => {
          const reads = [link.receive(), link.receive()];
          read.push(await reads[0], await reads[1], await link.receive());
        },
      },
    });
    world.server.onConnection = (connection) => {
      for (const text of ["1", "2", "3", "4"]) connection.send(text);
    };
    await open(world);
    expect(read).toEqual(["1", "2", "3"]);
    expect(world.messages).toEqual(["4"]);
  });

  it("that rejects is a failed attempt: nothing was delivered, and the next socket shakes hands again", async () => {
    const world = setup({ options: { handshake: authenticate } });
    let answer = "no";
    world.server.onConnection = (connection) => {
      connection.onMessage = () => {
        connection.send(answer);
        connection.send("data");
      };
    };
    void world.connection.connect();
    await world.clock.advanceAsync(0);
    expect(world.connection.state).toMatchObject({
      name: "waiting",
      cause: { code: "HANDSHAKE_FAILED", cause: { message: "refused: no" } },
    });
    expect(world.messages).toEqual([]);
    expect(world.server.live).toBe(0);
    answer = "ok";
    await world.clock.advanceUntil(() => world.connection.state.name === "open", 10_000);
    await world.clock.advanceAsync(0);
    expect(world.messages).toEqual(["data"]);
  });

  it.each<[string, (link: HandshakeLink) => Promise<void> | void]>([
    [
      "throws",
      () => {
        throw new Error("no");
      },
    ],
    ["rejects", () => Promise.reject(new Error("no"))],
    [
      "sends what cannot be sent",
      (link) => {
        link.send(5 as unknown as string);
      },
    ], // JavaScript callers pass anything
  ])("that %s is a failed attempt", async (_, handshake) => {
    const { connection, clock } = setup({ options: { handshake } });
    void connection.connect();
    await clock.advanceAsync(0);
    expect(describeState(connection.state)).toBe("waiting 1 HANDSHAKE_FAILED");
  });

  it("that answers without a promise is done at once", async () => {
    const world = setup({
      options: {
        handshake: (link) => {
          link.send("hi");
        },
      },
    });
    void world.connection.connect();
    await world.clock.advanceAsync(0);
    expect(world.states).toEqual(["connecting resolve 0", "connecting dial 0", "connecting handshake 0", "open"]);
    expect(world.server.last.texts).toEqual(["hi"]);
  });

  it("may answer with any promise, also one of another library", async () => {
    let done = (): void => undefined;
    const thenable = {
      then: (resolve: () => void): void => {
        done = resolve;
      },
    };
    // The cast: a thenable is as good as a promise, but TypeScript wants the whole interface.
    const world = setup({ options: { handshake: () => thenable as unknown as Promise<void> } });
    void world.connection.connect();
    await world.clock.advanceAsync(0);
    expect(world.connection.state).toMatchObject({ phase: "handshake" });
    done();
    expect(world.connection.state.name).toBe("open");
  });

  it("is told what a provider is told, and which subprotocol was chosen", async () => {
    const told: HandshakeLink[] = [];
    const world = setup({
      options: { protocols: ["a", "b"], handshake: (link) => void told.push(link) },
      server: { protocols: ["b"] },
    });
    await open(world);
    expect(told[0]).toMatchObject({ attempt: 0, cause: undefined, refresh: false, protocol: "b" });
    expect(told[0]?.signal.aborted).toBe(false);
    expect(world.connection.protocol).toBe("b");
  });

  it("cannot send on a socket that is gone, and its reads end", async () => {
    let link: HandshakeLink | undefined;
    let read: Promise<unknown> | undefined;
    const world = setup({
      options: {
        handshake: (its) => {
          link ??= its;
          read ??= its.receive();
          return new Promise<void>(() => undefined);
        },
      },
    });
    void world.connection.connect();
    await world.clock.advanceAsync(0);
    world.server.dropAll();
    await world.clock.advanceAsync(0);
    expect(await fateOf(read ?? Promise.resolve())).toMatchObject({ code: "DISCARDED" });
    expect(() => link?.send("late")).toThrow(expect.objectContaining({ code: "CONNECTION_LOST" }) as Error);
    expect(await fateOf(link?.receive() ?? Promise.resolve())).toMatchObject({ code: "DISCARDED" });
    expect(link?.signal.aborted).toBe(true);
  });

  it("ends with its attempt, and what it does later disturbs nobody", async () => {
    let finish = (): void => undefined;
    const world = setup({ options: { handshake: () => new Promise<void>((resolve) => (finish = resolve)) } });
    void world.connection.connect();
    await world.clock.advanceAsync(0);
    const late = finish;
    world.server.dropAll();
    await world.clock.advanceUntil(() => world.server.dials === 2, 10_000);
    await world.clock.advanceAsync(0);
    expect(world.connection.state).toMatchObject({ phase: "handshake" });
    late();
    await world.clock.settle();
    expect(world.connection.state).toMatchObject({ phase: "handshake" });
    finish();
    await world.clock.settle();
    expect(world.connection.state.name).toBe("open");
  });

  it("of a server that talks without end is a failed attempt after 1000 unread messages", async () => {
    const world = setup({ options: { handshake: () => new Promise<void>(() => undefined) } });
    let said = 0;
    world.server.onConnection = (connection) => {
      for (; said < 1_000; said++) connection.send(`${said}`);
    };
    void world.connection.connect();
    await world.clock.advanceAsync(0);
    expect(world.connection.state).toMatchObject({ phase: "handshake" });
    world.server.last.send("one too many");
    world.server.last.send("and another");
    await world.clock.advanceAsync(0);
    expect(describeState(world.connection.state)).toBe("waiting 1 HANDSHAKE_FAILED");
    expect(world.server.live).toBe(0);
  });

  it("keeps the order when a listener answers what was left unread, and the server answers in the same turn", async () => {
    const world = setup({ options: { handshake: authenticate }, server: { delivery: "sync" } });
    world.server.onConnection = (connection) => {
      connection.onMessage = (data) => {
        if (data === "auth") for (const text of ["ok", "first", "second"]) connection.send(text);
        else connection.send(`answer to ${textOf(data)}`);
      };
    };
    world.connection.on("message", (data) => {
      if (data === "first") world.connection.send("first");
    });
    await open(world);
    expect(world.messages).toEqual(["first", "second", "answer to first"]);
  });
});
