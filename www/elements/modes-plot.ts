/** The picture of the eigen-directions: a marker for each theory over the place of each direction. */
import {
  line as curve,
  extent,
  key,
  linear,
  log,
  type Mark,
  note,
  type Plot,
  plain,
  points,
  readout,
  region,
  rule,
  type ScaleSpec,
  stems,
} from "../plot";
import { type Direction, placeOf, readoutOfMode } from "./modes-words";

/** Each theory keeps its marker; where two agree the larger one is a ring around the smaller. */
const MARKERS = {
  exact: { marker: "square", radius: 6.4 },
  discrete: { marker: "circle", radius: 3.6 },
  continuous: { marker: "diamond", radius: 4.4 },
} as const;
const THEORIES = ["exact", "continuous", "discrete"] as const;

/** A spectrum over more than this factor is shown on a logarithmic axis. */
const WIDE = 30;

export interface ModesPicture {
  readonly width: number;
  readonly height: number;
  readonly description: string;
  /** Of λk. */
  readonly limit: number;
  /** Whether the variances are. */
  readonly logarithmic: boolean;
  readonly cursor: Direction | undefined;
  /** Directions of an earlier result, and their colour. */
  readonly pinned: readonly Direction[];
  readonly muted: string;
}

/** Whether two results have one axis: λk, or the curvature. */
export const comparableModes = (one: readonly Direction[], other: readonly Direction[]): boolean =>
  (one[0]?.product === undefined) === (other[0]?.product === undefined);

/** An earlier result: the discrete theory as a thin line, what was measured in open squares. */
function pinnedDirections(pinned: readonly Direction[], color: string): Mark[] {
  if (pinned.length === 0) return [];
  const of = (name: "discrete" | "measured" | "error") => pinned.map((one) => one[name] ?? Number.NaN);
  const x = pinned.map(placeOf);
  const error = of("error").map((value) => (Number.isFinite(value) ? value : 0));
  return [
    curve({ x, y: of("discrete") }),
    points({ x, y: of("measured"), error, marker: "square", open: true, color, radius: 3.4 }),
  ];
}

export function modesPlot(directions: readonly Direction[], picture: ModesPicture): Plot {
  const { width, height, description, limit, logarithmic, cursor, pinned, muted } = picture;
  const places = directions.map(placeOf);
  const plainly = directions[0]?.product !== undefined;
  const x = xOf([...places, ...pinned.map(placeOf)], plainly ? limit : 0);
  const variances = THEORIES.map((name) => directions.map((direction) => direction[name] ?? Number.NaN));
  const seen = [directions, pinned].map((list) => list.map(({ measured }) => measured ?? Number.NaN));
  const before = pinned.map(({ discrete }) => discrete ?? Number.NaN);
  const found = extent([...variances, ...seen, before], "log");
  const y = !found
    ? linear(0, 1)
    : logarithmic
      ? log(found[0] / 2, found[1] * 2)
      : linear(0, 1.15 * found[1]);
  const marks: Mark[] = [...pinnedDirections(pinned, muted)];
  const words: Mark[] = [];
  // Two lines of words below the upper edge, so that they do not meet on a logarithmic axis.
  const line = (n: number) =>
    y.domain[1] / (y.kind === "log" ? (y.domain[1] / y.domain[0]) ** (0.055 * n) : 1 + 0.08 * n);
  if (plainly && limit <= x.domain[1]) {
    marks.push(region({ x0: limit }), rule({ x: limit }));
    const text = limit < 1.5 ? "" : `diverges from ${Number(limit.toPrecision(4))}`;
    words.push(note({ text, x: limit, y: line(1), dx: -6, anchor: "end" }));
  }
  // A step along what is to the right of it goes beyond the minimum.
  if (plainly && x.domain[0] < 1) {
    marks.push(rule({ x: 1 }));
    words.push(
      note({ text: "sharp from 1", x: 1, y: line(x.kind === "log" ? 2.6 : 1), dx: -6, anchor: "end" }),
    );
  }
  // Above the lines, of which one may pass behind the other's words.
  marks.push(...words);
  const columns = directions.map((_, i) => variances.map((list) => list[i] ?? Number.NaN));
  marks.push(stems({ x: places, y: columns }));
  THEORIES.forEach((series, i) => {
    marks.push(points({ x: places, y: variances[i] ?? [], series, open: true, ...MARKERS[series] }));
  });
  const measured = directions.filter(({ measured: value }) => value !== undefined);
  if (measured.length > 0)
    marks.push(
      points({
        x: measured.map(placeOf),
        y: measured.map(({ measured: value }) => value ?? Number.NaN),
        error: measured.map(({ error }) => error ?? 0),
        series: "experiment",
      }),
    );
  marks.push(
    key([
      ...[...THEORIES].reverse().map((series) => ({ series, text: series, ...MARKERS[series] })),
      ...(measured.length > 0
        ? [{ series: "experiment" as const, text: "measured", marker: "circle" as const }]
        : []),
    ]),
  );
  if (cursor) {
    const [head = "", ...rest] = readoutOfMode(cursor);
    const series = ["continuous", "discrete", "exact"] as const;
    const lines = rest.map((text, i) => ({ text: plain(text), series: series[i] ?? "experiment" }) as const);
    marks.push(readout({ x: placeOf(cursor), lines: [{ text: plain(head) }, ...lines] }));
  }
  return {
    width,
    height,
    title: "Stationary variance along each eigen-direction",
    description,
    x: { scale: x, title: plainly ? "*λk* of the direction" : "curvature *k* of the direction" },
    y: { scale: y, title: "variance *σ*^2 along the direction" },
    marks,
  };
}

/** From zero, or from below the flattest where the spectrum is wide, to a little beyond the sharpest or the limit. */
function xOf(places: readonly number[], limit: number): ScaleSpec {
  const most = Math.max(...places);
  const end =
    limit > 0 && limit < 3 * most ? 1.08 * Math.max(most, limit) : 1.15 * Math.max(most, limit > 0 ? 1.1 : 0);
  const curved = places.filter((place) => place > 0);
  const least = Math.min(...curved);
  if (curved.length > 0 && most / least > WIDE && curved.length === places.length)
    return log(least / 1.5, end);
  return linear(0, end || 1);
}
