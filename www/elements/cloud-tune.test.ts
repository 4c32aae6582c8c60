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
  ])("%s", (_, changes) => expect(canRetune(usual, set(changes))).toBe(true));

  test("another matrix of noise as large", () => {
    const matrix = (rows: number[][]) => set({ covariance: "matrix", noise_covariance: rows });
    expect(canRetune(matrix([[1, 0], [0, 1]]), matrix([[2, 1], [1, 2]]))).toBe(true); // biome-ignore format: rows
  });
});

describe("it begins anew with", () => {
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
