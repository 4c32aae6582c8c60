/** The pictures of the comparison: a cell of ellipses for each optimizer, or, along one coordinate, a line for each theory. */
import { type EllipseOptions, ellipses, line, linear, type Mark, note, plain } from "../plot";
import {
  type Block,
  blockOf,
  type Compared,
  columnsFor,
  halvesOf,
  oneScale,
  scaled,
} from "./comparison-words";
import { digits } from "./numbers";

/** Room for the words above and below a cell, and for the key, in CSS pixels. */
export const LABELS = 52;
export const KEY = 40;

/** The size of a cell in units of the weights. */
export const sizeOf = (half: readonly [number, number]) =>
  `${digits(2 * half[0], 2)} wide${half[0] === half[1] ? "" : `, ${digits(2 * half[1], 2)} high`}`;

/** The theories of the table by the series whose colour and dash they have. */
const THEORIES = [
  ["earlier", "continuous"],
  ["paper", "discrete"],
  ["exact", "exact"],
] as const;

/** What each optimizer has of every kind. */
export function blocksOf(list: readonly Compared[]) {
  const blocks = list.map(({ row, measurement }) => ({
    earlier: blockOf(row.earlier?.covariance),
    paper: blockOf(row.paper?.covariance),
    exact: blockOf(row.exact?.covariance),
    measured: blockOf(measurement?.covariance),
  }));
  // Without a stationary state the finite ellipse of earlier work is no news: the cell says so instead.
  const there = blocks.map((each) =>
    each.exact ? Object.values(each).filter((block): block is Block => block !== undefined) : [],
  );
  return { blocks, halves: halvesOf(there) };
}

/** Two coordinates or more: the 3σ ellipses of each optimizer in a cell of its own. */
export function cells(list: readonly Compared[], names: Mark, width: number, height: number) {
  const columns = columnsFor(width, list.length);
  const rows = Math.ceil(list.length / columns);
  const [wide, tall] = [width / columns, (height - KEY) / rows];
  // A square between the lines of words above and below.
  const side = Math.min(wide, tall - LABELS);
  const { blocks, halves } = blocksOf(list);
  const common = oneScale(halves);
  const drawn: EllipseOptions[] = [];
  const marks: Mark[] = [];
  list.forEach(({ row }, i) => {
    const centre = [(i % columns) + 0.5, rows - Math.floor(i / columns) - 0.5] as const;
    marks.push(note({ text: plain(row.name), x: centre[0], y: centre[1] + 0.5, dy: 15, anchor: "middle" }));
    const half = halves[i];
    if (!half) {
      marks.push(note({ text: "no stationary state", x: centre[0], y: centre[1], anchor: "middle" }));
      return;
    }
    const add = (block: Block | undefined, series: NonNullable<EllipseOptions["series"]>) => {
      if (block)
        drawn.push({
          covariance: scaled(block, half, [side / wide, side / tall]),
          centre,
          series,
          sigmas: 3,
        });
    };
    for (const [theory, series] of THEORIES) add(blocks[i]?.[theory], series);
    add(blocks[i]?.measured, "experiment");
    if (!common)
      marks.push(
        note({ text: plain(sizeOf(half)), x: centre[0], y: centre[1] - 0.5, dy: -9, anchor: "middle" }),
      );
  });
  return {
    title: "The 3σ ellipses of the first two coordinates under each optimizer",
    x: { scale: linear(0, columns), hidden: true },
    y: { scale: linear(0, rows), hidden: true },
    marks: [names, ellipses(drawn), ...marks],
  };
}

/** In the place of a picture of another scenario. */
export const nothing = {
  title: "No comparison for this scenario",
  x: { scale: linear(0, 1), hidden: true },
  y: { scale: linear(0, 1), hidden: true },
  marks: [note({ text: "no comparison for this scenario", x: 0.5, y: 0.5, anchor: "middle" })],
};

/** One coordinate: three standard deviations to each side, one line for each theory. */
export function intervals(list: readonly Compared[], names: Mark) {
  const spread = (covariance: readonly (readonly number[])[] | null | undefined) =>
    3 * Math.sqrt(covariance?.[0]?.[0] ?? Number.NaN);
  const marks: Mark[] = [names];
  let most = 0;
  list.forEach(({ row, measurement }, i) => {
    const place = list.length - i - 0.5;
    marks.push(note({ text: plain(row.name), x: 0, y: place, dy: -15, anchor: "middle" }));
    if (!row.exact) {
      marks.push(note({ text: "no stationary state", x: 0, y: place, anchor: "middle" }));
      return;
    }
    const lines = [
      ...THEORIES.map(([theory, series]) => [spread(row[theory]?.covariance), series] as const),
      [spread(measurement?.covariance), "experiment"] as const,
    ];
    lines.forEach(([half, series], n) => {
      if (!(half > 0)) return;
      most = Math.max(most, half);
      const y = place + 0.12 - 0.1 * n;
      marks.push(line({ x: [-half, half], y: [y, y], series, width: 2.4 }));
    });
  });
  return {
    title: "Three standard deviations to each side under each optimizer",
    x: { scale: linear(-1.08 * (most || 1), 1.08 * (most || 1)), title: "*w*, ± 3 *σ*" },
    y: { scale: linear(0, list.length), hidden: true },
    marks,
  };
}
