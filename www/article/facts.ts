/**
 * The numbers that the article's text holds, by name: those of a section's scenario and what the theories say about it. The same
 * names stand in the text (`[[name]]`, text.ts) and in the table of symbols.
 */
import { digits } from "../elements/numbers.ts";
import type { BayesPrediction, FullScenario, FullSweep, Prediction } from "../engine/protocol.ts";
import { format } from "../state/entry.ts";

export type Facts = Readonly<Record<string, string>>;

/** What is known of a scenario, ready to be read; with the posterior, where the section is about it. */
export function factsOf({ scenario }: FullSweep, prediction: Prediction, bayes?: BayesPrediction): Facts {
  const { loss, noise, optimizer, run } = scenario;
  const { stability, continuous, discrete, escape, modes } = prediction;
  const [sharpest, flattest] = [modes[0], modes[modes.length - 1]];
  const [flow, walk] = [continuous.stationary, discrete?.stationary];
  /** Where there is no stationary state there is no finite number. */
  const settled = (value: number | undefined) => (value === undefined ? "infinite" : digits(value));
  const unknown = (words: string) => (loss.kind === "piecewise_quadratic" ? words : undefined);
  const known: Record<string, string | undefined> = {
    learning_rate: digits(optimizer.learning_rate, 4),
    momentum: "momentum" in optimizer ? digits(optimizer.momentum, 4) : undefined,
    hessian: loss.kind === "quadratic" ? format(loss.hessian) : undefined,
    curvature: digits(stability.curvature, 4),
    curvatures: modes.map((mode) => digits(mode.curvature, 4)).join(", "),
    dimension: String(modes.length),
    noise_variance: noise.covariance.kind === "white" ? digits(noise.covariance.variance, 4) : undefined,
    noise_covariance:
      noise.covariance.kind === "white" ? `${digits(noise.covariance.variance, 4)} · I` : undefined,
    batch_size:
      "batch_size" in noise.covariance
        ? String(noise.covariance.batch_size)
        : bayes && String(bayes.batch_size),
    noise_kurtosis: kurtosisOf(noise.law),
    steps: String(run.steps),
    product: digits(stability.largest, 4),
    plain: stability.largest < 2 ? "survives as well" : "does not survive",
    limit: digits(stability.limit, 4),
    memory: digits(1 - stability.largest, 4),
    ratio: digits((sharpest?.curvature ?? 1) / (flattest?.curvature ?? 1)),
    sharpest: settled(sharpest?.discrete ?? undefined),
    flattest: settled(flattest?.discrete ?? undefined),
    sharpest_continuous: settled(sharpest?.continuous ?? undefined),
    flattest_continuous: settled(flattest?.continuous ?? undefined),
    discrete: settled(walk?.covariance[0]?.[0]),
    continuous: settled(flow?.covariance[0]?.[0]),
    covariance:
      walk?.covariance.map((row) => row.map((entry) => digits(entry)).join(", ")).join("; ") ?? "infinite",
    second: settled(walk?.covariance[1]?.[1]),
    discrete_error: settled(walk?.training_error),
    continuous_error: settled(flow?.training_error),
    barrier: loss.kind === "piecewise_quadratic" ? digits(loss.barrier, 4) : undefined,
    // Too sharp a well for the step has no theory of its escape.
    rate: escape?.exact ? digits(escape.exact.rate) : unknown("unknown"),
    passage: escape?.exact ? digits(escape.exact.mean_first_passage) : unknown("an unknown number of"),
    passage_continuous: escape?.continuous
      ? digits(escape.continuous.mean_first_passage)
      : unknown("unknown"),
    ...(bayes ? posteriorFacts(bayes) : {}),
  };
  return Object.fromEntries(Object.entries(known).filter((entry) => entry[1] !== undefined)) as Facts;
}

/** SGD beside the posterior: the best learning rate, and the one that the diffusion takes for it. */
function posteriorFacts(bayes: BayesPrediction): Readonly<Record<string, string>> {
  const { data_size, batch_size, curvatures, learning_rate, optimum, continuous, continuous_divergence } =
    bayes;
  return {
    samples: String(data_size),
    samples_per_batch: digits((data_size - batch_size) / batch_size, 4),
    mode_ratio: curvatures.map((k) => digits((learning_rate * k) / (2 - learning_rate * k))).join(", "),
    best: digits(optimum.learning_rate),
    best_divergence: digits(optimum.divergence),
    guess: digits(continuous.learning_rate),
    guess_outcome:
      continuous_divergence == null ? "SGD diverges" : `the divergence is ${digits(continuous_divergence)}`,
  };
}

/** Excess kurtosis of a law. */
function kurtosisOf(law: FullScenario["noise"]["law"]): string {
  switch (law.kind) {
    case "gaussian":
      return "0";
    case "student_t":
      return law.degrees > 4 ? digits(6 / (law.degrees - 4)) : "infinite";
    case "chi_squared":
      return digits(12 / law.degrees);
    case "laplace":
      return "3";
    case "uniform":
      return digits(-6 / 5);
    case "rademacher":
      return digits(-2);
  }
}
