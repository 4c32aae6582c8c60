/** What several figures have in common. */
import type { Scenario } from "../engine/pkg/noisy_descent_wasm";
import type { Claim, Size } from "./figure.ts";

/** 10⁴ runs of 1000 steps. */
export const PAPER: Size = { replicas: 10_000, steps: 1000, points: 30 };

/** One direction of curvature 1 under white noise of variance 1. */
export const oneDirection: Scenario = {
  version: 1,
  loss: { kind: "quadratic", hessian: [[1]] },
  noise: { covariance: { kind: "white", variance: 1 } },
};

/** Two directions of curvatures 1 and 0.1 under white noise of variance 1. */
export const twoDirections: Scenario = {
  ...oneDirection,
  loss: {
    kind: "quadratic",
    hessian: [
      [1, 0],
      [0, 0.1],
    ],
  },
};

/**
 * Least squares on 1000 samples of standard normal residuals, in minibatches of 100. The paper does not say whether a batch
 * may hold a sample twice; here it may.
 */
export const leastSquares = (...input_variances: number[]): Scenario => ({
  version: 1,
  loss: {
    kind: "least_squares",
    data: { kind: "synthetic", samples: 1000, input_variances, residual_variance: 1, seed: 1 },
  },
  noise: { covariance: { kind: "minibatch", batch_size: 100 } },
});

/** What the paper says of most of its figures. */
export const discreteAgrees: Pick<Claim, "accepted" | "refuted"> = {
  accepted: ["discrete"],
  refuted: ["continuous"],
};
