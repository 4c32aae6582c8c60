/** What is said of one ensemble at many times: verdicts, values, and which component is looked at. */
import type { FullScenario, Furthest, Prediction, SeriesVerdict, SweepPoint } from "../engine/engine";
import { dimensionOf } from "../state/document";
import { count, counted, digits, plusMinus, probability, standardErrors, z } from "./numbers";
import { subscript } from "./sweep-words";

/** Most coordinates, and most eigen-directions, that the core looks at (`SHOWN` of the series). */
const SHOWN = 16;

/** A component of the weights: a coordinate or an eigen-direction. */
export interface Component {
  readonly name: string;
  /** λk along an eigen-direction, where the optimizer steps along it. */
  readonly product?: number | undefined;
}

/** The components in the core's order: coordinates, then eigen-directions from the sharpest on. */
export function componentsOf(scenario: FullScenario, prediction: Prediction): Component[] {
  const { kind, learning_rate } = scenario.optimizer;
  const plain = kind === "momentum" || kind === "qhm";
  const dimension = dimensionOf(scenario);
  const shown = Math.min(SHOWN, dimension);
  const coordinates = Array.from({ length: shown }, (_, i) => ({
    name: dimension === 1 ? "w" : `w${subscript(i + 1)}`,
    ...(dimension === 1 && plain ? { product: learning_rate * (prediction.modes[0]?.curvature ?? 0) } : {}),
  }));
  const directions = prediction.modes.slice(0, shown).map(({ curvature }) => {
    const product = plain ? learning_rate * curvature : undefined;
    const size = product === undefined ? `k = ${digits(curvature, 3)}` : `λk = ${digits(product, 3)}`;
    return { name: `w along ${size}`, product };
  });
  return [...coordinates, ...directions];
}

/** The component that is looked at first: the sharpest direction. */
export const firstComponent = (components: readonly Component[]) =>
  components.length === 2 ? 0 : components.length / 2;

/** How times are called: "step 12", "lag 3". */
export type Unit = "step" | "lag";

/** A theory's verdict in one line, to be read after its name. */
export function verdictOfSeries(
  theory: "continuous" | "discrete" | "exact",
  verdict: SeriesVerdict | undefined,
  unit: Unit,
  points: readonly SweepPoint[] = [],
): string {
  const furthest: Furthest | null | undefined = verdict?.[theory];
  if (!furthest && points.length > 0 && points.every(({ error }) => error === 0))
    return "no noise, and so no standard error to compare by";
  if (!furthest && points.some(({ measured, error }) => measured != null && error == null))
    return "not judged: the moment that a standard error is made of is infinite";
  // A run that is over and has left nothing, as one of which all replicas are gone.
  if (!furthest) return verdict && points.length > 0 ? "nothing to compare" : "nothing to compare yet";
  const { points: many, largest, largest_at, p_bound, accepted } = furthest;
  const worst = `${standardErrors(largest)} at ${unit} ${count(largest_at)}`;
  const times = `${counted(many, unit)}`;
  const bound = p_bound >= 1 ? "p up to 1" : `p ${probability(p_bound).replace("=", "≤")}`;
  return accepted
    ? `agrees: largest deviation ${worst}, of ${times}; ${bound}`
    : `off by ${worst}, of ${times}; ${bound}`;
}

/** Why only the largest deviation is judged. */
export const TOGETHER =
  "The looks are at one ensemble and depend on each other, so only the largest deviation is judged.";

/** What is under the cursor. */
export function readoutOfSeries(point: SweepPoint, unit: Unit): string[] {
  const { x, measured, error, discrete, continuous, exact, diverged, replicas } = point;
  const against = (theory: number | null | undefined) =>
    measured == null || !error || theory == null || diverged > 0
      ? ""
      : ` (${z((measured - theory) / error)})`;
  return [
    `${unit} ${count(x)}`,
    measured == null && diverged > 0
      ? `${count(diverged)} of ${count(replicas)} diverged`
      : `measured ${plusMinus(measured, error)}`,
    discrete == null
      ? "discrete: beyond every number"
      : `discrete ${digits(discrete, 4)}${against(discrete)}`,
    `continuous ${digits(continuous, 4)}${against(continuous)}`,
    ...(exact == null || exact === discrete ? [] : [`exact ${digits(exact, 4)}${against(exact)}`]),
  ];
}

/** Whether the exact theory says something else than the discrete one. */
export const exactApart = (points: readonly SweepPoint[]) =>
  points.some(
    ({ exact, discrete }) =>
      exact != null && (discrete == null || Math.abs(exact - discrete) > 1e-9 * Math.abs(discrete)),
  );

/** A number, or nothing where there is none. */
export const known = (value: number | null | undefined) =>
  value != null && Number.isFinite(value) ? value : undefined;

/** The range of a linear axis: of what is measured and predicted, zero included, with some room. */
export function linearRange(points: readonly SweepPoint[]): [number, number] {
  const values = points.flatMap(({ measured, error, discrete, continuous, exact }) => [
    (measured ?? 0) - (known(error) ?? 0),
    (measured ?? 0) + (known(error) ?? 0),
    discrete ?? 0,
    continuous,
    exact ?? 0,
  ]);
  const all = values.filter((value) => Number.isFinite(value));
  const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
  const room = 0.07 * (high - low) || 1;
  return [low < 0 ? low - room : 0, high > 0 ? high + room : low < 0 ? 0 : room];
}

/** The range of a logarithmic axis: of what is positive; undefined where nothing is. */
export function logRange(points: readonly SweepPoint[]): [number, number] | undefined {
  const all = points
    .flatMap(({ measured, discrete, continuous, exact }) => [measured, discrete, continuous, exact])
    .filter((value): value is number => value != null && Number.isFinite(value) && value > 0);
  return all.length === 0 ? undefined : [Math.min(...all) / 1.5, Math.max(...all) * 1.5];
}
