/** What the page of Table 1 says of its numbers: which entries it shows, how far each is from the exact one, and in which words. */

import type { Measurement, Table1Entry, Table1Row } from "../engine/engine";
import { brief, count, counted, digits, plusMinus, z } from "./numbers";
import { subscript } from "./sweep-words";

/** A number of the table: an entry of Σ, or the training error. */
export interface Quantity {
  /** Its symbol, and digits that are its indices. */
  readonly name: string;
  readonly words: string;
  readonly of: (entry: Table1Entry | null | undefined) => number | null;
  readonly measured: (measurement: Measurement) => readonly [value: number, error: number];
}

/** Σ of two coordinates, numbered from 0, and the training error. */
export function quantitiesOf(
  dimension: number,
  [first, second]: readonly [number, number] = [0, 1],
): readonly Quantity[] {
  // From the tenth on a comma keeps the digits of two numbers apart.
  const between = Math.max(first, second) > 8 ? "," : "";
  const entry = (i: number, j: number): Quantity => ({
    name: dimension === 1 ? "Σ" : `Σ${i + 1}${between}${j + 1}`,
    words:
      i === j
        ? `variance of w${subscript(i + 1)}`
        : `covariance of w${subscript(i + 1)} and w${subscript(j + 1)}`,
    of: (row) => row?.covariance?.[i]?.[j] ?? null,
    measured: ({ covariance, covariance_error }) => [
      covariance[i]?.[j] ?? Number.NaN,
      covariance_error[i]?.[j] ?? Number.NaN,
    ],
  });
  const error: Quantity = {
    name: "L",
    words: "training error",
    of: (row) => row?.training_error ?? null,
    measured: ({ training_error, training_error_error }) => [training_error, training_error_error],
  };
  return dimension === 1
    ? [entry(0, 0), error]
    : [entry(first, first), entry(second, second), entry(first, second), error];
}

/** A number with a word on it; `tone` is what that word amounts to. */
export interface Cell {
  readonly value: string;
  readonly mark: string;
  readonly tone: "right" | "wrong" | "plain";
}

/** Relative differences that are no more than rounding, or than a covariance that is zero but for rounding. */
const ROUNDING = 1e-9;

/** The exact entry. */
export function exactCell(exact: number | null, scale: number): Cell {
  return exact === null
    ? { value: "–", mark: "none", tone: "plain" }
    : { value: figures(exact, scale), mark: "", tone: "plain" };
}

/**
 * An entry of the paper or of earlier work beside the exact one; `scale` is the size of Σ, below whose rounding nothing counts;
 * `missing` says why there is no entry.
 */
export function comparedCell(
  value: number | null,
  exact: number | null,
  scale: number,
  missing = "none",
): Cell {
  if (value === null) return { value: "–", mark: missing, tone: "plain" };
  const shown = figures(value, scale);
  if (exact === null) return { value: shown, mark: "", tone: "plain" };
  if (Math.abs(value - exact) <= ROUNDING * Math.max(Math.abs(exact), scale))
    return { value: shown, mark: "exact", tone: "right" };
  return { value: shown, mark: relative(value, exact, scale), tone: "wrong" };
}

/** The relative error in words. */
export function relative(value: number, exact: number, scale: number): string {
  if (Math.abs(exact) <= ROUNDING * scale) return "not zero";
  const ratio = value / exact;
  if (ratio < 0) return "wrong sign";
  if (ratio >= 10) return `× ${digits(ratio, 2)}`;
  if (Math.abs(ratio - 1) < 5e-5) return "under 0.01\u00a0%";
  const percent = 100 * (ratio - 1);
  return `${percent > 0 ? "+" : ""}${digits(percent, 2)}\u00a0%`;
}

/** What was measured, and how many standard errors from the exact entry. */
export function measuredCell([value, error]: readonly [number, number], exact: number | null): Cell {
  if (!Number.isFinite(value)) return { value: "–", mark: "", tone: "plain" };
  if (exact === null || !(error > 0)) return { value: plusMinus(value, error), mark: "", tone: "plain" };
  const off = (value - exact) / error;
  const tone = Math.abs(off) > FAR ? "wrong" : "plain";
  return { value: plusMinus(value, error), mark: `z = ${z(off)}`, tone };
}

/** Standard errors beyond which chance is no explanation: for one number in 16 000. */
const FAR = 4;

/** The size of an entry's numbers. */
export function scaleOf(rows: readonly (Table1Entry | null | undefined)[]): number {
  return Math.max(
    0,
    ...rows.flatMap((entry) => entry?.covariance?.map((line, i) => Math.abs(line[i] ?? 0)) ?? []),
  );
}

/** What is wrong with a measurement as one of the stationary state; empty where nothing is. */
export function doubtOf(measurement: Measurement, atEnd: number | undefined, exact: number | null): string {
  const { diverged, replicas, step, training_error_error: error } = measurement;
  if (diverged > 0) return `${count(diverged)} of ${count(replicas)} replicas have diverged.`;
  if (exact === null) return `Nothing is stationary: this is what ${counted(step, "step")} lead to.`;
  if (atEnd === undefined || !(Math.abs(atEnd - exact) > NOTICED * error)) return "";
  return `Not settled after ${counted(step, "step")}: there the theory has a training error of ${brief(atEnd)}.`;
}

/** Standard errors from which on what is left of the start would be seen. */
const NOTICED = 0.5;

/** The numbers of an optimizer, in the field's symbols. */
export function settingsOf({ optimizer }: Table1Row): string {
  const shown = new Map<string, string>([
    ["learning_rate", "λ"],
    ["momentum", "μ"],
    ["mixing", "ν"],
  ]);
  return Object.entries(optimizer)
    .filter(([name, value]) => shown.has(name) && typeof value === "number")
    .map(([name, value]) => `${shown.get(name)} = ${digits(value as number, 6)}`)
    .join(", ");
}

/** Five figures; what is only rounding beside Σ is zero. */
function figures(value: number, scale: number): string {
  if (Math.abs(value) <= ROUNDING * 1e-3 * scale) return "0";
  const text = digits(value, 5);
  return text.includes("×") ? digits(value, 4) : text;
}
