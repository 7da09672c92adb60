import { expect } from "vitest";
import { describeState, open, setup, type Setup, type World } from "./world.ts";

/** How a connection gets into each state, and how that state is described. */
interface Way {
  readonly state: string;
  readonly setup?: Setup;
  readonly go: (world: World) => Promise<void>;
}

const never = (): Promise<never> => new Promise<never>(() => undefined);

async function connectAndWait({ connection, clock }: World): Promise<void> {
  void connection.connect();
  await clock.advanceAsync(0);
}

export const WAYS = {
  idle: { state: "idle", go: () => Promise.resolve() },
  "asking its providers": {
    state: "connecting resolve 0",
    setup: { options: { url: never } },
    go: connectAndWait,
  },
  dialling: {
    state: "connecting dial 0",
    go: async (world) => {
      world.server.answer = { type: "stall" };
      await connectAndWait(world);
    },
  },
  "shaking hands": {
    state: "connecting handshake 0",
    setup: { options: { handshake: never } },
    go: connectAndWait,
  },
  open: { state: "open", go: open },
  waiting: {
    state: "waiting 1 DIAL_FAILED",
    go: async (world) => {
      world.server.stop();
      await connectAndWait(world);
    },
  },
  offline: {
    state: "offline 1 DIAL_FAILED",
    go: async (world) => {
      world.network.goOffline();
      world.server.stop();
      await connectAndWait(world);
    },
  },
  suspended: {
    state: "waiting 0 SUSPENDED",
    go: async (world) => {
      await open(world);
      world.network.suspend();
      await world.clock.advanceAsync(0);
    },
  },
  closing: {
    state: "closing 1000",
    go: async (world) => {
      await open(world);
      world.server.last.closeHandshake = "ignore";
      void world.connection.close();
      await world.clock.advanceAsync(0);
    },
  },
  closed: {
    state: "closed",
    go: async (world) => {
      await open(world);
      await Promise.all([world.connection.close(), world.clock.advanceAsync(0)]);
    },
  },
  "given up": {
    state: "closed CONNECTION_LOST",
    go: async (world) => {
      await open(world);
      world.server.last.close(1008);
      await world.clock.advanceAsync(0);
    },
  },
} as const satisfies Readonly<Record<string, Way>>;

export type Place = keyof typeof WAYS;

// `Object.keys` does not tell the type of the keys.
export const PLACES = Object.keys(WAYS) as Place[];

/** A connection in that state. */
export async function reach(place: Place, also: Setup = {}): Promise<World> {
  const way: Way = WAYS[place];
  const world = setup({ ...also, ...way.setup, options: { ...also.options, ...way.setup?.options } });
  await way.go(world);
  expect(describeState(world.connection.state)).toBe(way.state);
  return world;
}

/** What stands in the way of a connection is gone: the next attempt succeeds, unless a callback hangs. */
export function mend({ server, network }: World): void {
  server.start();
  server.answer = { type: "accept" };
  if (!network.online) network.goOnline();
}
