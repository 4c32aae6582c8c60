/** The picture of a sweep: the curves of the theories, the measured points, and where the descent diverges. */
import type { Curve, FullSweep, SweepPoint } from "../engine/engine";
import {
  endLabels,
  line,
  linear,
  log,
  type Mark,
  type Plot,
  plain,
  points,
  readout,
  region,
  rule,
} from "../plot";
import { parameterNamed } from "../state/tables";
import {
  exactDiffers,
  figuresFor,
  isEscape,
  isShape,
  isSigned,
  isUnjudged,
  nowhere,
  quantityOf,
  readoutOf,
  symbolOf,
  YOURS,
} from "./sweep-words";

export interface SweepPicture {
  readonly width: number;
  readonly height: number;
  readonly description: string;
  readonly curve: Curve | undefined;
  readonly points: readonly SweepPoint[];
  /** Where a standard error means nothing. */
  /** The point under the cursor. */
  readonly cursor: number | undefined;
  /** Whose formula is drawn, in words. */
  readonly formula?: string;
  /** Marks of a pinned result. */
  readonly pinned: readonly Mark[];
}

export function sweepPlot(sweep: FullSweep, picture: SweepPicture): Plot {
  const { width, height, description, curve, points: all, cursor, pinned, formula = YOURS } = picture;
  const logarithmic = sweep.view.y_scale === "log" && !isSigned(sweep);
  const measured = all.filter((point) => point.measured != null && point.diverged === 0);
  const [low, high] = yDomain(sweep, curve, measured, logarithmic);
  const marks: Mark[] = [];
  if (curve && nowhere(curve)) marks.push(region({}));
  for (const { at, stable_above } of nowhere(curve) ? [] : (curve?.limits ?? [])) {
    if (stable_above) marks.push(region({ x0: sweep.from, x1: at }));
    else marks.push(region({ x0: at, x1: sweep.to }));
    const inside = at > sweep.from && at < sweep.to * (1 - 1e-9);
    if (inside)
      marks.push(
        rule({ x: at, label: `diverges ${stable_above ? "below" : "from"} ${shortLimit(sweep, at)}` }),
      );
    else marks.push(rule({ x: at, label: `diverges at ${shortLimit(sweep, at)}` }));
  }
  marks.push(...pinned);
  if (curve) {
    const { x, continuous, discrete } = curve as unknown as {
      x: number[];
      continuous: number[];
      discrete: number[];
    };
    const numbers = discrete.map((value) => value ?? Number.NaN);
    const exact = exactDiffers(curve)
      ? (curve.exact as number[]).map((value) => value ?? Number.NaN)
      : undefined;
    const own = curve.formula.length > 0 ? curve.formula.map((value) => value ?? Number.NaN) : undefined;
    marks.push(
      line({ x, y: continuous, series: "continuous" }),
      line({ x, y: numbers, series: "discrete" }),
      ...(exact ? [line({ x, y: exact, series: "exact" })] : []),
      ...(own ? [line({ x, y: own, series: "formula" })] : []),
      endLabels([
        { text: "continuous", x, y: continuous, series: "continuous" },
        { text: "discrete", x, y: numbers, series: "discrete" },
        ...(exact ? [{ text: "exact", x, y: exact, series: "exact" as const }] : []),
        ...(own ? [{ text: formula, x, y: own, series: "formula" as const }] : []),
      ]),
    );
  }
  // Open where there is no standard error to judge by.
  for (const open of [false, true]) {
    const some = measured.filter((point) => isUnjudged(point) === open);
    if (open && some.length === 0) continue;
    marks.push(
      points({
        x: some.map((point) => point.x),
        y: some.map((point) => point.measured ?? Number.NaN),
        error: some.map((point) => point.error ?? 0),
        series: "experiment",
        open,
      }),
    );
  }
  const diverged = all.filter((point) => point.diverged > 0);
  // Where nothing finite is left to measure there is a cross at the top edge, and the words below say how many.
  marks.push(
    points({
      x: diverged.map((point) => point.x),
      y: diverged.map(() => high),
      marker: "cross",
      series: "experiment",
    }),
  );
  const under = cursor === undefined ? undefined : all[cursor];
  if (under) {
    const [head = "", ...rest] = readoutOf(under, sweep, formula);
    const rings = [
      { y: under.continuous, series: "continuous" as const },
      ...(under.discrete == null ? [] : [{ y: under.discrete, series: "discrete" as const }]),
    ];
    const order = ["experiment", "discrete", "continuous", "exact", "formula"] as const;
    // A theory that says nothing of its own has no line.
    const series = order.filter(
      (name) => name !== "exact" || (under.exact != null && under.exact !== under.discrete),
    );
    marks.push(
      readout({
        x: under.x,
        rings,
        lines: [
          { text: plain(head) },
          ...rest.map((text, i) => ({ text: plain(text), series: series[i] ?? "experiment" })),
        ],
      }),
    );
  }
  const { label, symbol } = parameterNamed(sweep.parameter);
  return {
    width,
    height,
    title: `The ${quantityOf(sweep)} against the ${label.toLowerCase()} ${symbol}`,
    description,
    x: { scale: xScale(sweep), title: xTitle(sweep) },
    y: { scale: logarithmic ? log(low, high) : linear(low, high), title: yTitle(sweep) },
    marks,
  };
}

/** From below everything to where nine tenths of the predicted points are: what is above gets an arrow. */
function yDomain(
  sweep: FullSweep,
  curve: Curve | undefined,
  measured: readonly SweepPoint[],
  logarithmic: boolean,
): [number, number] {
  const finite = (values: readonly (number | null | undefined)[]) =>
    values.filter((value): value is number => value != null && Number.isFinite(value) && value > 0);
  const discrete = finite((curve?.discrete ?? []) as (number | null)[]).sort((a, b) => a - b);
  const continuous = finite((curve?.continuous ?? []) as (number | null)[]);
  const seen = finite(measured.map((point) => point.measured));
  if (isSigned(sweep)) return signedDomain(sweep, curve, measured);
  if (isEscape(sweep) && !logarithmic) {
    const exact = finite((curve?.exact ?? []) as (number | null)[]);
    return [0, 1.08 * Math.max(...discrete, ...continuous, ...exact, ...seen, 1e-12)];
  }
  if (logarithmic) {
    const usual = discrete.slice(0, Math.ceil(0.99 * discrete.length));
    const all = [
      ...usual,
      ...continuous,
      ...seen.filter((value) => value < 1e3 * (usual[usual.length - 1] ?? 1e300)),
    ];
    return all.length === 0 ? [0.1, 10] : [Math.min(...all) / 1.5, Math.max(...all) * 1.5];
  }
  const usual = discrete[Math.floor(0.92 * (discrete.length - 1))];
  const largest = discrete[discrete.length - 1];
  // What does not run away is seen to its end.
  const whole = usual !== undefined && largest !== undefined && largest <= 2 * usual;
  const most = (whole ? largest : usual) ?? continuous[continuous.length - 1] ?? 1;
  return [
    0,
    1.08 * Math.max(most, sweep.parameter === "momentum" ? 0 : (continuous[continuous.length - 1] ?? 0)),
  ];
}

/**
 * What has either sign: from the least to the most that is predicted or measured, zero included. A shape stays finite; of what grows
 * without end, as a covariance does near the limit, so much as nine tenths of the prediction need.
 */
function signedDomain(
  sweep: FullSweep,
  curve: Curve | undefined,
  measured: readonly SweepPoint[],
): [number, number] {
  const finite = (values: readonly (number | null)[]) =>
    values.filter((value): value is number => value != null && Number.isFinite(value));
  const discrete = finite((curve?.discrete ?? []) as (number | null)[]);
  // A diffusion has no shape, and what it says of a moment belongs in the picture.
  const continuous = isShape(sweep) ? [] : finite((curve?.continuous ?? []) as (number | null)[]);
  const sizes = discrete.map(Math.abs).sort((a, b) => a - b);
  const usual = sizes[Math.floor(0.92 * (sizes.length - 1))] ?? Number.POSITIVE_INFINITY;
  const most = isShape(sweep) ? Number.POSITIVE_INFINITY : Math.max(usual, ...continuous.map(Math.abs));
  const seen = measured.flatMap(({ measured: value, error }) => [
    (value ?? 0) - (error ?? 0),
    (value ?? 0) + (error ?? 0),
  ]);
  // Noise about zero is no reason to look closer than at its bars.
  const around = usual > 0 ? most : Number.POSITIVE_INFINITY;
  const all = [...discrete, ...continuous, ...finite(seen)].filter((value) => Math.abs(value) <= around);
  const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
  const room = 0.06 * (high - low) || 1;
  return [low - room, high + room];
}

function xScale({ from, to, scale }: FullSweep) {
  return scale === "log" ? log(from, to) : linear(from, to);
}

/** What is swept, with its letter and, where it has one, its unit. */
export function xTitle({ parameter }: FullSweep): string {
  const { label, symbol, unit } = parameterNamed(parameter);
  return `${label.toLowerCase()}${symbol === "" ? "" : ` *${symbol}*`}${unit === "" ? "" : `, in ${unit}`}`;
}

/** Letters of the quantities, as markup. */
const SIGNS: Readonly<Record<string, string>> = {
  variance: "*σ*^2",
  training_error: "*L*",
  skewness: "*γ*_1",
  kurtosis: "*γ*_2",
  covariance: "*Σ*",
};

/** What is measured, with its letter: "variance σ² of w₁". */
export function yTitle(sweep: FullSweep): string {
  if (isEscape(sweep)) return "escape rate *γ*/*k_a*";
  const [name = "", whose] = quantityOf(sweep).split(" of ");
  const sign = SIGNS[sweep.quantity];
  return [name, sign ?? [], whose === undefined ? [] : `of ${whose.replaceAll("w", "*w*")}`].flat().join(" ");
}

function shortLimit(sweep: FullSweep, at: number): string {
  return `*${symbolOf(sweep)}* = ${Number(at.toPrecision(Math.max(4, figuresFor(sweep))))}`;
}
