import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { spread } from "./spread";

describe("spread", () => {
  test("leaves alone what is apart", () => {
    expect(spread([10, 30, 50], 10, 0, 100)).toEqual([10, 30, 50]);
  });
  test("moves two that meet apart by the same shift", () => {
    expect(spread([50, 52], 10, 0, 100)).toEqual([46, 56]);
  });
  test("keeps the callers' order of labels and the places' order of wishes", () => {
    expect(spread([52, 50, 90], 10, 0, 100)).toEqual([56, 46, 90]);
  });
  test("stays within bounds", () => {
    expect(spread([98, 99], 10, 0, 100)).toEqual([90, 100]);
    expect(spread([-50, 1], 10, 0, 100)).toEqual([0, 10]);
  });
  test("shrinks gaps where there is no room", () => {
    expect(spread([5, 5, 5], 10, 0, 10)).toEqual([0, 5, 10]);
    expect(spread([1, 2], 10, 5, 5)).toEqual([5, 5]);
  });
  test("equal wishes keep their order; none is none", () => {
    expect(spread([5, 5], 2, 0, 10)).toEqual([4, 6]);
    expect(spread([], 2, 0, 10)).toEqual([]);
  });

  test("for any wishes: in bounds, apart, in order, and never worse than a random valid choice", () => {
    const wishes = fc.array(fc.double({ min: -20, max: 120, noNaN: true }), { minLength: 1, maxLength: 6 });
    const slack = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 7, maxLength: 7 });
    const cost = (places: readonly number[], wanted: readonly number[]) =>
      places.reduce((sum, place, i) => sum + (place - (wanted[i] as number)) ** 2, 0);
    fc.assert(
      fc.property(wishes, slack, (wanted, parts) => {
        const sorted = [...wanted].sort((a, b) => a - b);
        const places = spread(sorted, 10, 0, 100);
        places.forEach((place, i) => {
          expect(place).toBeGreaterThanOrEqual(-1e-9);
          expect(place).toBeLessThanOrEqual(100 + 1e-9);
          if (i > 0) expect(place - (places[i - 1] as number)).toBeGreaterThanOrEqual(10 - 1e-9);
        });
        // Another valid choice: free room shared out by `parts` before, between and after the labels.
        const total = parts.slice(0, sorted.length + 1).reduce((sum, part) => sum + part, 1e-12);
        const free = 100 - 10 * (sorted.length - 1);
        let at = 0;
        const other = sorted.map((_, i) => {
          at += ((parts[i] as number) / total) * free + (i > 0 ? 10 : 0);
          return at;
        });
        expect(cost(places, sorted)).toBeLessThanOrEqual(cost(other, sorted) + 1e-6);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
