/** The part of the weights' space that the cloud shows. */
import type { FullScenario, Prediction, Snapshot, View } from "../engine/engine";
import { dimensionOf } from "../state/document";

/** Cells along each side of the density, and bins of the histogram. */
const CELLS = 96;
const BINS = 60;
/** Half the picture, in standard deviations of the widest law. */
const HALF = 3.7;

/** Second moments, of a theory or of a measurement. */
export type Moments = { readonly covariance: readonly (readonly number[])[] } | null | undefined;

export function variance(law: Moments, i: number): number {
  return law?.covariance[i]?.[i] ?? 0;
}

/** The coordinates that are shown, from 0; twice the same where there is but one. */
export function coordinatesOf(scenario: FullScenario): [number, number] {
  return [0, dimensionOf(scenario) > 1 ? 1 : 0];
}

/** Whether nothing moves the weights in what is shown; where they walk at random there is no law that could be zero. */
export function noiseless(scenario: FullScenario, { continuous }: Prediction): boolean {
  if (continuous.stationary === null) return false;
  return coordinatesOf(scenario).every((i) => variance(continuous.stationary, i) === 0);
}

/** The exact theory's moments in the long run where they are not the discrete ones, as for true minibatches. */
export function exactLaw({ exact, discrete }: Prediction): Moments {
  const [law, other] = [exact?.stationary?.covariance, discrete?.stationary?.covariance];
  const differs = law?.some((row, i) =>
    row.some((value, j) => Math.abs(value - (other?.[i]?.[j] ?? 0)) > 1e-9 * Math.abs(law[i]?.[i] ?? 0)),
  );
  return differs ? exact?.stationary : undefined;
}

/** The rectangle that holds every law that is shown, and the ensemble where it has left them. */
export function viewOf(scenario: FullScenario, prediction: Prediction, snapshot?: Snapshot): View {
  const [x, y] = coordinatesOf(scenario);
  const reach = (i: number): number => {
    const laws = [prediction.continuous, prediction.discrete].map((theory) =>
      variance(theory?.stationary, i),
    );
    const widest = Math.max(...laws);
    const wide = widest > 0 ? HALF * Math.sqrt(widest) : 1;
    const own = snapshot?.measurement.covariance[i]?.[i] ?? Number.NaN;
    const middle = Math.abs(snapshot?.measurement.mean[i] ?? Number.NaN);
    const seen = HALF * Math.sqrt(Number.isFinite(own) ? own : 0) + (Number.isFinite(middle) ? middle : 0);
    // Beyond the theories it grows by doublings, so that the picture does not shake.
    return seen <= 1.15 * wide ? wide : wide * 2 ** Math.ceil(Math.log2(seen / wide));
  };
  const high: [number, number] = [reach(x), reach(y)];
  const low: [number, number] = [-high[0], -high[1]];
  return { x, y, columns: x === y ? BINS : CELLS, rows: CELLS, low, high };
}
