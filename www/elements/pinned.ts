/** A result of the sweep that is kept to be seen beside the next one. */
import type { Curve, FullSweep, SweepPoint } from "../engine/engine";
import { line, type Mark, points } from "../plot";
import { describeDifference } from "./pin";

export interface Pinned {
  readonly sweep: FullSweep;
  readonly curve: Curve | undefined;
  readonly points: readonly SweepPoint[];
}

/** Whether it can be drawn over the axes of a sweep. */
export const comparable = (pinned: Pinned, sweep: FullSweep): boolean =>
  pinned.sweep.parameter === sweep.parameter && pinned.sweep.quantity === sweep.quantity;

/** What was pinned, by what differs from the present sweep. */
export function describePinned(pinned: Pinned, sweep: FullSweep): string {
  if (!comparable(pinned, sweep)) return "The pinned result has other axes; it is not drawn here.";
  return describeDifference(pinned.sweep, sweep, { axis: sweep.parameter });
}

/** Its discrete theory as a thin line, and what was measured, in a colour that no theory has. */
export const pinnedMarks = ({ curve, points: all }: Pinned, color: string): Mark[] =>
  keptMarks(curve?.x ?? [], curve?.discrete ?? [], all, color);

/** The same of any curve with points. */
export function keptMarks(
  x: readonly number[],
  discrete: readonly (number | null | undefined)[],
  all: readonly SweepPoint[],
  color: string,
): Mark[] {
  const measured = all.filter(({ measured: value, diverged }) => value != null && diverged === 0);
  return [
    line({ x, y: discrete.map((value) => value ?? Number.NaN) }),
    points({
      x: measured.map(({ x: place }) => place),
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
