/**
 * Where a standard error means something. Minibatches multiply the weights by a random number at every step, so that their law has
 * heavy tails: next to a limit of stability the variance is finite, and the higher moments that its standard error is made of are not.
 * In one dimension the limit of every moment is known exactly.
 */
import type { Engine, FullScenario, FullSweep } from "../engine/engine";
import type { DataSet } from "../engine/protocol";
import { dimensionOf, write } from "../state/document";
import { parameterNamed } from "../state/tables";

/** The moments that the error of each quantity is made of: of twice its own order. */
const ORDERS: Readonly<Record<string, number>> = {
  variance: 4,
  training_error: 4,
  skewness: 6,
  kurtosis: 8,
};

/** Places along a sweep at which a moment is looked for before its limits are. */
const PLACES = 64;
/** A moment that has gathered no more than so many steps' worth since the start is not felt to be without a bound. */
const UNFELT = 20;
/** Eigenvalues that are nearer to each other count as one. */
const NEAR = 0.01;
/** Samples times batch that are added up for batches without repetition; more are not decided. */
const MOST = 2e6;

export interface Tails {
  /** The moment without which a standard error means nothing. */
  readonly order: number;
  /** Whether it is finite in the long run at a value of the sweep, or the run too short to feel that it is not. */
  finite(x: number): boolean;
  /** Where it ceases to be finite in the long run, in order along the sweep. */
  readonly limits: readonly { readonly at: number; readonly finite_above: boolean }[];
}

/** The tails along a sweep of minibatches in one dimension; undefined where nothing is known of them. */
export async function tailsAlong(engine: Engine, sweep: FullSweep): Promise<Tails | undefined> {
  const { scenario, quantity, parameter } = sweep;
  const order = ORDERS[quantity];
  if (order === undefined || !isKnown(scenario) || parameterNamed(parameter).path.startsWith("/loss"))
    return undefined;
  const data = await engine.dataSet(scenario);
  return data.ok && data.value ? tailsOf(sweep, data.value, order) : undefined;
}

/** Whether the descent is linear in one weight, with a fresh batch at every step. */
export function isKnown(scenario: FullScenario): boolean {
  const { loss, noise, optimizer } = scenario;
  const { covariance } = noise;
  return (
    loss.kind === "least_squares" &&
    covariance.kind === "minibatch" &&
    covariance.sampling !== "epoch" &&
    dimensionOf(scenario) === 1 &&
    optimizer.kind !== "adam" &&
    optimizer.kind !== "natural_gradient"
  );
}

/** The same on a data set that is there. */
export function tailsOf(sweep: FullSweep, { inputs }: DataSet, order: number): Tails | undefined {
  const curvatures = inputs.map(([x = 0]) => x * x);
  const k = mean(curvatures);
  const apart = curvatures.map((value) => value - k);
  const moments = {
    with_replacement: cached((size) => momentsWithReplacement(apart, size, order)),
    without_replacement: cached((size) => momentsWithoutReplacement(apart, Math.round(size), order)),
  };
  const scenarioAt = (x: number) => write(sweep, new Map([[sweep.parameter, x]])).scenario;
  const at = cached((x: number) => growthIn(scenarioAt(x)));
  const growthIn = (scenario: FullScenario): number | undefined => {
    const { covariance } = scenario.noise;
    if (covariance.kind !== "minibatch" || covariance.sampling === "epoch") return undefined;
    const ofBatches = moments[covariance.sampling](covariance.batch_size);
    return ofBatches && growth(stepOf(scenario, k), k, ofBatches);
  };
  if (at((sweep.from + sweep.to) / 2) === undefined) return undefined;
  const settles = (x: number) => (at(x) ?? 0) < 1;
  const finite = cached((x) => {
    const grows = at(x) ?? 0;
    // 1 + g + g² + …, a term a step.
    return grows < 1 || gathered(grows, scenarioAt(x).run.steps) < UNFELT;
  });
  const place = (n: number) => {
    const share = n / PLACES;
    return sweep.scale === "log"
      ? sweep.from * (sweep.to / sweep.from) ** share
      : sweep.from + (sweep.to - sweep.from) * share;
  };
  const limits: { at: number; finite_above: boolean }[] = [];
  for (let n = 1; n + 2 <= PLACES; n++) {
    let [low, high] = [place(n), place(n + 1)];
    const above = settles(high);
    if (settles(low) === above) continue;
    for (let halves = 0; halves < 32; halves++) {
      const middle = (low + high) / 2;
      if (settles(middle) === above) high = middle;
      else low = middle;
    }
    limits.push({ at: (low + high) / 2, finite_above: above });
  }
  return { order, finite, limits };
}

/** A function of a number that is worked out once for each. */
function cached<T>(of: (x: number) => T): (x: number) => T {
  const known = new Map<number, T>();
  return (x) => {
    if (!known.has(x)) known.set(x, of(x));
    return known.get(x) as T;
  };
}

/** The sum of so many powers of a number from 1 on, from its zeroth one. */
const gathered = (grows: number, steps: number) => (grows === 1 ? steps : (grows ** steps - 1) / (grows - 1));

/** A step on one weight: `m' = μ m + φ g`, `w' = w − a g − b m'`. */
interface LinearStep {
  readonly momentum: number;
  readonly fresh: number;
  readonly byGradient: number;
  readonly byVelocity: number;
}

/** The step of a scenario's optimizer, on a loss of this curvature. */
function stepOf({ optimizer }: FullScenario, curvature: number): LinearStep {
  const { learning_rate, momentum } = optimizer as { learning_rate: number; momentum: number };
  const mixing = "mixing" in optimizer ? optimizer.mixing : undefined;
  const matrix = optimizer.kind === "preconditioned" ? (optimizer.preconditioner[0]?.[0] ?? 1) : 1;
  const rate = learning_rate * (optimizer.kind === "newton" ? 1 / curvature : matrix);
  return mixing === undefined
    ? { momentum, fresh: 1, byGradient: 0, byVelocity: rate }
    : { momentum, fresh: 1 - momentum, byGradient: rate * (1 - mixing), byVelocity: rate * mixing };
}

/** In powers of what the curvature of a batch has more than that of the data. */
type Polynomial = readonly number[];

/**
 * By how much moments of an even order grow in a step whose gradient is `h w`, with the mean `k` and the central moments `E (h − k)ʲ` of
 * the random curvature: the spectral radius of the matrix that takes the means of `pⁱ qⁿ⁻ⁱ` from one step to the next. Below 1 they are finite in the long run.
 */
export function growth(step: LinearStep, curvature: number, moments: readonly number[]): number {
  const order = moments.length - 1;
  const [[pp, pq], [qp, qq]] = coordinates(step, curvature);
  // A mean of pⁱ qⁿ⁻ⁱ is weighted by the root of the number of such products, so that what turns p and q turns it.
  const weight = (i: number) => Math.sqrt(factorial(order) / (factorial(i) * factorial(order - i)));
  const rows = Array.from({ length: order + 1 }, (_, power) => {
    // The product of the new p and q in powers of the old p.
    let product: Polynomial[] = [[1]];
    for (let factor = 0; factor < order; factor++) {
      const [ofP, ofQ] = factor < power ? [pp, pq] : [qp, qq];
      product = Array.from({ length: product.length + 1 }, (_, i) =>
        sum(times(product[i - 1] ?? [], ofP), times(product[i] ?? [], ofQ)),
      );
    }
    return product.map(
      (coefficient, i) =>
        (weight(power) / weight(i)) * coefficient.reduce((all, c, j) => all + c * (moments[j] ?? 0), 0),
    );
  });
  return spectralRadius(rows);
}

/**
 * The step's matrix in coordinates `p`, `q` in which its mean turns or stretches, `[[α, ∓β], [β, α]]`, so that its powers are as large as
 * they look and their squares lose no digits.
 */
function coordinates(
  { momentum, fresh, byGradient, byVelocity }: LinearStep,
  curvature: number,
): readonly [readonly [Polynomial, Polynomial], readonly [Polynomial, Polynomial]] {
  // Of w and v = b m: w' = (1 − (a + bφ) h) w − μ v, v' = bφ h w + μ v.
  const kick = byVelocity * fresh;
  const [first, below] = [1 - (byGradient + kick) * curvature, kick * curvature];
  const m: [[Polynomial, Polynomial], [Polynomial, Polynomial]] = [
    [[first, -(byGradient + kick)], [-momentum]],
    [[below, kick], [momentum]],
  ];
  const alpha = (first + momentum) / 2;
  const squared = ((first - momentum) / 2) ** 2 - momentum * below;
  if (below === 0) return m;
  // Two eigenvalues that fall together have no such coordinates; these are near enough.
  const beta = Math.max(Math.sqrt(Math.abs(squared)), NEAR);
  // w = p + s q, v = t q.
  const [s, t] = [(first - alpha) / beta, below / beta];
  const scaled = (factor: number, of: Polynomial) => of.map((value) => factor * value);
  const [[ww, wv], [vw, vv]] = m;
  const inNew = (ofP: Polynomial, ofQ: Polynomial) =>
    [sum(ofP, scaled(-s / t, ofQ)), scaled(1 / t, ofQ)] as const;
  const [pp, qp] = inNew(ww, vw);
  const [pq, qq] = inNew(sum(scaled(s, ww), scaled(t, wv)), sum(scaled(s, vw), scaled(t, vv)));
  return [
    [pp, pq],
    [qp, qq],
  ];
}

/** The limit of `|Aⁿ|^{1/n}`, by squaring. */
function spectralRadius(matrix: readonly (readonly number[])[]): number {
  let power = matrix;
  let logarithm = 0;
  for (let doubled = 0; doubled < 40; doubled++) {
    const size = Math.max(...power.flat().map(Math.abs));
    if (!(size > 0)) return 0;
    logarithm += Math.log(size) / 2 ** doubled;
    const scaled = power.map((row) => row.map((value) => value / size));
    power = scaled.map((row) =>
      row.map((_, j) => row.reduce((all, value, i) => all + value * (scaled[i]?.[j] ?? 0), 0)),
    );
  }
  return Math.exp(logarithm);
}

/**
 * Moments `E hʲ` up to an order of the mean `h` of a batch whose every draw is from all values: with the mean `f` of `e^{ty}` over
 * them, `E e^{tSh} = fˢ`, term by term of the series.
 */
export function momentsWithReplacement(values: readonly number[], size: number, order: number): number[] {
  const f = exponentialMeans(values, size, order);
  const series = [1];
  for (let n = 1; n <= order; n++) {
    let all = 0;
    for (let k = 1; k <= n; k++) all += (k * (size + 1) - n) * (f[k] as number) * (series[n - k] as number);
    series.push(all / n);
  }
  return series.map((term, j) => term * factorial(j));
}

/**
 * The same for batches of different samples, value by value: among the first `n` of them a batch of `s` holds the last one with
 * probability `s/n`. Undefined where that is long.
 */
export function momentsWithoutReplacement(
  values: readonly number[],
  size: number,
  order: number,
): number[] | undefined {
  if (values.length * size > MOST) return undefined;
  // Series of the mean of `e^{th}` over the batches of s of the values so far, s from 0.
  let means: number[][] = [[1, ...new Array<number>(order).fill(0)]];
  for (const [before, value] of values.entries()) {
    const n = before + 1;
    const one = exponentialMeans([value], size, order);
    means = Array.from({ length: Math.min(n, size) + 1 }, (_, s) => {
      const [without, rest] = [means[s], means[s - 1]];
      return one.map((_, j) => {
        let withIt = 0;
        if (rest) for (let i = 0; i <= j; i++) withIt += (one[i] as number) * (rest[j - i] as number);
        return (1 - s / n) * (without?.[j] ?? 0) + (s / n) * withIt;
      });
    });
  }
  return means[size]?.map((term, j) => term * factorial(j));
}

/** Terms of the series of the mean of `e^{ty/S}`. */
const exponentialMeans = (values: readonly number[], size: number, order: number): number[] =>
  Array.from({ length: order + 1 }, (_, j) => mean(values.map((y) => (y / size) ** j)) / factorial(j));

const mean = (values: readonly number[]) => values.reduce((all, value) => all + value, 0) / values.length;

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

const sum = (a: Polynomial, b: Polynomial): Polynomial =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, i) => (a[i] ?? 0) + (b[i] ?? 0));

function times(a: Polynomial, b: Polynomial): Polynomial {
  if (a.length === 0) return [];
  const product = new Array<number>(a.length + b.length - 1).fill(0);
  for (const [i, left] of a.entries())
    for (const [j, right] of b.entries()) product[i + j] = (product[i + j] as number) + left * right;
  return product;
}
