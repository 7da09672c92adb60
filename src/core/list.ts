/** An element that can stand in one `List` at a time. The links are the list's own business. */
export interface ListNode {
  prev?: ListNode | undefined;
  next?: ListNode | undefined;
}

/** A doubly linked list whose elements carry their own links: push, take and remove anywhere cost the same at any length. */
export class List<Node extends ListNode> {
  #head: Node | undefined;
  #tail: Node | undefined;

  get head(): Node | undefined {
    return this.#head;
  }

  push(node: Node): void {
    node.prev = this.#tail;
    node.next = undefined;
    if (this.#tail) this.#tail.next = node;
    else this.#head = node;
    this.#tail = node;
  }

  /** Takes `node` out. It must stand in this list. */
  remove(node: Node): void {
    if (node.prev) node.prev.next = node.next;
    else this.#head = node.next as Node | undefined; // all nodes of one list are of its type
    if (node.next) node.next.prev = node.prev;
    else this.#tail = node.prev as Node | undefined;
    node.prev = node.next = undefined;
  }
}
