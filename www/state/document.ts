/** Parameters in a sweep document, by their place in the table. Documents are never changed: a new one is made. */
import type { FullSweep } from "../engine/protocol";
import { defaults, type Parameter, parameters } from "./tables";

/** A number, a word, or a matrix by rows. */
export type Value = number | string | readonly (readonly number[])[];

/** Whether a parameter belongs to the sweep around the scenario. */
const outside = ({ group }: Parameter) => group === "sweep" || group === "view";

/** Place of a parameter in a sweep: a scenario's lie under `scenario`. */
function keysOf(parameter: Parameter): string[] {
  const keys = parameter.path.split("/").slice(1);
  return outside(parameter) ? keys : ["scenario", ...keys];
}

/** The value of a parameter; undefined where the document has none, as σ² where C is a matrix. */
export function read(sweep: FullSweep, parameter: Parameter): Value | undefined {
  let place: unknown = sweep;
  for (const key of keysOf(parameter)) place = (place as Record<string, unknown> | undefined)?.[key];
  return place as Value | undefined;
}

/** The default of a parameter, also of one that the default document does not have. */
export function defaultOf(parameter: Parameter): Value {
  return JSON.parse(parameter.default) as Value;
}

/**
 * A document with some parameters set. Where a choice changes, what belongs to the old choice goes and what belongs to
 * the new one gets its default.
 */
export function write(sweep: FullSweep, changes: ReadonlyMap<string, Value>): FullSweep {
  const next = structuredClone(sweep) as unknown as Record<string, unknown>;
  const place = (parameter: Parameter): [Record<string, unknown>, string] => {
    const keys = keysOf(parameter);
    const last = keys.pop() as string;
    let inner = next;
    for (const key of keys) inner = inner[key] as Record<string, unknown>;
    return [inner, last];
  };
  for (const parameter of parameters) {
    const [inner, key] = place(parameter);
    const condition = parameter.only_if;
    if (condition && !condition[1].includes(String(choiceIn(next as unknown as FullSweep, condition[0])))) {
      // Not part of this scenario; but the choice "show: training error" keeps its coordinate, and a link sets it.
      if (!outside(parameter)) {
        delete inner[key];
        continue;
      }
    }
    const value = changes.get(parameter.name);
    if (value !== undefined) inner[key] = value;
    else if (inner[key] === undefined) inner[key] = defaultOf(parameter);
  }
  return next as unknown as FullSweep;
}

function choiceIn(sweep: FullSweep, name: string): Value | undefined {
  const parameter = parameters.find((row) => row.name === name);
  return parameter && read(sweep, parameter);
}

/** Whether two values are the same. */
export function same(a: Value | undefined, b: Value | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The parameters that differ from the default document's, in the order of the table. */
export function changed(sweep: FullSweep): Map<string, Value> {
  const found = new Map<string, Value>();
  for (const parameter of parameters) {
    const value = read(sweep, parameter);
    const usual = read(defaults, parameter) ?? defaultOf(parameter);
    if (value !== undefined && !same(value, usual)) found.set(parameter.name, value);
  }
  return found;
}
