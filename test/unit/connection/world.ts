import { expect, onTestFinished } from "vitest";
import { Connection } from "../../../src/connection/connection.ts";
import type { ConnectionEvents, Upper } from "../../../src/connection/events.ts";
import type { ConnectionOptions } from "../../../src/connection/options.ts";
import type { ConnectionState } from "../../../src/connection/state.ts";
import type { HoldfastError } from "../../../src/core/errors.ts";
import { ManualNetwork } from "../../../src/testing/manual-network.ts";
import type { BrokenPromise } from "../../../src/testing/memory-script.ts";
import type { MemoryServerOptions } from "../../../src/testing/memory-server-options.ts";
import { MemoryServer } from "../../../src/testing/memory-server.ts";
import { seededRandom } from "../../../src/testing/seeded-random.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";

export interface World {
  readonly clock: VirtualClock;
  readonly server: MemoryServer;
  readonly network: ManualNetwork;
  readonly connection: Connection;
  /** Every state since the start, as `describeState` writes it. */
  readonly states: string[];
  readonly messages: unknown[];
  readonly errors: HoldfastError[];
}

export interface Setup {
  readonly options?: Partial<ConnectionOptions>;
  readonly server?: Partial<MemoryServerOptions>;
  readonly breaks?: readonly BrokenPromise[];
  readonly upper?: Upper;
  readonly seed?: number;
}

/**
 * A connection to a server in memory, in virtual time. When the test is over the connection is closed, and nothing may be
 * left: no timer, no watcher, no socket.
 */
export function setup({ options = {}, server: serverOptions = {}, breaks = [], upper, seed = 1 }: Setup = {}): World {
  const clock = new VirtualClock({ start: 1_000_000 });
  const server = new MemoryServer({ clock, ...serverOptions });
  for (const promise of breaks) server.breaks.add(promise);
  const network = new ManualNetwork();
  const { transport } = server;
  const world = { url: "ws://test", clock, network, random: seededRandom(seed), transport };
  const connection = new Connection({ ...world, ...options }, upper);
  const states: string[] = [];
  const messages: unknown[] = [];
  const errors: HoldfastError[] = [];
  connection.on("state", (state) => states.push(describeState(state)));
  connection.on("message", (data) => messages.push(data));
  connection.on("error", (error) => errors.push(error));
  onTestFinished(async () => {
    await expectNothingLeft({ clock, server, network, connection });
  });
  return { clock, server, network, connection, states, messages, errors };
}

/** Closes, and looks whether anything is left or happens later. */
export async function expectNothingLeft(
  world: Pick<World, "clock" | "server" | "network" | "connection">,
): Promise<void> {
  const { clock, server, network, connection } = world;
  void connection.close();
  await clock.advanceAsync(5_000);
  const { dials } = server;
  expect(connection.state.name).toMatch(/^(closed|idle)$/);
  expect(network.watchers).toBe(0);
  expect(server.live).toBe(0);
  expect(server.maxLive).toBeLessThanOrEqual(1);
  expect(clock.pending - server.pending).toBe(0);
  await clock.advanceAsync(120_000);
  expect(server.dials).toBe(dials);
}

/** "connecting resolve 0", "open", "waiting 1 CONNECTION_LOST", "closed DIAL_FAILED". */
export function describeState(state: ConnectionState): string {
  switch (state.name) {
    case "connecting":
      return `connecting ${state.phase} ${state.attempt}`;
    case "waiting":
    case "offline":
      return `${state.name} ${state.attempt} ${state.cause.code}`;
    case "closing":
      return `closing ${state.code} ${state.reason}`.trim();
    case "closed":
      return `closed ${state.cause?.code ?? ""}`.trim();
    case "idle":
    case "open":
      return state.name;
    default:
      return state satisfies never;
  }
}

/** Connects, and lets the handshake take its turns. */
export async function open(world: World): Promise<void> {
  void world.connection.connect();
  await world.clock.advanceAsync(0);
  expect(world.connection.state.name).toBe("open");
}

/** Calls `listener` with every event of one name. */
export function record<Name extends keyof ConnectionEvents>(
  connection: Connection,
  name: Name,
): ConnectionEvents[Name][] {
  const events: ConnectionEvents[Name][] = [];
  connection.on(name, (event) => events.push(event));
  return events;
}

/** What became of a promise: "pending", "resolved", or what it was rejected with. */
export async function fateOf(promise: Promise<unknown>): Promise<unknown> {
  let fate: unknown = "pending";
  promise.then(
    () => (fate = "resolved"),
    (reason: unknown) => (fate = reason),
  );
  for (let turn = 0; turn < 8; turn++) await Promise.resolve();
  return fate;
}
