import { describe, expect, test } from "vitest";
import { write } from "../state/document";
import { defaults } from "../state/tables";
import { canRetune } from "./cloud-tune";

const set = (changes: Record<string, unknown>) =>
  write(defaults, new Map(Object.entries(changes)) as never).scenario;
const usual = defaults.scenario;

describe("a running ensemble goes on with", () => {
  test.each([
    ["another learning rate", { learning_rate: 0.3 }],
    ["another momentum and noise", { momentum: 0.5, noise_variance: 4 }],
    ["more steps", { steps: 7 }],
    ["another Hessian as large", { hessian: [[2, 0.5], [0.5, 1]] }], // biome-ignore format: rows
  ])("%s", (_, changes) => expect(canRetune(usual, set(changes))).toBe(true));

  test("another matrix of noise as large", () => {
    const matrix = (rows: number[][]) => set({ covariance: "matrix", noise_covariance: rows });
    expect(canRetune(matrix([[1, 0], [0, 1]]), matrix([[2, 1], [1, 2]]))).toBe(true); // biome-ignore format: rows
  });

  test.each([
    ["more samples of drawn data", { loss: "least_squares" }, { samples: 500, residual_variance: 2 }],
    ["another well", { loss: "piecewise_quadratic" }, { steepness: 3, barrier: 2 }],
    ["other coefficients", { loss: "polynomial" }, { coefficients: [0, 0, 1, -0.5] }],
    ["another rate of Adam", { optimizer: "adam" }, { learning_rate: 0.2, beta1: 0.5 }],
    ["another average of the second moment", { optimizer: "natural_gradient" }, { averaging: 0.2 }],
  ])("%s", (_, first, then) => expect(canRetune(set(first), set({ ...first, ...then }))).toBe(true));
});

describe("it begins anew with", () => {
  test.each([
    ["another kind of loss", {}, { loss: "least_squares", input_variances: [1, 1] }],
    ["more inputs", { loss: "least_squares" }, { input_variances: [1, 1] }],
    ["other columns", { loss: "least_squares", data: "diabetes" }, { columns: ["bmi", "bp"] }],
    ["a polynomial of another degree", { loss: "polynomial" }, { coefficients: [0, 0, 1] }],
    // One that is left out follows the barrier: another question than where a number lies.
    ["an exit of its own", { loss: "polynomial" }, { exit: 2 }],
  ])("%s", (_, first, then) => expect(canRetune(set(first), set({ ...first, ...then }))).toBe(false));

  test.each([
    ["another optimizer", { optimizer: "qhm" }],
    ["another kind of noise", { covariance: "hessian" }],
    ["another law", { law: "laplace" }],
    ["another seed", { seed: 2 }],
    ["other replicas", { replicas: 77 }],
    ["another start", { start: "stationary" }],
    ["another dimension", { hessian: [[1]] }],
  ])("%s", (_, changes) => expect(canRetune(usual, set(changes))).toBe(false));
});
