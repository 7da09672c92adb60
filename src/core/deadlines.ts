import type { Clock } from "./clock.ts";
import { push, shift } from "./heap.ts";
import { List, type ListNode } from "./list.ts";

/** Something that must be over by a given time. */
export interface Deadline extends ListNode {
  /** Called at the deadline; it has been removed by then. */
  expire(): void;
  /** When it is due; the list's own business. */
  due?: number;
  /** Where it stands; the list's own business. */
  lane?: Lane | undefined;
}

/** The deadlines of one duration: they become due in the order in which they were added. */
interface Lane {
  readonly duration: number;
  readonly list: List<Deadline>;
  /** Not later than its head is due. */
  due: number;
}

/**
 * Any number of deadlines on one timer. Each duration has a lane of its own, and a heap tells which lane is due first. So
 * adding and removing cost the same at any length; what a duration costs that is new grows with the logarithm of their number.
 */
export class Deadlines {
  readonly #clock: Clock;
  /** Absent while nothing has a deadline: most clients are idle. */
  #lanes: Map<number, Lane> | undefined;
  /** The same, as a heap. */
  readonly #order: Lane[] = [];
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

  /** Makes `deadline` due in `ms`, rounded up. What is infinite is never due and is not kept. */
  add(deadline: Deadline, ms: number): void {
    if (ms === Infinity) return;
    const duration = Math.ceil(ms); // what remains of a time is seldom twice the same, and each has a lane
    this.#lanes ??= new Map<number, Lane>();
    const now = this.#now();
    const due = now + duration;
    let lane = this.#lanes.get(duration);
    if (!lane) {
      lane = { duration, list: new List(), due };
      this.#lanes.set(duration, lane);
      push(this.#order, lane);
    }
    deadline.due = due;
    deadline.lane = lane;
    lane.list.push(deadline);
    this.#size++;
    // A timer that should have fired already waits on where the clock was set forward: it is armed anew, to fire at once.
    if (this.#armedFor < now) this.#arm(now);
    else if (due < this.#armedFor) this.#arm(due);
  }

  /** Takes `deadline` out, if it stands here. With the last one the timer goes too. */
  remove(deadline: Deadline): void {
    if (!deadline.lane) return;
    deadline.lane.list.remove(deadline);
    deadline.lane = undefined;
    if (--this.#size > 0) return;
    this.#lanes = undefined;
    this.#order.length = 0;
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
    for (let lane = this.#order[0]; lane && lane.due <= now; lane = this.#order[0]) {
      let one = lane.list.head;
      // The cast: every node of a lane is a deadline.
      for (; one && dueOf(one) <= now; one = one.next as Deadline | undefined) due.push(one);
      this.#reorder(lane, one);
    }
    for (const deadline of due) {
      // An expiry before this one may have removed it, or added it anew.
      if (!deadline.lane || dueOf(deadline) > now) continue;
      this.remove(deadline);
      deadline.expire();
    }
    const next = this.#next();
    if (next < this.#armedFor) this.#arm(next);
  }

  /** When the first is due. A lane may stand too early: for one that was removed. */
  #next(): number {
    for (let lane = this.#order[0]; lane; lane = this.#order[0]) {
      const { head } = lane.list;
      if (head?.due === lane.due) return lane.due;
      this.#reorder(lane, head);
    }
    return Infinity;
  }

  /** Puts the first lane where it belongs by what is due next of it, or takes it out. */
  #reorder(lane: Lane, next: Deadline | undefined): void {
    shift(this.#order);
    if (next) {
      lane.due = dueOf(next);
      push(this.#order, lane);
    } else this.#lanes?.delete(lane.duration);
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
