/** What a sweep shows, said in words with its numbers. */
import type { Curve, FullSweep, SweepPoint, Verdict } from "../engine/engine";
import type { Agreement } from "../engine/pkg/noisy_descent_wasm";
import { dimensionOf, POTENTIALS } from "../state/document";
import { parameterNamed } from "../state/tables";
import { unsettledPoints } from "./average";
import { sentence } from "./dom";
import { count, counted, digits, plusMinus, probability, standardErrors, z } from "./numbers";

/** A sweep that is measured, with the theories beside it. */
export interface Swept {
  readonly sweep: FullSweep;
  readonly points: readonly SweepPoint[];
  readonly verdict: Verdict | undefined;
  readonly curve: Curve | undefined;
  /** Where a standard error means nothing, if there are such places. */
}

/** Symbol of the parameter that is swept. */
export const symbolOf = (sweep: FullSweep) => {
  const { symbol, label } = parameterNamed(sweep.parameter);
  return symbol || `${label.charAt(0).toLowerCase()}${label.slice(1)}`;
};

/** What the sweep looks at. */
export function quantityOf(sweep: FullSweep): string {
  const { quantity, coordinate, other, scenario } = sweep;
  if (quantity === "training_error") return "training error";
  if (quantity === "escape_rate") return "escape rate over k";
  const name = quantity === "kurtosis" ? "excess kurtosis" : quantity;
  // Along the dimension there is a first coordinate among others.
  if (dimensionOf(scenario) === 1 && sweep.parameter !== "dimension") return `${name} of w`;
  const both = quantity === "covariance" ? ` and w${subscript(other)}` : "";
  return `${name} of w${subscript(coordinate)}${both}`;
}

/** Whether the sweep looks at the shape of the law, which may well be zero, and not at how wide it is. */
export const isShape = ({ quantity }: FullSweep) => quantity === "skewness" || quantity === "kurtosis";

/** Whether it may be below zero: a moment of the weights themselves, or a shape. */
export const isSigned = (sweep: FullSweep) =>
  isShape(sweep) || sweep.quantity === "mean" || sweep.quantity === "covariance";

/** What a formula is called that the reader has typed. */
export const YOURS = "your formula";

/** Whether somebody has typed what he thinks. */
export const hasFormula = ({ formula }: FullSweep) => formula.trim() !== "";

/** Whether the sweep looks at how fast replicas leave a well. */
export const isEscape = ({ quantity }: FullSweep) => quantity === "escape_rate";

/** Figures that tell values of the swept parameter apart: three within its range. */
export function figuresFor({ from, to }: FullSweep): number {
  const size = Math.max(Math.abs(from), Math.abs(to)) / Math.abs(to - from);
  return 3 + Math.min(13, Math.max(0, Math.ceil(Math.log10(size) - 1e-9)));
}

/** A value of the swept parameter. */
const at = (sweep: FullSweep, x: number, least = 3) => digits(x, Math.max(least, figuresFor(sweep)));

/** Whether the discrete theory has no stationary state anywhere on a curve. */
export function nowhere(curve: Curve | undefined): boolean {
  const { discrete, exact } = curve ?? { discrete: [], exact: [] };
  // NaN where there is none; it may have crossed as null. A rate of escape may have no formula and an exact value.
  return discrete.length > 0 && ![...discrete, ...exact].some((value) => Number.isFinite(value));
}

/** Whether nothing moves what is looked at: theory and measurement are both zero, without an error to compare by. */
function still(curve: Curve | undefined, sweep: FullSweep): boolean {
  return (
    curve !== undefined &&
    !isSigned(sweep) &&
    curve.x.length > 0 &&
    curve.continuous.every((value) => value === 0)
  );
}

/** Whether the exact theory says something else than the discrete one, as for true minibatches. */
export function exactDiffers(curve: Curve | undefined): boolean {
  const { discrete, exact } = curve ?? { discrete: [], exact: [] };
  return exact.some((value, i) => {
    const other = discrete[i] as number;
    return (
      Number.isFinite(value) && (!Number.isFinite(other) || Math.abs(value - other) > 1e-9 * Math.abs(other))
    );
  });
}

/** A theory's verdict in one line, to be read after its name. */
export function verdictOf(
  theory: "discrete" | "continuous" | "exact" | "formula",
  verdict: Verdict | undefined,
  sweep: FullSweep,
  curve?: Curve,
  measured: readonly SweepPoint[] = [],
): string {
  if (still(curve, sweep)) return "no noise: nothing to compare";
  if (theory === "discrete" && nowhere(curve))
    return isShape(sweep)
      ? "no finite value anywhere in this range"
      : "no stationary state anywhere in this range";
  if (theory === "formula" && curve && !curve.formula.some(Number.isFinite))
    return "no value anywhere in this range";
  const agreement: Agreement | null | undefined = verdict?.[theory];
  if (
    !agreement &&
    (theory === "discrete" || theory === "continuous") &&
    isEscape(sweep) &&
    curve &&
    !curve.discrete.some(Number.isFinite)
  )
    return theory === "discrete" ? "no formula for this noise" : "judged where the discrete formula holds";
  const open = unjudged({ points: measured });
  if (!agreement && open) return `not judged: ${open.moment} is infinite, and a standard error is made of it`;
  if (!agreement) return "nothing to compare yet";
  const { points, chi_squared, p_value, largest, largest_at, accepted } = agreement;
  const chi = `χ² per point ${digits(chi_squared / points, 3)} over ${counted(points, "point")}, p ${probability(p_value)}`;
  const worst = `${standardErrors(largest)} at ${symbolOf(sweep)} = ${at(sweep, largest_at)}`;
  return accepted ? `agrees: ${chi}; largest deviation ${worst}` : `off by ${worst}: ${chi}`;
}

/** The sentence for those who cannot see the picture, and for all who like a number. */
export function describe(
  sweep: FullSweep,
  points: readonly SweepPoint[],
  curve?: Curve,
  verdict?: Verdict,
  why?: string,
  formula = YOURS,
): string {
  const name = symbolOf(sweep);
  const sentences: string[] = [];
  const telling = tellingPoint(points);
  if (telling) {
    const { x, measured, error, discrete, continuous, exact } = telling;
    const other = exact != null && exactDiffers(curve) ? `, exact ${digits(exact, 4)}` : "";
    sentences.push(
      `At ${name} = ${at(sweep, x)} the measured ${quantityOf(sweep)} is ${plusMinus(measured, error)}; discrete theory ${digits(discrete, 4)}, continuous ${digits(continuous, 4)}${other}.`,
    );
  }
  if (still(curve, sweep)) sentences.push(`No noise: the ${quantityOf(sweep)} is zero in both theories.`);
  // A law without the moment: the weights settle, and no number of replicas settles this.
  if (nowhere(curve) && isShape(sweep) && why?.startsWith("stable"))
    sentences.push(
      `The ${quantityOf(sweep)} is not finite with this noise: what is measured grows with the number of replicas.`,
    );
  else if (nowhere(curve)) {
    const middle = `${name} = ${at(sweep, (sweep.from + sweep.to) / 2)}`;
    const range = `No stationary state anywhere in this range, ${name} from ${at(sweep, sweep.from)} to ${at(sweep, sweep.to)}.`;
    sentences.push(why ? `${range} ${sentence(`at ${middle}: ${why}`)}` : range);
  } else {
    for (const limit of curve?.limits ?? []) {
      const place = `${name} = ${at(sweep, limit.at, 4)}`;
      sentences.push(
        `The fluctuation diverges ${limit.stable_above ? `below ${place}` : `from ${place} on`}.`,
      );
    }
  }
  const exactly = (exactDiffers(curve) ? (curve?.exact_limits ?? []) : []).map(
    (limit) => `${limit.stable_above ? "below" : "from"} ${name} = ${at(sweep, limit.at, 4)}`,
  );
  if (exactly.length > 0) sentences.push(`By the exact theory it diverges ${exactly.join(" and ")}.`);
  sentences.push(...tailsOf({ sweep, points, curve }), ...momentless(sweep, points));
  const own = verdict?.formula;
  if (own)
    sentences.push(
      `${formula.charAt(0).toUpperCase()}${formula.slice(1)} ${own.accepted ? "agrees with the measurement" : "does not agree"}: ${digits(Math.abs(own.largest), 2)} standard errors off at most, at ${name} = ${at(sweep, own.largest_at)}.`,
    );
  const gone = points.filter((point) => point.diverged > 0);
  if (gone.length > 0) {
    const replicas = gone.reduce((sum, point) => sum + point.diverged, 0);
    const of = gone.reduce((sum, point) => sum + point.replicas, 0);
    const where = gone.map((point) => at(sweep, point.x));
    const places = where.length > 3 ? `${where[0]} … ${where[where.length - 1]}` : where.join(", ");
    sentences.push(
      `At ${counted(gone.length, "point")} (${name} = ${places}) ${count(replicas)} of ${count(of)} replicas diverged; the continuous theory predicts a finite value there.`,
    );
  }
  // In a well a point may have lost its replicas, which is no divergence.
  const empty = points.filter((point) => point.measured == null && point.diverged === 0);
  if (empty.length > 0 && POTENTIALS.includes(sweep.scenario.loss.kind) && !isEscape(sweep)) {
    const ends = [empty[0], empty[empty.length - 1]].map((point) => at(sweep, point?.x ?? 0));
    sentences.push(
      `At ${counted(empty.length, "point")} (${name} = ${[...new Set(ends)].join(" … ")}) too few replicas are left in the well to be measured.`,
    );
  }
  if (verdict?.unstable && !isEscape(sweep) && gone.length === 0 && !nowhere(curve)) {
    sentences.push(`At ${counted(verdict.unstable, "point")} there is no stationary state.`);
  }
  if (verdict) sentences.push(unsettledPoints(sweep.scenario, points));
  return (
    sentences.filter((words) => words !== "").join(" ") ||
    `The ${quantityOf(sweep)} against ${name}, by theory; nothing is measured yet.`
  );
}

/** Whether a point is shown and not judged: there is a number and a theory, and no moment for a standard error. */
export const isUnjudged = ({ measured, diverged, discrete, exact, lacking_moment }: SweepPoint): boolean =>
  measured != null && diverged === 0 && (discrete != null || exact != null) && lacking_moment != null;

const ORDINALS: Readonly<Record<number, string>> = { 4: "fourth", 6: "sixth", 8: "eighth" };

type Judged = Pick<Swept, "sweep" | "points" | "curve">;

/** How many points are not judged, and for want of which moment; undefined where all are. */
export function unjudged({ points }: Pick<Swept, "points">): { many: number; moment: string } | undefined {
  const open = points.filter(isUnjudged);
  const order = open[0]?.lacking_moment;
  return order == null ? undefined : { many: open.length, moment: `the ${ORDINALS[order]} moment of w` };
}

/** Which points are not judged, and why; nothing where all are. */
function tailsOf({ sweep, points, curve }: Judged): string[] {
  const found = unjudged({ points });
  if (!found) return [];
  const name = symbolOf(sweep);
  const where = (curve?.moment_limits ?? []).map(({ at: limit, stable_above }) => {
    const place = `${name} = ${at(sweep, limit)}`;
    return stable_above ? `below ${place}` : `from ${place} on`;
  });
  const { many, moment } = found;
  return [
    `In the long run ${moment} is infinite ${where.join(" and ") || "here"}, and a standard error is made of it: ${counted(many, "point")} there ${many === 1 ? "is" : "are"} shown without one, open, and not judged.`,
  ];
}

/** Where the quantity itself is infinite, so that there is nothing to measure. */
function momentless(sweep: FullSweep, points: readonly SweepPoint[]): string[] {
  const law =
    ["skewness", "kurtosis"].includes(sweep.quantity) && sweep.scenario.noise.law.kind === "student_t";
  const none = points.filter(
    (point) => law && point.measured == null && point.diverged === 0 && point.lacking_moment != null,
  );
  if (none.length === 0) return [];
  return [
    `At ${counted(none.length, "point")} the noise has no ${sweep.quantity === "skewness" ? "third" : "fourth"} moment, and so the weights have no ${sweep.quantity}.`,
  ];
}

/** The point where the theories differ most clearly: by the most standard errors. */
function tellingPoint(points: readonly SweepPoint[]): SweepPoint | undefined {
  let best: SweepPoint | undefined;
  let most = -1;
  for (const point of points) {
    const { measured, error, discrete, continuous, diverged } = point;
    if (diverged > 0 || measured == null || !error || discrete == null) continue;
    const apart = Math.abs(discrete - continuous) / error;
    if (apart > most) [best, most] = [point, apart];
  }
  return best;
}

/** What is under the cursor. */
export function readoutOf(point: SweepPoint, sweep: FullSweep, name = YOURS): string[] {
  const { x, measured, error, discrete, continuous, exact, formula, diverged, replicas } = point;
  const against = (theory: number | null | undefined) =>
    measured == null || !error || theory == null || diverged > 0
      ? ""
      : ` (${z((measured - theory) / error)})`;
  return [
    `${symbolOf(sweep)} = ${at(sweep, x, 4)}`,
    diverged > 0
      ? `${count(diverged)} of ${count(replicas)} diverged`
      : `measured ${plusMinus(measured, error)}`,
    discrete == null
      ? "discrete: no stationary state"
      : `discrete ${digits(discrete, 4)}${against(discrete)}`,
    `continuous ${digits(continuous, 4)}${against(continuous)}`,
    // Where discrete is exact already it is the same number.
    ...(exact == null || exact === discrete ? [] : [`exact ${digits(exact, 4)}${against(exact)}`]),
    ...(formula == null ? [] : [`${name} ${digits(formula, 4)}${against(formula)}`]),
  ];
}

/** A small number below the line. */
export function subscript(n: number): string {
  return [...String(n)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]).join("");
}
