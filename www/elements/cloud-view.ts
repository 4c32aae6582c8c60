/** The part of the weights' space that the cloud shows. */
import type { FullScenario, Prediction, Snapshot, View } from "../engine/engine";
import { type Axes, axesOf, blockOf, measuredOf } from "./cloud-axes";

/** Cells along each side of the density, and bins of the histogram. */
const CELLS = 96;
const BINS = 60;
/** Half the picture, in standard deviations of the widest law. */
const HALF = 3.7;

/** Whether nothing moves the weights; where they walk at random there is no law that could be zero. */
export function noiseless({ continuous }: Pick<Prediction, "continuous">): boolean {
  return continuous.stationary?.covariance.every((row, i) => row[i] === 0) ?? false;
}

/** The rectangle that holds every law that is shown, and the ensemble where it has left them. */
export function viewOf(
  scenario: FullScenario,
  prediction: Prediction,
  snapshot?: Snapshot,
  axes: Axes = axesOf(scenario),
): View {
  // Another plane was measured along others.
  const seen = snapshot && sameAxes(snapshot.view, axes) ? measuredOf(snapshot, axes) : undefined;
  const reach = (i: 0 | 1): number => {
    const laws = [prediction.continuous, prediction.discrete].map(
      (theory) => blockOf(theory?.stationary, axes)?.[i][i] ?? 0,
    );
    const widest = Math.max(...laws);
    const wide = widest > 0 ? HALF * Math.sqrt(widest) : 1;
    const own = seen?.covariance?.[i][i] ?? Number.NaN;
    const middle = Math.abs(seen?.mean[i] ?? Number.NaN);
    const far = HALF * Math.sqrt(Number.isFinite(own) ? own : 0) + (Number.isFinite(middle) ? middle : 0);
    // Beyond the theories it grows by doublings, so that the picture does not shake.
    return far <= 1.15 * wide ? wide : wide * 2 ** Math.ceil(Math.log2(far / wide));
  };
  const high: [number, number] = [reach(0), reach(1)];
  const low: [number, number] = [-high[0], -high[1]];
  const { x, y, directions } = axes;
  const size = { columns: x === y ? BINS : CELLS, rows: CELLS };
  return { x, y, ...size, low, high, ...(directions ? { directions } : {}) };
}

/** Whether a view is of these axes. */
export function sameAxes(view: View, { x, y, directions }: Axes): boolean {
  const numbers = (list: Axes["directions"]) => list?.flat().join() ?? "";
  return view.x === x && view.y === y && numbers(view.directions) === numbers(directions);
}
