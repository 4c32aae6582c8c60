/**
 * The words of the article, section by section; nothing of this file reaches a browser but as HTML (html.ts). In a text `$…$` is a formula
 * and `[[name]]` a number that follows the section's instrument (facts.ts), at first that of its preset.
 */
import type { SymbolName } from "./symbols.ts";

export interface SectionText {
  /** Its anchor, and the key of its preset (presets.ts). */
  readonly id: string;
  readonly title: string;
  /** Where the paper has it. */
  readonly place: string;
  readonly paragraphs: readonly string[];
  /** In parts, which stand below each other where they have no room side by side. */
  readonly formula: readonly { readonly tex: string; readonly words: string }[];
  /** The symbols that are explained below the formula, in this order. */
  readonly symbols: readonly SymbolName[];
  /** One thing to try. */
  readonly attempt: string;
  /** What the picture shows, for those who get it without JavaScript. */
  readonly picture: string;
}

export const sections: readonly SectionText[] = [
  {
    id: "step",
    title: "One step is not a flow",
    place: "Fig. 1, left; Eq. 3",
    paragraphs: [
      "Walk down the parabola $L=\\tfrac12 kw^2$ with learning rate $\\lambda$: each step multiplies the weight by $1-\\lambda k$. If the steps are short, the walk looks like a flow, and the flow is an exponential.",
      "But a step is as long as it is. Between $\\lambda k=1$ and $2$ every one of them lands on the other side of the valley, and the walk still arrives. A flow cannot do that: it never crosses the minimum, at any learning rate.",
    ],
    formula: [
      {
        tex: "\\discrete{w_{t}} = (1-\\lambda k)^{t}\\,w_0",
        words: "Discrete: w after t steps is one minus lambda k, to the power t, times the first w.",
      },
      {
        tex: "\\continuous{w(t)} = e^{-\\lambda k t}\\,w_0",
        words: "Continuous: w at time t is e to the minus lambda k t, times the first w.",
      },
    ],
    symbols: ["weight", "step", "learning_rate", "curvature"],
    attempt:
      "Set $\\lambda$ to 1: one step is enough, and the flow is still on its way. Then go to 2, where the walk never ends, and beyond.",
    picture:
      "The weight against the number of the step: the walk jumps from one side of the minimum to the other and closes in on it, the flow falls smoothly.",
  },
  {
    id: "noise",
    title: "Noise makes a distribution",
    place: "Fig. 1, right; Sec. 3",
    paragraphs: [
      "A minibatch shows the gradient with noise $\\eta$ on top, and noise never tires. So the weight does not come to rest. Start many copies of it at one point: they spread, forget where they came from, and settle into a distribution that stays as it is while every copy moves on.",
      "How wide it is follows from one line. In the settled state a step must leave the variance alone: what the valley takes away, the noise puts back.",
    ],
    formula: [
      {
        tex: "\\discrete{\\Sigma} = (1-\\lambda k)^2\\,\\discrete{\\Sigma} + \\lambda^2\\sigma^2",
        words:
          "Sigma equals one minus lambda k, squared, times Sigma, plus lambda squared times the variance of the noise.",
      },
    ],
    symbols: ["variance", "learning_rate", "curvature", "noise_variance"],
    attempt:
      "Press Reset, then Step a few times. At $\\lambda=1.5$ the whole crowd jumps across the minimum and back while it spreads.",
    picture:
      "A histogram of ten thousand weights with the Gaussian of each theory: the discrete one fits, the continuous one is too narrow.",
  },
  {
    id: "discrete",
    title: "Any learning rate",
    place: "Fig. 2(a); Theorem 1",
    paragraphs: [
      "Solve that line for $\\Sigma$, and there is the answer, for any learning rate that is stable at all. The usual theory takes the steps for a diffusion, and loses one term: where the truth has $2-\\lambda k$ it has 2.",
      "For small $\\lambda$ nobody sees the difference. At $\\lambda=$ [[learning_rate]] the variance is [[discrete]] while the diffusion says [[continuous]]; at $\\lambda k=2$ the truth diverges, and the diffusion has not noticed. Every point of the plot is a simulation, with its standard error.",
    ],
    formula: [
      {
        tex: "\\discrete{\\Sigma} = \\frac{\\lambda\\,\\sigma^2}{k\\,(2-\\lambda k)}",
        words: "Discrete: Sigma is lambda times the variance of the noise, over k times two minus lambda k.",
      },
      {
        tex: "\\continuous{\\Sigma} = \\frac{\\lambda\\,\\sigma^2}{2k}",
        words: "Continuous: Sigma is lambda times the variance of the noise, over two k.",
      },
    ],
    symbols: ["variance", "learning_rate", "curvature", "noise_variance"],
    attempt:
      "Put the pointer on a point, or walk along them with the arrow keys: the readout says by how many standard errors each theory misses. Then show the logarithm.",
    picture:
      "The variance against the learning rate: measured points lie on the discrete theory's curve, which rises to infinity at 2; the continuous theory's straight line leaves them early.",
  },
  {
    id: "shape",
    title: "The shape of the cloud",
    place: "Fig. 3; Theorem 1",
    paragraphs: [
      "In more than one dimension the fluctuation has a shape. A diffusion in white noise is wide where the valley is flat, $\\Sigma\\propto K^{-1}$, whatever the learning rate. The step disagrees. Here $\\lambda=$ [[learning_rate]]: along the sharpest direction of the valley the variance is [[sharpest]], along the flattest, where the curvature is [[ratio]] times smaller, it is [[flattest]]; the diffusion says [[sharpest_continuous]] and [[flattest_continuous]].",
      "The sharper a direction is, the sooner it feels that the step is finite. So the ellipse does not just grow with $\\lambda$: it changes its form, and near $\\lambda k=2$ of the sharpest direction it lies across the valley.",
    ],
    formula: [
      {
        tex: "\\discrete{\\Sigma} K + K\\discrete{\\Sigma} - \\lambda\\,K\\discrete{\\Sigma} K = \\lambda\\,C",
        words: "Sigma K plus K Sigma minus lambda K Sigma K equals lambda C.",
      },
    ],
    symbols: ["covariance", "hessian", "noise_covariance", "learning_rate"],
    attempt:
      "Move $\\lambda$ from 0.1, where the two ellipses are nearly one, to 1.9. Or turn the valley by 45°: write $K$ as 0.55, 0.45; 0.45, 0.55. The ellipses turn with it, and the numbers above stay.",
    picture:
      "The cloud of an ensemble in the plane of two weights with three ellipses: the measured one is that of the discrete theory; the continuous one is too narrow along the sharp direction.",
  },
  {
    id: "momentum",
    title: "Momentum, and when it diverges",
    place: "Figs. 4 and 9; Theorem 2",
    paragraphs: [
      "Momentum remembers the last steps, with weight $\\mu$. It makes the fluctuation larger, by about $1/(1-\\mu)$: for so many steps a gradient goes on to act. It also moves the limit of stability up, from $\\lambda k=2$ to $2(1+\\mu)$. Here $\\lambda k=$ [[product]], which plain SGD [[plain]]; with $\\mu=$ [[momentum]] the limit is [[limit]].",
      "The diffusion sees neither the limit nor what it does: beyond $\\lambda k=1$ the variance falls at first as $\\mu$ rises, because the end of the world is moving away.",
    ],
    formula: [
      {
        tex: "\\discrete{\\Sigma} = \\frac{1+\\mu}{1-\\mu}\\,\\frac{\\lambda\\,\\sigma^2}{k\\,[\\,2(1+\\mu)-\\lambda k\\,]}",
        words:
          "Sigma is one plus mu over one minus mu, times lambda times the variance of the noise, over k times the bracket two times one plus mu, minus lambda k.",
      },
    ],
    symbols: ["variance", "momentum", "learning_rate", "curvature", "noise_variance"],
    attempt:
      "Lower $\\lambda$ to 2 and then to 1: the left part of the plot becomes stable, and the dip goes away.",
    picture:
      "The variance against the momentum at a learning rate that is too large without it: infinite up to 0.375, then falling to a minimum and rising again; the measured points follow the discrete theory.",
  },
  {
    id: "law",
    title: "Any noise",
    place: "Fig. 8; Sec. 3",
    paragraphs: [
      "Nothing so far asked for a Gaussian. The balance of section 2 knows the noise by its variance alone, so Student’s t, a skewed χ² or a coin must all give the same $\\Sigma$, and they do.",
      "What the law does change is the shape beyond the variance. A settled weight is a sum of old noises: that of $s$ steps ago counts $(1-\\lambda k)^s$. With small steps the sum has many terms, and is nearly Gaussian; at $\\lambda k=1$ only the last noise is left.",
    ],
    formula: [
      {
        tex: "\\operatorname{kurt} w = \\frac{1-\\rho^2}{1+\\rho^2}\\,\\operatorname{kurt}\\eta",
        words:
          "The excess kurtosis of w is one minus rho squared over one plus rho squared, times that of the noise.",
      },
      { tex: "\\rho = 1-\\lambda k", words: "Rho is one minus lambda k." },
    ],
    symbols: ["weight", "noise", "noise_kurtosis", "memory", "learning_rate", "curvature"],
    attempt:
      "Show the excess kurtosis instead of the variance: the points go to that of the noise, [[noise_kurtosis]], at $\\lambda k=1$ and come back. Then take a coin, which has a negative one. (That of Student’s t is infinite up to 4 degrees of freedom, and then no number of runs settles it.)",
    picture:
      "The variance against the learning rate under skewed noise: the same curve as under Gaussian noise, and the measured points lie on it.",
  },
  {
    id: "price",
    title: "The price: training error",
    place: "Table 1; Theorem 5",
    paragraphs: [
      "The fluctuation costs loss: $\\tfrac12\\operatorname{tr}K\\Sigma$ above the minimum. At $\\lambda=$ [[learning_rate]] that is [[discrete_error]], and the diffusion says [[continuous_error]]. It does not matter how noise and curvature are turned against each other: only the noise along each direction counts.",
      'Each optimizer pays its own price: the formula here is that of SGD with momentum, the numbers are of the one that is chosen. The paper’s <a href="./table.html">Table 1</a> lists six of them, and a page of its own computes it for any scenario.',
    ],
    formula: [
      {
        tex: "\\discrete{L} = \\frac{\\lambda}{4(1-\\mu)}\\,\\operatorname{tr} C\\,\\Bigl(I-\\frac{\\lambda}{2(1+\\mu)}K\\Bigr)^{-1}",
        words:
          "Discrete: the training error L is lambda over four times one minus mu, times the trace of C times the inverse of the identity minus lambda over two times one plus mu, times K.",
      },
      {
        tex: "\\continuous{L} = \\frac{\\lambda\\operatorname{tr}C}{4(1-\\mu)}",
        words:
          "Continuous: the training error L is lambda times the trace of C, over four times one minus mu.",
      },
    ],
    symbols: ["loss", "learning_rate", "momentum", "hessian", "noise_covariance", "identity"],
    attempt: "Choose another optimizer, say QHM or damped Newton, and see where its curve ends.",
    picture:
      "The training error against the learning rate, measured on the discrete theory's curve, which diverges at 2.",
  },
  {
    id: "sampler",
    title: "SGD as a sampler",
    place: "Theorem 6, Eq. 16",
    paragraphs: [
      "A distribution around the minimum is also what Bayes wants: with $N$ data the posterior is a Gaussian of covariance $(NK)^{-1}$. Can SGD draw from it? With the noise of minibatches, and one learning rate for all directions, nearly; and one learning rate is the best, in the sense of Kullback and Leibler: here [[best]], at [[best_divergence]] nats from the posterior.",
      "The diffusion names a rate too: [[guess]], where [[guess_outcome]]. With smaller data sets or larger batches, so that the best rate is no longer small, its guess can be so wrong that it is not even stable.",
    ],
    formula: [
      {
        tex: "\\sum_i \\frac{\\rho u_i-1}{2-\\lambda k_i} = 0",
        words:
          "The best learning rate makes zero the sum over directions of rho u minus one, over two minus lambda k.",
      },
      {
        tex: "u_i=\\frac{\\lambda k_i}{2-\\lambda k_i}",
        words: "In each direction u is lambda k over two minus lambda k.",
      },
      { tex: "\\rho=\\frac{N-S}{S}", words: "Rho is N minus S over S." },
    ],
    symbols: [
      "learning_rate",
      "curvatures",
      "samples",
      "batch_size",
      "samples_per_batch",
      "mode_ratio",
      "direction",
    ],
    attempt:
      "Take more samples $N$ and the batch $S$ along with them: the best learning rate only sees their ratio. Then double $S$ alone, and press the button to take the best rate.",
    picture:
      "The divergence between SGD's distribution and the posterior against the learning rate, with its minimum by each theory.",
  },
  {
    id: "escape",
    title: "Escape",
    place: "Figs. 5 and 6; Theorems 7 and 9",
    paragraphs: [
      "A fluctuation that is large enough leaves the valley. That is good news for those who believe that flat minima generalise: a sharp valley throws the weight out.",
      "How fast depends on the tail of the distribution, and there a factor in the variance becomes a factor in an exponent. The step is a Markov chain, and its rate can be computed without approximation; on average a weight needs [[passage]] steps from here to the exit, [[passage_continuous]] by the diffusion. Multiply the whole potential at one $\\lambda$, and the diffusion is only sped up: its rate over $k$ stays the same, while that of the steps rises.",
    ],
    formula: [
      {
        tex: "\\continuous{\\gamma} = \\frac{k}{2\\pi}\\,e^{-S b^2/2\\lambda}",
        words:
          "Continuous: the rate gamma is k over two pi, times e to the minus S b squared over two lambda.",
      },
      {
        tex: "\\exact{\\gamma} \\sim e^{-(1-\\lambda^2k^2/4)\\,S b^2/2\\lambda}",
        words:
          "Exact, for rare escapes: gamma goes as e to the minus one minus lambda squared k squared over four, times S b squared over two lambda.",
      },
    ],
    symbols: ["rate", "learning_rate", "curvature", "batch_size", "barrier"],
    attempt:
      "Make the batch $S$ smaller or the learning rate larger: of the times below, only the exact one keeps up with the measured one.",
    picture:
      "A well with a barrier beside it, and in it where the weights are: the histogram of those still inside and the density of each theory.",
  },
  {
    id: "second",
    title: "Newton, natural gradient, Adam",
    place: "Eq. 25 (Newton), Eq. 26 (natural gradient), Theorem 10 and Eq. 27 (Adam)",
    paragraphs: [
      "Second-order methods put a matrix in front of the gradient, and the same balance gives their fluctuation. Damped Newton sees every direction with curvature 1, so that all of them become unstable together, at $\\lambda=$ [[limit]].",
      "Natural gradient and Adam divide by the size of the gradient, which the fluctuation itself makes. So under noise like this the theory has no limit of stability for them: a larger fluctuation shortens their step.",
    ],
    formula: [
      {
        tex: "\\discrete{\\Sigma} = \\frac{1+\\mu}{1-\\mu}\\,\\frac{\\lambda}{2(1+\\mu)-\\lambda}\\,K^{-1}C\\,K^{-1}",
        words:
          "For damped Newton, Sigma is one plus mu over one minus mu, times lambda over two times one plus mu minus lambda, times the inverse of K, times C, times the inverse of K.",
      },
    ],
    symbols: ["covariance", "learning_rate", "momentum", "hessian", "noise_covariance"],
    attempt: "Take Adam or the natural gradient: the curve goes on where Newton’s ended.",
    picture:
      "The variance against the learning rate of damped Newton: measured points on the discrete theory's curve, which diverges at 2.",
  },
];
