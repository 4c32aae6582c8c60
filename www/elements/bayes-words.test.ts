import { expect, test } from "vitest";
import type { BayesPrediction } from "../engine/engine";
import { defaults } from "../state/tables";
import { tellBayes, tellEllipse, tellImproper } from "./bayes-words";

const { scenario } = defaults;
const bayes: BayesPrediction = {
  data_size: 1000,
  batch_size: 100,
  own: false,
  factor: "paper",
  curvatures: [1, 0.1],
  posterior: [0.001, 0.01],
  learning_rate: 1.5,
  variances: [0.027, 0.0073],
  divergence: 11.2345,
  optimum: { learning_rate: 0.2468, divergence: 0.3456 },
  continuous: { learning_rate: 0.363636, largest: 0.363636, stable: true },
  continuous_divergence: 0.4567,
  limit: 2,
  learning_rates: [0.1, 1],
  divergences: [1, 5],
};

test("both optima are said with their divergences, and the scenario's own", () => {
  const words = tellBayes(bayes, scenario);
  expect(words).toContain("nearest to the posterior at λ = 0.2468, where the divergence is 0.3456 nats");
  expect(words).toContain(
    "The continuous theory takes λ = 0.3636 for it, where the divergence is 0.4567 nats.",
  );
  expect(words).toContain("At the scenario’s λ = 1.5 it is 11.23 nats.");
  expect(words).toContain("C = (N − S)/(NS) K");
});

test("a guess beyond the limit and a scenario beyond it are said", () => {
  const beyond = {
    ...bayes,
    continuous: { learning_rate: 2.73, largest: 2.73, stable: false },
    continuous_divergence: null,
    divergence: null,
    learning_rate: 2.5,
  };
  const words = tellBayes(beyond, scenario);
  expect(words).toContain("takes λ = 2.73 for it, where SGD diverges: λk = 2.73 is beyond the limit of 2");
  expect(words).toContain("λ = 2.5 is not below 2: SGD has no stationary law to compare");
});

test("one direction and momentum", () => {
  const one = {
    ...bayes,
    curvatures: [1],
    optimum: { learning_rate: 0.2, divergence: 1e-17 },
    continuous: { learning_rate: 0.2, largest: 0.2, stable: true },
    own: true,
    factor: "exact" as const,
  };
  const words = tellBayes(one, {
    ...scenario,
    optimizer: { kind: "momentum", learning_rate: 1.5, momentum: 0.5 },
  });
  expect(words).toContain("divergence is 0 nats");
  expect(words).toContain("the same: along one direction it is exact");
  expect(words).toContain("plain SGD");
  expect(words).toContain("without replacement");
  const drawn = tellBayes({ ...one, factor: "paper" as const }, scenario);
  expect(drawn).toContain("batches drawn with replacement have K/S");
});

test("an improper posterior and a full batch have words of their own", () => {
  const problem = { kind: "not_positive", parameter: "hessian", value: "0", allowed: "", message: "…" };
  expect(tellImproper([problem])).toContain("improper");
  const full = {
    ...problem,
    kind: "out_of_range",
    parameter: "batch_size",
    message: "batch_size must lie in [1, 9], got 10",
  };
  expect(tellImproper([full])).toContain("batch_size must lie in [1, 9], got 10. A full batch has no noise");
});

test("a run too short for its law says so, with what is left of the way", () => {
  const measured = (step: number) =>
    ({
      step,
      covariance: [
        [2, 0],
        [0, 1],
      ],
      error: [
        [0.1, 0],
        [0, 0.1],
      ],
      diverged: 0,
      replicas: 9,
    }) as never;
  const laws = [
    {
      series: "discrete",
      name: "discrete",
      covariance: [
        [3, 0],
        [0, 2],
      ],
    },
  ] as never;
  const say = (step: number, curvatures: number[]) =>
    tellEllipse(measured(step), laws, { curvatures, learning_rate: 0.5 });
  expect(say(10, [1, 0.1])).toContain("variance 2.00 ± 0.10; discrete 3 (−10)");
  // 0.95 a step, squared, ten times.
  expect(say(10, [1, 0.1])).toContain("along the slowest direction 36 % of the way to them is left");
  expect(say(100, [1, 0.1])).not.toContain("long run");
  expect(say(10, [])).not.toContain("long run");
});
