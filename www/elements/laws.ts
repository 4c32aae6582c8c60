/** Gaussian laws of several theories in one picture: ellipses in a plane of two directions, curves where there is but one. */
import type { Prediction } from "../engine/engine";
import {
  type Covariance,
  type EllipseOptions,
  ellipses,
  key,
  line,
  linear,
  type Mark,
  note,
  type Plot,
  type Series,
} from "../plot";

/** A law with its name; one without a series is what the others are held against. */
export interface NamedLaw {
  readonly series?: Series;
  readonly name: string;
  readonly covariance: Covariance;
}

/** How far a picture reaches, in standard deviations, and how far an ellipse. */
const [HALF, SIGMAS] = [3.7, 3];

/** Widths more unequal than this are not drawn to one scale, in which the narrower one would be a line. */
const UNEQUAL = 6;

/** The two coordinates `i` and `j` of a covariance. */
export function block(
  matrix: readonly (readonly number[])[] | null | undefined,
  i: number,
  j: number,
): Covariance | undefined {
  const at = (a: number, b: number) => matrix?.[a]?.[b] ?? Number.NaN;
  const entries = [
    [at(i, i), at(i, j)],
    [at(j, i), at(j, j)],
  ] as const;
  return entries.flat().every(Number.isFinite) ? entries : undefined;
}

/** A covariance along two directions. */
export function along(
  matrix: readonly (readonly number[])[] | null | undefined,
  [first, second]: readonly [readonly number[], readonly number[]],
): Covariance | undefined {
  if (!matrix) return undefined;
  const form = (u: readonly number[], v: readonly number[]) =>
    u.reduce(
      (sum, a, i) => sum + v.reduce((row, b, j) => row + a * b * (matrix[i]?.[j] ?? Number.NaN), 0),
      0,
    );
  const [across, upwards, both] = [form(first, first), form(second, second), form(first, second)];
  // What is left of a covariance that cancels is rounding.
  const shared = both * both < 1e-24 * across * upwards ? 0 : both;
  const entries = [
    [across, shared],
    [shared, upwards],
  ] as const;
  return entries.flat().every(Number.isFinite) ? entries : undefined;
}

/** The Hessian's eigenvectors, sharpest first. */
export const directionsIn = ({ modes }: Prediction): readonly (readonly number[])[] =>
  modes.map(({ direction }) => direction);

export interface LawsOptions {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly description: string;
  readonly x: string;
  readonly y: string;
  /** One direction alone: the first entry of each covariance. */
  readonly single: boolean;
}

/** The laws in one picture. */
export function lawsPlot(laws: readonly NamedLaw[], options: LawsOptions): Plot {
  const { single, x, y, ...size } = options;
  const widest = (i: 0 | 1) => Math.max(...laws.map(({ covariance }) => covariance[i][i]), 0);
  const reach = (i: 0 | 1) => HALF * Math.sqrt(widest(i)) || 1;
  const right = reach(0);
  if (single) {
    const grid = Array.from({ length: 241 }, (_, i) => right * (i / 120 - 1));
    const curves = laws.filter(({ covariance }) => covariance[0][0] > 0);
    const density = (spread: number) =>
      grid.map((w) => Math.exp((-0.5 * w * w) / spread) / Math.sqrt(2 * Math.PI * spread));
    const least = Math.min(...curves.map(({ covariance }) => covariance[0][0]));
    const most = Number.isFinite(least) ? 1 / Math.sqrt(2 * Math.PI * least) : 1;
    const marks: Mark[] = curves.map(({ series, covariance }) =>
      line({ x: grid, y: density(covariance[0][0]), ...(series ? { series } : { width: 2.4 }) }),
    );
    marks.push(key(curves.flatMap(({ series, name }) => (series ? [{ series, text: name }] : []))));
    for (const { series, name, covariance } of curves) {
      if (series) continue;
      const spread = covariance[0][0];
      const y = Math.exp(-0.5) / Math.sqrt(2 * Math.PI * spread);
      marks.push(note({ text: name, x: Math.sqrt(spread), y, dx: 7 }));
    }
    return {
      ...size,
      x: { scale: linear(-right, right), title: x },
      y: { scale: linear(0, 1.12 * most), title: "probability density" },
      marks,
    };
  }
  const top = reach(1);
  const list = laws.map(
    ({ series, name, covariance }): EllipseOptions => ({
      covariance,
      label: name,
      sigmas: SIGMAS,
      ...(series ? { series } : { width: 2.4 }),
    }),
  );
  return {
    ...size,
    x: { scale: linear(-right, right), title: x },
    y: { scale: linear(-top, top), title: y },
    marks: [ellipses(list)],
    aspect: Math.max(right / top, top / right) < UNEQUAL ? "equal" : "free",
  };
}
