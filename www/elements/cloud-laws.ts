/** What is read in the cloud, and what it draws as tables. */
import type { Prediction, Snapshot } from "../engine/engine";
import type { Covariance } from "../plot";
import { type Axes, measuredOf, nameOf } from "./cloud-axes";
import { alongAxis } from "./cloud-plot";
import { type CloudLaw, drawnLaws, shownOf } from "./cloud-theories";
import type { Grid, Told } from "./grid-reading";
import { densityAt, sigmasAt } from "./laws";
import { count, countError, counted, digits, plusMinus } from "./numbers";
import type { Further, Table } from "./tables";

/** The grid on which a snapshot is read: that of its own density. */
export function gridOf({ view }: Snapshot): Grid {
  const [x, y] = [0, 1].map((i) => [view.low[i], view.high[i]]) as [[number, number], [number, number]];
  return { x, y, columns: view.columns, rows: view.x === view.y ? 1 : view.rows };
}

/** What is read in a cell: its place, how many replicas, and how far out it is by each law. */
export function readoutOfCloud(
  snapshot: Snapshot,
  prediction: Prediction,
  axes: Axes,
  { column, row, x, y }: { column: number; row: number; x: number; y: number },
): Told[] {
  const { view, counts, measurement } = snapshot;
  const replicas = counts[row * view.columns + column] ?? 0;
  const single = view.x === view.y;
  const grid = gridOf(snapshot);
  const width = (grid.x[1] - grid.x[0]) / grid.columns;
  const size = single ? width : (width * (grid.y[1] - grid.y[0])) / grid.rows;
  const total = shownOf(measurement);
  const density = plusMinus(replicas / total / size, countError(replicas, total) / total / size);
  const place = single
    ? `${nameOf(axes, 0)} = ${digits(x, 3)}`
    : `${nameOf(axes, 0)} = ${digits(x, 3)}, ${nameOf(axes, 1)} = ${digits(y, 3)}`;
  const mass = `${counted(replicas, "replica")} of ${count(measurement.replicas)} here, density ${density}`;
  return [
    { text: place },
    { text: mass, series: "experiment" },
    ...drawnLaws(prediction, axes).map(({ series, name, covariance }): Told => {
      const far = sigmasAt(covariance, x, single ? undefined : y);
      const dense =
        single && covariance[0][0] > 0 ? `, density ${digits(densityAt(covariance[0][0], x), 3)}` : "";
      const out = Number.isFinite(far) ? `${far.toFixed(2)} σ out` : "no spread";
      return { text: `${name}: ${out}${dense}`, series };
    }),
  ];
}

/** What the cloud draws, as tables: cells or bins, the histogram along either axis, and the ellipses. */
export function cloudTables(snapshot: Snapshot, prediction: Prediction, axes: Axes): Further[] {
  const laws = drawnLaws(prediction, axes);
  if (snapshot.view.x === snapshot.view.y)
    return [{ name: "histogram", table: () => histogramTable(snapshot, laws, 0, nameOf(axes, 0)) }];
  return [
    { name: "ellipses", table: () => ellipsesTable(snapshot, laws, axes) },
    { name: "density", table: () => densityTable(snapshot, axes) },
    ...([0, 1] as const).map((axis) => ({
      name: `histogram of ${nameOf(axes, axis)}`,
      table: () => histogramTable(snapshot, laws, axis, nameOf(axes, axis)),
    })),
  ];
}

function densityTable(snapshot: Snapshot, axes: Axes): Table {
  const { columns, x, y, rows } = gridOf(snapshot);
  const middle = ([low, high]: readonly [number, number], n: number, of: number) =>
    low + ((high - low) * (n + 0.5)) / of;
  return {
    caption: `Replicas in each cell at step ${count(snapshot.step)}, by its middle`,
    header: [nameOf(axes, 0), nameOf(axes, 1), "replicas", "standard_error"],
    rows: Array.from(snapshot.counts, (replicas, i) => [
      middle(x, i % columns, columns),
      middle(y, Math.floor(i / columns), rows),
      replicas,
      countError(replicas, shownOf(snapshot.measurement)),
    ]),
  };
}

function histogramTable(snapshot: Snapshot, laws: readonly CloudLaw[], axis: 0 | 1, name: string): Table {
  const { view, measurement } = snapshot;
  const cells = view.x === view.y ? Array.from(snapshot.counts) : alongAxis(snapshot, axis);
  const [low, high] = [view.low[axis], view.high[axis]];
  const width = (high - low) / cells.length;
  const total = shownOf(measurement);
  return {
    caption: `Replicas and density of ${name} in each bin at step ${count(snapshot.step)}; the theories in the long run at its middle`,
    header: ["from", "to", "replicas", "density", "standard_error", ...laws.map(({ name: law }) => law)],
    rows: cells.map((replicas, i) => {
      const [from, to] = [low + i * width, low + (i + 1) * width];
      const theories = laws.map(({ covariance }) => densityAt(covariance[axis][axis], (from + to) / 2));
      const error = countError(replicas, total) / total / width;
      return [from, to, replicas, replicas / total / width, error, ...theories];
    }),
  };
}

function ellipsesTable(snapshot: Snapshot, laws: readonly CloudLaw[], axes: Axes): Table {
  const row = (name: string, mean: readonly number[], [[a, c], [, b]]: Covariance) => [
    name,
    ...mean,
    a,
    b,
    c,
  ];
  const { mean, covariance } = measuredOf(snapshot, axes);
  const [x, y] = [nameOf(axes, 0), nameOf(axes, 1)];
  return {
    caption: `The ellipses: laws in the long run, and the ensemble at step ${count(snapshot.step)}`,
    header: ["law", `mean_${x}`, `mean_${y}`, `variance_${x}`, `variance_${y}`, "covariance"],
    rows: [
      ...laws.map(({ name, covariance: law }) => row(name, [0, 0], law)),
      ...(covariance ? [row("measured", mean, covariance)] : []),
    ],
  };
}
