import { describe, expect, test } from "vitest";
import {
  blockOf,
  type Compared,
  columnsFor,
  halvesOf,
  oneScale,
  scaled,
  tellComparison,
} from "./comparison-words";

const one = (name: string, error: number | null, why = ""): Compared =>
  ({
    row: { name, exact: error === null ? null : { training_error: error, covariance: null } },
    why,
  }) as never;

describe("the sentence", () => {
  test("names the smallest and the largest, and who has none with the reason", () => {
    const list = [one("SGD", 1.5), one("QHM", null, "unstable: λk = 3 is above 2.4"), one("Newton", 0.5)];
    expect(tellComparison(list)).toBe(
      "Newton has the smallest stationary training error, 0.5; SGD has the largest, 1.5, 3 times as much. QHM has no stationary state: Unstable: λk = 3 is above 2.4.",
    );
  });
  test("does not rank what is the same, and can have nobody left", () => {
    expect(tellComparison([one("SGD", 2), one("SGD with momentum", 2)])).toBe(
      "The stationary training error is 2, whichever it is.",
    );
    expect(tellComparison([one("SGD", null, "diverges")])).toBe("SGD has no stationary state: Diverges.");
  });
});

describe("the cells", () => {
  const block = (x: number, y: number) =>
    [
      [x * x, 0],
      [0, y * y],
    ] as const;
  test("share a scale while their sizes are alike", () => {
    expect(halvesOf([[block(1, 1)], [block(2, 1)], []])).toEqual([[6.8, 6.8], [6.8, 6.8], undefined]);
  });
  test("have their own where they are not, and unequal units where one would be a line", () => {
    const [small, large] = halvesOf([[block(1, 1)], [block(10, 1)]]);
    expect(oneScale([small, large])).toBeUndefined();
    expect(oneScale([[2, 3], undefined, [2, 3]])).toEqual([2, 3]);
    expect(small).toEqual([3.4, 3.4]);
    expect(large).toEqual([34, 3.4]);
  });
  test("a covariance keeps its share of the cell", () => {
    expect(
      scaled(
        [
          [4, 1],
          [1, 9],
        ],
        [2, 3],
      ),
    ).toEqual([
      [0.25, 1 / 24],
      [1 / 24, 0.25],
    ]);
    expect(
      blockOf([
        [1, 0],
        [0, Number.NaN],
      ]),
    ).toBeUndefined();
    expect(
      scaled(
        [
          [4, 0],
          [0, 9],
        ],
        [2, 3],
        [0.5, 0.8],
      )[1][1],
    ).toBeCloseTo(0.16);
    expect(blockOf(null)).toBeUndefined();
  });
  test("stand in as few rows as there is room for", () => {
    expect([columnsFor(800, 6), columnsFor(500, 6), columnsFor(340, 6), columnsFor(90, 6)]).toEqual([
      6, 3, 2, 1,
    ]);
  });
});
