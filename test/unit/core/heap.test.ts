import fc from "fast-check";
import { expect, test } from "vitest";
import { push, shift } from "../../../src/core/heap.ts";

test("a heap gives the one that is due first, whatever is added and taken out", () => {
  const taken = "taken";
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat(50), fc.constant(taken)), { maxLength: 200 }), (moves) => {
      const heap: { readonly due: number }[] = [];
      let expected: number[] = [];
      for (const move of moves) {
        if (typeof move === "number") {
          push(heap, { due: move });
          expected = [...expected, move].sort((a, b) => a - b);
        } else {
          shift(heap);
          expected = expected.slice(1);
        }
        expect(heap[0]?.due).toBe(expected[0]);
        expect(heap.map(({ due }) => due).sort((a, b) => a - b)).toEqual(expected);
      }
    }),
  );
});
