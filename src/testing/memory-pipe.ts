import type { Clock } from "../core/clock.ts";
import { List, type ListNode } from "../core/list.ts";

/** Something that runs a callback in a later task of its own, and returns what cancels it. */
export interface Gate {
  task(callback: () => void): () => void;
}

/** How frames travel, read anew for each frame so that a test can change it on the way. */
export interface PipeSettings {
  readonly clock: Clock;
  /** Ms from one end to the other. Frames never overtake each other, also if it falls. */
  readonly latency: () => number;
  /** Bytes a second; what has not left yet counts as buffered. `Infinity` for none. */
  readonly rate: () => number;
  /** `sync` calls the receiver inside `push`, unless it is busy with an earlier frame. */
  readonly delivery: "task" | "sync";
  /** The receiver's page, if it is one: while that is frozen, nothing arrives. */
  readonly gate?: Gate | undefined;
}

interface Item<Frame> extends ListNode {
  next?: Item<Frame> | undefined;
  readonly frame: Frame;
  readonly bytes: number;
  /** When its last byte leaves the sender; `Infinity` while the reader reads nothing. */
  departs: number;
  arrived: boolean;
  cancel: (() => void) | undefined;
}

/** One direction of a link: ordered, with latency, a byte rate, and faults. Frames are delivered one per task. */
export class Pipe<Frame> {
  readonly #settings: PipeSettings;
  readonly #receive: (frame: Frame) => void;
  readonly #items = new List<Item<Frame>>();
  #departing: Item<Frame> | undefined;
  #buffered = 0;
  #lastDeparture = 0;
  #lastArrival = 0;
  #stalled = false;
  #paused = false;
  #delivering = false;
  #rushing = false;
  #cancelPump: (() => void) | undefined;

  constructor(settings: PipeSettings, receive: (frame: Frame) => void) {
    this.#settings = settings;
    this.#receive = receive;
  }

  /** Bytes that were pushed and have not left yet. */
  get buffered(): number {
    this.#countDepartures();
    return this.#buffered;
  }

  push(frame: Frame, bytes = 0): void {
    const item: Item<Frame> = { frame, bytes, departs: Infinity, arrived: false, cancel: undefined };
    this.#items.push(item);
    this.#departing ??= item;
    this.#buffered += bytes;
    if (!this.#paused) this.#launch(item);
  }

  /** From now on nothing arrives, and the sender does not notice: the frames are kept until `resume`. */
  stall(): void {
    this.#stalled = true;
  }

  /** The reader stops reading: nothing leaves the sender, whose buffer fills. */
  pause(): void {
    this.#paused = true;
  }

  /** Ends `stall` and `pause`. What was kept arrives in order, from the next task on. */
  resume(): void {
    this.#countDepartures();
    this.#stalled = this.#paused = false;
    for (let item = this.#departing; item;) {
      const { next } = item; // looked at first: a frame that is delivered within `launch` is in the list no more
      if (item.departs === Infinity) this.#launch(item);
      item = next;
    }
    this.#schedulePump();
  }

  /** What `run` pushes is delivered inside the push, whatever the settings say. */
  rush(run: () => void): void {
    this.#rushing = true;
    try {
      run();
    } finally {
      this.#rushing = false;
    }
  }

  /** What `run` pushes is delivered after it, where it would be delivered within the push. */
  together(run: () => void): void {
    const busy = this.#delivering;
    this.#delivering = true;
    try {
      run();
    } finally {
      this.#delivering = busy;
      if (this.#settings.delivery === "sync" || this.#rushing) this.#drain();
    }
  }

  /** Loses everything on the way. The pipe can be used on. */
  cut(): void {
    for (let item = this.#items.head; item; item = this.#items.head) {
      item.cancel?.();
      this.#items.remove(item);
    }
    this.#departing = undefined;
    this.#buffered = 0;
    this.#cancelPump?.();
    this.#cancelPump = undefined;
  }

  #launch(item: Item<Frame>): void {
    const { clock, delivery, gate } = this.#settings;
    const now = clock.now();
    if (delivery === "sync" || this.#rushing) {
      item.departs = now;
      item.arrived = true;
      this.#drain();
      return;
    }
    item.departs = Math.max(now, this.#lastDeparture) + (item.bytes / this.#settings.rate()) * 1_000;
    this.#lastDeparture = item.departs;
    this.#lastArrival = Math.max(this.#lastArrival, item.departs + this.#settings.latency());
    const arrive = (): void => {
      item.arrived = true;
      item.cancel = undefined;
      this.#pump();
    };
    item.cancel = clock.after(this.#lastArrival - now, () => {
      if (gate) item.cancel = gate.task(arrive);
      else arrive();
    });
  }

  /** Delivers the first frame if it has arrived. Everything is in order before the receiver is called: it may do anything. */
  #pump(): void {
    const item = this.#items.head;
    if (this.#stalled || !item?.arrived) return;
    this.#remove(item);
    this.#schedulePump();
    this.#delivering = true;
    try {
      this.#receive(item.frame);
    } finally {
      this.#delivering = false;
      this.#schedulePump(); // what was pushed meanwhile had to wait
    }
  }

  #schedulePump(): void {
    if (this.#stalled || this.#cancelPump || !this.#items.head?.arrived) return;
    const { clock, gate } = this.#settings;
    const pump = (): void => {
      this.#cancelPump = undefined;
      this.#pump();
    };
    this.#cancelPump = gate ? gate.task(pump) : clock.after(0, pump);
  }

  #drain(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      for (let item = this.#items.head; item?.arrived && !this.#stalled; item = this.#items.head) {
        this.#remove(item);
        this.#receive(item.frame);
      }
    } finally {
      this.#delivering = false;
    }
  }

  #remove(item: Item<Frame>): void {
    this.#countDepartures();
    if (this.#departing === item) this.#depart(item); // a real clock's timer may run a fraction early
    this.#items.remove(item);
  }

  #countDepartures(): void {
    const now = this.#settings.clock.now();
    while (this.#departing && this.#departing.departs <= now) this.#depart(this.#departing);
  }

  #depart(item: Item<Frame>): void {
    this.#buffered -= item.bytes;
    this.#departing = item.next;
  }
}
