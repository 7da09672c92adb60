import { describe, expect, it } from "vitest";
import { createClient, type Client, type Outcome } from "../../../src/index.ts";
import {
  BROKEN_PROMISES,
  type BrokenPromise,
  ManualNetwork,
  MemoryServer,
  seededRandom,
  VirtualClock,
} from "../../../src/testing.ts";
import { dialQuietly } from "./dial-quietly.ts";

interface World {
  readonly clock: VirtualClock;
  readonly network: ManualNetwork;
  readonly server: MemoryServer;
  readonly client: Client;
  readonly heard: unknown[];
}

/** A client at a rude server that echoes, and hangs up now and then. */
function setup(seed: number): World {
  const clock = new VirtualClock();
  const network = new ManualNetwork();
  const server = new MemoryServer({ clock, latency: 20, rude: seededRandom(seed) });
  const random = seededRandom(seed + 1);
  const client = createClient({
    url: "ws://test",
    clock,
    network,
    random,
    transport: server.transport,
    dialect: "raw",
  });
  const heard: unknown[] = [];
  client.on("message", (message) => heard.push(message));
  server.onConnection = (connection) => {
    connection.send("hello");
    connection.onMessage = (data) => {
      connection.send(data);
      if (!server.rude) return;
      if (random() < 0.1) connection.drop();
      if (random() < 0.1) connection.close(1012, "restart");
    };
  };
  return { clock, network, server, client, heard };
}

describe("a rude MemoryServer", () => {
  it("draws for each dial which promises it breaks, the same ones for the same seed", () => {
    const drawn = (seed: number): readonly (readonly BrokenPromise[])[] => {
      const server = new MemoryServer({ clock: new VirtualClock(), rude: seededRandom(seed) });
      for (let dial = 0; dial < 50; dial++) dialQuietly(server);
      return server.all.map(({ breaks }) => [...breaks]);
    };
    const first = drawn(1);
    expect(drawn(1)).toEqual(first);
    expect(drawn(2)).not.toEqual(first);
    expect(new Set(first.flat())).toEqual(new Set(BROKEN_PROMISES));
    const mean = first.flat().length / first.length / BROKEN_PROMISES.length;
    expect(mean).toBeGreaterThan(0.2);
    expect(mean).toBeLessThan(0.3);
  });

  it("is polite again when it is told so", () => {
    const server = new MemoryServer({ clock: new VirtualClock(), rude: () => 0 });
    dialQuietly(server);
    server.rude = undefined;
    dialQuietly(server);
    expect(server.all.map(({ breaks }) => breaks.size)).toEqual([BROKEN_PROMISES.length, 0]);
  });

  it("breaks a promise on one connection alone", () => {
    const clock = new VirtualClock();
    const server = new MemoryServer({ clock });
    const told: string[] = [];
    for (const name of ["polite", "rude"]) {
      dialQuietly(server, ({ code }) => told.push(`${name} ${code}`));
      if (name === "rude") server.last.breaks.add("closed-twice");
    }
    clock.advance(0);
    server.dropAll();
    clock.advance(0);
    expect(told).toEqual(["polite 1006", "rude 1006", "rude 1006"]);
  });

  it("is survived by a client: it says how each message ended, and is open again once the server is polite", async () => {
    for (let seed = 0; seed < 200; seed++) {
      const { clock, network, server, client, heard } = setup(seed);
      void client.connect();
      const outcomes = Array.from({ length: 20 }, (): (Outcome | "thrown")[] => []);
      for (const [index, own] of outcomes.entries()) {
        try {
          const sent = client.send(`message ${index}`, { settled: (outcome) => own.push(outcome) });
          if (sent === "written") own.push(sent);
        } catch {
          own.push("thrown"); // by `send-throws`
        }
        await clock.advanceAsync(2_000);
      }
      server.rude = undefined;
      server.dropAll();
      network.wake();
      const { dials } = server;
      await clock.advanceUntil(() => client.state.name === "open" && server.dials > dials, 120_000);
      client.send("are you there?");
      await clock.advanceUntil(() => heard.includes("are you there?"), 1_000);
      expect(
        outcomes.map((own) => own.length),
        `seed ${seed}: ${JSON.stringify(outcomes)}`,
      ).toEqual(outcomes.map(() => 1));
      await clock.advanceFor(client.close());
      expect([clock.pending - server.pending, network.watchers, server.live], `seed ${seed}`).toEqual([0, 0, 0]);
    }
  });
});
