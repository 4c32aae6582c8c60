/** The parts of a Python script, each a few lines: the optimizer's step, the noise and its law, the start. */
import type { FullScenario } from "../engine/engine";

const matrix = (rows: readonly (readonly number[])[]) => `np.array(${JSON.stringify(rows)}, dtype=float)`;

const define = (head: string, ...body: string[]) =>
  [`def ${head}:`, ...body.map((line) => `    ${line}`), ""].join("\n");

/** One update: weights and velocities of all replicas, row by row, from the noisy gradients. */
export function step({ optimizer }: FullScenario): string {
  if (optimizer.kind === "natural_gradient" || optimizer.kind === "adam") return "";
  const { kind, learning_rate, momentum } = optimizer;
  const mixing = "mixing" in optimizer ? optimizer.mixing : undefined;
  const lines = [`rate, momentum = ${learning_rate}, ${momentum}`];
  let behind = "";
  if (kind === "newton") {
    lines.push("behind = np.linalg.inv(K)");
    behind = " @ behind";
  } else if (kind === "preconditioned") {
    lines.push(`behind = ${matrix(optimizer.preconditioner)}`);
    behind = " @ behind";
  }
  if (mixing == null)
    lines.push("", define("step(w, m, g)", "m = momentum * m + g", `return w - rate * m${behind}, m`));
  else {
    const along =
      behind === "" ? "((1 - mixing) * g + mixing * m)" : `((1 - mixing) * g + mixing * m)${behind}`;
    lines.push(
      `mixing = ${mixing}`,
      "",
      define("step(w, m, g)", "m = momentum * m + (1 - momentum) * g", `return w - rate * ${along}, m`),
    );
  }
  return lines.join("\n");
}

/** Numbers of unit variance by the law of the noise. */
export function law({ noise }: FullScenario): string {
  if (noise.covariance.kind === "minibatch") return "";
  const { kind } = noise.law;
  const lines: Readonly<Record<string, string>> = {
    gaussian: "return rng.standard_normal(shape)",
    student_t: "return rng.standard_t(degrees, shape) * np.sqrt((degrees - 2) / degrees)",
    chi_squared: "return (rng.chisquare(degrees, shape) - degrees) / np.sqrt(2 * degrees)",
    laplace: "return rng.laplace(scale=np.sqrt(0.5), size=shape)",
    uniform: "return rng.uniform(-np.sqrt(3), np.sqrt(3), shape)",
    rademacher: "return rng.choice([-1.0, 1.0], shape)",
  };
  const degrees = "degrees" in noise.law ? [`degrees = ${noise.law.degrees}`, ""] : [];
  return [...degrees, define("samples(shape)", lines[kind] ?? "")].join("\n");
}

/** The gradient of each replica with its noise. */
export function draw({ noise }: FullScenario): string {
  const { covariance } = noise;
  if (covariance.kind === "minibatch") {
    const indices =
      covariance.sampling === "with_replacement"
        ? ["batch = rng.integers(len(x), size=(len(w), batch_size))"]
        : ["batch = np.argpartition(rng.random((len(w), len(x))), batch_size - 1, axis=1)[:, :batch_size]"];
    return [
      `batch_size = ${covariance.batch_size}`,
      "",
      define(
        "gradient_of(w)",
        ...indices,
        'errors = np.einsum("rsi,ri->rs", x[batch], w) + residuals[batch]',
        'return np.einsum("rs,rsi->ri", errors, x[batch]) / batch_size',
      ),
      "",
      "chunk = 500  # replicas at a time: a batch each takes room",
      "",
      define(
        "gradient(w)",
        "return np.vstack([gradient_of(w[i : i + chunk]) for i in range(0, len(w), chunk)])",
      ),
    ].join("\n");
  }
  const eye = "np.eye(len(K))";
  const of = () => {
    switch (covariance.kind) {
      case "white":
        return `${covariance.variance} * ${eye}`;
      case "hessian":
        return `${covariance.scale} * K`;
      case "mixed":
        return `${covariance.variance} * ${eye} + ${covariance.scale} * K`;
      case "matrix":
        return matrix(covariance.matrix);
      default:
        return "";
    }
  };
  return [
    `C = ${of()}  # covariance of the noise`,
    factor("C"),
    "",
    define("gradient(w)", "return w @ K + samples(w.shape) @ factor.T"),
  ].join("\n");
}

/** A root of a covariance that may be flat in some directions, as the triangular one is not always there. */
function factor(name: string): string {
  return [
    `values, vectors = np.linalg.eigh(${name})`,
    "factor = vectors * np.sqrt(np.maximum(values, 0))  # factor @ factor.T is the covariance",
  ].join("\n");
}

/** Where the replicas start, at rest. */
export function start({ run }: FullScenario): string {
  const rest = "m = np.zeros((replicas, len(K)))";
  switch (run.start.kind) {
    case "point":
      return `w = np.tile(np.array(${JSON.stringify(run.start.weights)}, dtype=float), (replicas, 1))\n${rest}`;
    case "gaussian":
      return [
        `w = rng.multivariate_normal(np.zeros(len(K)), ${matrix(run.start.covariance)}, size=replicas, method="eigh")`,
        rest,
      ].join("\n");
    default:
      return `w = np.zeros((replicas, len(K)))\n${rest}`;
  }
}
