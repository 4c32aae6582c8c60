/** What the Lab offers to begin with: the figures of the paper, and scenarios worth a look. */
import { panels, type Shown } from "../figures";
import { documentOf } from "../figures/document";
import { toHash } from "../state/permalink";
import { joinSettings, type Settings } from "../state/settings";
import { untypeset } from "./typeset";

export interface Preset {
  readonly name: string;
  /** What is seen there, in one line. */
  readonly line: string;
  /** Its address after the page's, with `#`. */
  readonly hash: string;
  /** Id of the title of the instrument that shows it best. */
  readonly see: string;
}

export interface PresetGroup {
  readonly name: string;
  readonly presets: readonly Preset[];
}

/** Where the Lab has the instrument that shows a figure. */
const PLACES: Readonly<Record<Shown["instrument"], string>> = {
  sweep: "sweep-title",
  cloud: "cloud-title",
  "over-time": "time-title",
  escape: "escape-title",
};

/** How it has to be shown there: the paper's picture over time is of the mean. */
const SETTINGS: Partial<Record<Shown["instrument"], Settings>> = {
  "over-time": new Map([["over-time.quantity", "mean"]]),
};

/** Instructive cases, as what their link changes of the default. */
const CASES = [
  {
    name: "Edge of stability",
    line: "λk = 1.98: a hundred times the diffusion’s variance, and still stable.",
    state: "learning_rate=1.98&y_scale=log",
    see: "sweep-title",
  },
  {
    name: "Heavy tails",
    line: "Laplace noise: the weights are Gaussian for small λ, as heavy-tailed as the noise at λk = 1.",
    state: "hessian=1&learning_rate=1&law=laplace&quantity=kurtosis&replicas=40000&steps=300",
    see: "sweep-title",
  },
  {
    name: "Momentum rescue",
    line: "λk = 3 diverges without momentum; μ = 0.6 moves the limit to 3.2.",
    state: "learning_rate=3&momentum=0.6&to=3.2",
    see: "sweep-title",
  },
  {
    name: "Negative autocorrelation",
    line: "λk = 1.8: each step lands on the other side, so that neighbouring steps are anticorrelated.",
    state: "learning_rate=1.8&speed=5",
    see: "memory-title",
  },
  {
    name: "Flat direction",
    line: "No curvature along w₂: noise accumulates there, and the variance grows for ever.",
    state: "hessian=1,0;0,0&learning_rate=0.5",
    see: "cloud-title",
  },
  {
    name: "Batch size against λ",
    line: "The diffusion knows λ/S alone: to it λ = 1.5 with batches of 150 is as λ = 0.1 with 10. In truth the variance is 3.3 times as large.",
    state:
      "loss=least_squares&input_variances=1&covariance=minibatch&batch_size=150&learning_rate=1.5&parameter=batch_size&from=10&to=1000&scale=log&y_scale=log&replicas=4000&steps=300&points=12",
    see: "sweep-title",
  },
  {
    name: "Newton against SGD",
    line: "Curvatures 1 and 0.1 at λ = 1: SGD fluctuates along the flat direction, damped Newton sees both as 1.",
    state: "hessian=1,0;0,0.1&learning_rate=1&replicas=10000&steps=300",
    see: "compare-title",
  },
  {
    name: "Diabetes data",
    line: "Batches of 8 out of 442 patients: the exact theory, and how far the rule C = K/S is off.",
    state: "loss=least_squares&data=diabetes&covariance=minibatch&batch_size=8&learning_rate=0.3&to=1",
    see: "data-title",
  },
] as const;

const MORE = [
  {
    name: "QHM",
    line: "Quasi-hyperbolic momentum: the mixing ν moves the limit further than μ alone.",
    state: "optimizer=qhm&learning_rate=3&momentum=0.9&mixing=0.7&to=5.938",
    see: "sweep-title",
  },
  {
    name: "Over the barrier",
    line: "λk = 0.6 in a well: the exact chain’s time to leave is the measured one, the diffusion’s a sixth too long.",
    state: "loss=piecewise_quadratic&covariance=curvature&batch_size=3&noise_variance=0&learning_rate=0.6",
    see: "escape-title",
  },
  {
    name: "Sampling the posterior",
    line: "λ = 0.322: with a tenth of the samples in a batch SGD is as near to the Bayesian posterior as it gets.",
    state: "learning_rate=0.322",
    see: "posterior-title",
  },
] as const;

const linked = ({ name, line, state, see }: (typeof CASES | typeof MORE)[number]): Preset => ({
  name,
  line,
  hash: `#v=1&${state}`,
  see,
});

/** What has a telling name comes first. Figures come at the size that settles in a second or two; the gallery has the paper's. */
export const presetGroups: readonly PresetGroup[] = [
  { name: "Instructive cases", presets: CASES.map(linked) },
  { name: "And beyond", presets: MORE.map(linked) },
  {
    name: "Figures of the paper",
    presets: panels.map((panel) => ({
      name: panel.name,
      line: untypeset(panel.line),
      hash: joinSettings(toHash(documentOf(panel, "reduced")), SETTINGS[panel.shown.instrument] ?? new Map()),
      see: PLACES[panel.shown.instrument],
    })),
  },
];
