/** Scenarios worth a look, each as what its link changes of the default. */

export interface Preset {
  readonly name: string;
  /** What is seen there, in one line. */
  readonly line: string;
  /** The hash, without its version; empty for the default. */
  readonly state: string;
}

export const presets: readonly Preset[] = [
  {
    name: "Fig. 2(a)",
    line: "The variance against the learning rate: the diffusion is right only at its foot.",
    state: "",
  },
  {
    name: "Fig. 3(a)",
    line: "λk = 0.1: both theories draw nearly the same ellipse.",
    state: "learning_rate=0.1",
  },
  {
    name: "Fig. 3(b)",
    line: "λk = 1: twice the diffusion’s variance along the sharp direction.",
    state: "learning_rate=1",
  },
  {
    name: "Fig. 3(c)",
    line: "λk = 1.9: the cloud is wider across the valley than along it.",
    state: "learning_rate=1.9",
  },
  {
    name: "Fig. 4(a)",
    line: "λk = 2.75: no variance below μ = 0.375, a finite one above.",
    state: "learning_rate=2.75&momentum=0.5&parameter=momentum&to=1",
  },
  {
    name: "Fig. 8, Student’s t",
    line: "Noise with heavy tails (4 degrees): the variance does not see the law.",
    state: "hessian=1&law=student_t&degrees=4",
  },
  {
    name: "Fig. 8, χ²",
    line: "Skewed noise (3 degrees): the variance does not see the law.",
    state: "hessian=1&law=chi_squared&degrees=3",
  },
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
];

/** The hash of a preset. */
export const hashOf = ({ state }: Preset): string => (state === "" ? "#" : `#v=1&${state}`);
