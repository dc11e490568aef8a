import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom, shuffled } from "../../src/core/random.js";

const draw = (random: () => number, count: number): number[] => Array.from({ length: count }, random);

describe("seeded randomness", () => {
  it("is the same for the same seed, and another for another", () => {
    expect(draw(seededRandom(7), 5)).toEqual(draw(seededRandom(7), 5));
    expect(draw(seededRandom(7), 5)).not.toEqual(draw(seededRandom(8), 5));
  });

  it("is the same on every machine and in every version", () => {
    // mulberry32(1), from the author's reference implementation.
    expect(seededRandom(1)()).toBe(0.6270739405881613);
  });

  it("lies in [0, 1) and is spread evenly", () => {
    const numbers = draw(seededRandom(3), 20_000);
    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
    expect(numbers.reduce((sum, number) => sum + number, 0) / numbers.length).toBeCloseTo(0.5, 2);
  });
});

describe("shuffling", () => {
  it("keeps every item, changes nothing in place, and repeats with the seed", () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), fc.nat(), (items, seed) => {
        const before = [...items];
        const result = shuffled(items, seededRandom(seed));
        expect(items).toEqual(before);
        expect([...result].sort()).toEqual([...items].sort());
        expect(shuffled(items, seededRandom(seed))).toEqual(result);
      }),
    );
  });

  it("gives every order its chance", () => {
    const random = seededRandom(1);
    const orders = new Map<string, number>();
    for (let i = 0; i < 6_000; i++) {
      const order = shuffled(["a", "b", "c"], random).join("");
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(6);
    for (const count of orders.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});
