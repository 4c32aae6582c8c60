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
  type PlotHost,
  type Series,
} from "../plot";
import type { Grid, Told } from "./grid-reading";
import { digits } from "./numbers";
import type { Table } from "./tables";

/** A law with its name; one without a series is what the others are held against. */
export interface NamedLaw {
  readonly series?: Series;
  readonly name: string;
  readonly covariance: Covariance;
}

/** How far a picture reaches, in standard deviations, and how far an ellipse. */
const [HALF, SIGMAS] = [3.7, 3];

/** Places across and upwards at which a picture is read. */
const FINE = 81;

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
  /** The cursor and what it reads. */
  readonly cursor?: readonly Mark[] | undefined;
}

/** How many standard deviations a place is from the centre of a Gaussian: in a plane the Mahalanobis distance. */
export function sigmasAt([[xx, xy], [, yy]]: Covariance, x: number, y?: number): number {
  if (y === undefined) return xx > 0 ? Math.abs(x) / Math.sqrt(xx) : Number.NaN;
  const determinant = xx * yy - xy * xy;
  if (!(determinant > 0)) return Number.NaN;
  return Math.sqrt((yy * x * x - 2 * xy * x * y + xx * y * y) / determinant);
}

/** The density of a Gaussian along one axis. */
export const densityAt = (variance: number, x: number): number =>
  Math.exp((-0.5 * x * x) / variance) / Math.sqrt(2 * Math.PI * variance);

/** What is read at a place among the laws: how far out it is by each of them, and along one axis how dense. */
export function readoutOfLaws(laws: readonly NamedLaw[], x: number, y?: number): Told[] {
  const place = y === undefined ? `at ${digits(x, 3)}` : `at (${digits(x, 3)}, ${digits(y, 3)})`;
  return [
    { text: place },
    ...laws.map(({ series, name, covariance }): Told => {
      const far = sigmasAt(covariance, x, y);
      const density = y === undefined && covariance[0][0] > 0 ? densityAt(covariance[0][0], x) : undefined;
      const dense = density === undefined ? "" : `, density ${digits(density, 3)}`;
      const text = `${name}: ${Number.isFinite(far) ? `${far.toFixed(2)} σ from the centre` : "no spread there"}${dense}`;
      return series ? { text, series } : { text };
    }),
  ];
}

/** The grid on which a picture of laws is read. */
export function lawsGrid(host: PlotHost | undefined, single: boolean): Grid | undefined {
  const frame = host?.frame;
  return frame && { x: frame.x.domain, y: frame.y.domain, columns: FINE, rows: single ? 1 : FINE };
}

/** The laws as numbers: two variances and a covariance each. */
export function lawsTable(laws: readonly NamedLaw[], caption: string): Table {
  return {
    caption,
    header: ["law", "variance_across", "variance_upwards", "covariance"],
    rows: laws.map(({ name, covariance: [[across, both], [, upwards]] }) => [name, across, upwards, both]),
  };
}

/** The laws in one picture. */
export function lawsPlot(laws: readonly NamedLaw[], options: LawsOptions): Plot {
  const { single, x, y, cursor = [], ...size } = options;
  const widest = (i: 0 | 1) => Math.max(...laws.map(({ covariance }) => covariance[i][i]), 0);
  const reach = (i: 0 | 1) => HALF * Math.sqrt(widest(i)) || 1;
  const right = reach(0);
  if (single) {
    const grid = Array.from({ length: 241 }, (_, i) => right * (i / 120 - 1));
    const curves = laws.filter(({ covariance }) => covariance[0][0] > 0);
    const density = (spread: number) => grid.map((w) => densityAt(spread, w));
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
      y: { scale: linear(0, 1.12 * most), title: "probability density *p*" },
      marks: [...marks, ...cursor],
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
    marks: [ellipses(list), ...cursor],
    aspect: Math.max(right / top, top / right) < UNEQUAL ? "equal" : "free",
  };
}
