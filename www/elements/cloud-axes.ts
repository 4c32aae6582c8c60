/** What spans the plane of the cloud: two coordinates of the weights, or two eigenvectors of the Hessian; one where there is one. */
import type { FullScenario, FullSweep, Prediction, Snapshot } from "../engine/engine";
import type { Covariance } from "../plot";
import { dimensionOf } from "../state/document";
import { along, block } from "./laws";
import { subscript } from "./sweep-words";

/** The part of a view that chooses the plane. */
export type PlaneView = Pick<FullSweep["view"], "plane" | "across" | "upwards">;

export const USUAL: PlaneView = { plane: "coordinates", across: 1, upwards: 2 };

/** The axes of a picture. Numbers count from 0; equal ones mean that there is but one. */
export interface Axes {
  readonly x: number;
  readonly y: number;
  /** Unit vectors, where the axes are no coordinates. */
  readonly directions?: readonly [readonly number[], readonly number[]];
}

/** The axes that a view asks for, as far as the scenario has them. */
export function axesOf(
  scenario: FullScenario,
  prediction?: Pick<Prediction, "modes">,
  { plane, across, upwards }: PlaneView = USUAL,
): Axes {
  const size = dimensionOf(scenario);
  if (size === 1) return { x: 0, y: 0 };
  const x = Math.min(across, size) - 1;
  const asked = Math.min(upwards, size) - 1;
  // A plane takes two: the neighbour where twice the same was asked for.
  const y = asked !== x ? asked : x === 0 ? 1 : x - 1;
  const [first, second] = [prediction?.modes?.[x]?.direction, prediction?.modes?.[y]?.direction];
  return plane === "directions" && first && second ? { x, y, directions: [first, second] } : { x, y };
}

/** "w₁" or "u₁"; "w" where there is one alone. */
export function nameOf({ x, y, directions }: Axes, axis: 0 | 1): string {
  if (x === y) return "w";
  return `${directions ? "u" : "w"}${subscript((axis === 0 ? x : y) + 1)}`;
}

/** Second moments, of a theory or of a measurement. */
export type Moments = { readonly covariance: readonly (readonly number[])[] } | null | undefined;

/** A law's covariance along the axes. */
export function blockOf(law: Moments, { x, y, directions }: Axes): Covariance | undefined {
  return directions ? along(law?.covariance, directions) : block(law?.covariance, x, y);
}

/** What was measured along the axes. */
export interface Measured {
  readonly mean: readonly [number, number];
  readonly covariance: Covariance | undefined;
  readonly error: Covariance | undefined;
}

export function measuredOf({ measurement, along: numbers }: Snapshot, axes: Axes): Measured {
  const { x, y, directions } = axes;
  if (!directions)
    return {
      mean: [measurement.mean[x] ?? Number.NaN, measurement.mean[y] ?? Number.NaN],
      covariance: block(measurement.covariance, x, y),
      error: block(measurement.covariance_error, x, y),
    };
  const [m1 = Number.NaN, m2 = Number.NaN, a, b, c, ea, eb, ec] = numbers ?? [];
  const pair = (p?: number, q?: number, r?: number): Covariance | undefined =>
    p === undefined || q === undefined || r === undefined || ![p, q, r].every(Number.isFinite)
      ? undefined
      : [
          [p, q],
          [q, r],
        ];
  return { mean: [m1, m2], covariance: pair(a, b, c), error: pair(ea, eb, ec) };
}

/** Places of replicas along the axes, `count` of them: x and y one after the other. */
export function placesOf(positions: ArrayLike<number>, size: number, { x, y, directions }: Axes): number[] {
  const places: number[] = [];
  for (let n = 0; n + size <= positions.length; n += size) {
    const dot = (direction: readonly number[]) =>
      direction.reduce((sum, share, i) => sum + share * (positions[n + i] as number), 0);
    if (directions) places.push(dot(directions[0]), dot(directions[1]));
    else places.push(positions[n + x] as number, positions[n + y] as number);
  }
  return places;
}
