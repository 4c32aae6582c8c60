import { expect, test } from "vitest";
import type { Measurement, Table1Entry, Table1Row } from "../engine/engine";
import {
  comparedCell,
  doubtOf,
  measuredCell,
  quantitiesOf,
  relative,
  scaleOf,
  settingsOf,
} from "./table-words";

const entry: Table1Entry = {
  covariance: [
    [3, 0.5],
    [0.5, 8],
  ],
  training_error: 1.9,
};
const measurement = {
  step: 1000,
  replicas: 10_000,
  diverged: 0,
  covariance: [
    [2.9, 0.4],
    [0.4, 8.1],
  ],
  covariance_error: [
    [0.1, 0.2],
    [0.2, 0.3],
  ],
  training_error: 1.95,
  training_error_error: 0.05,
} as unknown as Measurement;

test("the quantities are the first two coordinates of Σ and the training error", () => {
  const quantities = quantitiesOf(3);
  expect(quantities.map(({ name }) => name)).toEqual(["Σ11", "Σ22", "Σ12", "L"]);
  expect(quantities.map(({ of }) => of(entry))).toEqual([3, 8, 0.5, 1.9]);
  expect(quantities.map(({ measured }) => measured(measurement))).toEqual([
    [2.9, 0.1],
    [8.1, 0.3],
    [0.4, 0.2],
    [1.95, 0.05],
  ]);
  const others = quantitiesOf(2, [1, 0]);
  expect(others.map(({ name, of }) => [name, of(entry)])).toEqual([
    ["Σ22", 8],
    ["Σ11", 3],
    ["Σ21", 0.5],
    ["L", 1.9],
  ]);
  expect(quantitiesOf(12, [0, 10]).map(({ name }) => name)).toEqual(["Σ1,1", "Σ11,11", "Σ1,11", "L"]);
  expect(quantitiesOf(1).map(({ name }) => name)).toEqual(["Σ", "L"]);
  expect(quantitiesOf(1).map(({ of }) => of(null))).toEqual([null, null]);
});

test("an entry is exact, or says how far off it is", () => {
  expect(comparedCell(0.75, 3, 8)).toEqual({ value: "0.75", mark: "−75\u00a0%", tone: "wrong" });
  expect(comparedCell(3 + 1e-12, 3, 8)).toEqual({ value: "3", mark: "exact", tone: "right" });
  expect(comparedCell(1e-17, 0, 8)).toEqual({ value: "0", mark: "exact", tone: "right" });
  expect(comparedCell(null, 3, 8, "see above")).toEqual({ value: "–", mark: "see above", tone: "plain" });
  // Where nothing is stationary, nothing is right or wrong.
  expect(comparedCell(0.75, null, 8)).toEqual({ value: "0.75", mark: "", tone: "plain" });
});

test("relative errors of every size and sign", () => {
  expect(relative(4.5, 3, 3)).toBe("+50\u00a0%");
  expect(relative(30, 3, 3)).toBe("× 10");
  expect(relative(-3, 3, 3)).toBe("wrong sign");
  expect(relative(3.00003, 3, 3)).toBe("under 0.01\u00a0%");
  expect(relative(2.99997, 3, 3)).toBe("under 0.01\u00a0%");
  expect(relative(0.1, 0, 3)).toBe("not zero");
});

test("a measurement has its error and its z, and is marked beyond four", () => {
  expect(measuredCell([2.9, 0.1], 3)).toEqual({ value: "2.90 ± 0.10", mark: "z = −1.0", tone: "plain" });
  expect(measuredCell([3.5, 0.1], 3)).toEqual({ value: "3.50 ± 0.10", mark: "z = +5.0", tone: "wrong" });
  expect(measuredCell([2.9, 0.1], null)).toEqual({ value: "2.90 ± 0.10", mark: "", tone: "plain" });
  expect(measuredCell([Number.NaN, Number.NaN], 3)).toEqual({ value: "–", mark: "", tone: "plain" });
});

test("what has not settled, or has diverged, is said", () => {
  expect(doubtOf(measurement, 1.9, 1.9)).toBe("");
  expect(doubtOf(measurement, 1.88, 1.9)).toBe("");
  expect(doubtOf(measurement, 1.2, 1.9)).toBe(
    "Not settled after 1\u202f000 steps: there the theory has a training error of 1.2.",
  );
  expect(doubtOf(measurement, undefined, null)).toBe(
    "Nothing is stationary: this is what 1\u202f000 steps lead to.",
  );
  expect(doubtOf({ ...measurement, diverged: 3 }, 1.9, 1.9)).toBe("3 of 10\u202f000 replicas have diverged.");
});

test("the size of Σ is that of its largest variance", () => {
  expect(scaleOf([null, undefined, entry])).toBe(8);
  expect(scaleOf([null])).toBe(0);
});

test("an optimizer says its own numbers", () => {
  const row = { optimizer: { kind: "qhm", learning_rate: 0.5, momentum: 0.9, mixing: 0.7 } };
  expect(settingsOf(row as unknown as Table1Row)).toBe("λ = 0.5, μ = 0.9, ν = 0.7");
});
