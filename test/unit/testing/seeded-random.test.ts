import { describe, expect, it } from "vitest";
import { chance, fork, integer, pick, seededRandom } from "../../../src/testing/seeded-random.ts";

const draw = (count: number, seed: number): number[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, random);
};

describe("seededRandom", () => {
  it("gives the same numbers for the same seed, in every version", () => {
    expect(draw(3, 42)).toEqual(draw(3, 42));
    expect(draw(3, 42).map((value) => Math.floor(value * 1e9))).toMatchInlineSnapshot(`
      [
        457514243,
        22981431,
        700549842,
      ]
    `);
  });

  it("gives others for neighbouring seeds and for seeds that differ above 32 bits", () => {
    const seeds = [0, 1, 2, -1, 2 ** 32, 2 ** 32 + 1, 2 ** 40, Number.MAX_SAFE_INTEGER];
    expect(new Set(seeds.map((seed) => draw(4, seed).join())).size).toBe(seeds.length);
  });

  it("is even over [0, 1), also over the first numbers of many seeds", () => {
    const many = draw(100_000, 7);
    const firsts = Array.from({ length: 10_000 }, (_, seed) => draw(1, seed)[0] ?? 2);
    for (const values of [many, firsts]) {
      expect(Math.min(...firsts)).toBeGreaterThanOrEqual(0);
      expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
      for (let tenth = 0; tenth < 10; tenth++) {
        const share = values.filter((value) => Math.floor(value * 10) === tenth).length / values.length;
        expect(share).toBeGreaterThan(0.085);
        expect(share).toBeLessThan(0.115);
      }
    }
  });

  it("does not repeat itself soon", () => {
    expect(new Set(draw(50_000, 1)).size).toBeGreaterThan(49_990);
  });
});

describe("what is drawn from it", () => {
  it("chance keeps to its probability, with 0 never and 1 always", () => {
    const random = seededRandom(3);
    const share = (probability: number): number =>
      Array.from({ length: 10_000 }, () => chance(random, probability)).filter(Boolean).length / 10_000;
    expect(share(0)).toBe(0);
    expect(share(1)).toBe(1);
    expect(share(0.3)).toBeCloseTo(0.3, 1);
  });

  it("integer includes both ends", () => {
    const random = seededRandom(4);
    const seen = new Set(Array.from({ length: 1_000 }, () => integer(random, -1, 2)));
    expect([...seen].sort((a, b) => a - b)).toEqual([-1, 0, 1, 2]);
  });

  it("pick takes each item, and refuses an empty list", () => {
    const random = seededRandom(5);
    expect(new Set(Array.from({ length: 100 }, () => pick(random, ["a", "b", "c"]))).size).toBe(3);
    expect(() => pick(random, [])).toThrow(TypeError);
  });

  it("fork gives a source of its own", () => {
    const parent = seededRandom(6);
    const child = fork(parent);
    const again = seededRandom(6);
    const childAgain = fork(again);
    for (let i = 0; i < 10; i++) parent();
    expect(child()).toBe(childAgain());
    expect(fork(seededRandom(6))()).not.toBe(seededRandom(6)());
  });
});
