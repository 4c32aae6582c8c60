/** One problem under several optimizers: their rows, and sentences with numbers. */
import type { Measurement, Prediction, Table1Row } from "../engine/engine";
import { sentence } from "./dom";
import { brief, digits, plusMinus, z } from "./numbers";
import type { Table } from "./tables";

/** An optimizer on the scenario's loss and noise. */
export interface Compared {
  readonly row: Table1Row;
  /** Why it has no stationary state; empty where it has one. */
  readonly why: string;
  /** The average behind a preconditioner that follows the ensemble. */
  readonly average?: Prediction["average"];
  readonly measurement?: Measurement | undefined;
}

/** Relative difference of two training errors below which neither is called smaller. */
const SAME = 1e-9;

/** The comparison in a few sentences. */
export function tellComparison(list: readonly Compared[]): string {
  const settled = list.filter(({ row }) => row.exact?.training_error != null);
  const errorOf = ({ row }: Compared) => row.exact?.training_error as number;
  const sentences: string[] = [];
  if (settled.length > 0) {
    const least = settled.reduce((best, one) => (errorOf(one) < errorOf(best) ? one : best));
    const most = settled.reduce((worst, one) => (errorOf(one) > errorOf(worst) ? one : worst));
    const ratio = errorOf(most) / errorOf(least);
    if (settled.length > 1 && ratio > 1 + SAME)
      sentences.push(
        `${least.row.name} has the smallest stationary training error, ${brief(errorOf(least))}; ${most.row.name} has the largest, ${brief(errorOf(most))}, ${digits(ratio, 3)} times as much.`,
      );
    else if (settled.length === list.length)
      sentences.push(`The stationary training error is ${brief(errorOf(least))}, whichever it is.`);
    else if (settled.length > 1)
      sentences.push(`The stationary training error is ${brief(errorOf(least))} for all that have one.`);
    else sentences.push(`${least.row.name} has the stationary training error ${brief(errorOf(least))}.`);
  }
  // The first clause is the reason; the stability of the scenario's own optimizer is said in full elsewhere.
  for (const { row, why } of list)
    if (why !== "")
      sentences.push(`${row.name} has no stationary state: ${sentence(why.split(";")[0] ?? "")}`);
  return sentences.join(" ");
}

/** What is read of one optimizer: how far it fluctuates by every theory, and its training error. */
export function readoutOfCompared({ row, why, measurement }: Compared): string[] {
  if (!row.exact) return [row.name, `no stationary state: ${why.split(";")[0]}`];
  const of = (law: Table1Row["exact"] | undefined) => digits(law?.training_error, 4);
  const { training_error: exact } = row.exact;
  const { training_error: got, training_error_error: error } = measurement ?? {};
  const off = got != null && error && exact != null ? ` (${z((got - exact) / error)})` : "";
  return [
    `${row.name}: training error`,
    `earlier work ${of(row.earlier)}`,
    `paper ${of(row.paper)}`,
    `exact ${of(row.exact)}`,
    ...(measurement ? [`measured ${plusMinus(got, error)}${off}`] : []),
  ];
}

/** The laws that are drawn: of the first two coordinates, or of one alone. */
export function ellipsesTable(list: readonly Compared[]): Table {
  const laws = list.flatMap(({ row, measurement }) =>
    row.exact
      ? ([
          [row.name, "earlier work", row.earlier],
          [row.name, "paper", row.paper],
          [row.name, "exact", row.exact],
          [row.name, "measured", measurement],
        ] as const)
      : [],
  );
  return {
    caption: "Covariance of the first two coordinates under each optimizer, as it is drawn",
    header: ["optimizer", "law", "variance_1", "variance_2", "covariance"],
    rows: laws.flatMap(([name, law, found]) => {
      const covariance = found?.covariance;
      return covariance ? [[name, law, covariance[0]?.[0], covariance[1]?.[1], covariance[0]?.[1]]] : [];
    }),
  };
}

/** A 2x2 covariance, of the first two coordinates. */
export type Block = readonly [readonly [number, number], readonly [number, number]];

export function blockOf(covariance: readonly (readonly number[])[] | null | undefined): Block | undefined {
  const at = (i: number, j: number) => covariance?.[i]?.[j] ?? Number.NaN;
  const block = [
    [at(0, 0), at(0, 1)],
    [at(1, 0), at(1, 1)],
  ] as const;
  return block.flat().every(Number.isFinite) ? block : undefined;
}

/** Standard deviations that are shown to each side. */
const HALF = 3.4;
/** Where the widest optimizer is this much wider than the narrowest, each has a scale of its own. */
const APART = 6;

/** Half the width and height of each optimizer's cell, in units of the weights; undefined where it has nothing to show. */
export function halvesOf(list: readonly (readonly Block[])[]): ([number, number] | undefined)[] {
  const reach = (blocks: readonly Block[], i: 0 | 1) =>
    HALF * Math.sqrt(Math.max(0, ...blocks.map((block) => block[i][i])));
  const own = list.map((blocks): [number, number] | undefined => {
    const [x, y] = [reach(blocks, 0), reach(blocks, 1)];
    if (!(x > 0 || y > 0)) return undefined;
    // Equal units, unless the cell would be a line.
    return Math.max(x, y) < APART * Math.min(x, y) ? [Math.max(x, y), Math.max(x, y)] : [x || y, y || x];
  });
  const known = own.filter((half) => half !== undefined);
  const widest = [0, 1].map((i) => Math.max(...known.map((half) => half[i] as number)));
  const narrowest = [0, 1].map((i) => Math.min(...known.map((half) => half[i] as number)));
  if (widest.some((wide, i) => wide > APART * (narrowest[i] as number))) return own;
  return own.map((half) => half && ([...widest] as [number, number]));
}

/** A covariance in units of a cell, of whose width and height it may take the shares `across` and `up`. */
export function scaled(
  [[xx, xy], [, yy]]: Block,
  [x, y]: readonly [number, number],
  [across, up]: readonly [number, number] = [1, 1],
): Block {
  const [a, b] = [(0.5 * across) / x, (0.5 * up) / y];
  return [
    [xx * a * a, xy * a * b],
    [xy * a * b, yy * b * b],
  ];
}

/** Whether all cells have one scale. */
export function oneScale(halves: readonly ([number, number] | undefined)[]): [number, number] | undefined {
  const known = halves.filter((half) => half !== undefined);
  const [first] = known;
  return first && known.every(([x, y]) => x === first[0] && y === first[1]) ? first : undefined;
}

/** Columns of the grid in which the optimizers stand, so that a cell is neither narrow nor lonely. */
export function columnsFor(width: number, cells: number): number {
  const most = Math.max(1, Math.min(cells, Math.floor(width / 118)));
  return Math.ceil(cells / Math.ceil(cells / most));
}
