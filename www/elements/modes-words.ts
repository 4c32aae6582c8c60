/** What the eigen-directions show: their rows, and a sentence with numbers. */
import type { FullScenario, Prediction } from "../engine/engine";
import { sentence } from "./dom";
import { digits } from "./numbers";

/** One direction, as the table and the picture have it. */
export interface Direction {
  /** Eigenvalue of the Hessian. */
  readonly curvature: number;
  /** λk; undefined behind a preconditioner, which works in directions of its own. */
  readonly product: number | undefined;
  /** Unit eigenvector in words. */
  readonly along: string;
  readonly continuous: number | undefined;
  readonly discrete: number | undefined;
  /** Variance by the exact theory. */
  readonly exact: number | undefined;
  /** Integrated autocorrelation time in steps, by each theory. */
  readonly time: number | undefined;
  readonly timeContinuous: number | undefined;
  /** λk is above 1: a step goes beyond the minimum. */
  readonly sharp: boolean;
}

/** Entries of an eigenvector that are said; of a longer one the largest. */
const ENTRIES = 4;

/** The directions of a prediction, sharpest first. */
export function directionsOf(scenario: FullScenario, prediction: Prediction): Direction[] {
  const { kind, learning_rate } = scenario.optimizer;
  const plain = kind === "momentum" || kind === "qhm";
  const exact = prediction.exact?.stationary?.covariance;
  return prediction.modes.map((mode) => {
    const product = plain ? learning_rate * mode.curvature : undefined;
    return {
      curvature: mode.curvature,
      product,
      along: inWords(mode.direction),
      continuous: mode.continuous ?? undefined,
      discrete: mode.discrete ?? undefined,
      exact: exact && variance(exact, mode.direction),
      time: mode.autocorrelation_time ?? undefined,
      timeContinuous: mode.autocorrelation_time_continuous ?? undefined,
      sharp: product !== undefined && product > 1,
    };
  });
}

/** Variance of a covariance along a unit vector. */
function variance(covariance: readonly (readonly number[])[], direction: readonly number[]): number {
  return direction.reduce(
    (sum, u, i) => sum + direction.reduce((row, v, j) => row + u * v * (covariance[i]?.[j] ?? 0), 0),
    0,
  );
}

function inWords(direction: readonly number[]): string {
  if (direction.length === 1) return "w";
  if (direction.length <= ENTRIES) return `(${direction.map((entry) => digits(entry, 3)).join(", ")})`;
  const largest = direction.reduce(
    (best, entry, i) => (Math.abs(entry) > Math.abs(direction[best] ?? 0) ? i : best),
    0,
  );
  return `mostly coordinate ${largest + 1}`;
}

/** Where a direction stands on the page's axis. */
export const placeOf = ({ product, curvature }: Direction): number => product ?? curvature;

/** The directions in a sentence or two. */
export function tellModes(directions: readonly Direction[], prediction: Prediction): string {
  const [sharpest] = directions;
  if (sharpest === undefined) return "";
  const where =
    sharpest.product === undefined
      ? `At k = ${digits(sharpest.curvature, 4)}, along ${sharpest.along},`
      : `At λk = ${digits(sharpest.product, 4)}, along ${sharpest.along},`;
  const sentences: string[] = [];
  const { continuous, discrete, exact } = sharpest;
  if (discrete === undefined) {
    const other =
      continuous === undefined ? "" : ` The continuous theory says ${digits(continuous, 4)} all the same.`;
    sentences.push(
      `${where} there is no discrete variance. ${sentence(prediction.stability.summary)}${other}`,
    );
  } else {
    const ratio = continuous
      ? `, ${digits(discrete / continuous, 3)} times the continuous ${digits(continuous, 4)}`
      : "";
    const other =
      exact !== undefined && Math.abs(exact / discrete - 1) > 1e-6
        ? `; exact with true minibatches ${digits(exact, 4)}`
        : "";
    sentences.push(`${where} the discrete variance is ${digits(discrete, 4)}${ratio}${other}.`);
  }
  const sharp = directions.filter((direction) => direction.sharp).length;
  if (sharpest.product !== undefined) {
    const which =
      directions.length === 1
        ? "The direction is"
        : `${sharp} of ${directions.length} directions ${sharp === 1 ? "is" : "are"}`;
    if (sharp > 0) sentences.push(`${which} sharp, λk > 1: a plain step goes beyond the minimum.`);
    else if (directions.length > 1) sentences.push("No direction is sharp, λk > 1.");
  }
  if (sharpest.time !== undefined) {
    const below = sharpest.time < 1 ? ", below 1 since neighbouring steps are anticorrelated" : "";
    sentences.push(
      `Its autocorrelation time is ${digits(sharpest.time, 3)} ${sharpest.time === 1 ? "step" : "steps"}${below}; continuous theory ${digits(sharpest.timeContinuous, 3)}.`,
    );
  }
  return sentences.join(" ");
}

/** What is under the cursor. */
export function readoutOfMode(direction: Direction): string[] {
  const { product, curvature, along, continuous, discrete, exact, time } = direction;
  const law = (name: string, value: number | undefined) =>
    value === undefined ? `${name}: none` : `${name} ${digits(value, 4)}`;
  return [
    `${product === undefined ? "" : `λk = ${digits(product, 4)}, `}k = ${digits(curvature, 4)} along ${along}`,
    law("continuous", continuous),
    law("discrete", discrete),
    law("exact", exact),
    ...(time === undefined ? [] : [`autocorrelation time ${digits(time, 3)} steps`]),
  ];
}
