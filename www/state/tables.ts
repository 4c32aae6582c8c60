/** The parameter table and the default document, written by the core at build time. */

import type { Parameter } from "../engine/pkg/noisy_descent_wasm";
import tables from "../engine/pkg/tables.json";
import type { FullSweep } from "../engine/protocol";

export type { Parameter };

/** Every parameter, in the order in which a page shows them. */
export const parameters = tables.parameters as unknown as readonly Parameter[];

/** What a sweep varies besides: numbers with no place in a document. */
export const axes = tables.axes as unknown as readonly Parameter[];

/** The sweep of a page without a hash. */
export const defaults = tables.defaults as unknown as FullSweep;

/** The row of this name, that of an axis too; asking for one that is not there is a mistake of the page. */
export function parameterNamed(name: string): Parameter {
  const row = [...parameters, ...axes].find((parameter) => parameter.name === name);
  if (row === undefined) throw new Error(`there is no parameter named ${name}`);
  return row;
}
