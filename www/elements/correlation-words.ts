/** How long an ensemble remembers: the points of one component, and sentences with numbers. */
import type { Prediction, Recall, SweepPoint } from "../engine/engine";
import { sentence } from "./dom";
import { count, counted, digits, plusMinus, z } from "./numbers";
import { type Component, known } from "./series-words";
import type { Table } from "./tables";

/** What is left of a variance where it counts as forgotten, and lags that are shown at least. */
const FORGOTTEN = 0.01;
const LEAST = 12;

/** The lags until a component is forgotten by the discrete theory: the slowest may take much longer. */
export function memorable(recalls: readonly Recall[], component: number): readonly Recall[] {
  const variance = Math.abs(recalls[0]?.discrete.covariance[component] ?? 0);
  const last = recalls.findLastIndex(
    ({ discrete }) => !(Math.abs(discrete.covariance[component] ?? 0) < FORGOTTEN * variance),
  );
  return recalls.slice(0, Math.max(LEAST, last + 2));
}

/** The autocovariance of one component at each lag. */
export function lagPoints(recalls: readonly Recall[], component: number): SweepPoint[] {
  const replicas = recalls[0]?.measured.replicas ?? 0;
  return recalls.map(({ measured, continuous, discrete, exact }, index) => {
    const of = measured.components[component];
    return {
      index,
      x: measured.lag,
      measured: known(of?.covariance) ?? null,
      error: known(of?.error) ?? null,
      replicas,
      degrees: null,
      diverged: replicas - measured.replicas,
      continuous: known(continuous.covariance[component]) ?? Number.NaN,
      discrete: known(discrete.covariance[component]) ?? null,
      exact: known(exact?.covariance[component]) ?? null,
      formula: null,
    };
  });
}

/** The integrated autocorrelation time over the lags, by measurement and theory. */
export interface Times {
  readonly lags: number;
  readonly measured: number;
  readonly error: number;
  readonly discrete: number;
  readonly continuous: number;
  readonly exact: number | undefined;
}

export function timesOf(recalls: readonly Recall[], component: number): Times | undefined {
  const last = recalls[recalls.length - 1];
  const of = last?.measured.components[component];
  const [discrete, continuous] = [
    known(last?.discrete.time[component]),
    known(last?.continuous.time[component]),
  ];
  if (!last || !of || discrete === undefined || continuous === undefined) return undefined;
  if (known(of.time) === undefined || known(of.time_error) === undefined) return undefined;
  const exact = known(last.exact?.time[component]);
  return {
    lags: last.measured.lag,
    measured: of.time,
    error: of.time_error,
    discrete,
    continuous,
    exact: exact !== undefined && Math.abs(exact - discrete) > 1e-9 * Math.abs(discrete) ? exact : undefined,
  };
}

/** The autocorrelation time of every component, each over the lags until it is forgotten. */
export function timesTable(recalls: readonly Recall[], components: readonly Component[]): Table {
  return {
    caption: "Integrated autocorrelation time of each component in steps, over so many lags",
    header: ["component", "lags", "measured", "standard_error", "discrete", "continuous", "exact"],
    rows: components.map(({ name }, i) => {
      const times = timesOf(memorable(recalls, i), i);
      return [
        name,
        times?.lags,
        times?.measured,
        times?.error,
        times?.discrete,
        times?.continuous,
        times?.exact,
      ];
    }),
  };
}

/** The sentence for those who cannot see the picture, and for all who like a number. */
export function tellMemory(
  points: readonly SweepPoint[],
  times: Times | undefined,
  component: Component,
  stability: Prediction["stability"],
): string {
  const [now, next] = points;
  const sentences: string[] = [];
  if (now && now.replicas < 2) {
    // Steps that would settle lose replicas over a barrier alone.
    return stability.stable
      ? "Too few replicas are left in the well: nothing is remembered."
      : `All replicas have diverged: nothing is remembered. ${sentence(stability.summary)}`;
  }
  if (!stability.stable) sentences.push(`There is no stationary state. ${sentence(stability.summary)}`);
  if (now?.measured && next?.measured != null && now.discrete && next.discrete != null) {
    const [share, error] = [next.measured / now.measured, (next.error ?? 0) / now.measured];
    const discrete = next.discrete / now.discrete;
    const diffusion = next.continuous / now.continuous;
    sentences.push(
      `After one more step ${component.name} keeps ${plusMinus(share, error)} of its variance: discrete theory ${digits(discrete, 3)}, continuous ${digits(diffusion, 3)}.`,
    );
    const where =
      component.product !== undefined && component.product > 1
        ? ` at λk = ${digits(component.product, 3)} > 1 a step goes beyond the minimum, and`
        : "";
    if (discrete < -1e-3)
      sentences.push(
        `It is negative:${where} the next weights lie on the other side. No diffusion does that: its autocovariance is never negative along a direction.`,
      );
  }
  if (times && stability.stable) {
    const { lags, measured, error, discrete, continuous, exact } = times;
    const off = (theory: number) => (error > 0 ? ` (${z((measured - theory) / error)})` : "");
    const other = exact === undefined ? "" : `, exact ${digits(exact, 4)}${off(exact)}`;
    const worth =
      discrete < 1 ? " Below 1: an average over time is worth more than as many independent samples." : "";
    sentences.push(
      `The autocorrelation time over ${counted(lags, "lag")} is ${plusMinus(measured, error)} steps; discrete ${digits(discrete, 4)}${off(discrete)}, continuous ${digits(continuous, 4)}${off(continuous)}${other}.${worth}`,
    );
  }
  const gone = points[points.length - 1];
  if (gone && gone.diverged > 0)
    sentences.push(`${count(gone.diverged)} of ${count(gone.replicas)} replicas diverged on the way.`);
  return sentences.join(" ");
}
