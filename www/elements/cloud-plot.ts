/** The pictures of the cloud: a density with ellipses in the plane, a histogram with curves on a line. */
import type { Prediction, Snapshot } from "../engine/engine";
import {
  bars,
  type Covariance,
  density,
  type EllipseOptions,
  ellipses,
  key,
  line,
  linear,
  type Mark,
  margin,
} from "../plot";
import { type Axes, measuredOf } from "./cloud-axes";
import { type CloudLaw, drawnLaws, shownOf } from "./cloud-theories";
import { densityAt } from "./laws";
import { countError } from "./numbers";
import { subscript } from "./sweep-words";

/** Series of a plane: those of the theories, and the measured. */
type Shown = "continuous" | "discrete" | "exact" | "experiment";

/** The law of an earlier scenario, and its colour. */
export interface PinnedLaw {
  readonly covariance: Covariance;
  readonly color: string;
}

/** Two axes: density, ellipses, trails, and along the edges how it looks along one of them alone. */
export function plane(
  snapshot: Snapshot,
  prediction: Prediction,
  replicas: number,
  axes: Axes,
  trails: readonly Mark[] = [],
  pinned?: PinnedLaw,
) {
  const { view, counts, step } = snapshot;
  const { low, high, columns, rows } = view;
  const list: EllipseOptions[] = [];
  const laws = drawnLaws(prediction, axes);
  for (const { series, name, covariance } of laws)
    list.push({ covariance, series, label: name, centre: [0, 0], sigmas: 3 });
  if (pinned) list.push({ ...pinned, width: 1, label: "pinned", sigmas: 3 });
  // A run that starts elsewhere is on its way.
  const measured = measuredOf(snapshot, axes);
  const middle = measured.mean.map((at) => (Number.isFinite(at) ? at : 0)) as [number, number];
  if (step > 0 && measured.covariance)
    list.push({
      covariance: measured.covariance,
      series: "experiment",
      label: "measured",
      centre: middle,
      sigmas: 3,
    });
  // The deepest tone is that of the settled ensemble's centre, so that the picture does not flicker.
  const settled = laws.find(({ series }) => series === "discrete")?.covariance;
  const spread = settled ? Math.sqrt(Math.max(settled[0][0] * settled[1][1], 1e-300)) : 0;
  const cell = ((high[0] - low[0]) * (high[1] - low[1])) / (columns * rows);
  const max = spread > 0 ? Math.max(2, (replicas * cell) / (2 * Math.PI * spread)) : undefined;
  const margins = ([0, 1] as const).map((axis) => marginal(snapshot, axis, laws));
  const marks: Mark[] = [
    density({
      values: counts,
      columns,
      rows,
      x: [low[0], high[0]],
      y: [low[1], high[1]],
      blur: 1.2,
      ...(max ? { max } : {}),
    }),
    ...(step > 0 ? margins : []),
    ...trails,
    ellipses(list),
  ];
  // Much narrower one way than the other: equal units would hide the cloud in a line.
  const equal = Math.max(high[0] / high[1], high[1] / high[0]) < 6;
  const title = (axis: 0 | 1) =>
    `${axes.directions ? "along *u*" : "*w*"}${subscript((axis === 0 ? axes.x : axes.y) + 1)}`;
  return {
    title: "The ensemble in the plane with 3σ ellipses, and its histogram along either axis",
    x: { scale: linear(low[0], high[0]), title: title(0) },
    y: { scale: linear(low[1], high[1]), title: title(1) },
    marks,
    aspect: equal ? ("equal" as const) : ("free" as const),
  };
}

/** Replicas in each column, or each row, of a density's cells. */
export function alongAxis({ view, counts }: Pick<Snapshot, "view" | "counts">, axis: 0 | 1): number[] {
  const { columns, rows } = view;
  return Array.from({ length: axis === 0 ? columns : rows }, (_, n) => {
    let sum = 0;
    if (axis === 0) for (let row = 0; row < rows; row++) sum += counts[row * columns + n] ?? 0;
    else for (let column = 0; column < columns; column++) sum += counts[n * columns + column] ?? 0;
    return sum;
  });
}

/** The histogram along one axis, two cells a bin, with the Gaussians of the theories. */
function marginal(snapshot: Snapshot, axis: 0 | 1, laws: readonly CloudLaw[]): Mark {
  const [low, high] = [snapshot.view.low[axis], snapshot.view.high[axis]];
  const cells = alongAxis(snapshot, axis);
  const heights = Array.from(
    { length: cells.length >> 1 },
    (_, i) => (cells[2 * i] ?? 0) + (cells[2 * i + 1] ?? 0),
  );
  const width = (high - low) / heights.length;
  const edges = Array.from({ length: heights.length + 1 }, (_, i) => low + i * width);
  const total = shownOf(snapshot.measurement);
  const gaussian = (spread: number) =>
    heights.map((_, i) => {
      const w = low + (i + 0.5) * width;
      return total * width * densityAt(spread, w);
    });
  const curves = laws.flatMap(({ series, covariance }) => {
    const spread = covariance[axis][axis];
    return spread > 0 ? [{ series, values: gaussian(spread) }] : [];
  });
  // In the scale of the discrete theory, so that it does not flicker; a narrower one is cut off.
  const settled = curves.find(({ series }) => series === "discrete") ?? curves[0];
  const most = 1.3 * Math.max(...(settled?.values ?? heights), 1);
  return margin({ edge: axis === 0 ? "bottom" : "left", edges, heights, most, curves });
}

/** One coordinate: a histogram as a probability density, and the Gaussian of each theory. */
export function histogram(
  { view, counts, measurement }: Snapshot,
  prediction: Prediction,
  pinned?: PinnedLaw,
) {
  const { low, high, columns } = view;
  const width = (high[0] - low[0]) / columns;
  const edges = Array.from({ length: columns + 1 }, (_, i) => low[0] + i * width);
  const total = shownOf(measurement);
  const heights = Array.from(counts, (n) => n / total / width);
  const grid = Array.from({ length: 241 }, (_, i) => low[0] + ((high[0] - low[0]) * i) / 240);
  const curve = (spread: number) => grid.map((w) => densityAt(spread, w));
  const errors = Array.from(counts, (n) => countError(n, total) / total / width);
  const marks: Mark[] = [bars({ edges, heights, errors, series: "experiment" })];
  const names: { series: Shown; text: string }[] = [{ series: "experiment", text: "measured" }];
  if (pinned) marks.push(line({ x: grid, y: curve(pinned.covariance[0][0]), color: pinned.color, width: 1 }));
  let top = 0;
  for (const { series, covariance } of drawnLaws(prediction, { x: 0, y: 0 })) {
    const spread = covariance[0][0];
    if (!(spread > 0)) continue;
    marks.push(line({ x: grid, y: curve(spread), series }));
    names.push({ series, text: series });
    top = Math.max(top, 1 / Math.sqrt(2 * Math.PI * spread));
  }
  marks.push(key(names));
  return {
    title: "Histogram of the ensemble with the Gaussian of each theory",
    x: { scale: linear(low[0], high[0]), title: "*w*" },
    y: { scale: linear(0, 1.25 * (top || Math.max(...heights))), title: "probability density *p*(*w*)" },
    marks,
  };
}
