import { Connection } from "../../src/connection/connection.ts";
import type { Upper } from "../../src/connection/events.ts";
import type { AttemptContext, ConnectionOptions, HandshakeLink } from "../../src/connection/options.ts";
import type { RetryVerdict } from "../../src/connection/retry.ts";
import type { Random } from "../../src/core/random.ts";
import { ManualNetwork } from "../../src/testing/manual-network.ts";
import { MemoryServer } from "../../src/testing/memory-server.ts";
import { chance, fork, integer, pick } from "../../src/testing/seeded-random.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import type { Watch } from "./shell-promises.ts";
import type { Complete } from "../support/complete.ts";

/** What callbacks of the application throw on purpose. */
export class OnPurpose extends Error {}

/** Something that the application has promised and can keep or break at any time, late too. */
export interface Open {
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** One connection with all that surrounds it, drawn from a seed. */
export interface ShellWorld {
  readonly random: Random;
  readonly clock: VirtualClock;
  readonly server: MemoryServer;
  readonly network: ManualNetwork;
  readonly connection: Connection;
  /** What providers and handshakes have promised and not yet settled. */
  readonly open: Open[];
  readonly controllers: AbortController[];
  readonly offs: (() => void)[];
  /** What happens inside callbacks: mostly nothing, now and then a call or an exception. */
  reenter: () => void;
  /** Promises of the connection that are not settled yet. */
  outstanding: number;
}

/** What a connection gets of its surroundings. */
export type Surroundings = Complete<Pick<ConnectionOptions, "clock" | "network" | "transport" | "random">>;

/** Breaks a promise of the surroundings, so that the walk has something to notice. */
export type Sabotage = (surroundings: Surroundings) => Surroundings;

export function makeWorld(random: Random, watch: Watch, sabotage: Sabotage): ShellWorld {
  const clock = new VirtualClock({ start: 1_000_000_000 });
  const delivery = chance(random, 0.2) ? "sync" : "task";
  const latency = pick(random, [0, 0, 5, 200]);
  const server = new MemoryServer({ clock, keep: 5, delivery, latency });
  const network = new ManualNetwork();
  const open: Open[] = [];
  const reenter = (): void => {
    world.reenter();
  };
  const options = optionsFrom(random, open, reenter, watch);
  const surroundings = sabotage({ clock, network, transport: server.transport, random: fork(random) });
  const connection = new Connection(
    { ...options, ...surroundings },
    chance(random, 0.5) ? upperOf(watch, reenter) : undefined,
  );
  const world: ShellWorld = {
    random,
    clock,
    server,
    network,
    connection,
    open,
    controllers: [],
    offs: [],
    reenter: () => undefined,
    outstanding: 0,
  };
  listen(world, watch, reenter);
  return world;
}

function listen({ connection }: ShellWorld, watch: Watch, reenter: () => void): void {
  connection.on("debug", (event) => {
    watch.debug(event);
    reenter();
  });
  connection.on("state", (state) => {
    watch.state(state, reenter);
  });
  connection.on("message", () => {
    watch.message(connection.state);
    reenter();
  });
  connection.on("error", (error) => {
    watch.error(error);
    reenter();
  });
}

function upperOf(watch: Watch, reenter: () => void): Upper {
  const tell = (what: "opened" | "message" | "lost" | "ended" | "other") => (): void => {
    watch.upper(what);
    reenter();
  };
  return {
    opened: tell("opened"),
    lost: tell("lost"),
    ended: tell("ended"),
    probe: tell("other"),
    // Called straight from the transport: what these throw is the floor's own business.
    message: () => {
      watch.upper("message");
    },
    pong: () => undefined,
  };
}

/** Options of every kind, most of them small so that much happens. */
function optionsFrom(random: Random, open: Open[], reenter: () => void, watch: Watch): ConnectionOptions {
  const url = (context: AttemptContext): string | Promise<string> => {
    watch.provider(context);
    reenter();
    return settled(random, open, "ws://test");
  };
  const retry = (): RetryVerdict => {
    reenter();
    return pick<RetryVerdict>(random, [undefined, undefined, undefined, undefined, 0, 500, "refresh", "stop"]);
  };
  const handshake = (link: HandshakeLink): void | Promise<void> => {
    reenter();
    if (chance(random, 0.3)) link.send("hello");
    if (chance(random, 0.3)) void link.receive();
    if (chance(random, 0.1) && link.signal.aborted) throw new OnPurpose("a handshake that was over at once");
    return settled(random, open, undefined);
  };
  return {
    url,
    connectTimeout: pick(random, [50, 1_000, 10_000]),
    closeTimeout: pick(random, [0, 300, 2_000]),
    stableAfter: pick(random, [0, 1_000, 5_000]),
    ...(chance(random, 0.3) && { backoff: { min: 100, base: 400, max: 2_000 } }),
    ...(chance(random, 0.4) && { handshake }),
    ...(chance(random, 0.3) && { retry }),
    ...(chance(random, 0.2) && { protocols: () => ["a", "b"] }),
  };
}

/** An answer now, or a promise that is kept or broken now, later or never. */
function settled<Value>(random: Random, open: Open[], value: Value): Value | Promise<Value> {
  const way = integer(random, 0, 9);
  if (way < 5) return value;
  if (way === 5) throw new OnPurpose("provider or handshake");
  if (way === 6) return Promise.resolve(value);
  return new Promise<Value>((resolve, reject) => {
    open.push({
      resolve: () => {
        resolve(value);
      },
      reject,
    });
  });
}
