/**
 * What the errata page says: of each erratum the title and the quantities of the core's list, typeset, what is printed, what
 * is right, and why. Formulas stand between dollars, see typeset.ts. Without the dollars, titles and quantities are the
 * core's, which tests hold them to.
 */

/** The words of one erratum. */
export interface ErratumText {
  readonly number: string;
  readonly title: string;
  readonly printed: string;
  readonly correct: string;
  readonly why: string;
  /** What each piece of evidence is the value of. */
  readonly quantities: readonly string[];
}

export const texts: readonly ErratumText[] = [
  {
    number: "1",
    title: "the linear system and $h(K)$ of QHM are wrong as soon as $μ > 0$",
    printed: "A linear system for the second moments and a closed form $h(K)$ that follows from it.",
    correct:
      "$X + AX^T = A₁Σ − αβC$\n$Σ − AΣA = A₁X^T − AX^TA₁ + (α² + β²)C − αβCA₁$\nwith $α = λ(1 − νμ)$, $β = λμ(1 − ν)$,\n$A₁ = (1 + μ)I − αK$, $A = μI − βK$; so\n$h = x(1 − μ + μ(1 − ν)x)(2(1 + μ) − qx)/(1 − μ² + μ(1 − ν)qx)$\nwith $x = λk$, $q = 1 + μ − 2μν$; $X = E[w_t w_{t−1}^T]$",
    why: "Written for the weights alone, the noise enters twice, now and one step later, and the weights in between remember it: $E[w_{t−1}η_{t−2}^T] = −αC$, not 0. At $ν = 1$, where QHM is the heavy ball, Eq. 8 shows the difference at once.",
    quantities: [
      "variance by $h(K)$, $k = 1$, $C = 1$",
      "variance by the system (73), $k = 1$, $C = 1$",
      "variance of random walkers, $k = 1$, $C = 1$",
    ],
  },
  {
    number: "1a",
    title: "the noise is printed as $λ²α²C$: $α$ holds $λ$ already",
    printed: "$λ²α²C$",
    correct: "$α²C$",
    why: "$α = λ(1 − νμ)$ is a learning rate; the paper's own coefficient $d$, later on, uses $α²$.",
    quantities: ["variance from Eq. 75 with the other moments true, $k = 1$, $C = 1$"],
  },
  {
    number: "1b",
    title: "noise and state are taken as uncorrelated",
    printed: "Eq. 77 to 81 without products of noise and state.",
    correct:
      "Eq. 77 gains $−2λ(1 − ν)αC$,\nEq. 78 and 79 $−αβC$,\nEq. 80 and 81 $+αβ(I − αK)C$ and its transpose",
    why: "The velocity holds the noise of the step before, and the weights have moved by that same noise.",
    quantities: ["$E[w_t w_(t−1)]$ from Eq. 78, $k = 1$, $C = 1$", "$E[m²]$ from Eq. 77, $k = 1$, $C = 1$"],
  },
  {
    number: "1c",
    title: "the terms in $KX$ and $KXK$ are missing and three coefficients are off",
    printed: "Eq. 82 with terms in $XK$ alone.",
    correct: "Eq. 82 with $KX$ and $KXK$ too; all its coefficients follow from the system of erratum 1.",
    why: "At $ν = 1$ the missing correlations of erratum 1b vanish, so what is left there comes from this equation alone.",
    quantities: ["variance by the system at $ν = 1$, $k = C = 1$", "the same, only $KX$ and $KXK$ missing"],
  },
  {
    number: "1d",
    title: "$αK²Σ$ and $λKΣK$ do not have the unit of the lag-one covariance",
    printed: "$αK²Σ$ and $λKΣK$",
    correct: "$KQ$, $QK$ and $KQK$ with $Q = AQA + Σ$",
    why: "Two ways lead to one variance: the closed form, and the system that it solves. In print Eq. 86 stands between them, and they differ.",
    quantities: [
      "variance by $h(K)$ over that by its system, $ν = 1$, $k = C = 1$",
      "variance by $h(K)$ at $ν = 1$, $k = C = 1$",
      "$E[w_t w_(t−1)]$ at $ν = 1$, $k = C = 1$",
    ],
  },
  {
    number: "2",
    title: "the covariance has a factor $1/(1−μ)$ too much, since the velocity of Eq. 72 is normalised",
    printed: "$Σ = λ/(2(1 − μ)) K⁻¹C$",
    correct: "$Σ = (λ/2) K⁻¹C$",
    why: "The velocity of Eq. 72 is an average, $(1 − μ)(1 + μ + μ² + …) = 1$, so the drift is $λ$ a step and not $λ/(1 − μ)$.",
    quantities: ["variance for a small learning rate, $k = 1$, $C = 1$"],
  },
  {
    number: "3",
    title: "the effective Hessian is $K − (λ/2)K²$: confinement gets weaker, no weight decay",
    printed: "$K + (λ/2)K²$, read as a weight decay",
    correct: "$K − (λ/2)K²$, exactly",
    why: "For white noise Theorem 1 reads $Σ = λσ²[K(2I − λK)]⁻¹$. Its inverse is $(2/λσ²)(K − (λ/2)K²)$. No expansion is in it, hence no doubt about the sign: a larger $λ$ makes $Σ$ larger.",
    quantities: ["effective curvature, $λσ²/(2Σ)$ for white noise"],
  },
  {
    number: "4",
    title: "$C = 2TI$ fits neither $exp(−wᵀKw/T)$ nor $exp(−L/T)$",
    printed: "$C = 2TI$ for the density $exp(−w^TKw/T)$",
    correct: "$C = (T/λ)I$ for $exp(−w^TKw/T)$,\n$C = (2T/λ)I$ for $exp(−L/T)$",
    why: "To first order $Σ = λCK⁻¹/2$, while the two densities have $Σ = TK⁻¹/2$ and $Σ = TK⁻¹$.",
    quantities: [
      "noise variance for the density $exp(−wᵀKw/T)$, $k = 1$",
      "noise variance for the density $exp(−L/T)$, $k = 1$",
    ],
  },
  {
    number: "5",
    title: "the rate is flux over probability, not probability over flux",
    printed: "probability over flux",
    correct: "flux over probability",
    why: "A rate is what leaves in a unit of time, of what is inside. The print is its inverse, a time.",
    quantities: ["escape rate per unit of $s = λt$, $k_a = |k_b| = b = S = 1$"],
  },
  {
    number: "6",
    title: "$λ$ is on the wrong side, and a factor 1/2 is lost, in the probability in the well",
    printed: "$√(2πC/(λk(2 − λk)))$\nand $erf √(λ(2 − λk)ΔL/C)$",
    correct: "$√(2πλC/(k(2 − λk)))$\nand $erf √((2 − λk)ΔL/(2λC))$",
    why: "The probability per unit of density at the bottom is the integral of $exp(−w²/2Σ)$ over $|w| < √(ΔL/k)$; with Theorem 1's $Σ = λC/(k(2 − λk))$ that is the corrected form.",
    quantities: ["probability in the well over the density at its bottom"],
  },
  {
    number: "7",
    title: "the flux has lost its diffusion coefficient $T_b$",
    printed: "$√(|k_b|/(2πT_b))$, and a Gaussian factor",
    correct: "$√(T_b|k_b|/(2π))$; the Gaussian factor is 1 at the point $a$",
    why: "The flux of a diffusion over a parabolic top, with $T_b = λC/2$ there, is $T_b$ over the integral of $exp(−|k_b|w²/2T_b)$, which is $√(2πT_b/|k_b|)$.",
    quantities: ["flux over the top per unit of the density there, per unit of $s = λt$"],
  },
  {
    number: "8",
    title: "both factors belong into the denominator; even then it is not the exact chain",
    printed: "$√(2/(2 − x)) erf(z)$ with $x = λk$ in front of the rate",
    correct: "$√((2 − x)/2)/erf(z/√2)$, if Eq. 66 to 70, corrected, are put together",
    why: "Flux over probability has $√(T_b|k_b|/2π)/√(2πΣ) = (|k_b|/2π)√((2 − x)/2)$. The rate of the discrete walker itself is another number, which the library computes by its transition probabilities.",
    quantities: [
      "$rate/r$ of Fig. 6(b) by flux over probability, $λ = 0.15$",
      "$rate/r$ of the walker itself",
    ],
  },
  {
    number: "9",
    title: "the prefactor is $k_a/2π$: SGD takes its noise before the step",
    printed: "$|k_b|/2π$",
    correct: "$k_a/2π$",
    why: "SGD draws its noise at $w$ and then moves, so the diffusion is Itô's, with the density $exp(−Φ)/D$, $Φ′ = L′/D$. The rate is $(1/2π)√(k_a|k_b|D_a/D_b) exp(−ΔΦ)$, and $D = λ|k|/2S$ leaves $k_a$. A flux $−D∂P$, as in Eq. 21, turns $D_a/D_b$ over.",
    quantities: [
      "$rate/|k_b|$ of the diffusion, $k_a = b = S = 1$",
      "the same by the prefactor $k_a/2π$",
      "the same by it for a tenth of $λ$",
    ],
  },
  {
    number: "10",
    title: "the first order in $λk$ cancels: $1 − (λk)²/4$ for $k_a = |k_b|$, not $1 − λk/4$",
    printed: "a factor $1 − x/4$ on the continuous exponent, for $k_a = |k_b|$, $x = λk$",
    correct: "$1 − x²/4$",
    why: "In the well the walker is wider than the diffusion, by $2/(2 − x)$; on the barrier its distance to the top grows by $1 + x$ a step, which leaves $2/(2 + x)$ of the noise to come. The cheapest way over both loses the first order.",
    quantities: [
      "fall of ln rate per unit of $S$, from $S = 40$ to 50",
      "the same from $S = 4$ to 5, corrected: the chain of the theory",
    ],
  },
  {
    number: "11",
    title: "$D = C/2$ is neither the diffusion of a step, $λ²C/2$, nor of a unit of $s = λt$, $λC/2$",
    printed: "$D = C/2$",
    correct: "$λ²C/2$ a step, or $λC/2$ per unit of $s = λt$, the unit of Eq. 23 and 24",
    why: "A step has the noise $−λη$ of variance $λ²C$, and takes $λ$ of the time $s$.",
    quantities: ["diffusion coefficient per step", "diffusion coefficient per unit of $s = λt$"],
  },
  {
    number: "12",
    title: "the gain does not last: in the long run it is below $(2−λk_min)/(2−λk_1)$ for any dimension",
    printed: "the ratio of the first step, also at long times",
    correct: "at most $(2 − λk_{min})/(2 − λk₁)$, whatever the dimension",
    why: "By Theorem 5 the stationary training error is a sum of $C_{ii}/(2 − λk_i)$. The ratio to isotropic noise is one weighted mean of $1/(2 − λk_i)$ over another, so it lies between the extremes.",
    quantities: ["long-run loss over that of isotropic noise, $C = K = diag(1, D^−d, …)$"],
  },
  {
    number: "13",
    title: "the order $D^(2d−1)$ is only that of a lower bound, $D^min(2d−1, 1)$",
    printed: "$O(aD^{2d−1})$",
    correct: "$Ω(aD^{min(2d−1, 1)})$: a lower bound, which saturates at $d = 1$",
    why: "From above $tr(KC) ≤ k₁ tr C$ bounds the ratio by $Dk₁/tr K ≤ D$; for $d > 1$ an order $D^{2d−1}$ cannot be.",
    quantities: ["one-step loss over that of isotropic noise, $C = K = diag(1, D^−d, …)$"],
  },
  {
    number: "14",
    title: "$X$ is $μI$, not $(1−μ)I$, and the noise enters with $−λη$",
    printed: "$X := (1 − μ)I$, and $+λη$ in Eq. 40",
    correct: "$X = μI$ and $−λη$",
    why: "From Eq. 5, $w_t = (I + μI − λK)w_{t−1} − μw_{t−2} − λη$. Theorem 2 itself is right: it follows from $X = μI$.",
    quantities: ["stationary variance for $C = 1$"],
  },
  {
    number: "15",
    title: "the proof takes $(1−x)^(2t)$ for at most $e^(−2xt)$, false for $x > 1.27846$; the claim is true",
    printed: "the proof uses $e^{−2xt} ≥ (1 − x)^{2t}$, $x = λk$",
    correct:
      "the claim, by another way: with $q = (1 − x)²$ the factor of a mode is $2x(1 − q^t)/(1 − q)$, at least $1 − e^{−2xt}$",
    why: "For $t ≤ 1$ convexity gives $q^t ≤ 1 − t(1 − q)$, so the factor is at least $2xt$. Beyond, it is at least $2x$, enough for $x ≥ 1/2$; for a smaller $x$ the printed step is true and $2x/(1 − q) ≥ 1$.",
    quantities: [
      "$(1−λk)^(2t)$, printed: its bound, $k = 1$",
      "loss gained in $t$ steps, never below the diffusion's, $k = C = 1$",
      "largest $λk$ for which that bound holds",
    ],
  },
  {
    number: "16",
    title: "$[K, [K, Σ]]$ is symmetric, not antisymmetric; its trace vanishes because a trace is cyclic",
    printed: "$[K, [K, Σ]]$ is antisymmetric, so its trace is 0",
    correct: "$[K, [K, Σ]]$ is symmetric; $tr(f(K)[K, Y]) = 0$ for every function $f$ and matrix $Y$",
    why: "$[K, Σ]^T = −[K, Σ]$, hence $[K, [K, Σ]]^T = [K, [K, Σ]]$. Simpler still: in $K$'s basis a diagonal entry of $Σ$ depends on the same entry of $C$ alone.",
    quantities: [
      "entry (2, 1) of $[K, [K, Σ]]$, $K = diag(1, 0.3)$",
      "its trace",
      "training error, which sees the diagonal of $C$ alone",
    ],
  },
  {
    number: "17",
    title: "$λk < 2(1+μ)$ must be strict, and is necessary and sufficient",
    printed: "$λk ≤ 2(1 + μ)$, as a necessary condition",
    correct:
      "$λk < 2(1 + μ)$, necessary and sufficient;\nfor QHM $λk < 2(1 + μ)/(1 + μ − 2μν)$ where $1 + μ > 2μν$;\nbehind a preconditioner the eigenvalues of $ΛK$ count",
    why: "A mode's polynomial $z² − a₁z + a₂$ has both roots inside the unit circle if and only if three inequalities hold (Jury), of which only this one can fail. At equality the root is −1, and the noise adds up.",
    quantities: [
      "growth of the variance from $t$ to $2t$ steps at $λk = 2(1+μ)$, $t = 5000$",
      "largest $λk$ of momentum",
      "largest $λk$ of QHM",
      "largest factor on $Λ = diag(1, 2)$ for $K = (1, .3; .3, .5)$",
    ],
  },
  {
    number: "18",
    title: "the error of the continuous decay is $O((λk)²)$ a step, not $O((1−λk)²)$",
    printed: "$O((1 − λk)²)$",
    correct: "$O((λk)²)$ a step",
    why: "$e^{−x} − (1 − x) = x²/2 − x³/6 + …$; at $x = 0.1$ it is 0.0048, while $(1 − x)²$ is 0.81.",
    quantities: ["error of one step over that at half of $λ$, $k = 1$"],
  },
  {
    number: "19",
    title: "$|1−λk|$ may be 0: a step may land on the minimum",
    printed: "$|1 − λk|$ in $(0, 1)$",
    correct: "$|1 − λk|$ in $[0, 1)$",
    why: "At $λk = 1$ gradient descent is at the minimum after one step, which is as convergent as can be.",
    quantities: ["1 if the descent converges at $λk$, 0 if not, $k = 1$", "$|w₁/w₀|$"],
  },
  {
    number: "20",
    title: "$ν = 0$ is plain SGD as it is, without $λ → λ/(1−μ)$",
    printed: "$ν = 0$ is plain SGD after $λ → λ/(1 − μ)$",
    correct: "$ν = 0$ is plain SGD as it is; $λ → λ/(1 − μ)$ belongs to $ν = 1$ alone",
    why: "At $ν = 0$ the step is $−λ$ times the fresh gradient; the velocity is not in it.",
    quantities: ["variance at $ν = 0$, printed: of the SGD it is said to be, $k = C = 1$"],
  },
  {
    number: "21",
    title: "the optimum exists for every $0 < S < N$; the continuous guess may diverge",
    printed: "an optimum under $S ≪ N$, where the diffusion has it at $λ_c = 2SD/(N tr K)$",
    correct: "one optimum for every $0 < S < N$; in one dimension it is $2S/(Nk)$",
    why: "With $u = λk/(2 − λk)$ the condition of Eq. 16 runs from $−D$ to $+∞$ below the limit of stability and rises at each of its roots, so there is one. The diffusion has no such limit, and its guess may lie beyond it.",
    quantities: [
      "learning rate nearest to the posterior, printed: $λ_c$, limit 2",
      "the same in one direction, $2S/(Nk)$, $k = 1$",
    ],
  },
  {
    number: "22",
    title: "the cross terms vanish because the noise is white in time, Gaussian or not",
    printed: "the cross terms vanish by a property of Gaussian noise",
    correct: "they vanish because the noise of one step is uncorrelated with that of any other",
    why: "Gaussian noise with a memory has another variance; noise of two values without a memory has the same.",
    quantities: [
      "variance under Gaussian noise with memory, $k = C = 1$",
      "loss after 12 steps under white noise of ±1, $k = 1$",
    ],
  },
  {
    number: "23",
    title: "the general equation has lost a $Σ$: $ΣΛ⁻¹K⁻¹ + K⁻¹Λ⁻¹Σ = (1+c)Σ$",
    printed: "without $Σ$, as for matrices that commute: $Λ⁻¹K⁻¹ + K⁻¹Λ⁻¹ = (1 + c)I$",
    correct: "$ΣΛ⁻¹K⁻¹ + K⁻¹Λ⁻¹Σ = (1 + c)Σ$",
    why: "Only where $Σ$ commutes with $ΛK$ does it drop out; the paper's result for Adam, where all commute, stands.",
    quantities: ["$1 + c$ for which $C = cKΣK$ keeps up $Σ$ behind $Λ = λ diag(1, 2)$"],
  },
  {
    number: "24",
    title: "without noise natural gradient has no stationary law but jumps between two points",
    printed: "natural gradient fluctuates even without noise",
    correct: "it ends on the limit of stability, in an orbit of period two",
    why: "Without noise the eigenvalues of $ΛK$ end at $2(1 + μ)$, the limit, where the root is −1: the weights change sign at every step, and nothing draws them to a law.",
    quantities: [
      "half the mean square displacement over an even number of steps",
      "mean square of the weights",
    ],
  },
  {
    number: "25",
    title: "Adam's variance goes as $λ$ for a constant noise; $λ²$ is for $C = cKΣK$",
    printed: "Adam's $Σ$ goes as $λ²$",
    correct: "as $λ²$ for $C = cKΣK$; for a constant $C$ as $λ√c/(2k)$",
    why: "On one direction $4k²σ⁴ = λ²(k²σ² + c)$. With a constant $c$ and a small $λ$ the last term rules.",
    quantities: ["growth of the variance when $λ$ doubles, $C = 1$"],
  },
  {
    number: "26",
    title: "the loss needs the factor 1/2, else its Hessian is $2E[xxᵀ]$ and its noise $2K/S$",
    printed: "the loss $(1/N)Σ(·)²$ with $C = K/S$",
    correct: "the loss $(1/2N)Σ(·)²$",
    why: "As printed the loss has the Hessian $2E[xx^T]$, and its noise is $2s²K/S$ for residuals of variance $s²$. With the 1/2 both are as stated.",
    quantities: [
      "curvature of $(1/N) Σ (wx − y)²$, printed: mean $x²$",
      "its noise at the minimum over its $K/S$, unit residuals",
    ],
  },
  {
    number: "27",
    title: "batches without replacement and the residuals explain it; near the limit the sign turns",
    printed: "the theory “overestimates” because of $C ∝ K$",
    correct:
      "drawing without replacement, $(N − S)/(N − 1) = 0.90$, and the data set's own residuals can explain it",
    why: "The exact variance in one dimension has a term that $C = K/S$ lacks, from the fluctuation of the curvature of a batch. So the truth diverges first, and near the limit the approximation is too small, not too large.",
    quantities: ["variance, $N = 1000$, $S = 100$", "variance, $N = 8$, near the limit"],
  },
  {
    number: "28",
    title: "without replacement the factor is $(N−S)/(S(N−1))$, not $(N−S)/(NS)$",
    printed: "$(N − S)/(NS)$",
    correct: "$(N − S)/(S(N − 1))$, exactly",
    why: "The $N$ values sum to a constant, so two different draws have the correlation $−1/(N − 1)$.",
    quantities: ["variance of a batch mean over that of a sample, over every batch"],
  },
];
