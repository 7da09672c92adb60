import { integer } from "../../src/testing/seeded-random.ts";
import { Finale } from "./finale.ts";
import { Herd } from "./herd.ts";
import type { Lie } from "./lies.ts";
import { Member } from "./member.ts";
import { type Report, Run } from "./run.ts";
import { SimServer } from "./server.ts";
import { pageTrouble, pathTrouble, ServerTrouble } from "./troubles.ts";
import { User } from "./user.ts";

/** How long a scenario is, in terms of its pace. */
const LENGTH = 100;

/** Every so many seeds, many clients are dropped at once. */
export const HERD_EVERY = 200;

export interface Extras {
  /** Makes the clients wrong on purpose. */
  readonly lie?: Lie;
  /** Told of every event. */
  readonly trace?: (line: string) => void;
}

/** How often everything is looked at that must hold at every moment. */
const CHECKS = 2_000;

/**
 * One scenario, wholly decided by its seed: some clients, their users, a server and the networks between them, and
 * everything that can go wrong. Virtual time only. Then all is mended, and the end is looked at. Every two hundredth seed is a herd.
 */
export async function simulate(seed: number, { lie = {}, trace }: Extras = {}): Promise<Report> {
  const run = new Run(seed, trace);
  if (seed % HERD_EVERY === 0) await new Herd(run, lie).play();
  else await play(run, lie);
  return run.report();
}

async function play(run: Run, lie: Lie): Promise<void> {
  const random = run.fork();
  const server = new SimServer(run);
  const names = ["ann", "bob", "cem", "dot"].slice(0, integer(random, 1, 4));
  const members = names.map((name) => new Member(run, name, server, lie));
  const users = members.map((member) => new User(run, member));
  const trouble = new ServerTrouble(run, server, members);
  const troubles = [
    trouble.maker,
    ...members.flatMap((member) => [pathTrouble(run, member), pageTrouble(run, member)]),
  ];
  server.onConnection = (connection) => {
    trouble.connected(connection);
  };
  const watch = (): void => {
    for (const member of members) member.check();
    run.world.after(CHECKS, watch);
  };
  watch();
  for (const part of [server.feeds, server.inquiries, ...users, ...troubles]) part.start();
  await run.advance(run.pace * LENGTH);
  run.stormy = false;
  for (const maker of troubles) maker.heal();
  await new Finale(run, server, members, users).play();
}
