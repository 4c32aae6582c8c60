/** What the data set's instrument says: which approximation is off, and by how much. */
import type { DataSummary, FullScenario, Measurement, Prediction } from "../engine/engine";
import { count, counted, digits, plusMinus, z } from "./numbers";

type Matrix = readonly (readonly number[])[];

const SAMPLING: Readonly<Record<string, string>> = {
  with_replacement: "drawn with replacement",
  without_replacement: "drawn without replacement",
  epoch: "taken from shuffled epochs",
};

/** Names of the inputs, and of the target before them. */
export function columnsOf({ loss }: FullScenario): string[] {
  if (loss.kind !== "least_squares") return [];
  const { data } = loss;
  if (data.kind === "diabetes") return ["disease progression", ...data.columns];
  const inputs = data.kind === "table" ? (data.inputs[0]?.length ?? 0) : data.input_variances.length;
  return ["y", ...Array.from({ length: inputs }, (_, i) => (inputs === 1 ? "x" : `x${i + 1}`))];
}

/** Sum of a matrix's diagonal. */
export function trace(matrix: Matrix | null | undefined): number {
  return (matrix ?? []).reduce((sum, row, i) => sum + (row[i] ?? Number.NaN), matrix ? 0 : Number.NaN);
}

/** "12 % too large", "right within 0.1 %". */
export function off(approximate: number, exact: number): string {
  if (!Number.isFinite(approximate) || !Number.isFinite(exact)) return "not to be compared";
  if (exact === 0) return approximate === 0 ? "right: both are zero" : "not zero, as it should be";
  const ratio = approximate / exact;
  const percent = Math.abs(ratio - 1) * 100;
  if (percent < 0.1) return "right within 0.1\u00a0%";
  const side = ratio > 1 ? "large" : "small";
  if (ratio > 2 || ratio < 0.5) return `${digits(ratio > 1 ? ratio : 1 / ratio, 3)} times too ${side}`;
  return `${digits(percent, 2)}\u00a0% too ${side}`;
}

/** The data set and its noise in a few sentences. */
export function tellData(
  data: DataSummary,
  scenario: FullScenario,
  prediction: Prediction | undefined,
): string {
  const { samples, dimension, residual_variance, noise } = data;
  const sentences = [
    `${counted(samples, "sample")} with ${counted(dimension, "input")}; the residuals of the fit have the mean square ${digits(residual_variance, 4)}.`,
  ];
  if (!noise) {
    sentences.push(
      "The scenario’s noise is not that of minibatches of these data, so there is no C = K/S to hold against it.",
    );
    return sentences.join(" ");
  }
  const { batch_size, sampling, factor, approximate, at_minimum } = noise;
  sentences.push(
    `Batches of ${count(batch_size)}, ${SAMPLING[sampling] ?? sampling}: the mean of one varies κ = ${digits(factor, 4)} times as much as a sample.`,
    `At the minimum the rule C = K/S has the trace ${digits(trace(approximate), 4)}, the true noise κR ${digits(trace(at_minimum), 4)}: the rule is ${off(trace(approximate), trace(at_minimum))}.`,
  );
  const [rule, exact] = [prediction?.discrete?.stationary, prediction?.exact?.stationary];
  if (rule && exact)
    sentences.push(
      `In the long run the fluctuation has by the rule tr Σ = ${digits(trace(rule.covariance), 4)}, exactly ${digits(trace(exact.covariance), 4)}: with K/S it is ${off(trace(rule.covariance), trace(exact.covariance))}.`,
    );
  else if (rule && prediction?.exact_note) sentences.push(`Σ exactly: ${prediction.exact_note}.`);
  else if (rule)
    sentences.push(
      `By the rule there is a stationary state with tr Σ = ${digits(trace(rule.covariance), 4)}; exactly there is none: the noise grows with the weights, and they diverge at λ = ${digits(scenario.optimizer.learning_rate, 4)}.`,
    );
  else sentences.push("There is no stationary state, neither by the rule nor exactly: the weights diverge.");
  return sentences.join(" ");
}

/** The measured fluctuation of the first weight beside the rule and the exact one after as many steps. */
export function tellMeasuredWeights(
  { step, covariance, covariance_error, diverged, replicas }: Measurement,
  prediction: Prediction | undefined,
): string {
  if (diverged > 0)
    return `Measured after ${counted(step, "step")}: ${count(diverged)} of ${count(replicas)} replicas have diverged.`;
  const [variance, error] = [covariance[0]?.[0], covariance_error[0]?.[0]];
  const beside = [
    ["by the rule", prediction?.discrete?.at_end],
    ["exact", prediction?.exact?.at_end],
    ["continuous", prediction?.continuous.at_end],
  ] as const;
  const said = beside.flatMap(([name, law]) => {
    const value = law?.covariance[0]?.[0];
    if (value === undefined || variance === undefined) return [];
    return [`${name} ${digits(value, 4)}${error ? ` (${z((variance - value) / error)})` : ""}`];
  });
  const name = covariance.length === 1 ? "w" : "w₁";
  return `Measured after ${counted(step, "step")} the variance of ${name} is ${plusMinus(variance, error)}; ${said.join(", ")} (in brackets: deviation in standard errors).`;
}
