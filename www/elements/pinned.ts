/** A result of the sweep that is kept to be seen beside the next one. */
import type { Curve, FullSweep, SweepPoint } from "../engine/engine";
import { line, type Mark, points } from "../plot";
import { read, same } from "../state/document";
import { format } from "../state/entry";
import { parameters } from "../state/tables";

export interface Pinned {
  readonly sweep: FullSweep;
  readonly curve: Curve | undefined;
  readonly points: readonly SweepPoint[];
}

/** Longest value that is said; of a matrix it is enough to know that it is another. */
const LONGEST = 24;

/** Whether it can be drawn over the axes of a sweep. */
export const comparable = (pinned: Pinned, sweep: FullSweep): boolean =>
  pinned.sweep.parameter === sweep.parameter && pinned.sweep.quantity === sweep.quantity;

/** What was pinned, by what differs from the present sweep. */
export function describePinned(pinned: Pinned, sweep: FullSweep): string {
  if (!comparable(pinned, sweep)) return "The pinned result has other axes; it is not drawn here.";
  const differing = parameters
    // Not how it is shown, nor the value that the axis replaces.
    .filter(({ group, name }) => group !== "view" && name !== "formula" && name !== sweep.parameter)
    .flatMap((parameter) => {
      const [then, now] = [read(pinned.sweep, parameter), read(sweep, parameter)];
      if (same(then, now) || then === undefined) return [];
      const value = format(then);
      const name = `${parameter.label.toLowerCase()}${parameter.symbol === "" ? "" : ` ${parameter.symbol}`}`;
      return [value.length > LONGEST ? `another ${name}` : `${name} = ${value}`];
    });
  return `Pinned, in grey squares and a thin line: ${differing.length === 0 ? "the same scenario" : differing.join(", ")}.`;
}

/** Its discrete theory as a thin line, and what was measured, in a colour that no theory has. */
export function pinnedMarks({ curve, points: all }: Pinned, color: string): Mark[] {
  const measured = all.filter(({ measured: value, diverged }) => value != null && diverged === 0);
  const discrete = curve?.discrete.map((value) => value ?? Number.NaN) ?? [];
  return [
    line({ x: curve?.x ?? [], y: discrete }),
    points({
      x: measured.map(({ x }) => x),
      y: measured.map(({ measured: value }) => value ?? Number.NaN),
      error: measured.map(({ error }) => error ?? 0),
      marker: "square",
      open: true,
      color,
    }),
  ];
}

/** The pinned number at the same value of the parameter. */
export const pinnedAt = (pinned: Pinned, x: number): SweepPoint | undefined =>
  pinned.points.find((point) => point.x === x);
