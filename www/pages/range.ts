/** Ends of a sweep that follow what they depend on. */
import type { FullSweep } from "../engine/engine";
import type { Changes } from "../state/store";

/** An end is taken for the limit of stability when it is this near to it, relatively. */
const NEAR = 1e-3;

const rounded = (limit: number) => Number(limit.toPrecision(4));

/** A new axis comes with its natural range. `limit` is the learning rate at which the scenario diverges. */
export function rangeOfAxis(asked: Changes, sweep: FullSweep, limit: number): Changes {
  const axis = asked.parameter;
  if (axis === undefined || axis === sweep.parameter) return {};
  return axis === "momentum" ? { from: 0, to: 1 } : { from: 0, to: rounded(limit) };
}

/**
 * The end that a sweep along the learning rate should have after a change, if another one than it has: one that stood at
 * the limit of stability goes with it when the Hessian or the momentum moves it.
 */
export function followLimit(
  next: FullSweep,
  before: FullSweep,
  limit: number,
  limitBefore: number,
): Changes | undefined {
  const same = next.parameter === before.parameter && next.from === before.from && next.to === before.to;
  if (!same || next.parameter !== "learning_rate") return undefined;
  const stood = Math.abs(before.to / limitBefore - 1) < NEAR;
  return stood && Math.abs(next.to / limit - 1) >= NEAR ? { to: rounded(limit) } : undefined;
}
