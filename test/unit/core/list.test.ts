import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { List, type ListNode } from "../../../src/core/list.ts";

interface Item extends ListNode {
  readonly name: number;
}

function namesOf(list: List<Item>): number[] {
  const names: number[] = [];
  // The cast: every node of this list is an Item.
  for (let item = list.head; item; item = item.next as Item | undefined) names.push(item.name);
  return names;
}

function listOf(...names: number[]): { list: List<Item>; items: Item[] } {
  const list = new List<Item>();
  const items = names.map((name): Item => ({ name }));
  for (const item of items) list.push(item);
  return { list, items };
}

describe("List", () => {
  it("has no head while it is empty", () => {
    expect(new List<Item>().head).toBeUndefined();
  });

  it("keeps the order in which elements were pushed", () => {
    expect(namesOf(listOf(1, 2, 3).list)).toEqual([1, 2, 3]);
  });

  it.each([
    ["the first", 0, [2, 3]],
    ["one in the middle", 1, [1, 3]],
    ["the last", 2, [1, 2]],
  ])("takes out %s", (_, index, left) => {
    const { list, items } = listOf(1, 2, 3);
    const item = items[index] ?? { name: 0 };
    list.remove(item);
    expect(namesOf(list)).toEqual(left);
    expect(item.prev).toBeUndefined();
    expect(item.next).toBeUndefined();
  });

  it("can be emptied and used again, and an element that was taken out can stand in another list", () => {
    const { list, items } = listOf(1);
    const other = listOf(7).list;
    for (const item of items) {
      list.remove(item);
      other.push(item);
    }
    expect(list.head).toBeUndefined();
    expect(namesOf(other)).toEqual([7, 1]);
    list.push({ name: 2 });
    list.push({ name: 3 });
    expect(namesOf(list)).toEqual([2, 3]);
  });

  it("does what an array does, whatever is pushed and removed", () => {
    const moves = fc.array(fc.nat(20), { maxLength: 200 });
    fc.assert(
      fc.property(moves, (picks) => {
        const list = new List<Item>();
        const array: Item[] = [];
        for (const [turn, pick] of picks.entries()) {
          const item = array[pick];
          if (item) {
            list.remove(item);
            array.splice(pick, 1);
          } else {
            const added: Item = { name: turn };
            list.push(added);
            array.push(added);
          }
          expect(namesOf(list)).toEqual(array.map(({ name }) => name));
        }
      }),
    );
  });
});
