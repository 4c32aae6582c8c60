// The scripts are run by Python where it has NumPy (scripts/setup --browser provides it), and agree with the core's own experiment.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { FullScenario, Prediction } from "../engine/engine";
import type { DataSet } from "../engine/protocol";
import { type Value, write } from "../state/document";
import { defaults } from "../state/tables";
import { toPython } from "./python";

const folder = new URL("../engine/pkg/", import.meta.url);
async function moduleOf(name: string) {
  const found = await import(/* @vite-ignore */ new URL(`${name}.js`, folder).href);
  found.initSync({ module: readFileSync(new URL(`${name}_bg.wasm`, folder)) });
  return found;
}
const core = await moduleOf("noisy_descent_wasm");

const own = new URL("../../target/python/bin/python", import.meta.url).pathname;
const python = [process.env.PYTHON, own, "python3"].find((command) => {
  if (!command || (command.startsWith("/") && !existsSync(command))) return false;
  try {
    execFileSync(command, ["-c", "import numpy"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
});

const quick = { replicas: 4000, steps: 150, seed: 5 };
const scenarioOf = (changes: Record<string, Value>): FullScenario => {
  const outcome = core.check(write(defaults, new Map(Object.entries({ ...quick, ...changes }))));
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.value.scenario;
};
function scriptOf(scenario: FullScenario) {
  const prediction = core.predict(scenario).value as Prediction;
  const data = core.data_set(scenario).value as DataSet | null;
  return { prediction, found: toPython(scenario, prediction, data ?? undefined) };
}

const skew = [
  [2, 0.5],
  [0.5, 0.4],
];
const CASES: Readonly<Record<string, Record<string, Value>>> = {
  "SGD, white": { learning_rate: 1.5 },
  "momentum, a matrix that does not commute, from a point": {
    hessian: skew,
    covariance: "matrix",
    noise_covariance: [
      [1, 0.3],
      [0.3, 2],
    ],
    learning_rate: 0.7,
    momentum: 0.6,
    start: "point",
    start_weights: [3, -2],
    steps: 12,
  },
  "QHM, C = aK, Laplace": {
    optimizer: "qhm",
    learning_rate: 0.9,
    momentum: 0.8,
    mixing: 0.4,
    covariance: "hessian",
    noise_scale: 0.5,
    law: "laplace",
  },
  "behind a matrix, Student's t": {
    optimizer: "preconditioned",
    preconditioner: [
      [0.5, 0.1],
      [0.1, 3],
    ],
    learning_rate: 0.8,
    momentum: 0.3,
    law: "student_t",
    degrees: 9,
  },
  "Newton, mixed, χ², from a Gaussian": {
    optimizer: "newton",
    learning_rate: 0.6,
    momentum: 0.2,
    covariance: "mixed",
    noise_variance: 0.7,
    noise_scale: 0.2,
    law: "chi_squared",
    degrees: 5,
    start: "gaussian",
    start_covariance: skew,
    steps: 3,
  },
  "uniform, a flat direction": {
    hessian: [
      [1, 0],
      [0, 0],
    ],
    learning_rate: 0.5,
    law: "uniform",
  },
  "a coin, stationary from the start": {
    law: "rademacher",
    learning_rate: 0.8,
    start: "stationary",
    steps: 1,
  },
  "minibatches with replacement": {
    loss: "least_squares",
    data: "synthetic",
    samples: 60,
    input_variances: [1, 0.4],
    covariance: "minibatch",
    batch_size: 5,
    learning_rate: 0.6,
    momentum: 0.3,
    replicas: 2000,
    steps: 60,
  },
  "minibatches of the diabetes data without replacement": {
    loss: "least_squares",
    data: "diabetes",
    columns: ["bmi", "s5"],
    covariance: "minibatch",
    sampling: "without_replacement",
    batch_size: 40,
    learning_rate: 0.8,
    replicas: 500,
    steps: 30,
  },
};

describe.skipIf(python === undefined)(
  `scripts run by Python${python ? "" : ": skipped, there is no NumPy here"}`,
  () => {
    for (const [name, changes] of Object.entries(CASES)) {
      test(name, { timeout: 60_000 }, () => {
        const scenario = scenarioOf(changes);
        const { prediction, found } = scriptOf(scenario);
        if (!("script" in found)) throw new Error(found.problem);
        const output = execFileSync(python as string, ["-"], { input: found.script, encoding: "utf8" });
        expect(output).toMatch(/^0 of \d+ replicas diverged/);
        const ensemble = new core.Ensemble(scenario, 0);
        ensemble.advance(60_000);
        const here = ensemble.measure();
        const best = prediction.exact ?? prediction.discrete;
        const rows = [
          ...here.covariance.map((row: number[], i: number) => [
            `variance w${i + 1}`,
            row[i],
            here.covariance_error[i][i],
            best?.at_end.covariance[i]?.[i],
          ]),
          ["training error", here.training_error, here.training_error_error, best?.at_end.training_error],
        ] as [string, number, number, number][];
        for (const [label, value, error, theory] of rows) {
          const line = output.split("\n").find((text) => text.startsWith(label)) ?? "";
          const [, measured, own] = /measured (\S+) ± (\S+),/.exec(line) ?? [];
          const z = (Number(measured) - value) / Math.hypot(Number(own), error);
          expect(Math.abs(z), `${line} here ${value} ± ${error}`).toBeLessThan(4.5);
          // The theory's number stands in the line, and both experiments agree with it.
          const said = Number((/exact (\S+)$/.exec(line) ?? /discrete ([^,\s]+)/.exec(line))?.[1]);
          expect(Math.abs(said / theory - 1), line).toBeLessThan(1e-5);
          expect(Math.abs((Number(measured) - theory) / Number(own)), line).toBeLessThan(4.5);
        }
      });
    }
  },
);

test("what a script does not do is said", () => {
  for (const [changes, words] of [
    [{ optimizer: "adam", learning_rate: 0.1 }, /Adam follows the ensemble/],
    [{ optimizer: "natural_gradient", learning_rate: 0.1 }, /natural gradient follows/],
    [{ loss: "piecewise_quadratic", covariance: "curvature", coordinate: 1 }, /potentials with a barrier/],
    [
      { loss: "least_squares", covariance: "minibatch", sampling: "epoch", coordinate: 1 },
      /batches by epochs/,
    ],
    [{ loss: "least_squares", samples: 40_000, coordinate: 1 }, /80000 numbers/],
    [{ learning_rate: 2.5, start: "stationary" }, /there is not/],
  ] as const) {
    const { found } = scriptOf(scenarioOf(changes as Record<string, Value>));
    expect("problem" in found && found.problem).toMatch(words);
  }
});
