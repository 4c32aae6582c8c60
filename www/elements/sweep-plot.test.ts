import { expect, test } from "vitest";
import { toPlainText, toRuns } from "../plot/rich";
import { write } from "../state/document";
import { axes, defaults, parameters } from "../state/tables";
import { xTitle, yTitle } from "./sweep-plot";

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
