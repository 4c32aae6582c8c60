/**
 * Which of the core's two modules a document needs. The one that a page waits for knows quadratic losses under a constant step and a
 * constant noise, which is where most pages begin; the complete one knows the rest, and is loaded when a document asks for it.
 */
import type { Scenario, Sweep } from "./pkg/noisy_descent_wasm";

/** Kinds that only the complete module knows; the core refuses them in the other. Noises that follow the weights go with one of them. */
const RARE: ReadonlySet<unknown> = new Set([
  ...["least_squares", "piecewise_quadratic", "polynomial"],
  ...["natural_gradient", "adam"],
]);

/** Whether the first module knows a scenario. What is no scenario at all is refused by either. */
export function isCommon(scenario: Scenario): boolean {
  return !RARE.has(scenario?.loss?.kind) && !RARE.has(scenario?.optimizer?.kind);
}

/** Axes that are no number of a document. */
const DERIVED: ReadonlySet<unknown> = new Set(["curvature", "dimension"]);

/** The same of a sweep: a formula of the reader's is rare. */
export function isCommonSweep(sweep: Sweep): boolean {
  return !sweep?.formula && !DERIVED.has(sweep?.parameter) && isCommon(sweep?.scenario as Scenario);
}

/** A sweep as its runs need it: they do not depend on a formula, and without one they do not need the complete module. */
export const runsOf = (sweep: Sweep): Sweep => (sweep.formula ? { ...sweep, formula: "" } : sweep);
