/**
 * The symbols of the article: what each letter of a formula means, and which number of the instrument beside it is its present
 * value. A section says which of them it uses; within a section a letter means one thing.
 */

export interface Symbol {
  /** As it stands in a formula. */
  readonly letter: string;
  /** As TeX writes it. */
  readonly tex: string;
  readonly meaning: string;
  /** The fact (facts.ts) that is its value; without one it has no single value. */
  readonly fact?: string;
  /** The parameter that a control of the section changes. */
  readonly parameter?: string;
}

export const symbols = {
  weight: { letter: "w", tex: "w", meaning: "weight, measured from the minimum" },
  rate: {
    letter: "γ",
    tex: "\\gamma",
    meaning: "rate of escape per unit of λ times steps, exactly",
    fact: "rate",
  },
  step: { letter: "t", tex: "t", meaning: "number of the step" },
  loss: {
    letter: "L",
    tex: "L",
    meaning: "training error: mean loss above its minimum",
    fact: "discrete_error",
  },
  learning_rate: {
    letter: "λ",
    tex: "\\lambda",
    meaning: "learning rate",
    fact: "learning_rate",
    parameter: "learning_rate",
  },
  curvature: { letter: "k", tex: "k", meaning: "curvature of the loss", fact: "curvature" },
  curvatures: {
    letter: "k",
    tex: "k_i",
    meaning: "curvature along each eigen-direction",
    fact: "curvatures",
  },
  direction: { letter: "i", tex: "i", meaning: "number of the eigen-direction" },
  hessian: { letter: "K", tex: "K", meaning: "Hessian of the loss", fact: "hessian", parameter: "hessian" },
  noise: { letter: "η", tex: "\\eta", meaning: "noise of one gradient" },
  noise_kurtosis: {
    letter: "kurt",
    tex: "\\operatorname{kurt}\\eta",
    meaning: "excess kurtosis, here of the noise",
    fact: "noise_kurtosis",
  },
  memory: {
    letter: "ρ",
    tex: "\\rho",
    meaning: "share of a weight that one step leaves",
    fact: "memory",
  },
  noise_variance: {
    letter: "σ",
    tex: "\\sigma^2",
    meaning: "variance of the gradient’s noise",
    fact: "noise_variance",
    parameter: "noise_variance",
  },
  noise_covariance: {
    letter: "C",
    tex: "C",
    meaning: "covariance of the gradient’s noise",
    fact: "noise_covariance",
  },
  covariance: {
    letter: "Σ",
    tex: "\\Sigma",
    meaning: "stationary covariance of the weights",
    fact: "covariance",
  },
  variance: { letter: "Σ", tex: "\\Sigma", meaning: "stationary variance of the weight", fact: "discrete" },
  momentum: { letter: "μ", tex: "\\mu", meaning: "momentum", fact: "momentum", parameter: "momentum" },
  identity: { letter: "I", tex: "I", meaning: "identity matrix" },
  samples: { letter: "N", tex: "N", meaning: "number of data", fact: "samples" },
  batch_size: {
    letter: "S",
    tex: "S",
    meaning: "batch size",
    fact: "batch_size",
    parameter: "batch_size",
  },
  samples_per_batch: {
    letter: "ρ",
    tex: "\\rho",
    meaning: "data left out by a batch, over its size",
    fact: "samples_per_batch",
  },
  mode_ratio: {
    letter: "u",
    tex: "u_i",
    meaning: "what the steps make of each direction",
    fact: "mode_ratio",
  },
  barrier: { letter: "b", tex: "b", meaning: "distance from the minimum to the top", fact: "barrier" },
  dimension: { letter: "D", tex: "D", meaning: "number of weights", fact: "dimension" },
} as const satisfies Readonly<Record<string, Symbol>>;

export type SymbolName = keyof typeof symbols;

/** A symbol by its name. */
export const symbolNamed = (name: SymbolName): Symbol => symbols[name];
