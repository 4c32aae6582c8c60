/**
 * What is said beside an agreement while the average behind the preconditioner of natural gradient or Adam is not what the theories take it
 * for, slow and settled. From which step on it has settled is the core's to say (`Prediction.average`).
 */
import type { FullScenario, Prediction, SweepPoint } from "../engine/engine";
import { count, counted } from "./numbers";

type Optimizer = FullScenario["optimizer"];

const UNLIKE = "as the theories take it to have: they may be off for that alone";

/** Steps that an average goes back from which on it is slow. */
const SLOW = 99.5;

function goesBack({ kind }: Optimizer, memory: number): string {
  const whose =
    kind === "adam"
      ? "Adam’s average of the squared gradient goes back about 1/(1 − β₂)"
      : "Natural gradient’s average of the second moment goes back about 1/ε";
  return `${whose} = ${counted(Math.round(memory), "step")}.`;
}

/** A sentence or two about a scenario's ensemble after so many steps, or nothing where there is nothing to be said of it. */
export function unsettledAverage(
  optimizer: Optimizer,
  average: Prediction["average"] | undefined,
  steps: number,
): string {
  if (average == null) return "";
  const { memory, settled_after: settled } = average;
  const whole = goesBack(optimizer, memory);
  if (memory < SLOW) return `${whole} The theories take it as slow: they may be off for that alone.`;
  if (settled != null && steps >= settled) return "";
  const from = settled == null ? "" : ` It has from about step ${count(settled)} on.`;
  return `${whole} After ${count(steps)} it has not settled, ${UNLIKE}.${from}`;
}

/** The same of the points along an axis: there the discrete theory is not the exact one. */
export function unsettledPoints({ optimizer, noise }: FullScenario, points: readonly SweepPoint[]): string {
  if (optimizer.kind !== "adam" && optimizer.kind !== "natural_gradient") return "";
  if (noise.covariance.kind === "minibatch") return "";
  const known = points.filter(({ discrete }) => discrete != null);
  const unlike = known.filter(({ exact }) => exact == null);
  if (unlike.length === 0) return "";
  const whose = optimizer.kind === "adam" ? "Adam’s average" : "Natural gradient’s average";
  const where =
    unlike.length === known.length ? "" : `at ${count(unlike.length)} of ${counted(known.length, "point")} `;
  return `${whose}, behind the preconditioner, is ${where}not settled yet, or too fast to be steady, while the theories take it as both: they may be off for that alone.`;
}
