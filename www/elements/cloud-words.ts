/** What the cloud shows, said in words with its numbers. */
import type { FullScenario, Snapshot } from "../engine/engine";
import { type Axes, blockOf, type Moments, measuredOf, nameOf } from "./cloud-axes";
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
  if (noiseless(prediction) && scenario.run.start.kind === "minimum")
    return `No noise: nothing to compare. All ${counted(replicas, "replica")} stay at the minimum.`;
  if (step === 0) return STARTS[scenario.run.start.kind]?.(counted(replicas, "replica")) ?? "";
  const left = escaped > 0 ? ` ${count(escaped)} of ${counted(replicas, "replica")} have left the well.` : "";
  const { x, y, directions } = view;
  const axes: Axes = directions ? { x, y, directions } : { x, y };
  const first = (law: Moments) => blockOf(law, axes)?.[0][0];
  const discrete = first(prediction.discrete?.at_end);
  const { covariance, error } = measuredOf(snapshot, axes);
  const where = directions
    ? `the measured variance along ${nameOf(axes, 0)}`
    : `the measured variance of ${nameOf(axes, 0)}`;
  const measured = `After ${counted(step, "step")} ${where} is ${plusMinus(covariance?.[0][0], error?.[0][0])}`;
  const continuous = brief(first(prediction.continuous.at_end));
  if (discrete === undefined)
    return `${measured} and growing; the continuous theory says ${continuous}. ${stability}`;
  return `${measured}; discrete theory ${brief(discrete)}, continuous ${continuous} (in brackets above: deviation in standard errors).${left}`;
}
