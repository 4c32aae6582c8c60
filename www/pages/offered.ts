/** What the playground offers: the part of the parameter table that its live experiment runs. */
import type { FullSweep, Problem } from "../engine/engine";
import { read } from "../state/document";
import { defaults, type Parameter, parameterNamed, parameters } from "../state/tables";

/** The parameters with a control, in the order of the page. */
const OFFERED = [
  "learning_rate",
  "momentum",
  "hessian",
  "covariance",
  "noise_variance",
  "noise_covariance",
  "replicas",
  "steps",
  "seed",
  "parameter",
  "from",
  "to",
  "points",
  "quantity",
  "coordinate",
  "y_scale",
  "speed",
] as const;

/** Choices of which only some are run. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  covariance: ["white", "matrix"],
  parameter: ["learning_rate", "momentum"],
  quantity: ["variance", "training_error"],
};

/** Their rows of the table, choices cut to what is run. */
export const offered: readonly Parameter[] = OFFERED.map((name) => {
  const row = parameterNamed(name);
  const words = WORDS[name];
  if (words === undefined || row.values.type !== "choice") return row;
  const options = row.values.options.filter(([word]) => words.includes(word));
  return { ...row, values: { ...row.values, options } };
});

/** A page's own list of what it offers. */
export interface Offer {
  /** Parameters with a control. */
  readonly rows: readonly Parameter[];
  /** Words of choices that go without a control. */
  readonly silent?: Readonly<Record<string, readonly string[]>>;
  /** What the page does not look at. */
  readonly skipped?: (parameter: Parameter) => boolean;
}

/** Choices of a document that a page has no control for, whether or not the core can run them. */
export function beyond(
  sweep: FullSweep,
  { rows, silent = {}, skipped = () => false }: Offer = { rows: offered },
): Problem[] {
  const problems: Problem[] = [];
  for (const row of parameters) {
    const control = rows.find(({ name }) => name === row.name);
    // What exists under another choice alone stands and falls with that one.
    if (row.values.type !== "choice" || (!control && row.only_if) || skipped(row)) continue;
    const value = String(read(sweep, row));
    const words =
      control?.values.type === "choice"
        ? control.values.options.map(([word]) => word)
        : (silent[row.name] ?? [String(read(defaults, row))]);
    if (words.includes(value)) continue;
    const { name } = row;
    const allowed = words.join(", ");
    const message = `${name} ${value} has no control on this page, which offers ${allowed}`;
    problems.push({ kind: "not_simulated", parameter: name, value, allowed, message });
  }
  return problems;
}
