/** What the cloud shows, said in words with its numbers. */
import type { FullScenario, Snapshot } from "../engine/engine";
import { unsettledAverage } from "./average";
import { type Axes, blockOf, type Moments, measuredOf, nameOf } from "./cloud-axes";
import { comparedLaws, settled } from "./cloud-theories";
import { noiseless } from "./cloud-view";
import { sentence } from "./dom";
import { brief, count, counted, plusMinus } from "./numbers";

/** An entry of the covariance along the axes of the cloud, from 0. */
export interface Entry {
  readonly name: string;
  readonly i: 0 | 1;
  readonly j: 0 | 1;
}

/** How a run begins. */
const STARTS: Readonly<Record<string, (replicas: string) => string>> = {
  minimum: (replicas) => `All ${replicas} are at the minimum.`,
  point: (replicas) => `All ${replicas} are at the starting point.`,
  gaussian: (replicas) => `The ${replicas} start from a Gaussian.`,
  stationary: (replicas) => `The ${replicas} start in the stationary state.`,
};

export function entriesOf(axes: Axes): Entry[] {
  if (axes.x === axes.y) return [{ name: "Var w", i: 0, j: 0 }];
  const [across, upwards] = [nameOf(axes, 0), nameOf(axes, 1)];
  return [
    { name: `Var ${across}`, i: 0, j: 0 },
    { name: `Var ${upwards}`, i: 1, j: 1 },
    { name: `Cov ${across}, ${upwards}`, i: 0, j: 1 },
  ];
}

/** The ensemble in a sentence or two. */
export function tell(scenario: FullScenario, snapshot: Snapshot): string {
  const { step, measurement, prediction, view } = snapshot;
  const { diverged, escaped, replicas } = measurement;
  const stability = sentence(prediction.stability.summary);
  if (diverged > 0) {
    return `${count(diverged)} of ${counted(replicas, "replica")} ${diverged === 1 ? "has" : "have"} diverged by step ${count(step)}. ${stability}`;
  }
  if (snapshot.changed === undefined && noiseless(prediction) && scenario.run.start.kind === "minimum")
    return `No noise: nothing to compare. All ${counted(replicas, "replica")} stay at the minimum.`;
  if (step === 0) return STARTS[scenario.run.start.kind]?.(counted(replicas, "replica")) ?? "";
  const left =
    escaped > 0
      ? ` ${count(escaped)} of ${counted(replicas, "replica")} have left the well; the picture is of the others.`
      : "";
  const { x, y, directions } = view;
  const axes: Axes = directions ? { x, y, directions } : { x, y };
  const first = (law: Moments) => blockOf(law, axes)?.[0][0];
  const laws = comparedLaws(snapshot);
  const discrete = first(laws.discrete);
  const { covariance, error } = measuredOf(snapshot, axes);
  const where = directions
    ? `the measured variance along ${nameOf(axes, 0)}`
    : `the measured variance of ${nameOf(axes, 0)}`;
  const { changed } = snapshot;
  const since =
    changed === undefined ? "" : `, ${count(step - changed)} since the change at step ${count(changed)},`;
  if (escaped > 0 && replicas - escaped < 2)
    return `${count(escaped)} of ${counted(replicas, "replica")} have left the well by step ${count(step)}: too few are left for a variance.`;
  const none =
    Number.isFinite(covariance?.[0][0] ?? Number.NaN) && !Number.isFinite(error?.[0][0] ?? Number.NaN)
      ? " The fourth moment of w is infinite, and a standard error would be made of it: there is none, and nothing is judged."
      : "";
  const measured = `After ${counted(step, "step")}${since} ${where} is ${plusMinus(covariance?.[0][0], error?.[0][0])}`;
  const continuous = brief(first(laws.continuous));
  const average = unsettledAverage(scenario.optimizer, prediction.average, step);
  if (changed !== undefined)
    return `${measured}${inTheLongRun(snapshot, discrete, first(laws.continuous))}${left}`;
  if (discrete === undefined)
    return `${measured} and growing; the continuous theory says ${continuous}. ${stability}`;
  return `${measured}; discrete theory ${brief(discrete)}, continuous ${continuous}${none === "" ? " (in brackets above: deviation in standard errors)" : ""}.${none}${left}${average === "" ? "" : ` ${average}`}`;
}

/** What is said of an ensemble whose scenario was changed on its way: only what a law in the long run can say. */
function inTheLongRun(
  snapshot: Snapshot,
  discrete: number | undefined,
  continuous: number | undefined,
): string {
  const stability = sentence(snapshot.prediction.stability.summary);
  if (continuous === undefined) return "; no theory has a law for the long run, since noise accumulates.";
  if (discrete === undefined)
    return ` and growing; in the long run the continuous theory says ${brief(continuous)}. ${stability}`;
  const laws = `; in the long run discrete theory ${brief(discrete)}, continuous ${brief(continuous)}`;
  return settled(snapshot)
    ? `${laws} (in brackets above: deviation in standard errors).`
    : `${laws}. It has not settled since the change.`;
}
