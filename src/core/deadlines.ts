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
  /** Absent while nothing has a deadline: most clients are idle. */
  #lanes: Map<number, List<Deadline>> | undefined;
  #cancel: (() => void) | undefined;
  #armedFor = Infinity;
  #size = 0;
  /** What the clock said last, and how far it has been set back: see `#now`. */
  #last = -Infinity;
  #setBack = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#size;
  }

  /** Makes `deadline` due in `duration` ms. An infinite duration is never due and is not kept. */
  add(deadline: Deadline, duration: number): void {
    if (duration === Infinity) return;
    this.#lanes ??= new Map<number, List<Deadline>>();
    let lane = this.#lanes.get(duration);
    if (!lane) this.#lanes.set(duration, (lane = new List()));
    const now = this.#now();
    deadline.due = now + duration;
    deadline.lane = lane;
    lane.push(deadline);
    this.#size++;
    // A timer that should have fired already waits on where the clock was set forward: it is armed anew, to fire at once.
    if (this.#armedFor < now) this.#arm(now);
    else if (deadline.due < this.#armedFor) this.#arm(deadline.due);
  }

  /** Takes `deadline` out, if it stands here. With the last one the timer goes too. */
  remove(deadline: Deadline): void {
    if (!deadline.lane) return;
    deadline.lane.remove(deadline);
    deadline.lane = undefined;
    if (--this.#size > 0) return;
    this.#lanes = undefined;
    this.#disarm();
  }

  #arm(due: number): void {
    this.#disarm();
    this.#armedFor = due;
    this.#cancel = this.#clock.after(due - this.#now(), () => {
      this.#tick();
    });
  }

  #disarm(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#armedFor = Infinity;
  }

  #tick(): void {
    const now = this.#now();
    this.#armedFor = Infinity;
    this.#cancel = undefined;
    const due: Deadline[] = [];
    // The cast: every node of a lane is a deadline.
    for (const lane of this.#lanes?.values() ?? [])
      for (let one = lane.head; one && dueOf(one) <= now; one = one.next as Deadline | undefined) due.push(one);
    for (const deadline of due) {
      // An expiry before this one may have removed it, or added it anew.
      if (!deadline.lane || dueOf(deadline) > now) continue;
      this.remove(deadline);
      deadline.expire();
    }
    let next = Infinity;
    for (const [duration, { head }] of this.#lanes ?? [])
      if (head) next = Math.min(next, dueOf(head));
      else this.#lanes?.delete(duration);
    if (next < this.#armedFor) this.#arm(next);
  }

  /** The time without the steps by which the clock was set back: what is due waits at most once more as long as it should. */
  #now(): number {
    const now = this.#clock.now();
    if (now < this.#last) this.#setBack += this.#last - now;
    this.#last = now;
    return now + this.#setBack;
  }
}

function dueOf(deadline: Deadline): number {
  return deadline.due as number; // set when it was added, and only those that stand in a lane are asked
}
