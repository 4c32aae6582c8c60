import type { Scenario } from "../engine/pkg/noisy_descent_wasm";
import { leastSquares, twoDirections } from "./common.ts";
import type { Figure, Panel } from "./figure.ts";

function panel(
  letter: string,
  scenario: Scenario,
  learning_rate: number,
  line: string,
  words: string,
): Panel {
  return {
    id: `3${letter}`,
    name: `Fig. 3(${letter})`,
    line,
    shown: { instrument: "cloud" },
    document: { scenario: { ...scenario, optimizer: { kind: "momentum", learning_rate } } },
    reduced: { replicas: 4000, steps: 120 },
    paper: { replicas: 10_000, steps: 1000 },
    // Where both theories draw nearly the same, the paper finds neither of them wrong.
    claim: { words, accepted: ["discrete"], refuted: words === SMALL ? [] : ["continuous"] },
  };
}

const minibatches = leastSquares(1, 0.1);
const SMALL = "For a small learning rate both theories draw nearly the same ellipse.";
const MIDDLE =
  "The discrete theory draws the right ellipse; the continuous one is too narrow along the sharp direction.";
const LARGE = "Near the limit the cloud lies across the valley; only the discrete theory says so.";

/** The shape of the fluctuation. */
export const figure3: Figure = {
  number: 3,
  title: "Shape of the fluctuation",
  caption:
    "Curvatures 1 along $w_1$ and 0.1 along $w_2$; dots are the density of the runs, ellipses are at $3σ$ and hold 98.9 % of a Gaussian. By the diffusion the cloud keeps its shape while the learning rate grows; in truth the sharp direction swells first. Upper row: white noise. Lower row: minibatches of 100 out of 1000 samples.",
  panels: [
    panel(
      "a",
      twoDirections,
      0.1,
      "White noise, $λk = 0.1$: both theories draw nearly the same ellipse.",
      SMALL,
    ),
    panel(
      "b",
      twoDirections,
      1,
      "White noise, $λk = 1$: twice the diffusion’s variance along the sharp direction.",
      MIDDLE,
    ),
    panel(
      "c",
      twoDirections,
      1.9,
      "White noise, $λk = 1.9$: the cloud is wider across the valley than along it.",
      LARGE,
    ),
    panel(
      "d",
      minibatches,
      0.1,
      "Minibatches, $λ = 0.1$: a round cloud, on which all theories nearly agree.",
      SMALL,
    ),
    panel("e", minibatches, 1, "Minibatches, $λ = 1$: the cloud swells along the sharp direction.", MIDDLE),
    panel(
      "f",
      minibatches,
      1.8,
      "Minibatches, $λ = 1.8$: most of the fluctuation is along the sharp direction.",
      LARGE,
    ),
  ],
};
