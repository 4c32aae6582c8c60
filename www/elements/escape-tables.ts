/** What the pictures of an escape draw, as tables. */
import type { Escaped, EscapeLandscape } from "../engine/engine";
import { inside } from "./escape-plot";
import { survivalBy, type TheoryRow } from "./escape-words";
import type { Further, Table } from "./tables";

/** The potential with the densities in it; the chain's, which has a grid of its own; who is still inside, and since when. */
export function escapeTables(
  landscape: EscapeLandscape,
  rows: readonly TheoryRow[],
  escaped: Escaped | undefined,
): Further[] {
  const { positions, potential, continuous, discrete, exact_positions, exact } = landscape;
  const tables: Further[] = [
    {
      name: "densities",
      table: () => ({
        caption: "Loss and density of the weights by the theories at each place",
        header: ["w", "loss", "continuous", "discrete"],
        rows: positions.map((w, i) => [w, potential[i], continuous[i], discrete?.[i]]),
      }),
    },
  ];
  if (exact)
    tables.push({
      name: "exact density",
      table: () => ({
        caption: "Density of those still in the well after a long time, by the exact chain",
        header: ["w", "exact"],
        rows: exact_positions.map((w, i) => [w, exact[i]]),
      }),
    });
  if (escaped)
    tables.push(
      { name: "survival", table: () => survivalTable(rows, escaped) },
      { name: "histogram", table: () => histogramTable(escaped) },
    );
  return tables;
}

function survivalTable(rows: readonly TheoryRow[], { measurement }: Escaped): Table {
  const { times, survival, survival_error } = measurement;
  return {
    caption: "Share of the replicas that are still in the well after so many steps",
    header: ["step", "measured", "standard_error", ...rows.map(({ name }) => name)],
    figures: [9],
    rows: times.map((t, i) => [t, survival[i], survival_error[i], ...rows.map((row) => survivalBy(row, t))]),
  };
}

function histogramTable(escaped: Escaped): Table {
  const { edges, heights, errors } = inside(escaped);
  return {
    caption: "Replicas that are still in the well, and their density, in each bin",
    header: ["from", "to", "replicas", "density", "standard_error"],
    rows: heights.map((height, i) => [edges[i], edges[i + 1], escaped.counts[i], height, errors[i]]),
  };
}
