/** An instrument's data as tables and as the text of files. No DOM. */
import type { FullScenario, FullSweep } from "../engine/engine";

export type TableCell = number | string | null | undefined;

/** A header and rows, for a table and a file. */
export interface Table {
  readonly caption: string;
  readonly header: readonly string[];
  /** Significant figures of the first columns; five where nothing is said. */
  readonly figures?: readonly number[];
  readonly rows: readonly (readonly TableCell[])[];
}

/** A table beside the first one; it is made when somebody asks for it, since it may be long. */
export interface Further {
  readonly name: string;
  readonly table: () => Table;
}

/** What the numbers are of. */
export interface Documented {
  readonly scenario: FullScenario;
  /** Of a sweep, with its axis and points. */
  readonly sweep?: FullSweep;
}

/** A cell of a file: as it is, in quotes where it holds a comma, a quote or the end of a line (RFC 4180). */
function field(cell: TableCell): string {
  const text = String(cell ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Comma-separated values: one table alone as it is; several one after the other, each below a line `# caption`. */
export function csvOf(tables: readonly Table[]): string {
  const one = ({ header, rows }: Table) =>
    [header, ...rows].map((cells) => `${cells.map(field).join(",")}\r\n`).join("");
  if (tables.length === 1) return tables.map(one).join("");
  return tables.map((table) => `# ${table.caption}\r\n${one(table)}`).join("\r\n");
}

/** Text of JSON: the first table, the others by their names, and the document behind them; what is no number is null. */
export function jsonOf(first: Table, others: readonly Further[], documented: Documented | undefined): string {
  const plain = ({ caption, header, rows }: Table) => ({
    caption,
    header,
    rows: rows.map((row) => header.map((_, column) => row[column] ?? null)),
  });
  const tables = Object.fromEntries(others.map(({ name, table }) => [name, plain(table())]));
  return `${JSON.stringify({
    ...plain(first),
    ...(others.length > 0 ? { tables } : {}),
    ...documented,
  })}\n`;
}
