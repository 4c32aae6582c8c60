/** What a sweep shows, said in words with its numbers. */
import type { Curve, FullSweep, SweepPoint, Verdict } from "../engine/engine";
import type { Agreement } from "../engine/pkg/noisy_descent_wasm";
import { parameterNamed } from "../state/tables";
import { count, digits, plusMinus, probability, z } from "./numbers";

/** Symbol of the parameter that is swept. */
export const symbolOf = (sweep: FullSweep) =>
  parameterNamed(sweep.parameter).symbol || parameterNamed(sweep.parameter).label;

/** What the sweep looks at. */
export function quantityOf(sweep: FullSweep): string {
  const { quantity, coordinate, scenario } = sweep;
  if (quantity === "training_error") return "training error";
  return scenario.loss.hessian.length === 1 ? "variance of w" : `variance of w${subscript(coordinate)}`;
}

/** A theory's verdict in one line, to be read after its name. */
export function verdictOf(agreement: Agreement | null | undefined, sweep: FullSweep): string {
  if (!agreement) return "nothing to compare yet";
  const { points, chi_squared, p_value, largest, largest_at, accepted } = agreement;
  const chi = `χ² per point ${digits(chi_squared / points, 3)} over ${points} ${points === 1 ? "point" : "points"}, p ${probability(p_value)}`;
  const worst = `${digits(Math.abs(largest), 2)} standard errors at ${symbolOf(sweep)} = ${digits(largest_at, 3)}`;
  return accepted ? `agrees: ${chi}; largest deviation ${worst}` : `off by ${worst}: ${chi}`;
}

/** The sentence for those who cannot see the picture, and for all who like a number. */
export function describe(
  sweep: FullSweep,
  points: readonly SweepPoint[],
  curve?: Curve,
  verdict?: Verdict,
): string {
  const name = symbolOf(sweep);
  const sentences: string[] = [];
  const telling = tellingPoint(points);
  if (telling) {
    const { x, measured, error, discrete, continuous } = telling;
    sentences.push(
      `At ${name} = ${digits(x, 3)} the measured ${quantityOf(sweep)} is ${plusMinus(measured, error)}; discrete theory ${digits(discrete, 4)}, continuous ${digits(continuous, 4)}.`,
    );
  }
  for (const { at, stable_above } of curve?.limits ?? []) {
    sentences.push(
      `The fluctuation diverges ${stable_above ? "below" : "from"} ${name} = ${digits(at, 4)}${stable_above ? "" : " on"}.`,
    );
  }
  const gone = points.filter((point) => point.diverged > 0);
  if (gone.length > 0) {
    const replicas = gone.reduce((sum, point) => sum + point.diverged, 0);
    const of = gone.reduce((sum, point) => sum + point.replicas, 0);
    const where = gone.map((point) => digits(point.x, 3));
    const places = where.length > 3 ? `${where[0]} … ${where[where.length - 1]}` : where.join(", ");
    sentences.push(
      `At ${gone.length} ${gone.length === 1 ? "point" : "points"} (${name} = ${places}) ${count(replicas)} of ${count(of)} replicas diverged; the continuous theory predicts a finite value there.`,
    );
  }
  if (verdict?.unstable && gone.length === 0) {
    sentences.push(`At ${verdict.unstable} points there is no stationary state.`);
  }
  return (
    sentences.join(" ") || `The ${quantityOf(sweep)} against ${name}, by theory; nothing is measured yet.`
  );
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
export function readoutOf(point: SweepPoint, sweep: FullSweep): string[] {
  const { x, measured, error, discrete, continuous, diverged, replicas } = point;
  const against = (theory: number | null | undefined) =>
    measured == null || !error || theory == null || diverged > 0
      ? ""
      : ` (${z((measured - theory) / error)})`;
  return [
    `${symbolOf(sweep)} = ${digits(x, 4)}`,
    diverged > 0
      ? `${count(diverged)} of ${count(replicas)} diverged`
      : `measured ${plusMinus(measured, error)}`,
    discrete == null
      ? "discrete: no stationary state"
      : `discrete ${digits(discrete, 4)}${against(discrete)}`,
    `continuous ${digits(continuous, 4)}${against(continuous)}`,
  ];
}

/** A small number below the line. */
export function subscript(n: number): string {
  return [...String(n)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]).join("");
}
