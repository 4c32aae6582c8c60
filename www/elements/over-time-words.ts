/** What an ensemble does over time: the points of one quantity, and a sentence with numbers. */
import type { Look, Prediction, SweepPoint } from "../engine/engine";
import { sentence } from "./dom";
import { count, digits, plusMinus } from "./numbers";
import { type Component, exactApart, known } from "./series-words";

export type Quantity = "variance" | "training_error" | "mean" | "skewness" | "excess_kurtosis";

export const QUANTITIES: Readonly<Record<Quantity, string>> = {
  variance: "variance",
  training_error: "training error",
  mean: "mean",
  skewness: "skewness",
  excess_kurtosis: "excess kurtosis",
};

/** Their letters, as markup. */
export const SIGNS: Readonly<Record<Quantity, string>> = {
  variance: "*σ*^2",
  training_error: "*L*",
  mean: "*m*",
  skewness: "*γ*_1",
  excess_kurtosis: "*γ*_2",
};

/** Which quantities are never negative, and may have a logarithmic axis. */
export const isPositive = (quantity: Quantity) => quantity === "variance" || quantity === "training_error";

/** Moments that a noise must have for the standard error of a shape to mean anything. */
export type HasMoment = (order: number) => boolean;

/** The points of one quantity of one component, beside the theories of the same step. */
export function pointsOf(
  looks: readonly Look[],
  quantity: Quantity,
  component: number,
  hasMoment: HasMoment = () => true,
): SweepPoint[] {
  return looks.map(({ step, measured, degrees, ...theories }, index) => {
    const of = measured.components[component];
    const law = (theory: Look["discrete"]) => {
      if (!theory) return null;
      if (quantity === "training_error") return known(theory.training_error) ?? null;
      return known(theory.components[component]?.[quantity]) ?? null;
    };
    const order = quantity === "skewness" ? 6 : quantity === "excess_kurtosis" ? 8 : 0;
    const error = quantity === "training_error" ? measured.training_error_error : of?.[`${quantity}_error`];
    return {
      index,
      x: step,
      measured: known(quantity === "training_error" ? measured.training_error : of?.[quantity]) ?? null,
      error: (hasMoment(order) ? known(error) : undefined) ?? null,
      replicas: measured.replicas,
      degrees: quantity === "variance" ? (degrees ?? null) : null,
      diverged: measured.diverged,
      continuous: law(theories.continuous) ?? Number.NaN,
      discrete: law(theories.discrete),
      exact: law(theories.exact),
      formula: null,
    };
  });
}

/** How near to its last value a quantity has settled. */
const SETTLED = 0.05;

/** The step from which on the discrete theory stays within a twentieth of its last value; undefined where it has not settled. */
export function settledFrom(points: readonly SweepPoint[]): number | undefined {
  const last = points[points.length - 1]?.discrete;
  if (last == null || last === 0 || points.length < 3) return undefined;
  const far = points.findLastIndex(
    ({ discrete }) => discrete == null || Math.abs(discrete - last) > SETTLED * Math.abs(last),
  );
  return far >= points.length - 2 ? undefined : points[far + 1]?.x;
}

/** The sentence for those who cannot see the picture, and for all who like a number. */
export function tellOverTime(
  points: readonly SweepPoint[],
  quantity: Quantity,
  component: Component,
  stability: Prediction["stability"],
): string {
  const name =
    quantity === "training_error" ? "training error" : `${QUANTITIES[quantity]} of ${component.name}`;
  const sentences: string[] = [];
  const last = points.findLast(({ measured, diverged }) => measured != null && diverged === 0);
  if (last) {
    const { x, measured, error, discrete, continuous, exact } = last;
    const other = exact != null && exactApart(points) ? `, exact ${digits(exact, 4)}` : "";
    const law = discrete == null ? "none" : digits(discrete, 4);
    const after = x === 0 ? "At the start" : `After ${count(x)} ${x === 1 ? "step" : "steps"}`;
    const shape = quantity === "skewness" || quantity === "excess_kurtosis";
    sentences.push(
      shape && discrete == null
        ? `${after} the measured ${name} is ${plusMinus(measured, error)}; there is no theory of it here but the continuous one, which says 0.`
        : `${after} the measured ${name} is ${plusMinus(measured, error)}; discrete theory ${law}, continuous ${digits(continuous, 4)}${other}.`,
    );
  }
  const gone = points.find(({ diverged }) => diverged > 0);
  if (!stability.stable) {
    sentences.push(`It does not settle. ${sentence(stability.summary)}`);
    if (gone) {
      const end = points[points.length - 1] as SweepPoint;
      sentences.push(
        `By step ${count(end.x)}, ${end.diverged === end.replicas ? "all" : `${count(end.diverged)} of`} ${count(end.replicas)} replicas are beyond every bound; until then the transient of the discrete theory holds all the same.`,
      );
    } else sentences.push("The transient of the discrete theory holds all the same.");
  } else if (isPositive(quantity)) {
    const from = settledFrom(points);
    if (from !== undefined)
      sentences.push(
        `By the discrete theory it stays within 5 % of its last value from step ${count(from)} on.`,
      );
    else if (points.length > 2) sentences.push("By the discrete theory it has not settled yet.");
  }
  return sentences.join(" ");
}
