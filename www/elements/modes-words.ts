/** What the eigen-directions show: their rows, and a sentence with numbers. */
import type { FullScenario, Look, Prediction } from "../engine/engine";
import { sentence } from "./dom";
import { digits, digitsBeside, plusMinus, z } from "./numbers";

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
  /** Steps in which a disturbance falls to 1/e, by each theory; undefined where it does not, or behind a preconditioner. */
  readonly relaxation?: number | undefined;
  readonly relaxationContinuous?: number | undefined;
  /** Variance after the scenario's steps, with its standard error, and what the discrete theory says of that very step. */
  readonly measured?: number | undefined;
  readonly error?: number | undefined;
  readonly discreteThen?: number | undefined;
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
      // The diffusion forgets exponentially: the integral over both signs of the lag is twice the time.
      relaxationContinuous: plain ? half(mode.autocorrelation_time_continuous) : undefined,
      sharp: product !== undefined && product > 1,
    };
  });
}

const half = (value: number | null) => (value === null ? undefined : value / 2);

/** The `λk` whose steps have a spectral radius of their own: of the curved directions, while nothing preconditions them. */
export const relaxing = (directions: readonly Direction[]): number[] =>
  directions.flatMap(({ product }) => (product !== undefined && product > 0 ? [product] : []));

/** Directions with the relaxation times that the spectral radii of their steps give, in the order of `relaxing`. */
export function withRadii(directions: readonly Direction[], radii: ArrayLike<number>): Direction[] {
  let n = 0;
  return directions.map((direction) => {
    if (direction.product === undefined || direction.product <= 0) return direction;
    const radius = radii[n++] ?? Number.NaN;
    return { ...direction, relaxation: radius < 1 ? -1 / Math.log(radius) : undefined };
  });
}

/** Directions with what was measured along them; the core looks at the sharpest ones only. */
export function withMeasured(directions: readonly Direction[], look: Look): Direction[] {
  const { components } = look.measured;
  const shown = components.length / 2;
  return directions.map((direction, i) => {
    const [of, law] = [components[shown + i], look.discrete?.components[shown + i]];
    if (i >= shown || !of || !Number.isFinite(of.variance)) return direction;
    return { ...direction, measured: of.variance, error: of.variance_error, discreteThen: law?.variance };
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
      : `At λk = ${digitsBeside(sharpest.product, prediction.stability.limit, 4)}, along ${sharpest.along},`;
  const sentences: string[] = [];
  const { continuous, discrete, exact } = sharpest;
  if (discrete === undefined) {
    const other =
      continuous === undefined ? "" : ` The continuous theory says ${digits(continuous, 4)} all the same.`;
    // Along this direction all may be well, and another one have no law in the long run.
    const { limit } = prediction.stability;
    const fine = sharpest.product !== undefined && sharpest.product > 0 && sharpest.product < limit;
    sentences.push(
      `${where} ${fine ? "the steps settle, yet there is no stationary state as a whole" : "there is no discrete variance"}. ${sentence(prediction.stability.summary)}${other}`,
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
    if (!prediction.stability.stable) sentences.push(sentence(prediction.stability.summary));
  }
  const sharp = directions.filter((direction) => direction.sharp).length;
  if (sharpest.product !== undefined) {
    const which =
      directions.length === 1
        ? "The direction is"
        : `${sharp} of ${directions.length} directions ${sharp === 1 ? "is" : "are"}`;
    if (sharp > 0) sentences.push(`${which} sharp, λk > 1: a plain step goes beyond the minimum.`);
    else if (directions.length > 1) sentences.push("No direction is sharp: in all of them λk is at most 1.");
  }
  if (sharpest.time !== undefined) {
    const below =
      sharpest.time < 1 ? ", below 1 since later steps are on the whole anticorrelated with it" : "";
    sentences.push(
      `Its autocorrelation time is ${digits(sharpest.time, 3)} ${sharpest.time === 1 ? "step" : "steps"}${below}; continuous theory ${digits(sharpest.timeContinuous, 3)}.`,
    );
  }
  if (sharpest.relaxation !== undefined)
    sentences.push(
      `A disturbance falls to 1/e in ${steps(sharpest.relaxation)}${sharpest.relaxationContinuous === undefined ? "" : `; by the continuous theory in ${steps(sharpest.relaxationContinuous)}`}.`,
    );
  if (sharpest.measured !== undefined)
    sentences.push(
      `Measured at the end of the run: ${plusMinus(sharpest.measured, sharpest.error)}${deviation(sharpest, " from the discrete theory of that step")}.`,
    );
  return sentences.join(" ");
}

const steps = (value: number | undefined) => `${digits(value, 3)} ${value === 1 ? "step" : "steps"}`;

/** How far the measured is from the discrete theory at the same step, in standard errors. */
function deviation({ measured, error, discreteThen }: Direction, from: string): string {
  if (measured === undefined || !error || discreteThen === undefined) return "";
  return `, ${z((measured - discreteThen) / error)} standard errors${from}`;
}

/** What is under the cursor. */
export function readoutOfMode(direction: Direction): string[] {
  const { product, curvature, along, continuous, discrete, exact, time, relaxation, measured } = direction;
  const law = (name: string, value: number | undefined) =>
    value === undefined ? `${name}: none` : `${name} ${digits(value, 4)}`;
  return [
    `${product === undefined ? "" : `λk = ${digits(product, 4)}, `}k = ${digits(curvature, 4)} along ${along}`,
    law("continuous", continuous),
    law("discrete", discrete),
    law("exact", exact),
    ...(measured === undefined
      ? []
      : [`measured ${plusMinus(measured, direction.error)}${deviation(direction, "")}`]),
    ...(time === undefined ? [] : [`autocorrelation time ${steps(time)}`]),
    ...(relaxation === undefined ? [] : [`relaxation time ${steps(relaxation)}`]),
  ];
}
