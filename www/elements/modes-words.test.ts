import { expect, test } from "vitest";
import type { Look, Prediction } from "../engine/engine";
import { write } from "../state/document";
import { defaults } from "../state/tables";
import { modesTable } from "./modes-table";
import { directionsOf, readoutOfMode, relaxing, tellModes, withMeasured, withRadii } from "./modes-words";

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

test("what is pinned stands beside its like, sharpest first, and has columns only then", () => {
  const directions = directionsOf(scenario, prediction);
  const plain = modesTable(directions, []);
  expect(plain.header).not.toContain("pinned");
  expect(plain.rows.map(([k]) => k)).toEqual([1, 0.1]);
  const sharper = { ...prediction, modes: [mode(4, [1, 0], 2), mode(2, [0, 1], 1), mode(1, [0, 0], 5)] };
  const pinned = directionsOf(scenario, sharper as unknown as Prediction).map((one, i) =>
    i === 0 ? { ...one, measured: 2.5, error: 0.1 } : one,
  );
  const { header, rows } = modesTable(directions, pinned);
  const columns = [
    "curvature",
    "pinned_curvature",
    "pinned_lambda_k",
    "pinned_discrete",
    "pinned",
    "pinned_error",
  ];
  expect(rows.map((row) => columns.map((name) => row[header.indexOf(name)]))).toEqual([
    [1, 4, 6, 2, 2.5, 0.1],
    [0.1, 2, 3, 1, undefined, undefined],
    [undefined, 1, 1.5, 5, undefined, undefined],
  ]);
  expect(rows.every((row) => row.length === header.length)).toBe(true);
});

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
      "λk > 1: a plain step goes beyond the minimum. Its autocorrelation time is 0.333 steps, below 1 since later steps are " +
      "on the whole anticorrelated with it; continuous theory 1.33.",
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

test("a direction that settles beside a flat one is not said to diverge, nor is half of a time said", () => {
  const beside = {
    ...prediction,
    modes: [mode(0.5, [1, 0], null, null), mode(0, [0, 1], null, null)],
    stability: { stable: false, limit: 2, summary: "unstable: the loss is flat along 1 of 2 directions" },
  } as unknown as Prediction;
  const directions = withRadii(directionsOf(scenario, beside), [0.25]).map((one) => ({
    ...one,
    relaxationContinuous: undefined,
  }));
  const words = tellModes(directions, beside);
  expect(words).toContain(
    "At λk = 0.75, along (1, 0), the steps settle, yet there is no stationary state as a whole.",
  );
  expect(words).toContain("A disturbance falls to 1/e in 0.721 steps.");
});

test("where a flat direction is beside, a curved one has its variance, and the flat one is said", () => {
  const beside = {
    ...prediction,
    modes: [mode(1, [1, 0], 3), mode(0, [0, 1], null, null)],
    stability: { stable: false, limit: 2, summary: "unstable: the loss is flat along 1 of 2 directions" },
  } as unknown as Prediction;
  expect(tellModes(directionsOf(scenario, beside), beside)).toMatch(
    /the discrete variance is 3, .* Unstable: the loss is flat along 1 of 2 directions\./,
  );
});

test("a relaxation time is that of the spectral radius; flat and unstable directions have none", () => {
  const flat = {
    ...prediction,
    modes: [mode(1.8, [1, 0], 3), mode(0.1, [0, 1], 8), mode(0, [0, 0], null)],
  } as unknown as Prediction;
  const directions = directionsOf(scenario, flat);
  expect(relaxing(directions)).toEqual([1.5 * 1.8, 1.5 * 0.1]);
  const [unstable, slow, still] = withRadii(directions, [1.7, 0.85]);
  expect(unstable?.relaxation).toBeUndefined();
  expect(slow?.relaxation).toBeCloseTo(-1 / Math.log(0.85), 12);
  expect(still?.relaxation).toBeUndefined();
  // Half of the integral over both signs of the lag.
  expect(slow?.relaxationContinuous).toBe(1.33 / 2);
});

test("what is measured along a direction stands behind the coordinates, and is judged by the law of that step", () => {
  const component = (variance: number) => ({ variance, variance_error: 0.1 });
  const look = {
    measured: { components: [9, 9, 2.8, 8].map(component) },
    discrete: { components: [9, 9, 2.6, 7.9].map((variance) => ({ variance })) },
  } as unknown as Look;
  const [sharpest, flattest] = withMeasured(directionsOf(scenario, prediction), look);
  expect(sharpest).toMatchObject({ measured: 2.8, error: 0.1, discreteThen: 2.6 });
  expect(flattest).toMatchObject({ measured: 8 });
  expect(sharpest && readoutOfMode(sharpest)).toContain("measured 2.80 ± 0.10, +2.0 standard errors");
  expect(tellModes([sharpest, flattest] as never, prediction)).toMatch(
    /Measured at the end of the run: 2\.80 ± 0\.10, \+2\.0 standard errors from the discrete theory of that step\.$/,
  );
  const gone = { ...look, measured: { components: [9, 9, Number.NaN, 8].map(component) } } as unknown as Look;
  expect(withMeasured(directionsOf(scenario, prediction), gone)[0]?.measured).toBeUndefined();
});
