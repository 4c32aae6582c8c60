/**
 * A scenario as a script for Python with NumPy: it runs the same experiment with code of its own and prints what it measures beside
 * the numbers of the theories. It shares no random number with the page, so the two agree within their standard errors.
 */
import type { FullScenario, Prediction } from "../engine/engine";
import type { DataSet } from "../engine/protocol";
import { draw, law, start, step } from "./python-parts";

/** A script, or why there is none. */
export type Script = { readonly script: string } | { readonly problem: string };

/** Numbers of matrices and data that a script may hold. */
const MOST_NUMBERS = 50_000;

/** The scenario as a script. `data` is the data set of a loss that has one. */
export function toPython(scenario: FullScenario, prediction: Prediction, data?: DataSet): Script {
  const missing = beyond(scenario, prediction);
  if (missing !== undefined) return { problem: `There is no script for this scenario: ${missing}.` };
  const parts = [problem(scenario, data), step(scenario), law(scenario), draw(scenario), start(scenario)];
  const script = [
    `"""${summary(scenario)}`,
    "",
    "The experiment of a scenario of Noisy Descent in NumPy, beside what the theories say of it.",
    '"""',
    "",
    "import numpy as np",
    "",
    `rng = np.random.default_rng(${scenario.run.seed})`,
    `replicas, steps = ${scenario.run.replicas}, ${scenario.run.steps}`,
    `burn_in = ${burnIn(scenario, prediction)}  # steps before the first one that counts`,
    "",
    ...parts.map((part) => `${part}\n`),
    run(prediction),
  ].join("\n");
  return { script };
}

/** What a script does not do, if the scenario has it. */
function beyond(scenario: FullScenario, { stability }: Prediction): string | undefined {
  const { loss, noise, optimizer, run: settings } = scenario;
  const { covariance } = noise;
  if (loss.kind === "piecewise_quadratic" || loss.kind === "polynomial")
    return "potentials with a barrier are run by the page and the terminal alone";
  if (optimizer.kind === "natural_gradient" || optimizer.kind === "adam")
    return `${optimizer.kind === "adam" ? "Adam" : "natural gradient"} follows the ensemble and takes more than a few lines`;
  if (covariance.kind === "proportional") return "its noise follows the ensemble";
  if (covariance.kind === "minibatch" && covariance.sampling === "epoch")
    return "batches by epochs are run by the page and the terminal alone";
  const numbers = numbersIn(scenario);
  if (numbers > MOST_NUMBERS)
    return `its matrices and data are ${numbers} numbers, and a script holds at most ${MOST_NUMBERS}`;
  if (
    settings.start.kind === "stationary" &&
    settings.start.burn_in == null &&
    !(stability.spectral_radius < 1)
  )
    return "it starts in a stationary state that there is not";
  return undefined;
}

function numbersIn({ loss }: FullScenario): number {
  if (loss.kind === "quadratic") return loss.hessian.length ** 2;
  if (loss.kind !== "least_squares") return 0;
  const { data } = loss;
  if (data.kind === "synthetic") return data.samples * (data.input_variances.length + 1);
  return data.kind === "diabetes"
    ? 442 * (data.columns.length + 1)
    : data.inputs.length * ((data.inputs[0]?.length ?? 0) + 1);
}

/** Steps after which the start is forgotten to a millionth of a variance, where the scenario leaves that open. */
function burnIn({ run: { start: from } }: FullScenario, { stability }: Prediction): number {
  if (from.kind !== "stationary") return 0;
  if (from.burn_in != null) return from.burn_in;
  const radius = stability.spectral_radius;
  // A root that is double lets a power of the time stand before the exponential: half as long again.
  return radius > 0 ? Math.ceil((1.5 * Math.log(1e-6)) / (2 * Math.log(radius))) : 2;
}

function summary({ loss, noise, optimizer, run: { replicas, steps } }: FullScenario): string {
  const words = (kind: string) => kind.replaceAll("_", " ");
  const law = noise.covariance.kind === "minibatch" ? "" : `, ${words(noise.law.kind)}`;
  return `${words(loss.kind)} loss, ${words(noise.covariance.kind)} noise${law}, ${words(optimizer.kind)}, learning rate ${optimizer.learning_rate}: ${replicas} replicas, ${steps} steps.`;
}

const matrix = (rows: readonly (readonly number[])[]) => `np.array(${JSON.stringify(rows)}, dtype=float)`;

/** Hessian, and the data where there are any. */
function problem(scenario: FullScenario, data: DataSet | undefined): string {
  const { loss } = scenario;
  if (loss.kind === "quadratic") return `K = ${matrix(loss.hessian)}  # Hessian at the minimum w = 0`;
  return [
    `x = ${matrix(data?.inputs ?? [])}`,
    `y = np.array(${JSON.stringify(data?.targets ?? [])}, dtype=float)`,
    "K = x.T @ x / len(x)  # Hessian of (1/2N) Σ (w·x - y)²",
    "residuals = x @ np.linalg.lstsq(x, y, rcond=None)[0] - y  # at the minimum, from which w is measured",
  ].join("\n");
}

/** The run, what is measured, and the theories' numbers. */
function run({ continuous, discrete, exact }: Prediction): string {
  const theories = Object.entries({ continuous, discrete, exact }).flatMap(([name, theory]) => {
    if (!theory) return [`    # ${name}: none`];
    const { covariance, training_error } = theory.at_end;
    const variance = covariance.map((row, i) => row[i]);
    return [`    ${JSON.stringify(name)}: ${JSON.stringify({ variance, training_error })},`];
  });
  return [
    "for _ in range(burn_in + steps):",
    "    with np.errstate(all='ignore'):  # what diverges is counted below",
    "        w, m = step(w, m, gradient(w))",
    "",
    "# What the theories say after as many steps.",
    "theories = {",
    ...theories,
    "}",
    "",
    "finite = w[np.isfinite(w).all(axis=1)]",
    "n = len(finite)",
    'print(f"{replicas - n} of {replicas} replicas diverged")',
    "if n > 1:",
    "    away = finite - finite.mean(axis=0)",
    "    variance = (away**2).sum(axis=0) / (n - 1)",
    "    variance_error = np.sqrt(np.maximum((away**4).mean(axis=0) - variance**2, 0) / n)",
    "    loss = np.einsum('ri,ij,rj->r', finite, K, finite) / 2",
    "",
    "    def row(name, value, error, of):",
    '        print(f"{name:<14} measured {value:.6g} ± {error:.2g}", end="")',
    "        for theory, numbers in theories.items():",
    '            print(f", {theory} {of(numbers):.6g}", end="")',
    "        print()",
    "",
    "    for i in range(len(K)):",
    '        row(f"variance w{i + 1}", variance[i], variance_error[i], lambda t: t["variance"][i])',
    '    row("training error", loss.mean(), loss.std(ddof=1) / np.sqrt(n), lambda t: t["training_error"])',
    "",
  ].join("\n");
}
