/** What the instruments show that follow a run, and the comparison: formulas, and the reader's numbers put in. */
import type { FullScenario, SweepPoint } from "../engine/engine";
import { same } from "../state/document";
import type { Compared } from "./comparison-words";
import { numbers } from "./explain";
import { count, digits, plusMinus } from "./numbers";
import type { Component } from "./series-words";

/** A point in the middle of what is shown, with its numbers. */
function example(points: readonly SweepPoint[], unit: string): string[] {
  const point = points[Math.floor(points.length / 2)];
  if (!point || point.measured == null || point.discrete == null) return [];
  return [
    `For example at ${unit} ${count(point.x)}: continuous ${digits(point.continuous, 4)}, discrete ${digits(point.discrete, 4)}; measured ${plusMinus(point.measured, point.error)}.`,
  ];
}

const productOf = (component: Component | undefined) =>
  component?.product === undefined ? [] : [`Along this direction $λk = ${digits(component.product, 4)}$.`];

const TOGETHER =
  "All looks are at the same replicas, so they depend on each other and no $χ^2$ may be summed. The largest deviation is judged: by chance one of $n$ numbers is as far off with a probability of at most $n$ times that of one.";

/** The ensemble on its way. */
export function explainOverTime(
  { run }: FullScenario,
  points: readonly SweepPoint[],
  component: Component | undefined,
): string[] {
  return [
    `${count(run.replicas)} replicas are looked at on their way to step ${count(run.steps)}, beside the theories after as many steps from the same start.`,
    "Without momentum the discrete variance after $t$ steps from the minimum is $λ^2 c (1 + q^2 + q^4 + … + q^{2t−2})$ with $q = 1 − λk$; the diffusion says $(1 − e^{−2λkt}) λc/(2k)$. A mean goes as $q^t$, for the diffusion as $e^{−λkt}$.",
    "The sum holds where $|q| > 1$ too: then it grows and there is no stationary state.",
    ...productOf(component),
    ...example(points, "step"),
    TOGETHER,
  ];
}

/** What is remembered. */
export function explainMemory(
  { run }: FullScenario,
  points: readonly SweepPoint[],
  component: Component | undefined,
): string[] {
  return [
    `After step ${count(run.steps)} the ${count(run.replicas)} replicas go on; shown is the covariance of their weights $τ$ steps later with those of that step.`,
    "Without momentum the discrete one is $q^τ$ of the variance, $q = 1 − λk$: negative at odd lags where $λk > 1$. The diffusion's is $e^{−λkτ}$ of its own, never negative.",
    "The autocorrelation time is $1 + 2 (ρ_1 + ρ_2 + …)$ with the correlations $ρ$, $(2 − λk)/(λk)$ without momentum; for the diffusion the integral $2/(λk)$. So many steps are worth one independent sample.",
    ...productOf(component),
    ...example(points, "lag"),
    TOGETHER,
  ];
}

/** One problem under several optimizers, with the numbers of the scenario's own and of the best. */
export function explainComparison(scenario: FullScenario | undefined, list: readonly Compared[]): string[] {
  const own = list.find(({ row }) => row.exact && same(row.optimizer as never, scenario?.optimizer as never));
  const settled = list.filter(({ row }) => row.exact);
  const examples = [...new Set([own, settled[0], settled.at(-1)])].flatMap((one) =>
    one ? [numbersOf(one)] : [],
  );
  return [
    "The paper's Table 1 for this loss and noise: each optimizer with the learning rate, momentum and mixing of the scenario. The ellipses are $w^T Σ^{−1} w = 9$, three standard deviations, of the first two coordinates.",
    "The training error is $tr(KΣ)/2$. Below each published value stands its error relative to the exact one; $z$ is the measured value minus the exact one in standard errors.",
    ...(scenario ? [`Your numbers: ${numbers(scenario)}.`] : []),
    ...examples,
    "Natural gradient and Adam follow the fluctuation that they cause: the theory takes their preconditioner at its stationary value, the experiment has one for each block of 256 replicas.",
  ];
}

function numbersOf({ row, measurement }: Compared): string {
  const { earlier, paper, exact } = row;
  const of = (law: typeof exact) => (law ? digits(law.training_error, 4) : "nothing");
  const got = measurement
    ? `; measured ${plusMinus(measurement.training_error, measurement.training_error_error)}`
    : "";
  return `${row.name}: earlier work says ${of(earlier)}, the paper ${of(paper)}, exact is ${of(exact)}${got}.`;
}
