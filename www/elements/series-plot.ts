/** The picture of one ensemble at many times: the curves of the theories, the measured points, and what is pinned. */

import type { SweepPoint } from "../engine/engine";
import {
  endLabels,
  key,
  line,
  linear,
  log,
  type Mark,
  type Plot,
  plain,
  points,
  readout,
  rule,
  WIDE,
} from "../plot";
import { keptMarks } from "./pinned";
import { exactApart, linearRange, logRange, readoutOfSeries, type Unit } from "./series-words";

export interface SeriesPicture {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly description: string;
  readonly points: readonly SweepPoint[];
  readonly unit: Unit;
  readonly logarithmicX: boolean;
  readonly logarithmicY: boolean;
  /** Title of the axis upwards, as markup. */
  readonly upwards: string;
  /** The point under the cursor. */
  readonly cursor: number | undefined;
  readonly pinned?: { readonly points: readonly SweepPoint[]; readonly color: string } | undefined;
}

const numbers = (values: readonly (number | null | undefined)[]) =>
  values.map((value) => value ?? Number.NaN);

export function seriesPlot(picture: SeriesPicture): Plot {
  const { points: all, unit, pinned, cursor } = picture;
  const x = all.map((point) => point.x);
  const exact = exactApart(all) ? numbers(all.map((point) => point.exact)) : undefined;
  const discrete = numbers(all.map((point) => point.discrete));
  const continuous = numbers(all.map((point) => point.continuous));
  const ranged = [...all, ...(pinned?.points ?? [])];
  const range = picture.logarithmicY ? logRange(ranged) : undefined;
  const y = range ? log(...range) : linear(...linearRange(ranged));
  const measured = all.filter((point) => point.measured != null);
  const marks: Mark[] = y.kind === "linear" && y.domain[0] < 0 ? [rule({ y: 0 })] : [];
  if (pinned) {
    const theory = pinned.points.map((point) => point.discrete);
    const places = pinned.points.map((point) => point.x);
    marks.push(...keptMarks(places, theory, pinned.points, pinned.color));
  }
  const curves = [
    { text: "continuous", x, y: continuous, series: "continuous" },
    { text: "discrete", x, y: discrete, series: "discrete" },
    ...(exact ? [{ text: "exact", x, y: exact, series: "exact" } as const] : []),
  ] as const;
  marks.push(
    line({ x, y: continuous, series: "continuous" }),
    line({ x, y: discrete, series: "discrete" }),
    ...(exact ? [line({ x, y: exact, series: "exact" })] : []),
    points({
      x: measured.map((point) => point.x),
      y: measured.map((point) => point.measured ?? Number.NaN),
      error: measured.map((point) => point.error ?? 0),
      series: "experiment",
    }),
    // Without a margin the names would lie on the last points: all theories end at nearly the same place.
    picture.width < WIDE ? key(curves) : endLabels(curves),
  );
  const under = cursor === undefined ? undefined : all[cursor];
  if (under) marks.push(cursorMark(under, unit));
  const last = x[x.length - 1] ?? 1;
  const across =
    picture.logarithmicX && last > 1 ? log(Math.max(1, x[0] ?? 1), last) : linear(0, Math.max(1, last));
  return {
    width: picture.width,
    height: picture.height,
    title: picture.title,
    description: picture.description,
    x: { scale: across, title: unit === "step" ? "step *t*" : "lag *τ*, in steps" },
    y: { scale: y, title: picture.upwards },
    marks,
  };
}

function cursorMark(under: SweepPoint, unit: Unit): Mark {
  const [head = "", ...rest] = readoutOfSeries(under, unit);
  const series = ["experiment", "discrete", "continuous", "exact"] as const;
  const lines = rest.map((text, i) => ({ text: plain(text), series: series[i] ?? "experiment" }) as const);
  return readout({ x: under.x, lines: [{ text: plain(head) }, ...lines] });
}
