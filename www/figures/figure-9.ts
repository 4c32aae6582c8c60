import { discreteAgrees, leastSquares, oneDirection, PAPER } from "./common.ts";
import type { Figure } from "./figure.ts";

/** Momentum at smaller learning rates. */
export const figure9: Figure = {
  number: 9,
  title: "Momentum at smaller learning rates",
  caption:
    "As Fig. 4, at learning rates for which plain SGD is stable, or just not. More momentum makes the continuous theory better: it is an average over more steps.",
  panels: [
    {
      id: "9a",
      name: "Fig. 9(a)",
      line: "White noise, $λk = 1$: the diffusion is a factor 2 too small without momentum and catches up with it.",
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
      line: "Minibatches, $λ = 2$: at the limit of plain SGD, which any momentum moves away.",
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
        words: "The same with minibatches: the discrete theory agrees, the continuous one is too small.",
        ...discreteAgrees,
      },
    },
  ],
};
