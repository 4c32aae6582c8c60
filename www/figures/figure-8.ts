import type { Scenario } from "../engine/pkg/noisy_descent_wasm";
import { discreteAgrees, oneDirection, PAPER } from "./common.ts";
import type { Figure, Panel } from "./figure.ts";

type Law = NonNullable<NonNullable<Scenario["noise"]>["law"]>;

function panel(id: string, name: string, law: Law, line: string): Panel {
  return {
    id,
    name,
    line,
    shown: { instrument: "sweep", shape: true },
    document: {
      scenario: { ...oneDirection, noise: { ...oneDirection.noise, law } },
      parameter: "learning_rate",
      from: 0,
      to: 2,
    },
    reduced: { replicas: 6000, steps: 300, points: 20 },
    paper: PAPER,
    claim: {
      words: "The variance is the discrete theory’s whatever the law of the noise.",
      ...discreteAgrees,
    },
  };
}

/** Noise that is not Gaussian. */
export const figure8: Figure = {
  number: 8,
  title: "Noise of any law",
  caption:
    "The variance only depends on the variance of the noise (here 1), not on its law. What the paper does not show: the skewness and the kurtosis of the weights do see the law, least for small learning rates, fully at $λk = 1$, where the weights are the last noise alone, and again less beyond.",
  panels: [
    panel(
      "8-student",
      "Fig. 8, Student’s t",
      { kind: "student_t", degrees: 4 },
      "Noise with heavy tails (4 degrees of freedom): the variance does not see the law; the kurtosis is infinite.",
    ),
    panel(
      "8-chi-squared",
      "Fig. 8, χ²",
      { kind: "chi_squared", degrees: 3 },
      "Skewed noise (3 degrees of freedom, centred): the variance does not see the law; the skewness does.",
    ),
  ],
};
