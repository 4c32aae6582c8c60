// The list of what is rare against the core's first module itself: what it knows, and what it leaves to the complete one.
import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { isCommon, isCommonSweep, runsOf } from "./common";
import * as first from "./pkg/noisy_descent_first";
import type { Scenario, Sweep } from "./pkg/noisy_descent_wasm";
import * as complete from "./pkg/noisy_descent_wasm";

beforeAll(() => {
  const wasm = (name: string) => readFileSync(new URL(`./pkg/${name}_bg.wasm`, import.meta.url));
  first.initSync({ module: wasm("noisy_descent_first") });
  complete.initSync({ module: wasm("noisy_descent_wasm") });
});

/** Documents with every kind of loss, noise and optimizer; what goes with a kind comes along. */
const data = { loss: { kind: "least_squares" } };
const well = { loss: { kind: "piecewise_quadratic" } };
const scenarios: Record<string, object> = {
  "nothing said": {},
  ...kinds("optimizer", ["momentum", "qhm", "newton", "natural_gradient", "adam"], { learning_rate: 0.5 }),
  preconditioned: {
    optimizer: {
      kind: "preconditioned",
      learning_rate: 0.5,
      preconditioner: [
        [1, 0],
        [0, 2],
      ],
    },
  },
  "least squares": data,
  "a piecewise potential": well,
  "a polynomial": { loss: { kind: "polynomial", coefficients: [0, 0, 0.5, -0.3] } },
  "white noise": { noise: { covariance: { kind: "white", variance: 2 } } },
  "noise like the Hessian": { noise: { covariance: { kind: "hessian", scale: 2 } } },
  "mixed noise": { noise: { covariance: { kind: "mixed", variance: 1, scale: 2 } } },
  "proportional noise": {
    optimizer: { kind: "adam", learning_rate: 0.1 },
    noise: { covariance: { kind: "proportional", scale: 0.5 } },
  },
  "a minibatch": { ...data, noise: { covariance: { kind: "minibatch" } } },
  "noise of a curvature": { ...well, noise: { covariance: { kind: "curvature" } } },
  "a law": { noise: { law: { kind: "laplace" } } },
};

function kinds(choice: string, names: string[], rest: object) {
  return Object.fromEntries(names.map((kind) => [kind, { [choice]: { kind, ...rest } }]));
}

test.each(Object.entries(scenarios))("%s", (_, parts) => {
  const scenario = { version: 1, run: { replicas: 10, steps: 2 }, ...parts } as unknown as Scenario;
  const sweep = { scenario, parameter: "seed", from: 1, to: 9, points: 1 } as unknown as Sweep;
  const whole = complete.check(sweep);
  expect(whole.ok || whole.problems).toBe(true);
  // The first module either says the same of it in every way, or it is rare.
  if (isCommon(scenario)) {
    expect(first.check(sweep)).toEqual(whole);
    expect(first.predict(scenario)).toEqual(complete.predict(scenario));
    expect(first.curve(sweep, 3)).toEqual(complete.curve(sweep, 3));
    expect(bits(first, scenario)).toBe(bits(complete, scenario));
  } else {
    // The page never asks it; if one did, it would say so instead of guessing.
    const refused = first.check(sweep);
    expect(refused.ok ? [] : refused.problems.map(({ message }) => message)).toEqual([
      expect.stringContaining("only a build with the feature `complete` knows it"),
    ]);
  }
  expect(isCommonSweep(sweep)).toBe(isCommon(scenario));
});

/** Every bit of an ensemble at its end. */
function bits(core: typeof first | typeof complete, scenario: Scenario): string {
  const ensemble = new core.Ensemble(scenario, 0);
  ensemble.set_target(2);
  while (!ensemble.advance(1000));
  return ensemble.checksum();
}

test.each(["proportional", "minibatch", "curvature"])(
  "%s noise alone is refused in the same words",
  (kind) => {
    const covariance = { kind, ...(kind === "proportional" ? { scale: 1 } : {}) };
    const sweep = { scenario: { version: 1, noise: { covariance } } } as unknown as Sweep;
    expect(isCommonSweep(sweep)).toBe(true);
    expect(first.check(sweep).ok).toBe(false);
    expect(first.check(sweep)).toEqual(complete.check(sweep));
  },
);

test("a formula is rare", () => {
  const sweep = { scenario: { version: 1 }, formula: "lambda*c" } as unknown as Sweep;
  expect(isCommonSweep(sweep)).toBe(false);
  expect([complete.check(sweep).ok, first.check(sweep).ok]).toEqual([true, false]);
});

test("an axis that is no number of the document is rare", () => {
  for (const { name } of complete.axes()) {
    const sweep = { scenario: { version: 1 }, parameter: name, from: 1, to: 9, points: 3 } as Sweep;
    expect(isCommonSweep(sweep)).toBe(false);
    expect([complete.check(sweep).ok, first.check(sweep).ok]).toEqual([true, false]);
  }
});

test("what is no document is refused by the first module", () => {
  for (const odd of [
    null,
    3,
    { scenario: null },
    { scenario: { loss: 3 } },
    { scenario: { loss: { kind: "x" } } },
  ]) {
    expect(isCommonSweep(odd as never)).toBe(true);
    expect(first.check(odd as never).ok).toBe(false);
  }
});

test("a formula is the points', not the runs'", () => {
  const sweep = {
    scenario: { version: 1 },
    parameter: "learning_rate",
    formula: "lambda*c",
  } as unknown as Sweep;
  expect(isCommonSweep(sweep)).toBe(false);
  const runs = runsOf(sweep);
  expect(isCommonSweep(runs)).toBe(true);
  expect({ ...runs, formula: sweep.formula }).toEqual(sweep);
  expect(runsOf(runs)).toBe(runs);
});
