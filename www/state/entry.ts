/** What a person types, as a value: numbers and matrices, with words for what cannot be read. */
import type { Value } from "./document";
import type { Parameter } from "./tables";

/** A value, or what is wrong with the text. */
export type Entry = { readonly value: Value } | { readonly problem: string };

/** No text can be split in two ways here, or a long one would take a time with the square of its length. */
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** Largest number of rows that is tried at all; the core names its own limit. */
const MOST_ROWS = 1000;

/** Reads the text of a control, or of a link, for a parameter. Ranges are for the core to check. */
export function parse(parameter: Parameter, text: string): Entry {
  const { values } = parameter;
  switch (values.type) {
    case "choice": {
      const known = values.options.map(([word]) => word);
      if (known.includes(text)) return { value: text };
      return { problem: `${parameter.name} must be one of ${known.join(", ")}, got “${clip(text)}”` };
    }
    case "formula":
      // Its grammar is the core's.
      return { value: text };
    case "matrix":
    case "rows":
      return parseMatrix(parameter, text);
    case "vector":
      return parseVector(parameter, text);
    case "words":
      return parseWords(parameter, values.options, text);
    default: {
      const value = numberOf(text);
      if (value !== undefined) return { value };
      return {
        problem: `${parameter.name} must be a number in ${rangeOf(parameter)}, got ${text.trim() === "" ? "nothing" : `“${clip(text)}”`}`,
      };
    }
  }
}

/** Numbers by comma, space, tab, semicolon or newline; brackets are welcome. */
function parseVector(parameter: Parameter, text: string): Entry {
  const parts = text.split(/[\s,;[\]]+/).filter((part) => part !== "");
  const numbers = parts.map(numberOf);
  const wrong = numbers.indexOf(undefined);
  if (parts.length > 0 && wrong < 0) return { value: numbers as number[] };
  const what = wrong < 0 ? "got nothing" : `“${clip(parts[wrong] ?? "")}” in place ${wrong + 1} is no number`;
  return { problem: `${parameter.name} must be a list of numbers, such as 1, 0.1: ${what}` };
}

/** Words by comma or space. */
function parseWords(parameter: Parameter, known: readonly string[], text: string): Entry {
  const words = text.split(/[\s,;]+/).filter((word) => word !== "");
  const odd = words.find((word) => !known.includes(word));
  if (words.length > 0 && odd === undefined) return { value: words };
  const what = odd === undefined ? "nothing" : `“${clip(odd)}”`;
  return { problem: `${parameter.name} must be some of ${known.join(", ")}, got ${what}` };
}

/** Rows by newline or semicolon, entries by space, comma or tab; brackets are welcome. */
function parseMatrix(parameter: Parameter, text: string): Entry {
  const wrong = (what: string): Entry => ({
    problem: `${parameter.name} must be a matrix, rows by semicolon and entries by comma, such as 1, 0; 0, 0.1: ${what}`,
  });
  const bare = text.replace(/\]\s*(?:,\s*)?\[/g, ";").replace(/[[\]]/g, " ");
  const lines = bare.split(/[;\n]/).map((line) => line.trim());
  const rows = lines.filter((line) => line !== "");
  if (rows.length === 0) return wrong("got nothing");
  if (parameter.values.type === "matrix" && rows.length > MOST_ROWS) return wrong(`got ${rows.length} rows`);
  const matrix: number[][] = [];
  for (const [i, row] of rows.entries()) {
    const numbers: number[] = [];
    for (const word of row.split(/[\s,]+/).filter((part) => part !== "")) {
      const value = numberOf(word);
      if (value === undefined) return wrong(`“${clip(word)}” in row ${i + 1} is no number`);
      numbers.push(value);
    }
    matrix.push(numbers);
  }
  const width = matrix[0]?.length ?? 0;
  const odd = matrix.findIndex((row) => row.length !== width);
  if (odd >= 0) {
    return wrong(`row 1 has ${count(width)}, row ${odd + 1} has ${count(matrix[odd]?.length ?? 0)}`);
  }
  if (parameter.values.type === "matrix" && width !== matrix.length)
    return wrong(`got ${matrix.length} × ${width}, and it must be square`);
  return { value: matrix };
}

const count = (entries: number) => `${entries} ${entries === 1 ? "entry" : "entries"}`;

/** A finite number in plain or scientific notation; undefined for anything else. Zero has no sign: no link keeps it. */
function numberOf(text: string): number | undefined {
  const trimmed = text.trim().replace(/^[−–]/, "-");
  if (!NUMBER.test(trimmed)) return undefined;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value + 0 : undefined;
}

/** The allowed range, as errors of the core write it. */
export function rangeOf(parameter: Parameter): string {
  const { values } = parameter;
  if (values.type !== "number" && values.type !== "integer") return "";
  const { low, high, low_open, high_open } = values.interval;
  return `${low_open ? "(" : "["}${low}, ${high}${high_open ? ")" : "]"}`;
}

/** A value as a control and a link write it; `parse` reads it back to the same bits. */
export function format(value: Value): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  const rows = value.every((row) => typeof row === "object");
  return rows ? value.map((row) => row.join(", ")).join("; ") : value.join(", ");
}

/** The start of a text that may be of any length. */
function clip(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
