import { expect, test } from "vitest";
import { cellAround, cellOf, type Grid } from "./grid-reading";

const grid: Grid = { x: [-2, 2], y: [0, 10], columns: 4, rows: 5 };

test("a place is in the cell around it, whose middle is read", () => {
  expect(cellAround(grid, -1.9, 9.9)).toEqual({ column: 0, row: 4, x: -1.5, y: 9 });
  expect(cellAround(grid, 0, 2)).toEqual({ column: 2, row: 1, x: 0.5, y: 3 });
});

test("there is nothing to read outside", () => {
  for (const [x, y] of [
    [-2.1, 5],
    [2.1, 5],
    [0, -0.1],
    [0, 10.1],
    [Number.NaN, 5],
  ] as const)
    expect(cellAround(grid, x, y)).toBeUndefined();
});

test("a move stays on the grid", () => {
  expect(cellOf(grid, 9, -3)).toEqual({ column: 3, row: 0, x: 1.5, y: 1 });
});

test("one row is read at any height", () => {
  expect(cellAround({ ...grid, rows: 1 }, 0, 1e9)).toMatchObject({ column: 2, row: 0 });
});
