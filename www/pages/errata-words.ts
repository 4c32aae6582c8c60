/** What the errata page says of numbers. Whether they agree is the core's judgement; here are the words. */
import { count, digits, plusMinus, z } from "../elements/numbers";
import type { JudgedEvidence } from "../engine/protocol";

/** One cell of the table of evidence: a number, a word on it, and what that word amounts to. */
export interface Cell {
  readonly value: string;
  readonly mark: string;
  readonly tone: "right" | "wrong" | "plain";
}

/** Relative differences that are no more than rounding. */
const ROUNDING = 1e-8;

/** The cells of a piece of evidence: printed, corrected, independent. */
export function cellsOf(evidence: JudgedEvidence): readonly [Cell, Cell, Cell] {
  const { corrected, independent, method } = evidence;
  // The core says null where there is none.
  const [printed, error] = [evidence.printed ?? null, evidence.standard_error ?? null];
  return [
    printed === null
      ? { value: "–", mark: "no value", tone: "plain" }
      : evidence.print_refuted
        ? { value: figures(printed), mark: briefly(printed, independent, evidence.tolerance), tone: "wrong" }
        : { value: figures(printed), mark: "agrees", tone: "plain" },
    evidence.confirmed
      ? { value: figures(corrected), mark: agreement(evidence), tone: "right" }
      : {
          value: figures(corrected),
          mark: briefly(corrected, independent, evidence.tolerance),
          tone: "wrong",
        },
    {
      value: error === null ? figures(independent) : plusMinus(independent, error),
      mark: METHODS[method],
      tone: "plain",
    },
  ];
}

const METHODS: Readonly<Record<JudgedEvidence["method"], string>> = {
  lyapunov_sum: "Lyapunov sum",
  stepping: "stepping",
  exact_chain: "exact chain",
  quadrature: "quadrature",
  simulation: "simulation",
  enumeration: "enumeration",
  search: "search",
};

/** Six figures, five beside a power of ten. */
function figures(value: number): string {
  const text = digits(value, 6);
  return text.includes("×") ? digits(value, 5) : text;
}

/** How far a value is from the right one, which is zero where it is no larger than its tolerance. */
export function offBy(value: number, right: number, tolerance = 0): string {
  if (Math.abs(right) <= tolerance) return "not zero, as it should be";
  const ratio = value / right;
  if (ratio < 0) return "of the wrong sign";
  if (ratio >= 10) return `${factor(ratio)} times too large`;
  if (ratio <= 0.1) return ratio === 0 ? "zero, which it is not" : `${factor(1 / ratio)} times too small`;
  const percent = 100 * (ratio - 1);
  return `off by ${percent > 0 ? "+" : ""}${digits(percent, 2)}\u00a0%`;
}

/** The same for a narrow cell, which has one line for it. */
function briefly(value: number, right: number, tolerance: number): string {
  if (Math.abs(right) <= tolerance) return "not zero";
  const ratio = value / right;
  if (ratio < 0) return "wrong sign";
  if (ratio >= 10) return `× ${factor(ratio)}`;
  if (ratio <= 0.1) return ratio === 0 ? "zero" : `× 1/${factor(1 / ratio)}`;
  return offBy(value, right, tolerance);
}

/** Two figures of a factor that is large. */
const factor = (ratio: number) => {
  const rounded = Number(ratio.toPrecision(2));
  return rounded < 1e6 ? count(rounded) : digits(rounded, 2);
};

/** How well the corrected value agrees: in standard errors, to rounding, or within what it leaves out. */
function agreement({ corrected, independent, standard_error: error, tolerance }: JudgedEvidence): string {
  if (error) return `agrees, z = ${z((independent - corrected) / error)}`;
  const size = Math.max(Math.abs(corrected), Math.abs(independent));
  return tolerance > ROUNDING * size && Math.abs(corrected - independent) > ROUNDING * size
    ? `within ${digits(tolerance, 1)}`
    : "agrees";
}

/** All pieces together, in a sentence or two. */
export function verdictOf(evidence: readonly JudgedEvidence[]): { words: string; confirmed: boolean } {
  const wrong = evidence.filter(({ confirmed }) => !confirmed).length;
  if (wrong > 0) {
    const of = `${wrong} of ${evidence.length}`;
    const words = `Not confirmed: the corrected value differs from the independent one in ${of}. The fault is this page's, not the paper's.`;
    return { words, confirmed: false };
  }
  const confirmed = "The independent value confirms the correction";
  const refuted = evidence.find(({ print_refuted }) => print_refuted);
  if (refuted) {
    const how = offBy(refuted.printed ?? Number.NaN, refuted.independent, refuted.tolerance);
    return { words: `${confirmed}; the printed one is ${how}.`, confirmed: true };
  }
  const printed = evidence.some((piece) => (piece.printed ?? null) !== null);
  const rest = printed
    ? "at these values the printed one agrees with it too"
    : "the print gives no value here";
  return { words: `${confirmed}; ${rest}.`, confirmed: true };
}
