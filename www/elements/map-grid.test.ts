import { describe, expect, test } from "vitest";
import type { FullScenario, Prediction } from "../engine/engine";
import { type Value, write } from "../state/document";
import { defaults } from "../state/tables";
import {
  axesFor,
  COLUMNS,
  canChoose,
  cellAt,
  chosen,
  mapOf,
  mapTables,
  moved,
  productsOf,
  readoutOfCell,
  shareOf,
  tellMap,
} from "./map-grid";

const optimizer = (changes: Record<string, Value>): FullScenario["optimizer"] =>
  write(defaults, new Map(Object.entries(changes))).scenario.optimizer;
const sgd = optimizer({ momentum: 0.3 });
const axes = axesFor(sgd, 1.5, 2.6);
const cells = axes.products.length * axes.shares.length;
/** Numbers that say where they are. */
const map = mapOf(
  axes,
  Float64Array.from({ length: 2 * cells + axes.shares.length }, (_, i) =>
    i < cells ? i : i < 2 * cells ? -i : 7,
  ),
);

describe("the axes", () => {
  test("hold the largest λk and the limit, in steps of 1, 2 or 5", () => {
    expect(axes.products[0]).toBe(0.02);
    expect(axes.products[COLUMNS - 1]).toBe(4.2);
    expect([axes.shares[0], axes.shares[99], axes.shares.length]).toEqual([0, 0.99, 100]);
    for (const [largest, limit] of [
      [0.01, 2],
      [7, 2],
      [1, 38],
      [3e5, 4],
    ] as const) {
      const { products } = axesFor(sgd, largest, limit);
      expect(products[COLUMNS - 1]).toBeGreaterThanOrEqual(Math.max(largest, limit));
      expect([1, 2, 5]).toContain(Number((products[0] as number).toExponential().split("e")[0]));
    }
  });
  test("the upward one is what the optimizer mixes by", () => {
    expect(shareOf(sgd)).toEqual({ name: "momentum", value: 0.3 });
    expect(shareOf(optimizer({ optimizer: "qhm", mixing: 0.4 }))).toEqual({ name: "mixing", value: 0.4 });
    expect(shareOf(optimizer({ optimizer: "adam", beta1: 0.8 }))).toEqual({ name: "beta1", value: 0.8 });
    expect(axesFor(optimizer({ optimizer: "qhm" }), 1, 2).shares[100]).toBe(1);
  });
});

describe("a place", () => {
  test("is the nearest of the grid, and stays on it", () => {
    expect(cellAt(axes, 1.507, 0.304)).toEqual({ column: 74, row: 30 });
    expect(cellAt(axes, -3, -1)).toEqual({ column: 0, row: 0 });
    expect(cellAt(axes, 99, 2)).toEqual({ column: COLUMNS - 1, row: 99 });
    expect(moved(axes, { column: 0, row: 99 }, -1, 1)).toEqual({ column: 0, row: 99 });
  });
  test("has its own numbers", () => {
    const at = 30 * COLUMNS + 74;
    expect(readoutOfCell(map, { column: 74, row: 30 })).toEqual([
      "λk = 1.5, μ = 0.3",
      `variance −${cells + at} c/k²`,
      `training error −${(cells + at) / 2} c/k`,
      `spectral radius ${at}`,
    ]);
  });
  test("becomes a learning rate by the curvature", () => {
    expect(chosen(map, { column: 74, row: 30 }, 3)).toEqual({ learning_rate: 0.5, momentum: 0.3 });
    expect(canChoose(sgd)).toBe(true);
    expect(canChoose(optimizer({ optimizer: "adam" }))).toBe(false);
  });
});

test("the directions have their λk, but behind a preconditioner only the sharpest is known", () => {
  const prediction = {
    modes: [{ curvature: 2 }, { curvature: 0.5 }, { curvature: 0 }],
    stability: { largest: 0.9 },
  } as Prediction;
  const scenario = (changes: Record<string, Value>) =>
    write(defaults, new Map(Object.entries(changes))).scenario;
  expect(productsOf(scenario({ learning_rate: 0.5 }), prediction)).toEqual([1, 0.25]);
  expect(productsOf(scenario({ optimizer: "newton" }), prediction)).toEqual([0.9]);
});

test("the sentence has the numbers, and says what diverges", () => {
  const stable = [
    { product: 1.5, radius: 0.5, variance: 3 },
    { product: 0.15, radius: 0.85, variance: 0.081 },
  ];
  const words = tellMap(sgd, stable, 2, true);
  expect(words).toMatch(
    /^At λk = 1\.5, μ = 0\.3 a step leaves 0\.5 .* 3 c\/k²; it diverges from λk = 2 on\./,
  );
  expect(words).toContain("The slowest direction, λk = 0.15, keeps 0.85 a step.");
  const unstable = tellMap(sgd, [{ product: 2.5, radius: 1.5, variance: Number.NaN }], 2, false);
  expect(unstable).toMatch(/multiplies a deviation by 1\.5: it diverges, since λk is not below 2\./);
  expect(tellMap(sgd, [], 2, true)).toMatch(/no direction/);
});

test("every cell is in the tables, its training error half of its variance, and the limit of each row", () => {
  const [grid, limit] = mapTables(map).map(({ table }) => table());
  const at = 30 * COLUMNS + 74;
  expect(grid?.rows).toHaveLength(cells);
  expect(grid?.header.slice(0, 2)).toEqual(["lambda_k", "momentum"]);
  expect(grid?.rows[at]).toEqual([1.5, 0.3, at, -cells - at, -(cells + at) / 2]);
  expect(limit?.rows).toHaveLength(axes.shares.length);
  expect(limit?.rows[30]).toEqual([0.3, 7]);
});
