import { discreteAgrees, leastSquares, oneDirection, PAPER } from "./common.ts";
import type { Figure } from "./figure.ts";

/** Momentum at smaller learning rates. */
export const figure9: Figure = {
  number: 9,
  title: "Momentum at smaller learning rates",
  caption:
    "As Fig. 4, at learning rates for which plain SGD is stable, or just not. More momentum makes the continuous theory better, but not right: at $λk = 1$ the truth is 2 times its variance without momentum, and still 4/3 of it as $μ → 1$.",
  panels: [
    {
      id: "9a",
      name: "Fig. 9(a)",
      line: "White noise, $λk = 1$: the diffusion is 50 % too small without momentum, and still 25 % as $μ → 1$.",
      shown: { instrument: "sweep" },
      document: {
        scenario: { ...oneDirection, optimizer: { kind: "momentum", learning_rate: 1, momentum: 0.5 } },
        parameter: "momentum",
        from: 0,
        to: 1,
      },
      reduced: { replicas: 4000, steps: 500, points: 24 },
      paper: PAPER,
      claim: {
        words: "The discrete theory agrees for every momentum; the continuous one is too small.",
        ...discreteAgrees,
      },
    },
    {
      id: "9b",
      name: "Fig. 9(b)",
      line: "Minibatches, $λ = 2$: at the limit of plain SGD, which momentum moves away. By the exact theory of this data set too much of it brings the divergence back, at $μ = 0.962$.",
      shown: { instrument: "sweep" },
      document: {
        scenario: { ...leastSquares(1), optimizer: { kind: "momentum", learning_rate: 2, momentum: 0.5 } },
        parameter: "momentum",
        from: 0,
        to: 1,
      },
      reduced: { replicas: 1500, steps: 300, points: 24 },
      paper: PAPER,
      claim: {
        words:
          "The same with minibatches, beside the discrete theory for $C ≈ K/S$ and the continuous one, which is too small.",
        accepted: [],
        refuted: ["continuous"],
      },
    },
  ],
};
