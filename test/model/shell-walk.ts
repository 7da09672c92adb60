import type { Random } from "../../src/core/random.ts";
import { chance, seededRandom } from "../../src/testing/seeded-random.ts";
import { someAct, someReentry } from "./shell-acts.ts";
import { isScripted, SHELL_PROMISES, type SeenPromise, Watch } from "./shell-promises.ts";
import { makeWorld, type Sabotage, type ShellWorld } from "./shell-world.ts";
import { Findings, Trail } from "./trail.ts";

/** So many steps are made with one connection. */
const SEGMENT = 1_000;
/** Turns of the promise queue between two steps, in some of the pauses. */
const TURNS = 6;

const CHECKS = Object.entries(SHELL_PROMISES);

export interface ShellWalk {
  readonly findings: Findings;
  readonly steps: number;
  readonly dials: number;
  /** How often each act was done. */
  readonly acts: ReadonlyMap<string, number>;
  /** Names of the states that were seen. */
  readonly states: ReadonlySet<string>;
}

interface Walk {
  readonly sabotage: Sabotage;
  readonly random: Random;
  readonly seed: number;
  readonly findings: Findings;
  readonly trail: Trail;
  readonly acts: Map<string, number>;
  readonly states: Set<string>;
}

/** Walks at random: users, server, network, time and callbacks do anything at any moment. */
export async function walkShell(seed: number, steps: number, sabotage: Sabotage = (kept) => kept): Promise<ShellWalk> {
  const walk: Walk = {
    sabotage,
    random: seededRandom(seed),
    seed,
    findings: new Findings(),
    trail: new Trail(),
    acts: new Map(),
    states: new Set(),
  };
  let [done, dials] = [0, 0];
  for (; done < steps; done += SEGMENT) dials += await walkSegment(walk, Math.min(SEGMENT, steps - done));
  return { ...walk, steps: Math.min(done, steps), dials };
}

async function walkSegment(walk: Walk, steps: number): Promise<number> {
  const { random, trail, acts, findings, seed } = walk;
  const broken = (promise: SeenPromise, what: string): void => {
    findings.report(promise, what, seed, trail);
  };
  const watch: Watch = new Watch(
    broken,
    () => world.clock.now(),
    () => world.server.dials,
  );
  const world = makeWorld(random, watch, walk.sabotage);
  world.reenter = () => {
    someReentry(world, (name) => {
      trail.note(name);
    });
  };
  trail.note("a new connection");
  for (let step = 0; step < steps; step++) {
    const [name, act] = someAct(world);
    acts.set(name, (acts.get(name) ?? 0) + 1);
    attempt(world, act, broken);
    trail.note(`${world.clock.now()} ${name} | ${world.connection.state.name}`);
    if (chance(random, 0.15)) for (let turn = 0; turn < TURNS; turn++) await Promise.resolve();
    walk.states.add(world.connection.state.name);
    check(walk, world, watch);
  }
  await finish(walk, world, watch, broken);
  return world.server.dials;
}

function attempt(
  world: ShellWorld,
  act: (world: ShellWorld) => void,
  broken: (promise: SeenPromise, what: string) => void,
): void {
  try {
    act(world);
  } catch (error) {
    if (!(error instanceof Error && isScripted(error)))
      broken("nothing is thrown at the caller but what the transport throws", String(error));
  }
}

function check({ findings, seed, trail }: Walk, world: ShellWorld, watch: Watch): void {
  for (const [name, holds] of CHECKS) {
    if (!holds(world, watch)) findings.report(name, world.connection.state.name, seed, trail);
  }
}

/** The callbacks fall silent, the connection is closed, and everything has to come to an end. */
async function finish(
  walk: Walk,
  world: ShellWorld,
  watch: Watch,
  broken: (promise: SeenPromise, what: string) => void,
): Promise<void> {
  const { clock, server, network, connection } = world;
  walk.trail.note("the end");
  world.reenter = () => undefined;
  world.outstanding++;
  void connection.close().then(() => world.outstanding--);
  await clock.advanceAsync(3_000);
  const { dials } = server;
  await clock.advanceAsync(100_000);
  check(walk, world, watch);
  const left = {
    state: connection.state.name,
    promises: world.outstanding,
    timers: clock.pending - server.pending,
    watchers: network.watchers,
    sockets: server.live,
    laterDials: server.dials - dials,
  };
  const clean = { state: "closed", promises: 0, timers: 0, watchers: 0, sockets: 0, laterDials: 0 };
  const [found, wanted] = [JSON.stringify(left), JSON.stringify(clean)];
  if (found !== wanted) broken("in the end everything is settled and nothing is left", found);
}
