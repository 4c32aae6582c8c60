/** What a run says of a figure, in words and beside what the paper says of it. */
import type { Table } from "../elements/instrument";
import { counted, digits, z } from "../elements/numbers";
import { type Swept, symbolOf, unjudged } from "../elements/sweep-words";
import type { SweepPoint } from "../engine/engine";
import type { Claim, Theory } from "../figures";

/** Beyond so many standard errors a single number disagrees, as on the page of Table 1. */
const DISAGREES = 4;

/** What a run says of one theory. */
export interface Finding {
  readonly theory: Theory;
  readonly accepted: boolean;
  /** The largest deviation, in standard errors, measured minus theory, and where it is. */
  readonly largest: number;
  readonly where: string;
  /** χ² per value, where the values are independent of each other. */
  readonly chi?: number;
}

const THEORIES = ["exact", "discrete", "continuous"] as const;

/** The same with a figure's formula as it is printed, which only sweeps have. */
const WITH_PRINTED = [...THEORIES, "printed"] as const;

/** What a theory is called in a sentence. */
const nameOf = (theory: Theory) => (theory === "printed" ? "the formula as printed" : `the ${theory} theory`);

/** Whether the exact theory says something of its own. */
const hasExact = ({ points }: Swept) =>
  points.some(({ exact, discrete }) => exact != null && exact !== discrete);

/** The core's verdict on each theory. The exact one is left out where it is the discrete one. */
export function findingsOfSweep(swept: Swept): Finding[] {
  const { sweep, verdict } = swept;
  const exact = hasExact(swept);
  return WITH_PRINTED.flatMap((theory) => {
    const agreement = verdict?.[theory === "printed" ? "formula" : theory];
    if (!agreement || (theory === "exact" && !exact)) return [];
    const { accepted, largest, largest_at, chi_squared, points } = agreement;
    const where = `${symbolOf(sweep)} = ${digits(largest_at, 3)}`;
    return [{ theory, accepted, largest, where, chi: chi_squared / points }];
  });
}

/** A verdict by the rows of an instrument's table: the one that is furthest off decides. */
export function findingsOfTable({ header, rows }: Table): Finding[] {
  const column = (name: string) => header.indexOf(name);
  const [measured, error] = [column("measured"), column("standard_error")];
  return THEORIES.flatMap((theory) => {
    const place = column(theory);
    if (place < 0 || (theory === "exact" && rows.every((row) => row[place] === row[column("discrete")])))
      return [];
    let worst: { largest: number; where: string } | undefined;
    for (const row of rows) {
      const [value, of, by] = [row[measured], row[place], row[error]];
      if (typeof value !== "number" || typeof of !== "number" || typeof by !== "number") continue;
      // A number that cannot differ from run to run is compared as it is.
      const largest =
        by > 0 ? (value - of) / by : same(value, of) ? 0 : (value - of) * Number.POSITIVE_INFINITY;
      if (!worst || Math.abs(largest) > Math.abs(worst.largest))
        worst = {
          largest,
          where: typeof row[0] === "number" ? `${header[0]} ${digits(row[0], 4)}` : (row[0] ?? ""),
        };
    }
    return worst ? [{ theory, ...worst, accepted: Math.abs(worst.largest) <= DISAGREES }] : [];
  });
}

/** Two numbers that differ by no more than the rounding of the weights, which may be single precision. */
const same = (a: number, b: number) => Math.abs(a - b) <= 1e-5 * Math.max(Math.abs(a), Math.abs(b));

/** A verdict by the times of an escape, which stand below each other in the instrument's table. */
export function findingsOfEscape({ header, rows }: Table): Finding[] {
  const [time, error] = [header.indexOf("mean_first_passage"), header.indexOf("standard_error")];
  const named = (name: string) => rows.find(([theory]) => theory === name);
  const [measured, by] = [named("measured")?.[time], named("measured")?.[error]];
  if (typeof measured !== "number" || typeof by !== "number") return [];
  return THEORIES.flatMap((theory) => {
    const value = named(theory)?.[time];
    if (typeof value !== "number") return [];
    const largest = (measured - value) / by;
    return [{ theory, largest, where: "mean first-passage time", accepted: Math.abs(largest) <= DISAGREES }];
  });
}

export interface Outcome {
  readonly words: string;
  /** Whether the run says what the paper says. */
  readonly state: "confirmed" | "contradicted";
}

/** The findings beside the paper's claim. */
export function outcomeOf(claim: Claim, findings: readonly Finding[]): Outcome {
  const [right, wrong, besides]: [string[], string[], string[]] = [[], [], []];
  for (const finding of findings) {
    const { theory, accepted } = finding;
    const said = `${nameOf(theory)} ${accepted ? "agrees" : "is off"} ${far(finding)}`;
    const claimed = claim.accepted.includes(theory)
      ? true
      : claim.refuted.includes(theory)
        ? false
        : undefined;
    if (claimed === undefined) besides.push(said);
    else if (claimed === accepted) right.push(said);
    else wrong.push(`${said}, where the paper finds that it ${claimed ? "agrees" : "is off"}`);
  }
  const words = [
    wrong.length > 0 ? `Not quite as printed: ${wrong.join("; ")}.` : "",
    right.length > 0 ? `As the paper says: ${right.join("; ")}.` : "",
    besides.length > 0 ? `Besides, ${besides.join("; ")}.` : "",
  ];
  return {
    words: words.filter(Boolean).join(" "),
    state: wrong.length === 0 ? "confirmed" : "contradicted",
  };
}

/** How far off the experiment is from a theory. */
function far({ accepted, largest, where, chi }: Finding): string {
  if (!Number.isFinite(largest)) return `at ${where}, and nothing here is left to chance`;
  const size = sizeOf(largest);
  if (largest === 0) return "to rounding";
  if (accepted) return `within ${size} standard errors`;
  // Many small deviations on one side are together no chance.
  const together =
    chi !== undefined && Math.abs(largest) <= DISAGREES ? ` and χ² per value ${digits(chi, 3)}` : "";
  return `by up to ${size} standard errors (${where})${together}`;
}

const sizeOf = (largest: number) =>
  Math.abs(largest) < 9.95 ? Math.abs(largest).toFixed(1) : z(Math.abs(largest)).replace(/^\+/, "");

/** Which of the discrete and the exact theory wins, and by how much; nothing where they are the same. */
export function duelOf(swept: Swept): string {
  const { sweep, points, verdict } = swept;
  const [discrete, exact] = [verdict?.discrete, verdict?.exact];
  if (!discrete || !exact || !hasExact(swept)) return "";
  const compared = points.filter(
    (point) =>
      point.diverged === 0 &&
      point.measured != null &&
      point.error != null &&
      point.discrete != null &&
      point.exact != null,
  );
  const off = compared.map(({ x, measured, discrete: theory }) => ({
    x,
    by: (theory as number) / (measured as number) - 1,
  }));
  const worst = off.reduce((a, b) => (Math.abs(b.by) > Math.abs(a.by) ? b : a), off[0] ?? { x: 0, by: 0 });
  const [a, b] = [discrete.chi_squared / discrete.points, exact.chi_squared / exact.points];
  const winner = b <= a ? "exact" : "discrete";
  const middle = median(off.map(({ by }) => Math.abs(by)));
  return [
    `The ${winner} theory wins: χ² per value ${digits(Math.min(a, b), 3)} against ${digits(Math.max(a, b), 3)}.`,
    `The discrete one is off by ${percent(middle)} or more at half of the values, and most at ${symbolOf(sweep)} = ${digits(worst.x, 3)}: ${percent(Math.abs(worst.by))} too ${worst.by > 0 ? "large" : "small"}.`,
  ].join(" ");
}

/** The same for an instrument's table, where a single number decides. */
export function duelOfFindings(findings: readonly Finding[]): string {
  const [exact, discrete] = ["exact", "discrete"].map((name) =>
    findings.find(({ theory }) => theory === name),
  );
  if (!exact || !discrete) return "";
  const [a, b] = [Math.abs(exact.largest), Math.abs(discrete.largest)];
  if (sizeOf(a) === sizeOf(b))
    return `Neither the exact nor the discrete theory wins: at most ${sizeOf(a)} standard errors.`;
  return `The ${a <= b ? "exact" : "discrete"} theory wins: at most ${sizeOf(Math.min(a, b))} standard errors against ${sizeOf(Math.max(a, b))}.`;
}

/** How many values are shown and not judged, and why. */
export function unjudgedOf(swept: Swept): string {
  const found = unjudged(swept);
  if (!found) return "";
  const { many, moment } = found;
  return `${counted(many, "value")} ${many === 1 ? "is" : "are"} shown and not judged: ${moment} is infinite there, so that a standard error means nothing.`;
}

const percent = (share: number) => `${digits(100 * share, 2)} %`;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** A variance so many times the diffusion's has no bound: at the limits of the figures it is a few hundred times. */
const BOUNDLESS = 1e6;

const boundless = ({ diverged, measured, continuous }: SweepPoint) =>
  diverged > 0 || (measured ?? 0) > BOUNDLESS * continuous;

/** The values between which the runs stop to diverge, from below. */
export function bracketOf(points: readonly SweepPoint[]): [low: number, high: number] | undefined {
  const sorted = [...points].sort((a, b) => a.x - b.x);
  const first = sorted.findIndex((point) => !boundless(point));
  const [low, high] = [sorted[first - 1], sorted[first]];
  if (!low || !high || sorted.slice(first).some(boundless)) return undefined;
  return [low.x, high.x];
}

/** Where the experiment diverges, beside where the paper says so. */
export function divergenceOf({ sweep, points }: Swept, printed: number): string {
  const bracket = bracketOf(points);
  const name = symbolOf(sweep);
  if (!bracket) return `The runs show no single ${name} below which they diverge.`;
  const [low, high] = bracket;
  const middle = `${name} = ${digits((low + high) / 2, 3)} ± ${digits((high - low) / 2, 2)}`;
  return `The runs diverge up to ${name} = ${digits(low, 3)} and not from ${digits(high, 3)} on: the divergence is at ${middle}, in theory at ${digits(printed, 4)}.`;
}
