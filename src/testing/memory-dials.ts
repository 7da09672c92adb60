import type { Clock } from "../core/clock.ts";
import type { MemoryConnection } from "./memory-connection.ts";
import type { DialAnswer } from "./memory-script.ts";

/** The dials that have no answer yet, and the answers that they will get. */
export class Dials {
  /** What a dial meets that `next` says nothing about. */
  answer: DialAnswer = { type: "accept" };
  /** While false, every dial is refused. */
  up = true;
  readonly #clock: Clock;
  readonly #script: DialAnswer[] = [];
  /** Each with what cancels the answer that is still to come. */
  readonly #waiting = new Map<MemoryConnection, (() => void) | undefined>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get waiting(): readonly MemoryConnection[] {
    return [...this.#waiting.keys()];
  }

  next(answers: readonly DialAnswer[]): void {
    this.#script.push(...answers);
  }

  add(connection: MemoryConnection): void {
    this.#waiting.set(connection, undefined);
  }

  /** It is answered, or nobody waits for the answer any more. */
  remove(connection: MemoryConnection): void {
    this.#waiting.get(connection)?.();
    this.#waiting.delete(connection);
  }

  /** The dial has reached the server. */
  arrived(connection: MemoryConnection): void {
    const answer = this.up ? (this.#script.shift() ?? this.answer) : ({ type: "refuse" } as const);
    switch (answer.type) {
      case "accept":
        this.#after(connection, answer.after, () => {
          connection.accept(answer.protocol);
        });
        return;
      case "refuse":
        this.#after(connection, answer.after, () => {
          connection.refuse(answer.httpStatus, answer.cause);
        });
        return;
      case "stall":
        return;
      default:
        answer satisfies never;
    }
  }

  #after(connection: MemoryConnection, delay: number | undefined, run: () => void): void {
    if (delay === undefined) run();
    else this.#waiting.set(connection, this.#clock.after(delay, run));
  }
}
