import { expect, it } from "vitest";
import { Connection } from "../../../src/connection/connection.ts";
import { ManualNetwork } from "../../../src/testing/manual-network.ts";
import { MemoryServer } from "../../../src/testing/memory-server.ts";
import { seededRandom } from "../../../src/testing/seeded-random.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";

const CYCLES = 10_000;

it("10 000 connections that are made, connected, dropped, reconnected and closed leave nothing behind", () => {
  const clock = new VirtualClock();
  const network = new ManualNetwork();
  const server = new MemoryServer({ clock, keep: 10 });
  const random = seededRandom(1);
  let [opened, leftovers] = [0, 0];
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    const connection = new Connection({ url: "ws://test", clock, network, random, transport: server.transport });
    connection.on("state", ({ name }) => (opened += name === "open" ? 1 : 0));
    void connection.connect();
    clock.advance(0);
    server.dropAll();
    clock.advance(3_100);
    void connection.reconnect();
    clock.advance(0);
    if (cycle % 2 === 0) connection.drop();
    void connection.close();
    clock.advance(0);
    leftovers += clock.pending + network.watchers + server.live + server.connections.length;
    if (connection.state.name !== "closed") leftovers++;
  }
  expect(leftovers).toBe(0);
  expect(opened).toBe(3 * CYCLES);
  expect(server.maxLive).toBe(1);
}, 60_000);

it("one connection that lives through 10 000 drops, reconnections and closes leaves nothing behind", () => {
  const clock = new VirtualClock();
  const network = new ManualNetwork();
  const server = new MemoryServer({ clock, keep: 10 });
  const { transport } = server;
  const connection = new Connection({ url: "ws://test", clock, network, random: seededRandom(1), transport });
  let [timers, watchers] = [0, 0];
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    void connection.connect();
    clock.advance(0);
    server.dropAll();
    clock.advance(3_100);
    void connection.reconnect();
    clock.advance(0);
    timers = Math.max(timers, clock.pending - server.pending);
    watchers = Math.max(watchers, network.watchers);
    if (cycle % 3 === 0) void connection.close();
    clock.advance(0);
  }
  expect([timers, watchers]).toEqual([1, 1]);
  void connection.close();
  clock.advance(0);
  expect([clock.pending, network.watchers, server.live]).toEqual([0, 0, 0]);
  expect(server.maxLive).toBe(1);
}, 60_000);
