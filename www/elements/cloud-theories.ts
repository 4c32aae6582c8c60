/** What the theories say of the cloud: the laws that are drawn, and those that the measurement is held against. */
import type { Measurement, Prediction, Snapshot } from "../engine/engine";
import { type Axes, blockOf, type Moments } from "./cloud-axes";
import type { NamedLaw } from "./laws";

/** A law of the long run along the axes. */
export interface CloudLaw extends NamedLaw {
  readonly series: "continuous" | "discrete" | "exact";
}

/** The exact theory's moments in the long run where they are not the discrete ones, as for true minibatches. */
export function exactLaw({ exact, discrete }: Prediction): Moments {
  const [law, other] = [exact?.stationary?.covariance, discrete?.stationary?.covariance];
  const differs = law?.some((row, i) =>
    row.some((value, j) => Math.abs(value - (other?.[i]?.[j] ?? 0)) > 1e-9 * Math.abs(law[i]?.[i] ?? 0)),
  );
  return differs ? exact?.stationary : undefined;
}

/** The laws that are drawn, where the theories have one: in the long run, along the axes; along one axis alone the first entry counts. */
export function drawnLaws(prediction: Prediction, axes: Axes): CloudLaw[] {
  const laws = [
    ["continuous", prediction.continuous.stationary],
    ["discrete", prediction.discrete?.stationary],
    ["exact", exactLaw(prediction)],
  ] as const;
  return laws.flatMap(([series, law]) => {
    const covariance = blockOf(law, axes);
    return covariance ? [{ series, name: series, covariance }] : [];
  });
}

/**
 * The law of each theory that an ensemble is compared with: at the same step from the same start; in the long run for one whose scenario was
 * changed on its way, which no theory of its own start speaks of.
 */
export function comparedLaws({ prediction, changed }: Pick<Snapshot, "prediction" | "changed">) {
  const { discrete, continuous, exact } = prediction;
  const when = changed === undefined ? "at_end" : "stationary";
  return { discrete: discrete?.[when], continuous: continuous[when], exact: exact?.[when] };
}

/** Share of a variance's old distance from its law below which a changed ensemble counts as settled. */
const SETTLED = 1e-3;

/** Whether an ensemble has had the time to forget the scenario that it followed before. */
export function settled({ step, changed, prediction }: Snapshot): boolean {
  if (changed === undefined) return true;
  // A variance goes with the square of the weights.
  return prediction.stability.spectral_radius ** (2 * (step - changed)) < SETTLED;
}

/** Replicas that a density is of: of a potential those that are still in the well, as the theories' laws are; one at least. */
export const shownOf = ({ replicas, escaped, left_before }: Measurement): number =>
  Math.max(1, replicas - (escaped ?? 0) - (left_before ?? 0));
