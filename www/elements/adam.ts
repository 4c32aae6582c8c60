/** What is said beside an agreement while Adam's average of the squared gradient has not settled, as the theories take it to have. */
import type { FullScenario } from "../engine/engine";
import { count, counted, digits } from "./numbers";

/**
 * A sentence, or nothing where there is nothing to be said of it. `steps` are those of the run; along an axis that varies them, or how
 * far the average goes back, it is said where on the axis that is.
 */
export function unsettledAverage(
  { optimizer, run }: Pick<FullScenario, "optimizer" | "run">,
  steps: number = run.steps,
  axis = "",
): string {
  if (optimizer.kind !== "adam") return "";
  // A stationary start is a longer run; how long, where the document leaves it open, is known to the core alone.
  const { start } = run;
  if (start.kind === "stationary" && start.burn_in == null) return "";
  const all = steps + (start.kind === "stationary" ? (start.burn_in ?? 0) : 0);
  const memory = 1 / (1 - optimizer.beta2);
  const back = `Adam’s average of the squared gradient goes back about 1/(1 − β₂)`;
  const unlike = "has not settled, as the theories take it to have: they may be off for that alone";
  if (axis === "beta2") {
    if (all <= 1) return "";
    const from = digits(1 - 1 / all, Math.ceil(Math.log10(all)) + 1);
    return `${back} steps. From β₂ = ${from} on that is more than the ${counted(all, "step")} of the run: it ${unlike}.`;
  }
  const whole = `${back} = ${counted(memory, "step")}.`;
  if (axis === "steps") return `${whole} In a run of fewer it ${unlike}.`;
  return all < 0.999 * memory ? `${whole} After ${count(all)} it ${unlike}.` : "";
}
