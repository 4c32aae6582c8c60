import { oneDirection } from "./common.ts";
import type { Figure } from "./figure.ts";

/** One step is not a flow. */
export const figure1: Figure = {
  number: 1,
  title: "Steps are not a flow",
  caption:
    "Gradient descent on $L = w²/2$ with a learning rate between 1 and 2: each step lands on the other side of the minimum, closer to it. The gradient flow, which continuous theories start from, slides down one side and never crosses. With noise the steps end in a distribution instead of a point.",
  panels: [
    {
      id: "1-left",
      name: "Fig. 1, left",
      line: "Without noise: $w_t = (1 − λk)^t w_0$ changes sign at every step, the flow $e^{−λkt} w_0$ never does.",
      shown: { instrument: "over-time" },
      document: {
        scenario: {
          ...oneDirection,
          noise: { covariance: { kind: "white", variance: 0 } },
          optimizer: { kind: "momentum", learning_rate: 1.6 },
          run: { start: { kind: "point", weights: [1] } },
        },
      },
      reduced: { replicas: 2, steps: 12 },
      paper: { replicas: 2, steps: 12 },
      claim: {
        words:
          "For $1/k < λ < 2/k$ the iteration converges with alternating signs (Eq. 3); the flow is another curve.",
        accepted: ["discrete"],
        refuted: ["continuous"],
      },
    },
    {
      id: "1-right",
      name: "Fig. 1, right",
      line: "With noise: from a far start into a stationary distribution, which is wider than the flow’s.",
      shown: { instrument: "cloud" },
      document: {
        scenario: {
          ...oneDirection,
          optimizer: { kind: "momentum", learning_rate: 1.6 },
          run: { start: { kind: "point", weights: [8] } },
        },
      },
      reduced: { replicas: 10_000, steps: 30 },
      paper: { replicas: 100_000, steps: 30, ours: true },
      claim: {
        words: "With noise the iteration ends in a distribution, whose variance Eq. 6 gives.",
        accepted: ["discrete"],
        refuted: ["continuous"],
      },
    },
  ],
};
