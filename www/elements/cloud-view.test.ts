import { expect, test } from "vitest";
import type { Prediction } from "../engine/engine";
import { write } from "../state/document";
import { defaults } from "../state/tables";
import { axesOf } from "./cloud-axes";
import { noiseless, viewOf } from "./cloud-view";

const { scenario } = defaults;
const law = (...spread: number[]) => ({
  covariance: spread.map((v, i) => spread.map((_, j) => (i === j ? v : 0))),
});
const predicted = (continuous: unknown, discrete: unknown = continuous) =>
  ({ continuous: { stationary: continuous }, discrete: { stationary: discrete } }) as unknown as Prediction;

test("two coordinates are shown where there are two", () => {
  expect(axesOf(scenario)).toEqual({ x: 0, y: 1 });
  expect(axesOf(write(defaults, new Map([["loss", "polynomial"]])).scenario)).toEqual({ x: 0, y: 0 });
});

test("a random walk has no law in the long run, which is not the same as none that moves", () => {
  expect(noiseless(predicted(law(0, 0)))).toBe(true);
  expect(noiseless(predicted(law(0, 1)))).toBe(false);
  expect(noiseless(predicted(null))).toBe(false);
  const { low, high } = viewOf(scenario, predicted(null));
  expect([...low, ...high]).toEqual([-1, -1, 1, 1]);
});
