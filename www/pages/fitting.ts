/** What has to change along with a choice, so that the document stays whole: the Lab has every choice of the core. */
import type { FullSweep } from "../engine/engine";
import { hasAxis } from "../state/axes";
import { dimensionOf, POTENTIALS, read, type Value, write } from "../state/document";
import type { Changes } from "../state/store";
import { parameterNamed } from "../state/tables";

const SELF_CONSISTENT = ["natural_gradient", "adam"];
/** Choices that bring a matrix or a vector of their own, or change how large it has to be. Who types a Hessian minds the rest. */
const RESIZING = ["loss", "data", "columns", "input_variances", "covariance", "optimizer", "start"];

const identity = (size: number) =>
  Array.from({ length: size }, (_, i) => Array.from({ length: size }, (__, j) => (i === j ? 1 : 0)));

/** The changes that go with those that are asked for; none that contradicts them. */
export function fitting(asked: Changes, sweep: FullSweep): Changes {
  const along: Record<string, Value> = {};
  const next = () => write(sweep, new Map(Object.entries({ ...along, ...asked })));
  const give = (name: string, value: Value) => {
    if (asked[name] === undefined) along[name] = value;
  };
  const noise = noiseThatFits(asked, next());
  if (noise !== undefined) give("covariance", noise);
  if (asked.covariance === "minibatch") give("law", "gaussian");

  if (RESIZING.some((name) => asked[name] !== undefined)) {
    const fresh = next();
    const size = dimensionOf(fresh.scenario);
    for (const [name, value] of Object.entries(resized(fresh, size))) give(name, value);
  }
  const last = next();
  const size = dimensionOf(last.scenario);
  if (last.coordinate > size) give("coordinate", 1);
  if (last.quantity === "covariance" && last.other > size) {
    // Of one coordinate there is none, and it has a variance.
    if (size === 1 && last.parameter !== "dimension") give("quantity", "variance");
    else if (asked.quantity === undefined || size > 1) give("other", 2);
  }
  if (last.quantity === "escape_rate" && !POTENTIALS.includes(last.scenario.loss.kind))
    give("quantity", "variance");
  if (!hasAxis(last, last.parameter)) give("parameter", "learning_rate");
  return along;
}

/** What a sweep has of another size, at this size: ones along the diagonal. */
export function resized(sweep: FullSweep, size: number): Changes {
  const along: Record<string, Value> = {};
  for (const name of ["noise_covariance", "preconditioner", "start_covariance", "start_weights"]) {
    const present = read(sweep, parameterNamed(name));
    if (!Array.isArray(present) || present.length === size) continue;
    along[name] = name === "start_weights" ? Array<number>(size).fill(1) : identity(size);
  }
  return along;
}

/** Another kind of noise where the one in use does not go with a new loss or optimizer; one that is asked for stands. */
function noiseThatFits(asked: Changes, { scenario }: FullSweep): string | undefined {
  if (asked.covariance !== undefined) return undefined;
  const { kind } = scenario.noise.covariance;
  const potential = POTENTIALS.includes(scenario.loss.kind);
  const fine =
    kind === "white" ||
    (kind === "minibatch" && scenario.loss.kind === "least_squares") ||
    (kind === "curvature" && potential) ||
    (kind === "proportional" && SELF_CONSISTENT.includes(scenario.optimizer.kind) && !potential) ||
    (["hessian", "mixed", "matrix"].includes(kind) && !potential);
  return fine ? undefined : "white";
}
