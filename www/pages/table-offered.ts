/** What the page of Table 1 offers: every constant noise of a quadratic, the one that follows the weights, and all numbers of its optimizers. */
import type { FullSweep, Problem } from "../engine/engine";
import { dimensionOf, read, type Value } from "../state/document";
import type { Changes } from "../state/store";
import { type Parameter, parameterNamed } from "../state/tables";
import { fitting } from "./fitting";
import { beyond } from "./offered";

const OFFERED = [
  "learning_rate",
  "momentum",
  "mixing",
  "hessian",
  "covariance",
  "noise_variance",
  "noise_scale",
  "noise_covariance",
  "replicas",
  "steps",
  "seed",
  "across",
  "upwards",
] as const;

/** Noise of a quadratic; minibatches and potentials have a loss of their own. */
const NOISE = ["white", "hessian", "mixed", "proportional", "matrix"];

/** Optimizers whose numbers the table has; none of its rows has a preconditioner that is given. */
const OPTIMIZERS = ["momentum", "qhm", "newton", "natural_gradient", "adam"];

/** The axes of a cloud in the Lab: here the coordinates whose variances are shown. */
const COORDINATES: Readonly<Record<string, Pick<Parameter, "label" | "symbol" | "doc">>> = {
  across: { label: "Coordinate", symbol: "i", doc: "The first coordinate whose variance is shown" },
  upwards: {
    label: "And coordinate",
    symbol: "j",
    doc: "The second one, whose covariance with the first is shown too",
  },
};

/** Their rows of the table of parameters. */
export const offered: readonly Parameter[] = OFFERED.map((name) => {
  const row = { ...parameterNamed(name), ...COORDINATES[name] };
  if (name !== "covariance" || row.values.type !== "choice") return row;
  const options = row.values.options.filter(([word]) => NOISE.includes(word));
  return { ...row, values: { ...row.values, options } };
});

/** What this page cannot show of a document. Of a sweep it shows nothing, whatever that is of. */
export const beyondTable = (sweep: FullSweep): Problem[] =>
  beyond(sweep, {
    rows: offered,
    silent: { optimizer: OPTIMIZERS },
    skipped: ({ group }) => group === "sweep" || group === "view",
  });

/**
 * What a control shows. The optimizer of the document only lends its numbers, so that a mixing has its usual value where it has none; with
 * two coordinates or one there is nothing to choose.
 */
export function shownValue(sweep: FullSweep, parameter: Parameter): Value | undefined {
  const { scenario } = sweep;
  const value = read(sweep, parameter);
  if (parameter.name === "mixing")
    return followsTheWeights(sweep) ? undefined : (value ?? Number(parameter.default));
  if (parameter.name in COORDINATES) {
    const size = dimensionOf(scenario);
    return size > 2 ? Math.min(Number(value), size) : undefined;
  }
  return value;
}

/** Whether the noise shrinks with the weights, so that only natural gradient and Adam keep a fluctuation. */
export const followsTheWeights = ({ scenario }: Pick<FullSweep, "scenario">): boolean =>
  scenario.noise.covariance.kind === "proportional";

/** The optimizer that holds what is asked for: QHM has a mixing, and natural gradient goes with a noise that follows the weights. */
export function accompany(asked: Changes, sweep: FullSweep): Changes {
  const holder = holderOf(asked, sweep);
  const all = holder === undefined || asked.optimizer !== undefined ? asked : { ...asked, optimizer: holder };
  const along = fitting(all, sweep);
  return all === asked ? along : { ...along, optimizer: holder as string };
}

function holderOf(asked: Changes, sweep: FullSweep): string | undefined {
  const { kind } = sweep.scenario.optimizer;
  const selfConsistent = kind === "natural_gradient" || kind === "adam";
  const follows =
    asked.covariance === undefined ? followsTheWeights(sweep) : asked.covariance === "proportional";
  if (follows) return selfConsistent ? undefined : "natural_gradient";
  if (asked.mixing !== undefined) return kind === "qhm" ? undefined : "qhm";
  return asked.covariance !== undefined && selfConsistent ? "momentum" : undefined;
}

/** The coordinates whose variances are shown, from 0; the same twice where there is one. */
export function coordinatesOf({ scenario, view }: FullSweep): readonly [number, number] {
  const size = dimensionOf(scenario);
  if (size === 1) return [0, 0];
  const i = Math.min(view.across, size) - 1;
  const j = Math.min(view.upwards, size) - 1;
  return i === j ? [i, i === 0 ? 1 : i - 1] : [i, j];
}
