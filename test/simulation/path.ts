import type { Random } from "../../src/core/random.ts";
import type { MemoryConnection } from "../../src/testing/memory-connection.ts";
import type { BrokenPromise, Direction } from "../../src/testing/memory-script.ts";
import { MemoryServer } from "../../src/testing/memory-server.ts";
import { chance, integer, pick } from "../../src/testing/seeded-random.ts";
import type { Plan } from "./plan.ts";
import type { Run } from "./run.ts";

/** After a fault has ended, its traces may show for so long. */
const AFTERMATH = 3_000;

/** The network between one page and the server, with all that can be wrong with it. */
export class Path {
  readonly server: MemoryServer;
  readonly #run: Run;
  readonly #random: Random;
  readonly #base: number;
  readonly #jitter: number;
  #delay = 0;
  #faults = 0;
  #impairedUntil = -Infinity;
  #stalled: Direction | undefined;
  #reading = true;
  /** Links that will never carry anything again, and of which nobody is told. */
  readonly #dead = new WeakSet<MemoryConnection>();

  constructor(run: Run, plan: Plan, connected: (connection: MemoryConnection) => void) {
    this.#run = run;
    this.#random = run.fork();
    this.#base = integer(this.#random, 1, 150);
    this.#jitter = chance(this.#random, 0.3) ? 0 : 50;
    const { delivery, pings } = plan;
    const latency = (): number => this.#base + this.#delay + Math.floor(this.#random() * this.#jitter);
    this.server = new MemoryServer({ clock: run.world, delivery, pings, latency, keep: 4 });
    this.server.onConnection = (connection) => {
      if (this.#stalled) {
        connection.stall(this.#stalled);
        this.#dead.add(connection);
      }
      if (!this.#reading) connection.pause("toServer");
      connected(connection);
    };
  }

  /** Something is wrong with it, or was a moment ago: silence proves nothing about the client. */
  impaired(within: number): boolean {
    const last = this.server.all.at(-1);
    const gone = last !== undefined && (last.state === "closed" || last.state === "closing" || this.#dead.has(last));
    return gone || this.#faults > 0 || this.#run.world.now() <= this.#impairedUntil + within;
  }

  /** Begins a fault that lasts. Returns what ends it. */
  impair(undo: () => void, aftermath: number = AFTERMATH): () => void {
    this.#faults++;
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.#faults--;
      this.#impairedUntil = Math.max(this.#impairedUntil, this.#run.world.now() + aftermath);
      undo();
    };
  }

  drop(): void {
    for (const connection of this.#all()) connection.drop(pick(this.#random, ["lost", "arrives"]));
  }

  /** Nothing arrives any more in that direction, and nobody is told. Those links may never come back to life. */
  stall(direction: Direction): () => void {
    const silent = this.server.connections;
    this.#stalled = direction;
    for (const connection of silent) connection.stall(direction);
    this.server.answer = { type: "stall" };
    return this.impair(() => {
      this.#stalled = undefined;
      this.server.answer = { type: "accept" };
      const fate = pick(this.#random, ["resumed", "dropped", "dead"]);
      for (const connection of silent) {
        if (fate === "resumed") connection.resume();
        else if (fate === "dropped") connection.drop();
        else this.#dead.add(connection);
      }
    });
  }

  refuse(httpStatus: number | undefined): () => void {
    this.server.answer =
      httpStatus === undefined
        ? { type: "refuse" }
        : { type: "refuse", httpStatus, after: integer(this.#random, 0, 500) };
    return () => {
      this.server.answer = { type: "accept" };
    };
  }

  acceptLate(): () => void {
    this.server.answer = { type: "accept", after: integer(this.#random, 100, 15_000) };
    return () => {
      this.server.answer = { type: "accept" };
    };
  }

  delay(): () => void {
    this.#delay = integer(this.#random, 200, 8_000);
    return this.impair(() => {
      this.#delay = 0;
    }, 20_000);
  }

  narrow(): () => void {
    this.server.rate = integer(this.#random, 100, 3_000);
    return this.impair(() => {
      this.server.rate = Infinity;
    }, 120_000);
  }

  /** The server does not read: what is written piles up in the socket. */
  pause(): () => void {
    this.#reading = false;
    const paused = this.server.connections;
    for (const connection of paused) connection.pause("toServer");
    return this.impair(() => {
      this.#reading = true;
      for (const connection of this.server.connections) connection.resume("toServer");
    });
  }

  /** The runtime's WebSocket breaks promises. */
  beRude(promise: BrokenPromise): () => void {
    this.server.breaks.add(promise);
    return this.impair(() => {
      this.server.breaks.delete(promise);
    });
  }

  /** The server's machine is down: dials are refused, and connections gone. */
  down(): () => void {
    this.server.stop();
    return () => {
      this.server.start();
    };
  }

  /** All is well from now on. A client that could not notice by itself that its link is dead for good is told. */
  heal(notices: boolean): void {
    if (notices) return;
    for (const connection of this.server.all) {
      const dead = this.#dead.has(connection);
      connection.resume();
      if (dead) connection.drop();
    }
  }

  #all(): readonly MemoryConnection[] {
    return this.server.all.filter(({ state }) => state !== "closed");
  }
}
