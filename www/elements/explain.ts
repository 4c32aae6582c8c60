/** What each instrument shows: its formulas, and the reader's numbers put in. Paragraphs for the typesetter, formulas between dollars. */
import type { FullScenario, FullSweep, SweepPoint } from "../engine/engine";
import { dimensionOf } from "../state/document";
import type { Direction } from "./modes-words";
import { count, digits, plusMinus } from "./numbers";
import { hasFormula, quantityOf, symbolOf } from "./sweep-words";

type Optimizer = FullScenario["optimizer"];

/** A theory's formula for the variance along a direction of curvature k under noise of variance c. */
function variances(optimizer: Optimizer): readonly string[] {
  switch (optimizer.kind) {
    case "momentum":
      return [
        "Continuous, the diffusion: $σ^2 = λc/(2(1−μ)k)$.",
        "Discrete (Eq. 8): $σ^2 = λ(1+μ)c / ((1−μ) k (2(1+μ) − λk))$, as long as $λk < 2(1+μ)$.",
      ];
    case "qhm":
      return [
        "Continuous, the diffusion: $σ^2 = λc/(2k)$.",
        "Discrete, with $x = λk$ and $q = 1+μ−2μν$: $σ^2 = λc (1−μ^2+μ(1−ν)q x) / (k (1−μ+μ(1−ν)x) (2(1+μ)−q x))$, as long as $q x < 2(1+μ)$.",
      ];
    case "newton":
      return [
        "Continuous, the diffusion: $σ^2 = λc/(2(1−μ)k^2)$.",
        "Discrete (Eq. 25): $σ^2 = λ(1+μ)c / ((1−μ) k^2 (2(1+μ) − λ))$, the same limit $λ < 2(1+μ)$ for every curvature.",
      ];
    case "preconditioned":
      return [
        "Behind the matrix $Λ$ each direction of $ΛK$ has the formula of the plain optimizer, with its eigenvalue in place of $k$ and the noise $C$ between two roots of $Λ$.",
      ];
    case "natural_gradient":
      return [
        "The preconditioner $λ(KΣK)^{−1}$ is set by the fluctuation itself: $Σ$ solves a quadratic equation in each direction (Eq. 107).",
      ];
    default:
      return [
        "The preconditioner is set by the second moment of the gradient, hence by $Σ$ itself, which is found as a fixed point.",
      ];
  }
}

/** Your numbers, as a formula's letters. */
export function numbers({ optimizer, noise, run }: FullScenario): string {
  const said: string[] = [];
  const say = (sign: string, value: unknown) => {
    if (typeof value === "number") said.push(`$${sign} = ${digits(value, 4)}$`);
  };
  say("λ", optimizer.learning_rate);
  if ("momentum" in optimizer) say("μ", optimizer.momentum);
  if ("mixing" in optimizer) say("ν", optimizer.mixing);
  const { covariance } = noise;
  if ("variance" in covariance) say("σ_0^2", covariance.variance);
  if ("scale" in covariance) say("a", covariance.scale);
  if ("batch_size" in covariance) say("S", covariance.batch_size);
  say("t", run.steps);
  return said.join(", ");
}

const noiseOf = ({ noise: { covariance } }: FullScenario): string => {
  const words: Readonly<Record<string, string>> = {
    white: "white noise, $C = σ_0^2 I$",
    hessian: "noise proportional to the Hessian, $C = aK$",
    mixed: "noise $C = σ_0^2 I + aK$",
    matrix: "a noise covariance $C$ of your own",
    proportional: "noise $C = aKΣK$, which fades with the fluctuation",
    minibatch:
      "true minibatches, for which continuous and discrete theory put $C = K/S$ and the exact one the data",
    curvature: "noise of variance $|L″(w)|/S + σ_0^2$",
  };
  return words[covariance.kind] ?? "the noise";
};

const SHAPE = [
  "Skewness and kurtosis say how far from Gaussian the weights are; a diffusion is always Gaussian, so that it says zero.",
];

/** What there is to say of each quantity. */
const aboutQuantity: Readonly<Record<FullSweep["quantity"], (optimizer: Optimizer) => readonly string[]>> = {
  variance: variances,
  covariance: () => [
    "Off the diagonal, without momentum and between two directions of $K$: continuous $Σ_{ij} = λ c/(k_i+k_j)$, discrete $λ c/(k_i+k_j−λ k_i k_j)$ with the noise’s own $c = C_{ij}$. In other coordinates $K$ itself mixes them.",
  ],
  mean: () => [
    "Without momentum the mean shrinks along a direction by $1−λk$ a step, and by $exp(−λk)$ in the diffusion: beyond $λk = 1$ the one changes sign at every step and the other never. From the minimum it stays zero.",
  ],
  training_error: () => [
    "The training error is $tr(KΣ)/2$: half of $k σ^2$, summed over the directions. The continuous theory says $λ tr(C)/(4(1−μ))$ under momentum, whatever $K$.",
  ],
  skewness: () => SHAPE,
  kurtosis: () => SHAPE,
  escape_rate: () => [],
};

/** What happens along an axis that is no number of the scenario. */
function aboutAxis({ parameter }: FullSweep): readonly string[] {
  if (parameter === "curvature")
    return [
      "Along the curvature the whole Hessian is scaled until its largest eigenvalue is $k$; a noise that follows the Hessian grows with it, and one with a matrix of its own stays.",
    ];
  if (parameter === "dimension")
    return [
      "Along the dimension the problem is repeated along the diagonal, Hessian, noise, preconditioner and start alike, and cut off after $D$ coordinates.",
    ];
  return [];
}

/** The sweep, with a point where the theories differ. */
export function explainSweep(sweep: FullSweep, points: readonly SweepPoint[]): string[] {
  const { scenario, quantity } = sweep;
  const { replicas, steps } = scenario.run;
  const far = points
    .filter(({ discrete, measured, diverged }) => discrete != null && measured != null && diverged === 0)
    .at(-1);
  const name = symbolOf(sweep);
  return [
    `Each point is the ${quantityOf(sweep)} of ${count(replicas)} replicas after ${count(steps)} steps, with its standard error. The curves are the theories after as many steps from the same start, under ${noiseOf(scenario)}.`,
    ...aboutQuantity[quantity](scenario.optimizer),
    ...aboutAxis(sweep),
    `Your numbers: ${numbers(scenario)}; the axis puts its own value for $${name}$.`,
    ...(far
      ? [
          `For example at $${name} = ${digits(far.x, 4)}$: continuous ${digits(far.continuous, 4)}, discrete ${digits(far.discrete, 4)}${far.exact == null || far.exact === far.discrete ? "" : `, exact ${digits(far.exact, 4)}`}; measured ${plusMinus(far.measured, far.error)}.`,
        ]
      : []),
    hasFormula(sweep)
      ? `Your formula is ${sweep.formula.replaceAll("$", "")}.`
      : "A formula of your own is drawn beside: $k$ and $c$ are curvature and noise along the coordinate (of a covariance $K_{ij}$ and $C_{ij}$, beside $k_i$ and $k_j$), sum(…) goes over all eigen-directions, and $λ$, $μ$, $ν$, $σ$, $a$, $S$, $N$, $D$, $t$, $i$, $j$ are the scenario's (lambda, mu, nu and sigma will do).",
    "“Agrees” means that $χ^2$ over all points is not too large to be chance.",
  ];
}

/** The cloud at a step. */
export function explainCloud(scenario: FullScenario, step: number): string[] {
  const flat = dimensionOf(scenario) === 1;
  return [
    `${count(scenario.run.replicas)} replicas of the same descent, each with noise of its own, after ${count(step)} steps under ${noiseOf(scenario)}.`,
    flat
      ? "The curves are the Gaussians of the theories; the bars are the replicas."
      : "Each ellipse is $w^T Σ^{−1} w = 9$, three standard deviations: in two dimensions it holds 98.9 % of a Gaussian.",
    "Discrete (Eq. 6, without momentum): $ΣK + KΣ − λKΣK = λC$. The diffusion leaves out the third term, and so does not see $λk$ grow towards 2.",
    `Your numbers: ${numbers(scenario)}.`,
  ];
}

/** The directions, the sharpest first. */
export function explainModes(scenario: FullScenario, directions: readonly Direction[]): string[] {
  const [sharpest] = directions;
  return [
    "In the eigen-directions of $K$ the descent falls apart into one-dimensional ones: each has a curvature $k$, and only $λk$ decides how far its theories are apart.",
    ...variances(scenario.optimizer),
    `Your numbers: ${numbers(scenario)}.`,
    ...(sharpest
      ? [
          `The sharpest direction: $k = ${digits(sharpest.curvature, 4)}$${sharpest.product === undefined ? "" : `, $λk = ${digits(sharpest.product, 4)}$`}; continuous ${digits(sharpest.continuous, 4)}, discrete ${digits(sharpest.discrete, 4)}, exact ${digits(sharpest.exact, 4)}.`,
        ]
      : []),
  ];
}

/** The map with the scenario's place on it. */
export function explainMap(
  scenario: FullScenario,
  limit: number | undefined,
  product: number | undefined,
): string[] {
  const qhm = scenario.optimizer.kind === "qhm";
  return [
    "Along a direction a step takes weight and velocity to a 2 × 2 matrix of themselves. Its spectral radius is by how much a disturbance shrinks in a step: below 1 the fluctuation is finite.",
    qhm
      ? "Its boundary (solid): $λk = 2(1+μ)/(1+μ−2μν)$."
      : "Its boundary (solid): $λk = 2(1+μ)$. A diffusion knows of none.",
    "The variance is in units of $c/k^2$, so that one map serves every curvature and noise.",
    `Your numbers: ${numbers(scenario)}${product === undefined ? "" : `; the sharpest direction is at $λk = ${digits(product, 4)}$`}${limit === undefined ? "" : `, the limit at ${digits(limit, 4)}`}.`,
  ];
}

/** The escape from a well. `words` are the instrument's own, with its numbers. */
export function explainEscape(scenario: FullScenario, words: string): string[] {
  return [
    "Replicas start in a well and are lost for good beyond the exit. The densities are where those that are left stay: a diffusion’s, and that of the chain of steps itself, which is exact.",
    "A diffusion leaves at the rate $(|k_b|/2π) exp(−(2SΔL/λ)(l/k_a + (1−l)/|k_b|))$ per unit of $λt$ (Eq. 24), with the barrier $ΔL$, of which the share $l$ lies in the well’s parabola; the paper’s correction (Eq. 23) puts $1 − λk_a/2$ beside $l$.",
    "Exact is the leading eigenvalue of one step’s probability to stay: it holds for steps of any size.",
    `Your numbers: ${numbers(scenario)}, under ${noiseOf(scenario)}.`,
    words,
  ];
}

/** SGD beside the posterior. */
export function explainBayes(scenario: FullScenario, words: string): string[] {
  return [
    "SGD with minibatches as a sampler: its stationary law is a Gaussian of covariance $Σ$, the posterior one of covariance $(NK)^{−1}$. The curve is how far they are apart: $(N tr(KΣ) − ln|NK| − ln|Σ| − D)/2$ (Theorem 6).",
    "In one direction the optimum is $λ* = 2S/(Nk)$. The continuous guess is $λ_c = 2SD/(N tr K)$, which several directions can make unstable.",
    `Your numbers: ${numbers(scenario)}.`,
    words,
  ];
}

/** A data set and the noise of its minibatches. */
export function explainData(scenario: FullScenario, words: string): string[] {
  return [
    "Each point is a sample. Least squares on them has the Hessian $K$, the mean of $x x^T$, and its minimum leaves the residuals $r$.",
    "A minibatch of $S$ samples has, at the minimum, the noise $C = κ$ times the mean of $r^2 x x^T$: $κ = 1/S$ with replacement, $(N−S)/(S(N−1))$ without. The usual rule $C = K/S$ takes every $r^2$ for 1. Away from the minimum the noise grows with the distance.",
    `Your numbers: ${numbers(scenario)}.`,
    words,
  ];
}
