import { describe, expect, it } from "vitest";
import type { Upper } from "../../../src/connection/events.ts";
import { open, setup, type World } from "./world.ts";

/** The layer above a connection, which writes down what it is told. */
function setupUpper(): World & { readonly told: string[] } {
  const told: string[] = [];
  const upper: Upper = {
    opened: () => told.push("opened"),
    message: (data) => told.push(`message ${typeof data === "string" ? data : "bytes"}`),
    pong: () => told.push("pong"),
    closed: ({ code }) => told.push(`closed ${code}`),
    probe: () => told.push("probe"),
    lost: ({ code }) => told.push(`lost ${code}`),
    ended: (cause) => told.push(`ended ${cause?.code ?? ""}`.trim()),
  };
  const world = setup({ upper });
  world.connection.on("state", ({ name }) => told.push(name));
  return { ...world, told };
}

describe("the floor above", () => {
  it("is told before the listeners, in pairs of opened and lost, with messages between", async () => {
    const world = setupUpper();
    const { told, server, clock, connection } = world;
    await open(world);
    server.last.send("a");
    server.last.ping();
    await clock.advanceAsync(0);
    server.last.drop();
    await clock.advanceUntil(() => connection.state.name === "open" && server.dials === 2, 10_000);
    void connection.reconnect();
    await clock.advanceAsync(0);
    expect(told.filter((what) => what !== "connecting")).toEqual([
      "opened",
      "open",
      "message a",
      "pong",
      "closed 1006",
      "lost CONNECTION_LOST",
      "waiting",
      "opened",
      "open",
      "lost CLOSED",
      "opened",
      "open",
    ]);
  });

  it("hears of messages instead of the listeners", async () => {
    const world = setupUpper();
    await open(world);
    world.server.last.send("a");
    await world.clock.advanceAsync(0);
    expect(world.messages).toEqual([]);
    expect(world.told).toContain("message a");
  });

  it("is told once that nobody wants the connection any more, at the beginning of the close", async () => {
    const world = setupUpper();
    await open(world);
    world.server.last.closeHandshake = "ignore";
    void world.connection.close();
    expect(world.told.slice(-3)).toEqual(["lost CLOSED", "ended", "closing"]);
    await world.clock.advanceAsync(2_000);
    void world.connection.close();
    expect(world.told.slice(-2)).toEqual(["closing", "closed"]);
  });

  it("is told for what the connection gave up", async () => {
    const world = setupUpper();
    await open(world);
    world.server.last.close(1_008);
    await world.clock.advanceAsync(0);
    expect(world.told.slice(-4)).toEqual(["closed 1008", "lost CONNECTION_LOST", "ended CONNECTION_LOST", "closed"]);
  });

  it("is told that it ended also where there was no link", async () => {
    const world = setupUpper();
    world.server.stop();
    void world.connection.connect();
    await world.clock.advanceAsync(0);
    void world.connection.close();
    expect(world.told.slice(-3)).toEqual(["waiting", "ended", "closed"]);
    expect(world.told).not.toContain("lost DIAL_FAILED");
  });

  it("hears how a socket ended that ended by itself, and nothing of one that was let go of", async () => {
    const world = setupUpper();
    world.server.next({ type: "refuse" });
    void world.connection.connect();
    await world.clock.advanceAsync(0);
    expect(world.told).toContain("closed 1006");
    world.told.length = 0;
    await world.clock.advanceUntil(() => world.connection.state.name === "open", 10_000);
    world.connection.drop();
    await world.clock.advanceAsync(0);
    expect(world.told).not.toContain("closed 1006");
  });

  it("may call back whatever it likes: what it asks for waits its turn", async () => {
    const order: string[] = [];
    const nothing = (): void => undefined;
    const world = setup({
      upper: {
        message: nothing,
        pong: nothing,
        probe: nothing,
        ended: nothing,
        opened: () => {
          order.push("opened");
          world.connection.drop();
          order.push(world.connection.state.name);
        },
        lost: () => order.push("lost"),
      },
    });
    world.connection.on("state", ({ name }) => order.push(`state ${name}`));
    void world.connection.connect();
    await world.clock.advanceAsync(0);
    expect(order.slice(-5)).toEqual(["opened", "open", "state open", "lost", "state waiting"]);
  });
});

describe("drop()", () => {
  it("detaches a link in the same tick, and the next socket takes what is sent from then on", async () => {
    const world = setup();
    await open(world);
    const { connection, clock, server } = world;
    server.last.stall("both");
    connection.drop();
    expect(connection.state).toMatchObject({ name: "waiting", cause: { code: "DROPPED" } });
    expect(connection.send("lost")).toBe(false);
    expect(server.live).toBe(0);
    await clock.advanceUntil(() => connection.state.name === "open", 10_000);
    expect(connection.send("kept")).toBe(true);
    await clock.advanceAsync(0);
    expect(server.last.texts).toEqual(["kept"]);
  });

  it("does nothing where there is neither an attempt nor a link", () => {
    const { connection, states } = setup();
    connection.drop();
    void connection.close();
    connection.drop();
    expect(states).toEqual(["closed"]);
  });
});

describe("a floor above that throws", () => {
  it("is reported, and the connection goes on: states, promises and later links", async () => {
    const fail = (): never => {
      throw new Error("the floor above");
    };
    const nothing = (): void => undefined;
    const upper = { opened: fail, lost: fail, ended: fail, probe: fail, message: nothing, pong: nothing };
    const world = setup({ upper });
    const { connection, clock, server, network, errors } = world;
    await Promise.all([connection.connect(), clock.advanceAsync(0)]);
    network.wake();
    server.dropAll();
    await clock.advanceAsync(5_000);
    expect(world.states.slice(-4)).toEqual([
      "waiting 1 CONNECTION_LOST",
      "connecting resolve 1",
      "connecting dial 1",
      "open",
    ]);
    await Promise.all([connection.close(), clock.advanceAsync(0)]);
    expect(errors.map(({ code }) => code)).toEqual(Array.from({ length: 6 }, () => "LISTENER_FAILED"));
  });
});
