import { expect, test } from "vitest";
import type { Prediction } from "../engine/engine";
import { write } from "../state/document";
import { defaults } from "../state/tables";
import { coordinatesOf, noiseless, viewOf } from "./cloud-view";

const { scenario } = defaults;
const law = (...spread: number[]) => ({
  covariance: spread.map((v, i) => spread.map((_, j) => (i === j ? v : 0))),
});
const predicted = (continuous: unknown, discrete: unknown = continuous) =>
  ({ continuous: { stationary: continuous }, discrete: { stationary: discrete } }) as unknown as Prediction;

test("two coordinates are shown where there are two", () => {
  expect(coordinatesOf(scenario)).toEqual([0, 1]);
  expect(coordinatesOf(write(defaults, new Map([["loss", "polynomial"]])).scenario)).toEqual([0, 0]);
});

test("a random walk has no law in the long run, which is not the same as none that moves", () => {
  expect(noiseless(scenario, predicted(law(0, 0)))).toBe(true);
  expect(noiseless(scenario, predicted(law(0, 1)))).toBe(false);
  expect(noiseless(scenario, predicted(null))).toBe(false);
  const { low, high } = viewOf(scenario, predicted(null));
  expect([...low, ...high]).toEqual([-1, -1, 1, 1]);
});
