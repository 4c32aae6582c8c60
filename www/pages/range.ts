/** Ends of a sweep that follow what they depend on. */
import type { FullSweep } from "../engine/engine";
import type { Value } from "../state/document";

/** An end is taken for the limit of stability when it is this near to it, relatively. */
const NEAR = 1e-3;

/**
 * The ends that a sweep should have after a change, if other ones than it has: a new axis starts with its natural range,
 * and an end that stood at the limit of stability goes with it when the Hessian or the momentum moves it.
 * `limit` is the learning rate at which a document's scenario diverges.
 */
export function fitRange(
  next: FullSweep,
  before: FullSweep,
  limit: number,
  limitBefore: number,
): Record<string, Value> | undefined {
  if (next.from !== before.from || next.to !== before.to) return undefined; // somebody has chosen them
  const end = Number(limit.toPrecision(4));
  if (next.parameter !== before.parameter) {
    return next.parameter === "momentum" ? { from: 0, to: 1 } : { from: 0, to: end };
  }
  if (next.parameter !== "learning_rate") return undefined;
  const stood = Math.abs(before.to / limitBefore - 1) < NEAR;
  return stood && Math.abs(next.to / limit - 1) >= NEAR ? { to: end } : undefined;
}
