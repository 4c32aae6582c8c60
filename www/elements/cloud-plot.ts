/** The pictures of the cloud: a density with ellipses in the plane, a histogram with curves on a line. */
import type { Prediction, Snapshot } from "../engine/engine";
import { bars, density, type EllipseOptions, ellipses, key, line, linear, type Mark } from "../plot";
import { exactLaw, type Moments, variance } from "./cloud-view";
import { subscript } from "./sweep-words";

/** Two coordinates: density and ellipses. */
export function plane(
  { view, counts, measurement, step }: Snapshot,
  prediction: Prediction,
  replicas: number,
) {
  const { x, y, low, high, columns, rows } = view;
  const block = (law: Moments): EllipseOptions["covariance"] | undefined => {
    const matrix = law?.covariance;
    if (!matrix) return undefined;
    const at = (i: number, j: number) => matrix[i]?.[j] ?? Number.NaN;
    return [
      [at(x, x), at(x, y)],
      [at(y, x), at(y, y)],
    ];
  };
  const list: EllipseOptions[] = [];
  const add = (
    covariance: EllipseOptions["covariance"] | undefined,
    series: "continuous" | "discrete" | "exact" | "experiment",
    label: string,
    centre: readonly [number, number] = [0, 0],
  ) => {
    if (covariance?.flat().every(Number.isFinite))
      list.push({ covariance, series, label, centre, sigmas: 3 });
  };
  add(block(prediction.continuous.stationary), "continuous", "continuous");
  add(block(prediction.discrete?.stationary), "discrete", "discrete");
  add(block(exactLaw(prediction)), "exact", "exact");
  // A run that starts elsewhere is on its way.
  const middle = [measurement.mean[x] ?? 0, measurement.mean[y] ?? 0] as const;
  if (step > 0) add(block(measurement), "experiment", "measured", middle);
  // The deepest tone is that of the settled ensemble's centre, so that the picture does not flicker.
  const settled = prediction.discrete?.stationary;
  const spread = settled ? Math.sqrt(Math.max(variance(settled, x) * variance(settled, y), 1e-300)) : 0;
  const cell = ((high[0] - low[0]) * (high[1] - low[1])) / (columns * rows);
  const max = spread > 0 ? Math.max(2, (replicas * cell) / (2 * Math.PI * spread)) : undefined;
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
    ellipses(list),
  ];
  // Much narrower one way than the other: equal units would hide the cloud in a line.
  const equal = Math.max(high[0] / high[1], high[1] / high[0]) < 6;
  return {
    title: "The ensemble in the plane with 3σ ellipses",
    x: { scale: linear(low[0], high[0]), title: `*w*${subscript(x + 1)}` },
    y: { scale: linear(low[1], high[1]), title: `*w*${subscript(y + 1)}` },
    marks,
    aspect: equal ? ("equal" as const) : ("free" as const),
  };
}

/** One coordinate: a histogram as a probability density, and the Gaussian of each theory. */
export function histogram({ view, counts, measurement }: Snapshot, prediction: Prediction) {
  const { low, high, columns } = view;
  const width = (high[0] - low[0]) / columns;
  const edges = Array.from({ length: columns + 1 }, (_, i) => low[0] + i * width);
  const total = Math.max(1, measurement.replicas);
  const heights = Array.from(counts, (n) => n / total / width);
  const grid = Array.from({ length: 241 }, (_, i) => low[0] + ((high[0] - low[0]) * i) / 240);
  const curve = (spread: number) =>
    grid.map((w) => Math.exp((-0.5 * w * w) / spread) / Math.sqrt(2 * Math.PI * spread));
  const marks: Mark[] = [bars({ edges, heights, series: "experiment" })];
  const names: { series: "continuous" | "discrete" | "experiment"; text: string }[] = [
    { series: "experiment", text: "measured" },
  ];
  let top = 0;
  for (const series of ["continuous", "discrete"] as const) {
    const spread = variance(prediction[series]?.stationary, 0);
    if (!(spread > 0)) continue;
    marks.push(line({ x: grid, y: curve(spread), series }));
    names.push({ series, text: series });
    top = Math.max(top, 1 / Math.sqrt(2 * Math.PI * spread));
  }
  marks.push(key(names));
  return {
    title: "Histogram of the ensemble with the Gaussian of each theory",
    x: { scale: linear(low[0], high[0]), title: "*w*" },
    y: { scale: linear(0, 1.25 * (top || Math.max(...heights))), title: "probability density" },
    marks,
  };
}
