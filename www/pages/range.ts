/** Ends of a sweep that follow what they depend on. */
import type { FullSweep } from "../engine/engine";
import { read } from "../state/document";
import type { Changes } from "../state/store";
import { parameterNamed } from "../state/tables";

/** An end is taken for the limit of stability when it is this near to it, relatively. */
const NEAR = 1e-3;

/** Largest learning rate, hence end of a sweep along it: a very flat loss diverges beyond it. */
const { values } = parameterNamed("learning_rate");
const MOST = values.type === "number" ? values.interval.high : Number.POSITIVE_INFINITY;

const rounded = (limit: number) => Math.min(MOST, Number(limit.toPrecision(4)));

/**
 * A new axis comes with its natural range. `limit` is the learning rate at which the scenario diverges; without one (NaN) the axis
 * goes to twice the present rate. `curvature` is the largest eigenvalue of the Hessian.
 */
export function rangeOfAxis(
  asked: Changes,
  sweep: FullSweep,
  limit: number,
  curvature = Number.NaN,
): Changes {
  const axis = asked.parameter;
  if (axis === undefined || axis === sweep.parameter) return {};
  if (axis === "learning_rate") {
    const to = Number.isNaN(limit) ? 2 * sweep.scenario.optimizer.learning_rate : limit;
    return { from: 0, to: rounded(to), scale: "linear" };
  }
  if (axis === "momentum") return { from: 0, to: 1, scale: "linear" };
  const around = axis === "curvature" ? aroundCurvature(sweep, limit, curvature) : undefined;
  return around ?? naturalRange(String(axis), sweep);
}

/**
 * Two decades of curvatures below the one at which the scenario diverges, or around its own where the steps do not depend on it. None
 * for a loss that is flat.
 */
function aroundCurvature({ scenario }: FullSweep, limit: number, curvature: number): Changes | undefined {
  const { kind, learning_rate } = scenario.optimizer;
  // A product of both decides, but for Newton's method, which sees every curvature as one.
  const end = kind === "newton" ? Number.NaN : (limit / learning_rate) * curvature;
  const [from, to] = end > 0 ? [end / 100, end] : [curvature / 10, 10 * curvature];
  const four = (value: number) => Number(value.toPrecision(4));
  return from > 0 && Number.isFinite(to) ? { from: four(from), to: four(to), scale: "log" } : undefined;
}

/** The range of a parameter that its slider offers; without a slider that of a sweep over whole numbers, or up to twice the value. */
function naturalRange(axis: string, sweep: FullSweep): Changes {
  const row = parameterNamed(axis);
  if (axis === "dimension") {
    // From the first number of coordinates that has those which are looked at.
    const first = Math.max(sweep.coordinate, sweep.quantity === "covariance" ? sweep.other : 1);
    return { from: first - 1, to: first + sweep.points, scale: "linear" };
  }
  if (row.values.type !== "number" && row.values.type !== "integer") return {};
  const { slider } = row.values;
  if (slider) return { from: slider.low, to: slider.high, scale: slider.scale };
  if (row.values.type === "integer") return { from: 0, to: sweep.points + 1, scale: "linear" };
  return { from: 0, to: 2 * Math.abs(Number(read(sweep, row) ?? 1)) || 1, scale: "linear" };
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
