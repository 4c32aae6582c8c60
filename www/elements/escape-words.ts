/** What the escape shows: its rows, the theories' exponentials, and words with numbers. */
import type { Escaped, EscapeLandscape, FullScenario, Prediction } from "../engine/engine";
import type { Series } from "../plot";
import { sentence } from "./dom";
import { count, counted, digits, plusMinus, z } from "./numbers";

type Rates = NonNullable<Prediction["escape"]>;

/** One theory's escape, as the table and the pictures have it. */
export interface TheoryRow {
  readonly name: "continuous" | "discrete" | "printed" | "exact";
  /** What it is, in words. */
  readonly what: string;
  /** Rate a step; undefined where the theory has only the time. */
  readonly rate: number | undefined;
  /** Rate per unit of s = λt. */
  readonly ratePerTime: number | undefined;
  /** Mean first-passage time in steps. */
  readonly time: number;
}

const WHAT = {
  exact: "exact, the walker’s own Markov chain",
  discrete: "discrete, the paper’s steps put together (erratum 8)",
  printed: "discrete as printed, Eq. 23",
  continuous: "continuous, Kramers’s rate and the passage time of the diffusion",
} as const;

/** The theories that say something, exact first. */
export function theoriesOf(escape: Rates | null | undefined): TheoryRow[] {
  const entries = [
    ["exact", escape?.exact],
    ["discrete", escape?.self_consistent],
    ["printed", escape?.printed],
    ["continuous", escape?.continuous],
  ] as const;
  return entries.flatMap(([name, found]) =>
    found
      ? [
          {
            name,
            what: WHAT[name],
            rate: found.rate_per_step ?? undefined,
            ratePerTime: found.rate ?? undefined,
            time: found.mean_first_passage,
          },
        ]
      : [],
  );
}

/** Where the loss has no exit. */
export function noExit({ loss }: FullScenario): string {
  if (loss.kind === "polynomial")
    return "This polynomial has no barrier on either side of its minimum and no exit is set: nothing leaves the well.";
  return `The loss is ${loss.kind === "quadratic" ? "a parabola" : "least squares"}: it rises on all sides for ever, has no barrier, and nothing leaves it.`;
}

/**
 * The share still in the well after some steps: an exponential of the rate. That of the exact chain begins late, so that its mean
 * is the mean first-passage time: from the minimum nothing is out at once.
 */
export function survivalBy({ name, rate, time }: TheoryRow, steps: number): number {
  const falling = rate ?? 1 / time;
  const late = name === "exact" && rate !== undefined ? Math.max(0, time - 1 / rate) : 0;
  return Math.min(1, Math.exp(-falling * (steps - late)));
}

/** The series whose line a theory has; the printed formula has none. */
export const seriesOf = ({ name }: TheoryRow): Series | undefined => (name === "printed" ? undefined : name);

/** Whether nothing moves a weight out of the minimum: no theory has a density, which would be infinite at one place. */
export const motionless = ({ continuous }: EscapeLandscape): boolean =>
  !continuous.some((density) => Number.isFinite(density));

/** What there is no density of, and why; empty where every theory has one. */
export function tellDensities(landscape: EscapeLandscape, prediction: Prediction | undefined): string {
  if (motionless(landscape)) return "No noise: the slope alone moves a replica, and no theory has a density.";
  if (!landscape.discrete)
    return `The discrete theory has no density in this well. ${sentence(prediction?.stability.summary ?? "the well is too sharp for the step")}`;
  return "";
}

/** Who is out before the first step that counts: a point is inside the well, and from a Gaussian a replica leaves with a step at the soonest. */
function tellLeftBefore({ left_before, escaped, remaining }: Escaped["measurement"]): string {
  const there = escaped + remaining;
  const all = counted(left_before + there, "replica");
  const then = there > 0 ? "what follows is of the others" : "nothing is left whose escape could be measured";
  return `During the burn-in ${count(left_before)} of ${all} left the well, before the first step that counts: ${then}.`;
}

/** What was measured and what the theories say of it. */
export function tellEscape(rows: readonly TheoryRow[], note: string, escaped: Escaped | undefined): string {
  const sentences: string[] = [];
  if (escaped && escaped.measurement.left_before > 0) sentences.push(tellLeftBefore(escaped.measurement));
  if (escaped && escaped.measurement.escaped + escaped.measurement.remaining > 0) {
    const {
      escaped: out,
      remaining,
      mean_first_passage_time,
      mean_first_passage_time_error,
      rate_bound,
      times,
    } = escaped.measurement;
    const steps = times[times.length - 1] ?? 0;
    const all = out + remaining;
    sentences.push(
      `After ${counted(steps, "step")} ${count(out)} of ${counted(all, "replica")} ${out === 1 ? "has" : "have"} left the well.`,
    );
    if (out === 0 && Number.isFinite(rate_bound))
      sentences.push(`So the rate is below ${digits(rate_bound, 2)} a step (19 chances in 20).`);
    else if (out > 0)
      sentences.push(
        `The measured mean first-passage time is ${plusMinus(mean_first_passage_time, mean_first_passage_time_error)} steps${remaining > 0 ? ` (${stillInside(remaining)} to leave at the same rate)` : ""}.`,
      );
  }
  const told = rows.filter(({ name }) => name !== "printed");
  if (told.length > 0) {
    const { mean_first_passage_time: mean, mean_first_passage_time_error: error } =
      escaped?.measurement ?? ({} as Partial<Escaped["measurement"]>);
    const off = (time: number) =>
      mean && error && Number.isFinite(mean) ? ` (off by ${z((mean - time) / error)})` : "";
    const parts = told.map(({ name, time }) => `${name} ${digits(time, 4)}${off(time)}`);
    const unit =
      escaped && escaped.measurement.escaped > 0
        ? "in steps; in brackets: measured less theory in standard errors"
        : "in steps";
    sentences.push(`Theory: ${parts.join(", ")} (${unit}).`);
  }
  if (note !== "") sentences.push(`Not known: ${note}.`);
  return sentences.join(" ");
}

const stillInside = (remaining: number) =>
  remaining === 1
    ? "1 is still inside and counts as if it went on"
    : `${count(remaining)} are still inside and count as if they went on`;
