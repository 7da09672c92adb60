import type { Random } from "../../src/core/random.ts";
import { chance, integer, pick } from "../../src/testing/seeded-random.ts";
import { Calling } from "./calling.ts";
import { Listening } from "./listening.ts";
import { METHODS } from "./inquiries.ts";
import type { Member } from "./member.ts";
import { Mischief } from "./frames.ts";
import type { Run } from "./run.ts";
import { Steering } from "./steering.ts";

/** How deep the deeds of one callback may nest. */
const DEPTH = 2;

type Deed = () => void;

/** Somebody who uses one client: everything that it offers, in any order, at the worst time, from inside of its callbacks too. */
export class User {
  readonly #run: Run;
  readonly #member: Member;
  readonly #random: Random;
  readonly #deeds: readonly Deed[];
  /** Those of them that send nothing. */
  readonly #turns: readonly Deed[] = [
    () => this.#steering.close(),
    () => this.#steering.reconnect(),
    () => this.#steering.drain(),
    () => this.#member.client.queue.clear(),
  ];
  readonly #spacing: number;
  readonly #calling: Calling;
  readonly #listening: Listening;
  readonly #steering: Steering;
  #depth = 0;

  constructor(run: Run, member: Member) {
    this.#run = run;
    this.#member = member;
    this.#random = run.fork();
    this.#calling = new Calling(run, member);
    this.#listening = new Listening(run, member);
    this.#steering = new Steering(run, member);
    this.#spacing = run.pace * pick(this.#random, [0.5, 1, 3]);
    this.#deeds = this.#habits();
    member.provoked = (how) => {
      this.#provoked(how);
    };
  }

  /** What has not ended yet, in words. */
  get unfinished(): readonly string[] {
    return [...this.#calling.unfinished, ...this.#listening.unfinished, ...this.#steering.unfinished];
  }

  start(): void {
    this.#steering.open();
    const again = (): void => {
      if (!this.#run.stormy) return;
      if (!this.#member.page.clock.frozen) {
        for (let deeds = chance(this.#random, 0.05) ? 12 : 1; deeds > 0; deeds--) this.#act();
      }
      this.#run.world.after(integer(this.#random, 1, 2 * this.#spacing), again);
    };
    this.#run.world.after(integer(this.#random, 0, 3_000), again);
  }

  /** Things are well again: the user wants the connection, and what can be doubted is asked for anew. */
  recover(): void {
    this.#steering.open();
    this.#listening.renew();
    this.#listening.want();
  }

  /** Sends something of each kind that must go through. */
  prove(): void {
    this.#calling.prove();
  }

  leave(): void {
    this.#steering.leave();
  }

  /** Everybody has habits: some deeds are never done, others often. */
  #habits(): readonly Deed[] {
    const all: readonly (readonly [weight: number, deed: Deed])[] = [
      [8, () => this.#calling.send()],
      [3, () => this.#calling.note()],
      [6, () => this.#calling.ask("get")],
      [6, () => this.#calling.ask("put")],
      [3, () => this.#calling.rows()],
      [4, () => this.#listening.listen()],
      [2, () => this.#listening.iterate()],
      [4, () => this.#listening.stop()],
      [1, () => this.#steering.close()],
      [2, () => this.#steering.open()],
      [1, () => this.#steering.reconnect()],
      [1, () => this.#steering.drain()],
      [0.3, () => this.#member.client.queue.clear()],
      [1, () => this.#member.handlers.remove(pick(this.#random, METHODS))],
      [2, () => this.#member.handlers.add(this.#member.client, pick(this.#random, METHODS))],
    ];
    const kept = all.filter(() => chance(this.#random, 0.85));
    return kept.flatMap(([weight, deed]) => Array.from({ length: Math.ceil(weight * 3) }, () => deed));
  }

  #act(deeds: readonly Deed[] = this.#deeds): void {
    this.#depth++;
    try {
      pick(this.#random, deeds)();
    } finally {
      this.#depth--;
    }
  }

  /** Something of this user is called. Mostly nothing comes of it. */
  #provoked(how?: "steers"): void {
    const dice = this.#run.stormy ? this.#random() : 1;
    if (dice < (how ? 0.005 : 0.05) && this.#depth < DEPTH) this.#act(how && this.#turns);
    if (dice > 0.99 && dice < 1) throw new Mischief("provoked");
  }
}
