import type { Figure, Panel } from "./figure.ts";

function panel(id: string, learning_rate: number, line: string, words: string): Panel {
  return {
    id,
    name: `Fig. 5, λ = ${learning_rate}`,
    line,
    shown: { instrument: "sweep" },
    document: {
      scenario: {
        version: 1,
        loss: {
          kind: "quadratic",
          hessian: [
            [1, 0],
            [0, 1],
          ],
        },
        noise: { covariance: { kind: "white", variance: 1 } },
        optimizer: { kind: "momentum", learning_rate },
      },
      // From the minimum the training error after t steps is what the paper calls E(t); every t has runs of its own.
      parameter: "steps",
      from: 0,
      to: 25,
      quantity: "training_error",
    },
    reduced: { replicas: 5000, steps: 25, points: 24 },
    paper: { replicas: 50_000, steps: 25, points: 24 },
    claim: { words, accepted: ["discrete"], refuted: ["continuous"] },
  };
}

/** How fast SGD leaves a minimum. */
export const figure5: Figure = {
  number: 5,
  title: "Escape efficiency",
  caption:
    "How much loss SGD has gained $t$ steps after it started in the minimum, $E(t)$, with $K = C = I$ (Eqs. 18 and 19); here there are two weights. The discrete efficiency is never below the continuous one, and near the limit it is many times larger.",
  panels: [
    panel(
      "5-small",
      0.5,
      "$λk = 0.5$: the discrete efficiency is ahead from the first step.",
      "The discrete efficiency agrees with the experiment and exceeds the continuous one.",
    ),
    panel(
      "5-large",
      1.9,
      "$λk = 1.9$, near the limit: twenty times the continuous efficiency in the long run.",
      "Near the limit the continuous theory misses the efficiency by a large factor; the discrete one agrees.",
    ),
  ],
};
