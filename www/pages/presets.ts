/** What the Lab offers to begin with: figures of the paper, and scenarios worth a look. */
import { panelOf } from "../figures";
import { documentOf } from "../figures/document";
import { toHash } from "../state/permalink";
import { untypeset } from "./typeset";

export interface Preset {
  readonly name: string;
  /** What is seen there, in one line. */
  readonly line: string;
  /** Its address after the page's, with `#`. */
  readonly hash: string;
}

/** Figures that are a sweep or an ensemble, as the Lab is, and run there in seconds at the paper's size. */
const FIGURES = ["2a", "3a", "3b", "3c", "4a", "9a", "8-student", "8-chi-squared"];

/** The others, as what their link changes of the default. */
const OWN = [
  {
    name: "Edge of stability",
    line: "λk = 1.98: a hundred times the diffusion’s variance, and still stable.",
    state: "learning_rate=1.98&y_scale=log",
  },
  {
    name: "Heavy tails",
    line: "Laplace noise: the weights are Gaussian for small λ, as heavy-tailed as the noise at λk = 1.",
    state: "hessian=1&learning_rate=1&law=laplace&quantity=kurtosis&replicas=40000&steps=300",
  },
  {
    name: "Momentum rescue",
    line: "λk = 3 diverges without momentum; μ = 0.6 moves the limit to 3.2.",
    state: "learning_rate=3&momentum=0.6&to=3.2",
  },
  {
    name: "Jumping across",
    line: "λk = 1.8: each step lands on the other side, so that neighbouring steps are anticorrelated.",
    state: "learning_rate=1.8&speed=5",
  },
  {
    name: "Flat direction",
    line: "No curvature along w₂: noise accumulates there, and the variance grows for ever.",
    state: "hessian=1,0;0,0&learning_rate=0.5",
  },
  {
    name: "Newton against SGD",
    line: "Damped Newton sees every curvature as 1; then take SGD in the optimizer’s panel.",
    state: "optimizer=newton&learning_rate=1&hessian=1,0;0,0.1",
  },
  {
    name: "QHM",
    line: "Quasi-hyperbolic momentum: the mixing ν moves the limit further than μ alone.",
    state: "optimizer=qhm&learning_rate=3&momentum=0.9&mixing=0.7&to=5.938",
  },
  {
    name: "True minibatches",
    line: "Diabetes data, batches of 8: the exact theory, and how far the rule C = K/S is off.",
    state: "loss=least_squares&data=diabetes&covariance=minibatch&batch_size=8&learning_rate=0.3&to=1",
  },
  {
    name: "Over the barrier",
    line: "λk = 0.6 in a well: the exact chain’s time to leave is the measured one, the diffusion’s a sixth too long.",
    state: "loss=piecewise_quadratic&covariance=curvature&batch_size=3&noise_variance=0&learning_rate=0.6",
  },
  {
    name: "Sampling the posterior",
    line: "λ = 0.322: with a tenth of the samples in a batch SGD is as near to the Bayesian posterior as it gets.",
    state: "learning_rate=0.322",
  },
] as const;

export const presets: readonly Preset[] = [
  ...FIGURES.map((id) => {
    const panel = panelOf(id);
    return { name: panel.name, line: untypeset(panel.line), hash: toHash(documentOf(panel, "paper")) || "#" };
  }),
  ...OWN.map(({ name, line, state }) => ({ name, line, hash: `#v=1&${state}` })),
];
