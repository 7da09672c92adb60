import type { Random } from "../../src/core/random.ts";
import { chance, integer } from "../../src/testing/seeded-random.ts";
import { failure, notification, type Ran, result } from "./frames.ts";
import type { Link } from "./link.ts";
import type { Run } from "./run.ts";

/** A request of a client. */
export interface Question {
  readonly id: number | string;
  readonly op: number;
}

/** Where an answer can go when its own link is gone. */
export type Newest = (link: Link) => Link;

/** How the server answers: at once, late, never, twice, with an error, with nonsense around it, or on another connection. */
export class Answers {
  readonly #run: Run;
  readonly #random: Random;
  readonly #newest: Newest;

  constructor(run: Run, newest: Newest) {
    this.#run = run;
    this.#random = run.fork();
    this.#newest = newest;
  }

  /** Runs `get` or `put`. */
  answer(link: Link, { id, op }: Question): void {
    const ran: Ran = { op, run: link.home.ledger.ran(op) };
    const text = result(id, ran);
    const say = (to: Link): void => {
      link.home.ledger.answered(op, "result");
      to.send(text);
    };
    const dice = this.#run.stormy ? this.#random() : 0;
    if (dice < 0.6) say(link);
    else if (dice < 0.8) this.#later(integer(this.#random, 1, 1_500), link, say);
    else if (dice < 0.87) this.#later(integer(this.#random, 1_000, 40_000), link, say);
    else if (dice < 0.91) this.#fault("no answer", link);
    else if (dice < 0.96) this.#fail(link, id, op);
    else this.#wrong(link, id, say);
  }

  /** Sends `rows`, one by one. */
  rows(link: Link, { id, op }: Question): void {
    link.home.ledger.ran(op);
    const count = integer(this.#random, 0, 6);
    link.home.ledger.rows(op, count);
    const spacing = this.#run.stormy && chance(this.#random, 0.5) ? integer(this.#random, 0, 400) : 0;
    const fails = this.#run.stormy && chance(this.#random, 0.1);
    let sent = 0;
    let cancel: (() => void) | undefined;
    const next = (): void => {
      if (sent < count) {
        link.send(notification("$/next", { id, value: ++sent }));
        cancel = this.#run.world.after(spacing, next);
        return;
      }
      link.streams.delete(id);
      if (fails) this.#fail(link, id, op);
      else {
        link.home.ledger.answered(op, "result");
        link.send(result(id, null));
      }
    };
    link.streams.set(id, () => cancel?.());
    next();
  }

  #fail(link: Link, id: number | string, op: number): void {
    link.home.ledger.answered(op, "failure");
    link.send(failure(id, 77, "not today"));
  }

  #wrong(link: Link, id: number | string, say: (to: Link) => void): void {
    this.#fault("wrong answer", link);
    switch (integer(this.#random, 0, 4)) {
      case 0:
        say(link);
        say(link);
        return;
      case 1: // the right number as a string is a foreign id
        link.send(result(String(id), "forged"));
        break;
      case 2:
        link.send(failure(1_000_000, 1, "forged"));
        break;
      case 3: // JSON-RPC 2.0: the server could not read something
        link.send(JSON.stringify({ jsonrpc: "2.0", id: null, error: { code: -32700, message: "what?" } }));
        break;
      default: // a restarted front end delivers it to whatever connection there is by then
        this.#run.world.after(integer(this.#random, 1_000, 10_000), () => {
          say(this.#newest(link));
        });
        return;
    }
    say(link);
  }

  #fault(kind: string, link: Link): void {
    this.#run.fault(kind, link.home.who);
  }

  #later(delay: number, link: Link, say: (to: Link) => void): void {
    this.#run.world.after(delay, () => {
      if (link.open) say(link);
    });
  }
}
