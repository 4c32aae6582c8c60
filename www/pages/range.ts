/** Ends of a sweep that follow what they depend on. */
import type { FullSweep } from "../engine/engine";
import type { Changes } from "../state/store";
import { parameterNamed } from "../state/tables";

/** An end is taken for the limit of stability when it is this near to it, relatively. */
const NEAR = 1e-3;

/** Largest learning rate, hence end of a sweep along it: a very flat loss diverges beyond it. */
const { values } = parameterNamed("learning_rate");
const MOST = values.type === "number" ? values.interval.high : Number.POSITIVE_INFINITY;

const rounded = (limit: number) => Math.min(MOST, Number(limit.toPrecision(4)));

/** A new axis comes with its natural range. `limit` is the learning rate at which the scenario diverges. */
export function rangeOfAxis(asked: Changes, sweep: FullSweep, limit: number): Changes {
  const axis = asked.parameter;
  if (axis === undefined || axis === sweep.parameter) return {};
  return axis === "momentum" ? { from: 0, to: 1 } : { from: 0, to: rounded(limit) };
}

/** Whether an end is taken for the limit of stability. */
export function standsAt(limit: number, { parameter, to }: FullSweep): boolean {
  return parameter === "learning_rate" && Math.abs(to / limit - 1) < NEAR;
}

/**
 * The end that a sweep along the learning rate should have after a change, if another one than it has: one that stood at
 * the limit of stability goes with it when the Hessian or the momentum moves it, unless that leaves no range.
 */
export function followLimit(
  next: FullSweep,
  before: FullSweep,
  limit: number,
  limitBefore: number,
): Changes | undefined {
  const same = next.parameter === before.parameter && next.from === before.from && next.to === before.to;
  const to = rounded(limit);
  return same && standsAt(limitBefore, before) && to > next.from && Math.abs(next.to / to - 1) >= NEAR
    ? { to }
    : undefined;
}
