import { expect, test } from "vitest";
import type { Prediction } from "../engine/engine";
import { write } from "../state/document";
import { defaults } from "../state/tables";
import { directionsOf, readoutOfMode, tellModes } from "./modes-words";

const mode = (
  curvature: number,
  direction: number[],
  discrete: number | null,
  time: number | null = 0.333,
) => ({
  curvature,
  direction,
  continuous: 0.75 / curvature,
  discrete,
  autocorrelation_time: time,
  autocorrelation_time_continuous: 1.33,
});
const covariance = [
  [3, 1],
  [1, 8],
];
const prediction = {
  modes: [mode(1, [1, 0], 3), mode(0.1, [0, 1], 8.108, 12)],
  stability: { stable: true, summary: "stable: all is well" },
  exact: { stationary: { covariance } },
} as unknown as Prediction;
const { scenario } = defaults;

test("a direction has λk and the exact variance along it; λk > 1 is sharp", () => {
  const [first, second] = directionsOf(scenario, prediction);
  expect(first).toMatchObject({ product: 1.5, exact: 3, sharp: true, along: "(1, 0)" });
  expect(second).toMatchObject({ exact: 8, sharp: false });
  const turned = {
    ...prediction,
    modes: [mode(1, [Math.SQRT1_2, Math.SQRT1_2], 1)],
  } as unknown as Prediction;
  expect(directionsOf(scenario, turned)[0]?.exact).toBeCloseTo((3 + 2 + 8) / 2, 12);
  const newton = write(defaults, new Map([["optimizer", "newton"]])).scenario;
  expect(directionsOf(newton, prediction)[0]).toMatchObject({ product: undefined, sharp: false });
});

test("a long eigenvector is said by its largest entry", () => {
  const five = {
    ...prediction,
    modes: [mode(1, [0.1, -0.9, 0.2, 0.2, 0.3], 1)],
    exact: null,
  } as unknown as Prediction;
  expect(directionsOf(scenario, five)[0]).toMatchObject({ along: "mostly coordinate 2", exact: undefined });
});

test("the sentence has the numbers", () => {
  const words = tellModes(directionsOf(scenario, prediction), prediction);
  expect(words).toBe(
    "At λk = 1.5, along (1, 0), the discrete variance is 3, 4 times the continuous 0.75. 1 of 2 directions is sharp, " +
      "λk > 1: a plain step goes beyond the minimum. Its autocorrelation time is 0.333 steps, below 1 since neighbouring " +
      "steps are anticorrelated; continuous theory 1.33.",
  );
});

test("without a stationary state it says why, and what the continuous theory says all the same", () => {
  const unstable = {
    ...prediction,
    modes: [mode(1, [1, 0], null, null)],
    exact: null,
    stability: { stable: false, summary: "unstable: λk = 2.5 is above 2" },
  } as unknown as Prediction;
  const directions = directionsOf(scenario, unstable);
  expect(tellModes(directions, unstable)).toContain(
    "there is no discrete variance. Unstable: λk = 2.5 is above 2. The continuous theory says 0.75 all the same.",
  );
  const [only] = directions;
  expect(only && readoutOfMode(only)).toContain("discrete: none");
});
