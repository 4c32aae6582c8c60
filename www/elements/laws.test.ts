import { expect, test } from "vitest";
import type { Prediction, Snapshot } from "../engine/engine";
import { cloudTables, gridOf, readoutOfCloud } from "./cloud-laws";
import { drawnLaws } from "./cloud-theories";
import { cellAround } from "./grid-reading";
import { densityAt, lawsTable, readoutOfLaws, sigmasAt } from "./laws";

test("a deviation is measured in the law's own directions", () => {
  // Eigenvalues 9 along (1, 1) and 1 along (1, −1).
  const tilted = [
    [5, 4],
    [4, 5],
  ] as const;
  expect(sigmasAt(tilted, 3, 3)).toBeCloseTo(Math.sqrt(2), 12);
  expect(sigmasAt(tilted, 1, -1)).toBeCloseTo(Math.sqrt(2), 12);
  expect(sigmasAt(tilted, -10)).toBeCloseTo(10 / Math.sqrt(5), 12);
  const line = [
    [1, 1],
    [1, 1],
  ] as const;
  expect(sigmasAt(line, 1, 0)).toBeNaN();
  expect(densityAt(4, 2)).toBeCloseTo(Math.exp(-0.5) / Math.sqrt(8 * Math.PI), 12);
});

const law = (a: number, b: number) =>
  [
    [a, 0],
    [0, b],
  ] as const;

test("a place is read by every law, with a density where there is one axis", () => {
  const laws = [
    { series: "discrete", name: "SGD", covariance: law(4, 1) },
    { name: "posterior", covariance: law(0, 0) },
  ] as const;
  expect(readoutOfLaws(laws, 2, 0)).toEqual([
    { text: "at (2, 0)" },
    { text: "SGD: 1.00 σ from the centre", series: "discrete" },
    { text: "posterior: no spread there" },
  ]);
  expect(readoutOfLaws(laws, 2)[1]?.text).toBe("SGD: 1.00 σ from the centre, density 0.121");
  expect(lawsTable(laws, "").rows[0]).toEqual(["SGD", 4, 1, 0]);
});

const moments = (a: number, b: number) => ({ stationary: { covariance: law(a, b) } });
const prediction = {
  continuous: moments(1, 4),
  discrete: moments(4, 4),
  exact: moments(9, 4),
} as unknown as Prediction;
const plane = {
  step: 7,
  view: { x: 0, y: 1, columns: 4, rows: 2, low: [-4, -2], high: [4, 2] },
  counts: Uint32Array.from([0, 1, 2, 0, 3, 4, 30, 0]),
  measurement: { mean: [0.1, 0], covariance: law(4.2, 3.9), covariance_error: law(0.1, 0.1), replicas: 40 },
} as unknown as Snapshot;
const axes = { x: 0, y: 1 };

test("a cell of the cloud says its replicas, their density, and how far out it is by every law", () => {
  const cell = cellAround(gridOf(plane), 1, 1);
  expect(cell).toMatchObject({ column: 2, row: 1, x: 1, y: 1 });
  expect(cell && readoutOfCloud(plane, prediction, axes, cell).map(({ text }) => text)).toEqual([
    "w₁ = 1, w₂ = 1",
    // 30 of 40 in a cell of 2 by 2, with √(30·10/40) as the error of 30.
    "30 replicas of 40 here, density 0.188 ± 0.017",
    `continuous: ${Math.sqrt(1 + 0.25).toFixed(2)} σ out`,
    `discrete: ${Math.sqrt(0.5).toFixed(2)} σ out`,
    `exact: ${Math.sqrt(1 / 9 + 0.25).toFixed(2)} σ out`,
  ]);
});

test("the exact law counts where it is not the discrete one", () => {
  const constant = { ...prediction, exact: moments(4, 4) } as unknown as Prediction;
  expect(drawnLaws(constant, axes).map(({ name }) => name)).toEqual(["continuous", "discrete"]);
});

test("the tables of a cloud hold every cell, the sums along both axes, and every ellipse", () => {
  const tables = Object.fromEntries(
    cloudTables(plane, prediction, axes).map(({ name, table }) => [name, table()]),
  );
  expect(Object.keys(tables)).toEqual(["ellipses", "density", "histogram of w₁", "histogram of w₂"]);
  expect(tables.density?.rows).toHaveLength(8);
  expect(tables.density?.rows[6]).toEqual([1, 1, 30, Math.sqrt(7.5)]);
  expect(tables["histogram of w₁"]?.rows.map(([, , n]) => n)).toEqual([3, 5, 32, 0]);
  expect(tables["histogram of w₂"]?.rows.map(([, , n]) => n)).toEqual([3, 37]);
  expect(tables["histogram of w₁"]?.rows[2]?.slice(0, 5)).toEqual([0, 2, 32, 0.4, Math.sqrt(6.4) / 80]);
  expect(tables["histogram of w₁"]?.rows[2]?.[7]).toBeCloseTo(densityAt(9, 1), 12);
  expect(tables.ellipses?.rows.at(-1)).toEqual(["measured", 0.1, 0, 4.2, 3.9, 0]);
});

test("one weight has bins, read at any height", () => {
  const line = {
    ...plane,
    view: { ...plane.view, y: 0, rows: 5 },
    counts: Uint32Array.from([10, 20, 8, 2]),
  } as Snapshot;
  const single = { x: 0, y: 0 };
  expect(gridOf(line).rows).toBe(1);
  expect(cloudTables(line, prediction, single).map(({ name }) => name)).toEqual(["histogram"]);
  const cell = cellAround(gridOf(line), -1, 1e6);
  const [place, mass, , discrete] = cell ? readoutOfCloud(line, prediction, single, cell) : [];
  expect([place?.text, mass?.text]).toEqual(["w = −1", "20 replicas of 40 here, density 0.250 ± 0.040"]);
  // Of a potential the density is of those that have not left the well, by and by or before the first step.
  const measurement = { ...line.measurement, escaped: 15, left_before: 5 } as Snapshot["measurement"];
  expect(cell && readoutOfCloud({ ...line, measurement }, prediction, single, cell)[1]?.text).toBe(
    "20 replicas of 40 here, density 0.5",
  );
  expect(cloudTables({ ...line, measurement }, prediction, single)[0]?.table().rows[1]?.[3]).toBe(0.5);
  expect(discrete?.text).toBe(`discrete: 0.50 σ out, density ${densityAt(4, 1).toFixed(3)}`);
});
