/**
 * The numbers that the article's text holds, by name: those of a section's scenario and what the theories say about it. The same
 * names stand in the text (`[[name]]`, text.ts) and in the table of symbols.
 */
import { digits } from "../elements/numbers.ts";
import type { FullSweep, Prediction } from "../engine/protocol.ts";
import { format } from "../state/entry.ts";

export type Facts = Readonly<Record<string, string>>;

/** What is known of a scenario, ready to be read. */
export function factsOf({ scenario }: FullSweep, prediction: Prediction): Facts {
  const { loss, noise, optimizer, run } = scenario;
  const { stability, continuous, discrete } = prediction;
  const [flow, walk] = [continuous.stationary, discrete?.stationary];
  /** Where there is no stationary state there is no finite number. */
  const settled = (value: number | undefined) => (value === undefined ? "infinite" : digits(value));
  const known: Record<string, string | undefined> = {
    learning_rate: digits(optimizer.learning_rate, 4),
    momentum: "momentum" in optimizer ? digits(optimizer.momentum, 4) : undefined,
    hessian: loss.kind === "quadratic" ? format(loss.hessian) : undefined,
    curvature: digits(stability.curvature, 4),
    dimension: String(prediction.modes.length),
    noise_variance: noise.covariance.kind === "white" ? digits(noise.covariance.variance, 4) : undefined,
    noise_covariance:
      noise.covariance.kind === "white" ? `${digits(noise.covariance.variance, 4)} · I` : undefined,
    batch_size: noise.covariance.kind === "minibatch" ? String(noise.covariance.batch_size) : undefined,
    steps: String(run.steps),
    product: digits(stability.largest, 4),
    limit: digits(stability.limit, 4),
    discrete: settled(walk?.covariance[0]?.[0]),
    continuous: settled(flow?.covariance[0]?.[0]),
    covariance:
      walk?.covariance.map((row) => row.map((entry) => digits(entry)).join(", ")).join("; ") ?? "infinite",
    second: settled(walk?.covariance[1]?.[1]),
    discrete_error: settled(walk?.training_error),
    continuous_error: settled(flow?.training_error),
  };
  return Object.fromEntries(Object.entries(known).filter((entry) => entry[1] !== undefined)) as Facts;
}
