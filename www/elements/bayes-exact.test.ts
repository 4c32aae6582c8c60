import { expect, test } from "vitest";
import type { BayesPrediction, Engine, Prediction } from "../engine/engine";
import { defaults } from "../state/tables";
import { bestOf, divergenceOf, exactCurve, measurable, withoutExact } from "./bayes-exact";
import { tellExact } from "./bayes-words";

const axes = [
  [1, 0],
  [0, 1],
];

test("the posterior itself has no divergence, whichever way its axes lie", () => {
  const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
  const turned = [
    [c, s],
    [-s, c],
  ];
  const [a, b] = [0.2, 3];
  const covariance = [
    [c * c * a + s * s * b, c * s * (a - b)],
    [c * s * (a - b), s * s * a + c * c * b],
  ];
  expect(divergenceOf(covariance, turned, [a, b])).toBeCloseTo(0, 12);
});

test("along one direction it is (r − 1 − ln r)/2, and a correlation adds −ln(1 − ρ²)/2", () => {
  for (const ratio of [0.1, 1, 7])
    expect(divergenceOf([[ratio * 0.5]], [[1]], [0.5])).toBeCloseTo((ratio - 1 - Math.log(ratio)) / 2, 12);
  const rho = 0.6;
  const correlated = [
    [4, rho * 6],
    [rho * 6, 9],
  ];
  expect(divergenceOf(correlated, axes, [4, 9])).toBeCloseTo(-Math.log(1 - rho * rho) / 2, 12);
});

test("a law that is none has no divergence", () => {
  expect(divergenceOf([[0]], [[1]], [1])).toBeUndefined();
  const singular = [
    [1, 1],
    [1, 1],
  ];
  expect(divergenceOf(singular, axes, [1, 1])).toBeUndefined();
  expect(divergenceOf([[Number.NaN]], [[1]], [1])).toBeUndefined();
});

const bayes = { own: false, data_size: 1000, batch_size: 100, learning_rate: 0.3, curvatures: [1, 0.1] };

test("what is measured is plain SGD under the noise of such batches", () => {
  const { scenario } = defaults;
  const { noise, optimizer, loss } = measurable(scenario, bayes as unknown as BayesPrediction);
  expect(optimizer).toEqual({ kind: "momentum", learning_rate: 0.3, momentum: 0 });
  expect(noise.covariance).toEqual({ kind: "hessian", scale: 900 / 100_000 });
  expect(loss).toEqual(scenario.loss);
  const own = measurable(scenario, { ...bayes, own: true } as unknown as BayesPrediction);
  expect(own.noise).toEqual(scenario.noise);
});

test("where there is no exact curve the reason is said", () => {
  const told = (more: object, note = "") =>
    withoutExact({ ...bayes, ...more } as unknown as BayesPrediction, { exact_note: note } as Prediction);
  expect(told({})).toMatch(/constant noise/);
  expect(told({ own: true })).toBe("");
  expect(told({ own: true, curvatures: Array(21).fill(1) })).toMatch(/beyond 20 directions/);
  expect(told({ own: true }, "batches of epochs depend on each other")).toBe(
    "No exact curve: batches of epochs depend on each other.",
  );
});

test("the exact optimum is the least of what is known", () => {
  const curve = { rates: [0.1, 0.2, 0.3, 0.4], divergences: [3, 0.25, 0.5, undefined] };
  expect(bestOf(curve)).toEqual({ rate: 0.2, divergence: 0.25 });
  expect(tellExact(curve)).toContain("nearest at about λ = 0.2, with 0.25 nats");
  expect(tellExact({ rates: [1], divergences: [undefined] })).toMatch(/no stationary law/);
});

test("the exact optimum is found between the learning rates that are asked first", async () => {
  // On a line a variance of λ/(2 − λ) is the posterior's where λ = 2p/(1 + p).
  const posterior = [0.137];
  const engine = {
    predict: async ({ optimizer: { learning_rate: rate } }: { optimizer: { learning_rate: number } }) => ({
      ok: true,
      value: { exact: { stationary: { covariance: [[rate / (2 - rate)]] } }, modes: [{ direction: [1] }] },
    }),
  } as unknown as Engine;
  const learning_rates = Array.from({ length: 400 }, (_, i) => 0.001 * 1.019 ** i);
  const asked = { learning_rates, posterior } as unknown as BayesPrediction;
  const curve = await exactCurve(engine, defaults.scenario, asked, () => true);
  expect(curve?.rates).toEqual([...(curve?.rates ?? [])].sort((a, b) => a - b));
  const best = curve && bestOf(curve);
  expect(best?.rate).toBeCloseTo((2 * 0.137) / 1.137, 3);
  expect(best?.divergence).toBeLessThan(1e-5);
  expect(await exactCurve(engine, defaults.scenario, asked, () => false)).toBeUndefined();
});
