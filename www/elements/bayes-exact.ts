/** SGD with the data's own minibatches beside the posterior, exactly; and the descent that stands in where there are none. */
import type { BayesPrediction, Engine, FullScenario, Prediction } from "../engine/engine";
import { directionsIn } from "./laws";

/** Learning rates at which the exact theory is asked. */
const SAMPLES = 40;
/** And as many more between the neighbours of the best of them, each where the golden section of what is left of the interval says. */
const CLOSER = 12;
const GOLDEN = (Math.sqrt(5) - 1) / 2;
/** Most coordinates: the exact theory of minibatches solves for every pair of them. */
const LARGEST = 20;

/**
 * Divergence of the Gaussian of a covariance from the posterior `(NK)⁻¹`, in nats: `(tr A − ln|A| − D)/2` with
 * `A = √(NK) Σ √(NK)`. Undefined where the covariance is not positive definite.
 */
export function divergenceOf(
  covariance: readonly (readonly number[])[],
  directions: readonly (readonly number[])[],
  posterior: readonly number[],
): number | undefined {
  const size = posterior.length;
  const form = (u: readonly number[], v: readonly number[]) =>
    u.reduce((sum, a, i) => sum + v.reduce((row, b, j) => row + a * b * (covariance[i]?.[j] ?? 0), 0), 0);
  const lower: number[][] = [];
  let [sum, logarithm] = [0, 0];
  // Cholesky's factor, row by row: the determinant is the square of its diagonal's product.
  for (let i = 0; i < size; i++) {
    const row: number[] = [];
    for (let j = 0; j <= i; j++) {
      const scale = Math.sqrt((posterior[i] as number) * (posterior[j] as number));
      let rest = form(directions[i] ?? [], directions[j] ?? []) / scale;
      if (i === j) sum += rest;
      const other = i === j ? row : lower[j];
      for (let n = 0; n < j; n++) rest -= (row[n] as number) * (other?.[n] as number);
      if (i > j) row.push(rest / (lower[j]?.[j] as number));
      else {
        if (!(rest > 0)) return undefined;
        row.push(Math.sqrt(rest));
        logarithm += Math.log(rest);
      }
    }
    lower.push(row);
  }
  return Math.max(0, 0.5 * (sum - logarithm - size));
}

/** Plain SGD at a learning rate. */
export const plainAt = (scenario: FullScenario, rate: number): FullScenario => ({
  ...scenario,
  optimizer: { kind: "momentum", learning_rate: rate, momentum: 0 },
});

export interface ExactCurve {
  readonly rates: readonly number[];
  /** Undefined where there is no stationary law. */
  readonly divergences: readonly (number | undefined)[];
}

/** Why the exact theory has no curve of its own; empty where it has. */
export function withoutExact(
  { own, curvatures }: BayesPrediction,
  prediction: Prediction | undefined,
): string {
  if (!own) return "With a constant noise the exact theory is the discrete one.";
  if (curvatures.length > LARGEST)
    return `The exact theory of minibatches is not drawn beyond ${LARGEST} directions.`;
  if (prediction?.exact_note) return `No exact curve: ${prediction.exact_note}.`;
  return "";
}

/** The exact divergence along the learning rate; `wanted` says whether somebody still waits for it. */
export async function exactCurve(
  engine: Engine,
  scenario: FullScenario,
  { learning_rates, posterior }: BayesPrediction,
  wanted: () => boolean,
): Promise<ExactCurve | undefined> {
  const stride = Math.max(1, Math.floor(learning_rates.length / SAMPLES));
  const rates = learning_rates.filter((_, i) => i % stride === 0);
  const found = new Map<number, number | undefined>();
  const ask = async (rate: number): Promise<number> => {
    const outcome = await engine.predict(plainAt(scenario, rate));
    const law = outcome.ok ? outcome.value.exact?.stationary : undefined;
    const divergence =
      outcome.ok && law ? divergenceOf(law.covariance, directionsIn(outcome.value), posterior) : undefined;
    found.set(rate, divergence);
    return divergence ?? Number.POSITIVE_INFINITY;
  };
  for (const rate of rates) {
    await ask(rate);
    if (!wanted()) return undefined;
  }
  const best = rates.indexOf(bestOf(curveOf(found))?.rate ?? Number.NaN);
  let [low, high] = [rates[best - 1], rates[best + 1]].map((rate) => Math.log(rate ?? Number.NaN)) as [
    number,
    number,
  ];
  // The best of all may lie at an end, beyond which nobody asked.
  if (low < high) {
    const between = (share: number) => Math.exp(low + share * (high - low));
    let [left, right] = [await ask(between(1 - GOLDEN)), await ask(between(GOLDEN))];
    for (let n = 2; n < CLOSER && wanted(); n++) {
      if (left < right) {
        high = low + GOLDEN * (high - low);
        [left, right] = [await ask(between(1 - GOLDEN)), left];
      } else {
        low = low + (1 - GOLDEN) * (high - low);
        [left, right] = [right, await ask(between(GOLDEN))];
      }
    }
  }
  return wanted() ? curveOf(found) : undefined;
}

/** What was found, by ascending learning rate. */
function curveOf(found: ReadonlyMap<number, number | undefined>): ExactCurve {
  const rates = [...found.keys()].sort((a, b) => a - b);
  return { rates, divergences: rates.map((rate) => found.get(rate)) };
}

/** Where the exact divergence is least, of the learning rates that were asked. */
export function bestOf({ rates, divergences }: ExactCurve): { rate: number; divergence: number } | undefined {
  let best: { rate: number; divergence: number } | undefined;
  rates.forEach((rate, i) => {
    const divergence = divergences[i];
    if (divergence !== undefined && (best === undefined || divergence < best.divergence))
      best = { rate, divergence };
  });
  return best;
}

/**
 * The descent whose ellipse is measured: plain SGD on the scenario's own minibatches, or on the parabola at the minimum with
 * the noise that batches of that size are taken to have.
 */
export function measurable(
  scenario: FullScenario,
  { own, data_size, batch_size, curvatures, learning_rate }: BayesPrediction,
): FullScenario {
  const plain = plainAt(scenario, learning_rate);
  if (own) return plain;
  const parabola = scenario.loss.kind === "quadratic" || scenario.loss.kind === "least_squares";
  const scale = (data_size - batch_size) / (data_size * batch_size);
  return {
    ...plain,
    loss: parabola ? scenario.loss : { kind: "quadratic", hessian: [[curvatures[0] ?? 1]] },
    noise: { ...scenario.noise, covariance: { kind: "hessian", scale } },
    run: { ...scenario.run, start: { kind: "minimum" } },
  };
}
