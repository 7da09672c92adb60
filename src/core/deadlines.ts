import type { Clock } from "./clock.ts";
import { List, type ListNode } from "./list.ts";

/** Something that must be over by a given time. */
export interface Deadline extends ListNode {
  /** Called at the deadline; it has been removed by then. */
  expire(): void;
  /** When it is due; the list's own business. */
  due?: number;
  /** The list that it stands in; the list's own business. */
  lane?: List<Deadline> | undefined;
}

/**
 * Any number of deadlines on one timer. Those of one duration become due in the order in which they were added, so each
 * duration has its own list and only the heads are compared: adding and removing cost the same at any length.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #lanes = new Map<number, List<Deadline>>();
  #cancel: (() => void) | undefined;
  #armedFor = Infinity;
  #size = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#size;
  }

  /** Makes `deadline` due in `duration` ms. An infinite duration is never due and is not kept. */
  add(deadline: Deadline, duration: number): void {
    if (duration === Infinity) return;
    let lane = this.#lanes.get(duration);
    if (!lane) this.#lanes.set(duration, (lane = new List()));
    deadline.due = this.#clock.now() + duration;
    deadline.lane = lane;
    lane.push(deadline);
    this.#size++;
    if (deadline.due < this.#armedFor) this.#arm(deadline.due);
  }

  /** Takes `deadline` out, if it stands here. With the last one the timer goes too. */
  remove(deadline: Deadline): void {
    if (!deadline.lane) return;
    deadline.lane.remove(deadline);
    deadline.lane = undefined;
    if (--this.#size > 0) return;
    this.#lanes.clear();
    this.#disarm();
  }

  #arm(due: number): void {
    this.#disarm();
    this.#armedFor = due;
    this.#cancel = this.#clock.after(due - this.#clock.now(), () => {
      this.#tick();
    });
  }

  #disarm(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#armedFor = Infinity;
  }

  #tick(): void {
    const now = this.#clock.now();
    this.#armedFor = Infinity;
    this.#cancel = undefined;
    for (const [duration, lane] of this.#lanes) {
      for (let head = lane.head; head && dueOf(head) <= now; head = lane.head) {
        this.remove(head);
        head.expire();
      }
      if (!lane.head && this.#lanes.get(duration) === lane) this.#lanes.delete(duration);
    }
    let next = Infinity;
    for (const { head } of this.#lanes.values()) next = Math.min(next, dueOf(head));
    if (next < this.#armedFor) this.#arm(next);
  }
}

function dueOf(deadline: Deadline | undefined): number {
  return deadline?.due ?? Infinity;
}
