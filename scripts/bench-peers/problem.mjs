// A job of jobs.json as every runner needs it: the documents for the library, plain numbers for the peers.
import { readFileSync } from "node:fs";

const jobs = JSON.parse(readFileSync(new URL("jobs.json", import.meta.url), "utf8"));

/** Names of the jobs, in their order. */
export const names = jobs.map(({ name }) => name);

/** The job with this name; at most so many of its points. */
export function problem(name, mostPoints) {
  const entry = jobs.find((job) => job.name === name);
  const { scenario, learning_rates } = jobs.find((job) => job.name === (entry.same_as ?? name));
  const { loss, noise, optimizer, run } = scenario;
  const points = Math.min(learning_rates.points, mostPoints);
  const { first, last } = learning_rates;
  // The values of a sweep lie strictly inside.
  const at = entry.sweep
    ? (i) => entry.sweep.from + ((entry.sweep.to - entry.sweep.from) * (i + 1)) / (points + 1)
    : (i) => first + ((last - first) * i) / Math.max(points - 1, 1);
  const rates = Array.from({ length: points }, (_, i) => at(i));
  const job = {
    name,
    sweep: entry.sweep && { scenario, parameter: "learning_rate", ...entry.sweep, points },
    learning_rates: rates,
    documents: rates.map((rate) => ({ ...scenario, optimizer: { ...optimizer, learning_rate: rate } })),
    replicas: run.replicas,
    steps: run.steps,
    momentum: optimizer.momentum,
    seed: run.seed,
  };
  Object.assign(
    job,
    loss.kind === "least_squares" ? leastSquares(loss.data, noise) : quadratic(loss, noise, job),
  );
  // Replicas x coordinates x steps, over all points: the unit of every rate.
  job.updates = points * job.replicas * job.steps * job.dimension;
  return job;
}

function quadratic({ hessian }, { covariance, law }, { momentum }) {
  const dimension = hessian.length;
  const white = () => hessian.map((row, i) => row.map((_, j) => (i === j ? covariance.variance : 0)));
  const matrix = covariance.kind === "white" ? white() : covariance.matrix;
  const factor = cholesky(matrix);
  const kind = law.kind === "student_t" ? "student_t" : momentum > 0 ? "momentum" : "one_coordinate";
  return {
    kind,
    dimension,
    hessian,
    covariance: matrix,
    degrees: law.degrees,
    factor,
    whitened: whiten(hessian, factor),
  };
}

/** Data of the kind that the library makes, from a fixed seed of its own: the speed does not depend on the numbers. */
function leastSquares({ samples, input_variances, residual_variance }, { covariance }) {
  let state = 1;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const inputs = Array.from({ length: samples }, () => input_variances.map((v) => Math.sqrt(v) * normal()));
  const targets = inputs.map((x) =>
    x.reduce((sum, each) => sum + each, Math.sqrt(residual_variance) * normal()),
  );
  const hessian = input_variances.map((_, i) =>
    input_variances.map((_, j) => mean(inputs, (x) => x[i] * x[j])),
  );
  const right = input_variances.map((_, i) => mean(inputs, (x, s) => x[i] * targets[s]));
  const factor = cholesky(hessian);
  const minimum = backward(factor, forward(factor, right));
  const dimension = minimum.length;
  return {
    kind: "minibatch",
    dimension,
    inputs,
    targets,
    hessian,
    minimum,
    batch_size: covariance.batch_size,
  };
}

/**
 * The variance of the first coordinate after the last point's steps, for minibatches with replacement from the minimum:
 * the recursion of the second moments M with the exact average over the examples (no momentum).
 */
export function minibatchVariance({ inputs, targets, hessian, minimum, batch_size, learning_rates, steps }) {
  const n = minimum.length;
  const rate = learning_rates.at(-1);
  const zero = () => hessian.map((row) => row.map(() => 0));
  const outer = (weights) => {
    const sum = zero();
    inputs.forEach((x, s) => {
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) sum[i][j] += weights[s] * x[i] * x[j];
    });
    return sum.map((row) => row.map((value) => value / inputs.length));
  };
  const noise = outer(inputs.map((x, s) => (targets[s] - dot(x, minimum)) ** 2));
  let moments = zero();
  for (let step = 0; step < steps; step++) {
    const M = moments;
    const KM = product(hessian, M);
    const MK = product(M, hessian);
    const KMK = product(KM, hessian);
    const single = outer(
      inputs.map((x) =>
        dot(
          x,
          product(
            M,
            x.map((value) => [value]),
          ).flat(),
        ),
      ),
    );
    moments = M.map((row, i) =>
      row.map((value, j) => {
        const once = single[i][j] - KMK[i][j] + noise[i][j];
        return value - rate * (KM[i][j] + MK[i][j]) + rate ** 2 * (KMK[i][j] + once / batch_size);
      }),
    );
  }
  return moments[0][0];
}

const mean = (rows, of) => rows.reduce((sum, row, i) => sum + of(row, i), 0) / rows.length;
const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
const transposed = (a) => a[0].map((_, j) => a.map((row) => row[j]));
const product = (a, b) => a.map((row) => transposed(b).map((column) => dot(row, column)));

/** The lower triangular F with FFᵀ = C. */
function cholesky(matrix) {
  const factor = matrix.map((row) => row.map(() => 0));
  matrix.forEach((row, i) => {
    for (let j = 0; j <= i; j++) {
      const rest = row[j] - dot(factor[i].slice(0, j), factor[j].slice(0, j));
      factor[i][j] = i === j ? Math.sqrt(rest) : rest / factor[j][j];
    }
  });
  return factor;
}

/** F⁻¹b. */
function forward(factor, b) {
  const x = [];
  b.forEach((value, i) => {
    x.push((value - dot(factor[i].slice(0, i), x)) / factor[i][i]);
  });
  return x;
}

/** F⁻ᵀb. */
function backward(factor, b) {
  const x = [...b];
  for (let i = b.length - 1; i >= 0; i--) {
    for (let j = i + 1; j < b.length; j++) x[i] -= factor[j][i] * x[j];
    x[i] /= factor[i][i];
  }
  return x;
}

/** F⁻¹KF: the Hessian in coordinates in which the noise is the identity. */
const whiten = (hessian, factor) =>
  transposed(transposed(product(hessian, factor)).map((column) => forward(factor, column)));
