/** An element of a heap. Its time must not change while it stands there. */
interface HeapItem {
  readonly due: number;
}

/** Adds to a binary heap: the one that is due first stands at 0. */
export function push(heap: HeapItem[], item: HeapItem): void {
  place(heap, item, heap.length);
}

/** Takes out the one that is due first. */
export function shift(heap: HeapItem[]): void {
  const last = heap.pop();
  if (last && heap.length > 0) place(heap, last, 0);
}

/** Puts an item where it belongs: at this free place, above it, or below. */
function place(heap: HeapItem[], item: HeapItem, free: number): void {
  let at = free;
  for (let above = heap[(at - 1) >> 1]; above && above.due > item.due; above = heap[(at - 1) >> 1]) {
    heap[at] = above;
    at = (at - 1) >> 1;
  }
  for (;;) {
    let next = 2 * at + 1;
    let below = heap[next];
    const right = heap[next + 1];
    if (below && right && right.due < below.due) {
      below = right;
      next++;
    }
    if (!below || below.due >= item.due) break;
    heap[at] = below;
    at = next;
  }
  heap[at] = item;
}
