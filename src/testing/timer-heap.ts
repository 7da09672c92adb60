/** One timer of a `TimerHeap`. A cancelled one has no callback and is skipped when its turn comes. */
export interface HeapTimer {
  readonly due: number;
  readonly order: number;
  callback: (() => void) | undefined;
}

/** Below this size the heap is not worth sweeping. */
const SWEEP_FROM = 64;

/**
 * Timers by due time, and by insertion among equals. Adding and taking cost O(log n), cancelling O(1): a cancelled timer
 * stays where it is, and all of those are swept out once they are the majority, so the heap never grows past twice `size`.
 */
export class TimerHeap {
  #heap: HeapTimer[] = [];
  #size = 0;
  #order = 0;

  /** How many timers are waiting; cancelled ones do not count. */
  get size(): number {
    return this.#size;
  }

  add(due: number, callback: () => void): HeapTimer {
    const timer: HeapTimer = { due, order: this.#order++, callback };
    this.#heap.push(timer);
    this.#size++;
    this.#up(this.#heap.length - 1, timer);
    return timer;
  }

  /** Calling it twice, or after the timer was taken, does nothing. */
  cancel(timer: HeapTimer): void {
    if (!timer.callback) return;
    timer.callback = undefined;
    this.#size--;
    if (this.#heap.length > SWEEP_FROM && this.#size * 2 < this.#heap.length) this.#sweep();
  }

  /** The timer that is due first, or `undefined`. */
  peek(): HeapTimer | undefined {
    while (this.#heap[0] && !this.#heap[0].callback) this.#removeFirst();
    return this.#heap[0];
  }

  /** Takes the first timer out and returns what it calls. */
  take(): (() => void) | undefined {
    const timer = this.peek();
    if (!timer) return undefined;
    this.#removeFirst();
    this.#size--;
    const { callback } = timer;
    timer.callback = undefined;
    return callback;
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (last && this.#heap.length > 0) this.#down(0, last);
  }

  #sweep(): void {
    // Sorted by (due, order), an array is a heap already.
    this.#heap = this.#heap
      .filter((timer) => timer.callback !== undefined)
      .sort((a, b) => a.due - b.due || a.order - b.order);
  }

  #up(from: number, timer: HeapTimer): void {
    const heap = this.#heap;
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (!parent || before(parent, timer)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = timer;
  }

  #down(from: number, timer: HeapTimer): void {
    const heap = this.#heap;
    let at = from;
    for (;;) {
      let below = 2 * at + 1;
      let child = heap[below];
      const right = heap[below + 1];
      if (child && right && before(right, child)) {
        child = right;
        below++;
      }
      if (!child || before(timer, child)) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = timer;
  }
}

function before(a: HeapTimer, b: HeapTimer): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order);
}
