/** The eigen-directions as a table, beside those of a result that is pinned. */
import type { Direction } from "./modes-words";
import type { Table } from "./tables";

const HEADER = [
  "curvature",
  "lambda_k",
  "continuous",
  "discrete",
  "exact",
  "measured",
  "standard_error",
  "relaxation_time",
  "relaxation_time_continuous",
  "autocorrelation_time",
  "autocorrelation_time_continuous",
  "sharp",
  "direction",
];

const PINNED = ["pinned_curvature", "pinned_lambda_k", "pinned_discrete", "pinned", "pinned_error"];

/**
 * A row for each direction, the sharpest first. What is pinned stands beside it by its own order, with its own curvature: the loss may
 * be another one, and have more directions, which come last.
 */
export function modesTable(directions: readonly Direction[], pinned: readonly Direction[]): Table {
  const rows = Math.max(directions.length, pinned.length);
  return {
    caption: "Each eigen-direction of the Hessian, sharpest first",
    header: [...HEADER, ...(pinned.length > 0 ? PINNED : [])],
    rows: Array.from({ length: rows }, (_, i) => [
      ...cellsOf(directions[i]),
      ...(pinned.length > 0 ? pinnedCells(pinned[i]) : []),
    ]),
  };
}

function cellsOf(direction: Direction | undefined) {
  if (!direction) return HEADER.map(() => undefined);
  return [
    direction.curvature,
    direction.product,
    direction.continuous,
    direction.discrete,
    direction.exact,
    direction.measured,
    direction.error,
    direction.relaxation,
    direction.relaxationContinuous,
    direction.time,
    direction.timeContinuous,
    direction.sharp ? "yes" : "no",
    direction.along.replaceAll(",", ""),
  ];
}

const pinnedCells = (pinned: Direction | undefined) => [
  pinned?.curvature,
  pinned?.product,
  pinned?.discrete,
  pinned?.measured,
  pinned?.error,
];
