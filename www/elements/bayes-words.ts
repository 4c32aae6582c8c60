/** What the posterior's instrument says: two numbers and what they mean, in words. */
import type { BayesPrediction, FullScenario } from "../engine/engine";
import type { Problem } from "../engine/protocol";
import { bestOf, type ExactCurve } from "./bayes-exact";
import type { NamedLaw } from "./laws";
import type { MeasuredAlong } from "./measured-along";
import { count, counted, digits, digitsBeside, plusMinus, z } from "./numbers";

/** SGD beside the posterior in a few sentences. */
export function tellBayes(bayes: BayesPrediction, { optimizer }: FullScenario): string {
  const {
    data_size,
    batch_size,
    optimum,
    continuous,
    continuous_divergence,
    divergence,
    learning_rate,
    limit,
  } = bayes;
  const sentences = [
    `With N = ${count(data_size)} samples and batches of S = ${count(batch_size)} SGD is nearest to the posterior at λ = ${digits(optimum.learning_rate, 4)}, where the divergence is ${nats(optimum.divergence)}.`,
  ];
  const guess = `The continuous theory takes λ = ${digits(continuous.learning_rate, 4)} for it`;
  if (bayes.curvatures.length === 1 && Math.abs(continuous.learning_rate / optimum.learning_rate - 1) < 1e-9)
    sentences.push(`${guess}, the same: along one direction it is exact.`);
  else if (continuous_divergence != null)
    sentences.push(`${guess}, where the divergence is ${nats(continuous_divergence)}.`);
  else
    sentences.push(
      `${guess}, where SGD diverges: λk = ${digits(continuous.largest, 4)} is beyond the limit of 2.`,
    );
  if (divergence != null)
    sentences.push(
      `At the scenario’s λ = ${digitsBeside(learning_rate, limit, 4)} it is ${nats(divergence)}.`,
    );
  else
    sentences.push(
      `The scenario’s λ = ${digitsBeside(learning_rate, limit, 4)} is not below ${digits(limit, 4)}: SGD has no stationary law to compare.`,
    );
  const momentum = "momentum" in optimizer ? optimizer.momentum : 0;
  if (optimizer.kind !== "momentum" || momentum > 0)
    sentences.push(
      "All of this is plain SGD with that learning rate, whatever the optimizer’s own steps are.",
    );
  if (!bayes.own)
    sentences.push("The noise counts as that of such batches, C = (N − S)/(NS) K; N and S can be set above.");
  else if (bayes.factor === "exact")
    sentences.push("Batches are drawn without replacement: the noise has the factor (N − S)/(S(N − 1)).");
  else
    sentences.push(
      "The noise counts as the paper’s (N − S)/(NS) K; batches drawn with replacement have K/S times the data’s own residuals, as the exact ellipse has it.",
    );
  return sentences.join(" ");
}

/** The exact optimum in words; the search for it ends within a thousandth. */
export function tellExact(curve: ExactCurve): string {
  const best = bestOf(curve);
  if (!best) return "Exactly there is no stationary law at any of the learning rates.";
  return `Exactly, with the data’s own residuals, it is nearest at about λ = ${digits(best.rate, 3)}, with ${digits(best.divergence, 2)} nats.`;
}

/** Share of a variance's way to its law beyond which it is said that the run has not gone it. */
const UNSETTLED = 0.01;

/** The measured ellipse beside the laws that are drawn, along the sharpest direction; `curvatures` and a learning rate say how far it has settled. */
export function tellEllipse(
  { step, covariance, error, diverged }: MeasuredAlong,
  laws: readonly NamedLaw[],
  { curvatures, learning_rate }: Pick<BayesPrediction, "curvatures" | "learning_rate">,
): string {
  if (!covariance) return `Measured: all ${count(diverged)} replicas have diverged.`;
  const [variance, spread] = [covariance[0][0], error?.[0][0]];
  const beside = laws
    .filter(({ series }) => series !== "experiment")
    .map(({ name, covariance: law }) => {
      const off = spread ? ` (${z((variance - law[0][0]) / spread)})` : "";
      return `${name} ${digits(law[0][0], 4)}${off}`;
    });
  const left = Math.max(...curvatures.map((k) => Math.abs(1 - learning_rate * k) ** (2 * step)));
  const unsettled =
    left > UNSETTLED && left < 1
      ? ` So few steps are not the long run, which the laws are of: along the slowest direction ${digits(100 * left, 2)} % of the way to them is left.`
      : "";
  return `Measured after ${counted(step, "step")} along the sharpest direction: variance ${plusMinus(variance, spread)}; ${beside.join(", ")}${spread ? " (in brackets: deviation in standard errors)" : ""}.${unsettled}`;
}

const nats = (value: number) => `${digits(value < 1e-12 ? 0 : value, 4)} nats`;

/** Why there is nothing to compare. */
export function tellImproper(problems: readonly Problem[]): string {
  if (problems.some(({ kind, parameter }) => kind === "not_positive" && parameter === "hessian"))
    return "The posterior is improper: the loss is flat along some direction, so no number of samples pins the weights down there, and 1/(Nk) is infinite.";
  const words = problems.map(({ message }) => message).join("; ");
  if (problems.some(({ parameter }) => parameter === "batch_size"))
    return `There is nothing to compare: ${words}. A full batch has no noise, and the divergence is infinite.`;
  return `There is nothing to compare: ${words}.`;
}
