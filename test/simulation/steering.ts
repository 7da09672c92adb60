import type { Random } from "../../src/core/random.ts";
import { isHoldfastError } from "../../src/index.ts";
import { chance, integer, pick } from "../../src/testing/seeded-random.ts";
import { Whim } from "./endings.ts";
import { Mischief } from "./frames.ts";
import type { Member } from "./member.ts";
import type { Run } from "./run.ts";

/** The part of a user that opens and closes. */
export class Steering {
  readonly #run: Run;
  readonly #member: Member;
  readonly #random: Random;
  /** Promises that have not settled, by what they came from. */
  readonly #open = new Map<string, number>();

  constructor(run: Run, member: Member) {
    this.#run = run;
    this.#member = member;
    this.#random = run.fork();
  }

  get unfinished(): readonly string[] {
    return [...this.#open].filter(([, count]) => count > 0).map(([name, count]) => `${count} promises of ${name}`);
  }

  open(): void {
    this.#run.log(this.#member.who, "connect");
    const whim = new Whim();
    const some = this.#run.stormy && chance(this.#random, 0.1);
    if (some)
      this.#later(integer(this.#random, 0, 5_000), () => {
        whim.abort();
      });
    this.#settles("connect", this.#member.client.connect(some ? { signal: whim } : {}));
  }

  reconnect(): void {
    this.#run.log(this.#member.who, "reconnect");
    this.#member.states.forgive();
    this.#settles("reconnect", this.#member.client.reconnect());
  }

  /** Closes, and mostly comes back after a while. */
  close(): void {
    const { client, page, plan, who } = this.#member;
    this.#run.log(who, "close");
    const [begun, held] = [this.#run.world.now(), page.held];
    const closed = client.close(pick(this.#random, [1_000, 3_000, 4_999]), "x".repeat(integer(this.#random, 0, 200)));
    this.#settles(
      "close",
      closed.then(() => {
        const took = this.#run.world.now() - begun - (page.held - held);
        this.#run.check(took <= plan.closeTimeout + 100, () => `${who}: close() took ${took} ms`);
      }),
    );
    if (this.#run.stormy)
      this.#later(integer(this.#random, 0, 30_000), () => {
        this.open();
      });
  }

  leave(): void {
    this.close();
  }

  drain(): void {
    this.#settles("drain", this.#member.client.queue.drain());
  }

  #settles(name: string, promise: Promise<void>): void {
    this.#open.set(name, (this.#open.get(name) ?? 0) + 1);
    const settled = (): void => {
      this.#open.set(name, (this.#open.get(name) ?? 0) - 1);
    };
    promise.then(settled, (error: unknown) => {
      settled();
      if (!isHoldfastError(error) && !(error instanceof Mischief)) this.#member.unexpected(error, name);
    });
  }

  #later(delay: number, deed: () => void): void {
    this.#run.world.after(delay, () =>
      this.#member.page.clock.task(() => {
        if (this.#run.stormy) deed();
      }),
    );
  }
}
