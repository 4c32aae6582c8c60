/** The pictures of an escape: the potential with the densities in it, and how many are still inside. */
import type { Escaped, EscapeLandscape } from "../engine/engine";
import {
  bars,
  endLabels,
  type KeyEntry,
  key,
  line,
  linear,
  log,
  type Mark,
  note,
  type Plot,
  plain,
  points,
  readout,
  rule,
} from "../plot";
import { motionless, seriesOf, survivalBy, type TheoryRow } from "./escape-words";
import { countError, digits } from "./numbers";

/** Height of the barrier in the picture, as a share of the largest density. */
const BARRIER = 0.8;

/** Replicas that are still inside from which a histogram is worth drawing. */
const ENOUGH = 400;

/** A picture at least this wide, in CSS pixels, has room for names beside it. */
const WIDE = 520;

/** Mean times after which a survival is as good as zero. */
const LONG = 7;

/** Steps at which a theory's exponential is drawn. */
const SAMPLES = 160;

export interface Size {
  readonly width: number;
  readonly height: number;
  readonly description: string;
}

/** Values at positions, nearest first. */
export function valueAt(x: ArrayLike<number>, y: ArrayLike<number>, at: number): number {
  if (x.length === 0 || at < (x[0] as number) || at > (x[x.length - 1] as number)) return Number.NaN;
  let [low, high] = [0, x.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((x[middle] as number) <= at) low = middle;
    else high = middle;
  }
  const [x0, x1] = [x[low] as number, x[high] as number];
  const share = x1 > x0 ? (at - x0) / (x1 - x0) : 0;
  return (y[low] as number) * (1 - share) + (y[high] as number) * share;
}

/** Edges and densities of what is still inside, with their standard errors. */
export function inside({ counts, low, high }: Escaped): {
  edges: number[];
  heights: number[];
  errors: number[];
} {
  const width = (high - low) / counts.length;
  const total = counts.reduce((sum, n) => sum + n, 0);
  return {
    edges: Array.from({ length: counts.length + 1 }, (_, i) => low + i * width),
    heights: Array.from(counts, (n) => (total > 0 ? n / total / width : 0)),
    errors: Array.from(counts, (n) => (total > 0 ? countError(n, total) / total / width : 0)),
  };
}

/** A density in words; one that no number says is none. */
const law = (name: string, density: number | undefined) =>
  density != null && Number.isFinite(density) ? `${name} ${digits(density, 3)}` : `${name}: none`;

/** What is read at a place of the potential. */
export function readoutOfPlace(landscape: EscapeLandscape, index: number): string[] {
  const { positions, potential, continuous, discrete, exact_positions, exact } = landscape;
  const w = positions[index] as number;
  const other = exact ? valueAt(exact_positions, exact, w) : Number.NaN;
  return [
    `w = ${digits(w, 3)}, L = ${digits(potential[index], 3)}`,
    law("discrete", discrete?.[index]),
    law("continuous", continuous[index]),
    ...(Number.isFinite(other) ? [`exact ${digits(other, 3)}`] : []),
  ];
}

/** The potential in grey, in a scale of its own, and the densities of the theories and of the measured. */
export function landscapePlot(
  landscape: EscapeLandscape,
  escaped: Escaped | undefined,
  cursor: number | undefined,
  size: Size,
): Plot {
  const { positions, potential, continuous, discrete, exact_positions, exact, barrier, height } = landscape;
  const highest = (list: ArrayLike<number> | null | undefined) =>
    Array.from(list ?? []).reduce(
      (most, value) => (Number.isFinite(value) ? Math.max(most, value) : most),
      0,
    );
  const measured = escaped && escaped.measurement.remaining >= ENOUGH ? inside(escaped) : undefined;
  const theories = Math.max(highest(continuous), highest(discrete), highest(exact));
  // Without noise no theory has a density, and the measured is all in one bin.
  const most = Math.max(theories, Math.min(1.6 * theories, highest(measured?.heights))) || 1;
  const [first = -1, last = 1] = [positions[0], positions[positions.length - 1]];
  const room = 0.04 * (last - first);
  // The potential stands on zero like the densities; where there is no barrier, as high as it gets.
  const top = height ?? highest(potential);
  const scaled = potential.map((value) => (BARRIER * most * value) / (top || 1));
  const marks: Mark[] = [line({ x: positions, y: scaled, width: 1.6 })];
  if (measured) marks.push(bars({ ...measured, series: "experiment" }));
  const names: KeyEntry[] = [];
  // Without noise there is no density to draw, and no name to explain.
  if (!motionless(landscape)) {
    marks.push(line({ x: positions, y: continuous, series: "continuous" }));
    names.push({ series: "continuous", text: "continuous" });
  }
  if (discrete && !motionless(landscape)) {
    marks.push(line({ x: positions, y: discrete, series: "discrete" }));
    names.unshift({ series: "discrete", text: "discrete" });
  }
  if (exact) {
    marks.push(line({ x: exact_positions, y: exact, series: "exact" }));
    names.push({ series: "exact", text: "exact" });
  }
  if (measured) names.push({ series: "experiment", text: "measured" });
  if (names.length > 0) marks.push(key(names));
  for (const exit of [landscape.lower_exit, landscape.exit])
    if (exit != null) marks.push(rule({ x: exit }), outside(exit, most));
  if (barrier != null && height != null) {
    const left = barrier < 0;
    marks.push(
      note({
        text: `*L*: Δ*L* = ${digits(height, 3)}`,
        x: barrier,
        y: BARRIER * most,
        dy: -12,
        anchor: left ? "start" : "middle",
      }),
    );
  }
  if (cursor !== undefined) {
    const series = ["discrete", "continuous", "exact"] as const;
    const [head = "", ...rest] = readoutOfPlace(landscape, cursor);
    const x = positions[cursor] as number;
    marks.push(
      readout({
        x,
        lines: [
          { text: plain(head) },
          ...rest.map((text, i) => ({ text: plain(text), series: series[i] ?? ("exact" as const) })),
        ],
      }),
    );
  }
  return {
    ...size,
    title: "The potential, and the density of the weights in it by every theory",
    x: {
      scale: linear(
        first - (landscape.lower_exit != null ? room : 0),
        last + (landscape.exit != null ? room : 0),
      ),
      title: "weight *w*",
    },
    y: { scale: linear(0, 1.12 * most || 1), title: "density of *w*; grey: loss *L*" },
    marks,
  };
}

/** "out" beside an exit. */
function outside(exit: number, most: number): Mark {
  return note({
    text: "exit",
    x: exit,
    y: 0.5 * most,
    dx: exit > 0 ? -5 : 5,
    anchor: exit > 0 ? "end" : "start",
  });
}

/** What is read after some steps. */
export function readoutOfStep(rows: readonly TheoryRow[], escaped: Escaped, index: number): string[] {
  const { times, survival, survival_error } = escaped.measurement;
  const t = times[index] as number;
  return [
    `after ${digits(t, 6)} steps`,
    `measured ${digits(survival[index], 4)} ± ${digits(survival_error[index], 2)}`,
    ...rows.filter(seriesOf).map((row) => `${row.name} ${digits(survivalBy(row, t), 4)}`),
  ];
}

/** The share that is still in the well against the steps, and every theory's exponential. */
export function survivalPlot(
  rows: readonly TheoryRow[],
  escaped: Escaped | undefined,
  steps: number,
  logarithmic: boolean,
  cursor: number | undefined,
  size: Size,
): Plot {
  const slowest = Math.max(
    ...rows.map(({ time }) => time),
    escaped?.measurement.mean_first_passage_time || 0,
  );
  const end = slowest > 0 ? Math.min(steps, Math.ceil(LONG * slowest)) : steps;
  const grid = Array.from({ length: SAMPLES + 1 }, (_, i) => (end * i) / SAMPLES);
  const drawn = rows.flatMap((row) => {
    const series = seriesOf(row);
    return series ? [{ series, text: row.name, x: grid, y: grid.map((t) => survivalBy(row, t)) }] : [];
  });
  const marks: Mark[] = drawn.map(({ x, y, series }) => line({ x, y, series }));
  // Where the picture is narrow the names would stand on the points.
  if (drawn.length > 0 && size.width < WIDE)
    marks.push(key(drawn.map(({ series, text }) => ({ series, text }))));
  else marks.push(endLabels(drawn));
  const measured = escaped?.measurement;
  if (measured)
    marks.push(
      points({
        x: measured.times,
        y: measured.survival,
        error: measured.survival_error,
        series: "experiment",
      }),
    );
  if (escaped && cursor !== undefined) {
    const [head = "", ...rest] = readoutOfStep(rows, escaped, cursor);
    const series = ["experiment", ...drawn.map((one) => one.series)] as const;
    marks.push(
      readout({
        x: escaped.measurement.times[cursor] as number,
        lines: [
          { text: plain(head) },
          ...rest.map((text, i) => ({ text: plain(text), series: series[i] ?? ("experiment" as const) })),
        ],
      }),
    );
  }
  const least = [...drawn.flatMap(({ y }) => y), ...(measured?.survival ?? [])].filter((value) => value > 0);
  const low = Math.max(1e-6, Math.min(0.5, ...least) / 1.5);
  return {
    ...size,
    title: "The share of the replicas that are still in the well, against the steps",
    x: { scale: linear(0, end || 1), title: "steps *t*" },
    y: { scale: logarithmic ? log(low, 1.15) : linear(0, 1.06), title: "share still in the well" },
    marks,
  };
}
