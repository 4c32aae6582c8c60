import { discreteAgrees, leastSquares, oneDirection, PAPER } from "./common.ts";
import type { Figure } from "./figure.ts";

/** The discrete theory against the diffusion. */
export const figure2: Figure = {
  number: 2,
  title: "Variance against learning rate",
  caption:
    "One direction of curvature 1. The diffusion’s variance $λσ²/2$ grows as a straight line for ever; the discrete theory’s $λσ²/(2 − λ)$ (Eq. 6) leaves that line early and diverges at $λ = 2/k$.",
  panels: [
    {
      id: "2a",
      name: "Fig. 2(a)",
      line: "White noise of variance 1: the diffusion is right only at the foot of the curve.",
      shown: { instrument: "sweep" },
      document: { scenario: oneDirection, parameter: "learning_rate", from: 0, to: 2 },
      reduced: { replicas: 4000, steps: 500, points: 24 },
      paper: PAPER,
      claim: {
        words:
          "The discrete theory agrees over the whole range; the continuous one fails for large learning rates.",
        ...discreteAgrees,
      },
    },
    {
      id: "2b",
      name: "Fig. 2(b)",
      line: "Minibatches of 100 out of 1000: the rule $C = K/S$ is close, the exact theory of this data set is right.",
      shown: { instrument: "sweep" },
      document: { scenario: leastSquares(1), parameter: "learning_rate", from: 0, to: 2 },
      reduced: { replicas: 1500, steps: 300, points: 24 },
      paper: PAPER,
      claim: {
        words:
          "With $C ≈ K/S$ the discrete theory agrees, but for a slight overestimate; the continuous one fails.",
        ...discreteAgrees,
      },
    },
  ],
};
