import { expect, test } from "vitest";
import type { Curve } from "../engine/engine";
import { toPlainText, toRuns } from "../plot/rich";
import { write } from "../state/document";
import { axes, defaults, parameters } from "../state/tables";
import { sweepPlot, xTitle, yTitle } from "./sweep-plot";

const plainly = (markup: string) => toPlainText(toRuns(markup));
const along = (parameter: string) => plainly(xTitle({ ...defaults, parameter } as typeof defaults));

test("the axis says what is swept, its letter and its unit", () => {
  expect(along("learning_rate")).toBe("learning rate λ");
  expect(along("momentum")).toBe("momentum μ");
  const counted = parameters.find(({ name }) => name === "replicas");
  expect(along("replicas")).toBe(`replicas, in ${counted?.unit}`);
  expect(along("curvature")).toBe("curvature k");
  for (const { name } of [...parameters, ...axes]) expect(along(name)).not.toMatch(/\*|undefined|, in $| $/);
});

test("the other says what is measured, and of which coordinate", () => {
  expect(plainly(yTitle({ ...defaults, quantity: "variance", coordinate: 2 }))).toBe("variance σ² of w₂");
  expect(plainly(yTitle({ ...defaults, quantity: "training_error" }))).toBe("training error L");
  expect(plainly(yTitle({ ...defaults, quantity: "covariance" }))).toBe("covariance Σ of w₁ and w₂");
  expect(plainly(yTitle({ ...defaults, quantity: "mean", coordinate: 2 }))).toBe("mean of w₂");
  const single = write(defaults, new Map([["hessian", [[1]]]]) as never);
  expect(plainly(yTitle({ ...single, quantity: "kurtosis", coordinate: 1 }))).toBe("excess kurtosis γ₂ of w");
});

/** The ends of the upward axis over these values of the discrete theory. */
function upwards(quantity: typeof defaults.quantity, discrete: number[], continuous: number[]) {
  const x = discrete.map((_, i) => i + 1);
  const curve: Curve = {
    x,
    continuous,
    discrete,
    exact: [],
    formula: [],
    limits: [],
    exact_limits: [],
    moment_limits: [],
  };
  const picture = { width: 400, height: 300, description: "", points: [], cursor: undefined, pinned: [] };
  return sweepPlot({ ...defaults, quantity }, { ...picture, curve }).y.scale.domain;
}

test("what does not run away is seen to its end, what does is cut where it begins to", () => {
  const flat = Array<number>(20).fill(0.1);
  const rising = Array.from({ length: 20 }, (_, i) => 1 + 0.1 * i);
  expect(upwards("variance", rising, flat)[1]).toBeGreaterThan(3.1);
  const diverging = [...rising.slice(0, 18), 30, 900];
  expect(upwards("variance", diverging, flat)[1]).toBeLessThan(4);
});

test("a covariance has either sign, with zero in the picture and what runs away cut off", () => {
  const falling = Array.from({ length: 20 }, (_, i) => -1 - 0.1 * i);
  const [low, high] = upwards("covariance", falling, falling);
  expect([low < -2.7, high >= 0, high < 0.5]).toEqual([true, true, true]);
  const [least, most] = upwards("mean", [...falling.slice(0, 18), 40, -900], falling);
  expect([least > -4, most < 1]).toEqual([true, true]);
});
