/** The grid of the map of stability: which values it has, and what is where on it. No DOM. */
import type { FullScenario, Prediction } from "../engine/engine";
import { digits, digitsBeside } from "./numbers";
import type { Further } from "./tables";

type Optimizer = FullScenario["optimizer"];

/** Columns of `λk`, and rows of the share from 0 in hundredths. */
export const COLUMNS = 210;
const HUNDREDTH = 0.01;

/** What the map shows in colour. */
export type Shown = "radius" | "variance" | "trainingError";

/** Training error along a direction in units of c/k: half of k times the variance, which is in units of c/k². */
export const halfOf = (variance: number): number => variance / 2;

/** The parameter that the upward axis changes. */
export type Share = "momentum" | "mixing" | "beta1";

/** The map's axes. */
export interface Axes {
  readonly products: Float64Array;
  readonly shares: Float64Array;
  readonly share: Share;
}

/** The axes with the core's numbers, row by row. */
export interface Map2d extends Axes {
  readonly radius: Float64Array;
  readonly variance: Float64Array;
  readonly trainingError: Float64Array;
  readonly limit: Float64Array;
}

/** A place on the grid. */
export interface Cell {
  readonly column: number;
  readonly row: number;
}

export const SYMBOLS: Readonly<Record<Share, string>> = { momentum: "μ", mixing: "ν", beta1: "β₁" };

/** The parameter on the upward axis for an optimizer, and its present value. */
export function shareOf(optimizer: Optimizer): { readonly name: Share; readonly value: number } {
  if (optimizer.kind === "qhm") return { name: "mixing", value: optimizer.mixing };
  if (optimizer.kind === "preconditioned" && optimizer.mixing != null)
    return { name: "mixing", value: optimizer.mixing };
  if (optimizer.kind === "adam") return { name: "beta1", value: optimizer.beta1 };
  return { name: "momentum", value: optimizer.momentum };
}

/** Whether a learning rate can be read off the map: not where the preconditioner follows it. */
export const canChoose = ({ kind }: Optimizer) => kind !== "adam" && kind !== "natural_gradient";

/** The `λk` of the scenario's directions, sharpest first; behind a preconditioner only the sharpest is known. */
export function productsOf({ optimizer }: FullScenario, { modes, stability }: Prediction): number[] {
  const plain = optimizer.kind === "momentum" || optimizer.kind === "qhm";
  const all = plain ? modes.map(({ curvature }) => optimizer.learning_rate * curvature) : [stability.largest];
  return all.filter((product) => product > 0);
}

/** Axes that hold the directions and the limit, in steps that people count in. */
export function axesFor(optimizer: Optimizer, largest: number, limit: number): Axes {
  const most = Math.max(4.1, 1.05 * largest, 1.1 * limit);
  const finest = most / COLUMNS;
  const power = 10 ** Math.floor(Math.log10(finest));
  const step = [1, 2, 5, 10].map((n) => n * power).find((size) => size >= finest * (1 - 1e-9)) ?? 10 * power;
  const products = Float64Array.from({ length: COLUMNS }, (_, i) => Number(((i + 1) * step).toPrecision(12)));
  const { name } = shareOf(optimizer);
  const rows = name === "mixing" ? 101 : 100;
  const shares = Float64Array.from({ length: rows }, (_, i) => Number((i * HUNDREDTH).toFixed(2)));
  return { products, shares, share: name };
}

/** The core's numbers in their places. */
export function mapOf(axes: Axes, numbers: Float64Array): Map2d {
  const cells = axes.products.length * axes.shares.length;
  const variance = numbers.subarray(cells, 2 * cells);
  return {
    ...axes,
    radius: numbers.subarray(0, cells),
    variance,
    trainingError: variance.map(halfOf),
    limit: numbers.subarray(2 * cells),
  };
}

/** The grid's place nearest to a point of the plane. */
export function cellAt({ products, shares }: Axes, product: number, share: number): Cell {
  const step = products[0] as number;
  return clamped({ products, shares }, Math.round(product / step) - 1, Math.round(share / HUNDREDTH));
}

/** A place moved by so many columns and rows, within the grid. */
export function moved(axes: Axes, { column, row }: Cell, right: number, up: number): Cell {
  return clamped(axes, column + right, row + up);
}

function clamped({ products, shares }: Pick<Axes, "products" | "shares">, column: number, row: number): Cell {
  const within = (value: number, count: number) => Math.min(count - 1, Math.max(0, value));
  return { column: within(column, products.length), row: within(row, shares.length) };
}

/** What the core says of a place. */
export function numbersAt(map: Map2d, { column, row }: Cell) {
  const at = row * map.products.length + column;
  return {
    product: map.products[column] as number,
    share: map.shares[row] as number,
    radius: map.radius[at] as number,
    variance: map.variance[at] as number,
    trainingError: halfOf(map.variance[at] as number),
    limit: map.limit[row] as number,
  };
}

/** What the map draws, as tables: every cell, and the limit in each row. */
export function mapTables(map: Map2d): Further[] {
  const { products, shares, limit, share } = map;
  const cells = () =>
    Array.from(map.radius, (_, i) => {
      const place = { column: i % products.length, row: Math.floor(i / products.length) };
      const { product, share: value, radius, variance, trainingError } = numbersAt(map, place);
      return [product, value, radius, finite(variance), finite(trainingError)];
    });
  return [
    {
      name: "map",
      table: () => ({
        caption: "Every cell; the variance in units of c/k², the training error in units of c/k",
        header: ["lambda_k", share, "spectral_radius", "variance", "training_error"],
        rows: cells(),
      }),
    },
    {
      name: "limit",
      table: () => ({
        caption: "The limit of stability",
        header: [share, "limit_of_lambda_k"],
        rows: Array.from(shares, (value, row) => [value, limit[row]]),
      }),
    },
  ];
}

const finite = (value: number) => (Number.isFinite(value) ? value : undefined);

/** The changes of a scenario that bring its sharpest direction to a place; `curvature` is the eigenvalue there. */
export function chosen(map: Map2d, cell: Cell, curvature: number): Readonly<Record<string, number>> {
  const { product, share } = numbersAt(map, cell);
  return { learning_rate: Number((product / curvature).toPrecision(6)), [map.share]: share };
}

/** What is under the cursor. */
export function readoutOfCell(map: Map2d, cell: Cell): string[] {
  const { product, share, radius, variance, limit } = numbersAt(map, cell);
  return [
    `λk = ${digits(product, 4)}, ${SYMBOLS[map.share]} = ${digits(share, 3)}`,
    Number.isNaN(variance)
      ? `diverges: the limit is ${digits(limit, 4)}`
      : `variance ${digits(variance, 4)} c/k²`,
    ...(Number.isNaN(variance) ? [] : [`training error ${digits(halfOf(variance), 4)} c/k`]),
    `spectral radius ${digits(radius, 4)}`,
  ];
}

/** One direction of the scenario as the core puts it on the map. */
export interface Placed {
  readonly product: number;
  readonly radius: number;
  readonly variance: number;
}

/** The map in a sentence or two. */
export function tellMap(
  optimizer: Optimizer,
  directions: readonly Placed[],
  limit: number,
  stable: boolean,
): string {
  const [sharpest] = directions;
  const { name, value } = shareOf(optimizer);
  if (sharpest === undefined) return "There is no direction with a curvature above zero.";
  const { product, radius, variance } = sharpest;
  const place = `At λk = ${digitsBeside(product, limit, 4)}, ${SYMBOLS[name]} = ${digits(value, 3)}`;
  const law = Number.isNaN(variance)
    ? `a step multiplies a deviation by ${digitsBeside(radius, 1, 4)}: it diverges, since λk is not below ${digits(limit, 4)}`
    : `a step leaves ${digitsBeside(radius, 1, 4)} of a deviation and the variance is ${digits(variance, 4)} c/k²; it diverges from λk = ${digits(limit, 4)} on`;
  const slowest = directions.reduce((worst, one) => (one.radius > worst.radius ? one : worst), sharpest);
  const slow =
    stable && slowest !== sharpest
      ? ` The slowest direction, λk = ${digits(slowest.product, 4)}, keeps ${digitsBeside(slowest.radius, 1, 4)} a step.`
      : "";
  const how = canChoose(optimizer)
    ? ` Click, or move with the arrow keys and press Enter, to put the sharpest direction elsewhere.`
    : "";
  return `${place} ${law}.${slow}${how}`;
}
