/** Parameters in a sweep document, by their place in the table. Documents are never changed: a new one is made. */
import type { FullScenario, FullSweep } from "../engine/protocol";
import { defaults, type Parameter, parameters } from "./tables";

/** A number, a word, a list of either, or numbers by rows. */
export type Value = number | string | readonly number[] | readonly string[] | readonly (readonly number[])[];

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

/** The default of a parameter, also of one that the default document does not have; undefined for one that is left out. */
export function defaultOf(parameter: Parameter): Value | undefined {
  return (JSON.parse(parameter.default) as Value | null) ?? undefined;
}

/** Losses that replicas may leave. */
export const POTENTIALS: readonly string[] = ["piecewise_quadratic", "polynomial"];

/** Number of coordinates of the weights. */
export function dimensionOf({ loss }: FullScenario): number {
  if (loss.kind === "quadratic") return loss.hessian.length;
  if (loss.kind !== "least_squares") return 1;
  const { data } = loss;
  if (data.kind === "synthetic") return data.input_variances.length;
  return data.kind === "diabetes" ? data.columns.length : (data.inputs[0]?.length ?? 0);
}

type Tree = Record<string, unknown>;

/** Sets a place, with the objects on the way there. */
function set(tree: Tree, [key, ...rest]: readonly string[], value: unknown): void {
  if (key === undefined) return;
  if (rest.length === 0) tree[key] = value;
  else {
    tree[key] ??= {};
    set(tree[key] as Tree, rest, value);
  }
}

/** Takes a place away, and the objects on the way there that are empty then. */
function remove(tree: Tree, [key, ...rest]: readonly string[]): void {
  if (key === undefined || tree[key] === undefined) return;
  if (rest.length > 0) remove(tree[key] as Tree, rest);
  if (rest.length === 0 || Object.keys(tree[key] as Tree).length === 0) delete tree[key];
}

/**
 * A document with some parameters set. Where a choice changes, what belongs to the old choice goes and what belongs to
 * the new one gets its default.
 */
export function write(sweep: FullSweep, changes: ReadonlyMap<string, Value>): FullSweep {
  const next = structuredClone(sweep);
  const tree = next as unknown as Tree;
  for (const parameter of parameters) {
    const keys = keysOf(parameter);
    if (!applies(next, parameter)) {
      // Not part of this scenario; but the choice "show: training error" keeps its coordinate, and a link sets it.
      if (!outside(parameter)) {
        remove(tree, keys);
        continue;
      }
    }
    const value = changes.get(parameter.name) ?? read(next, parameter) ?? defaultOf(parameter);
    if (value !== undefined) set(tree, keys, value);
  }
  return next;
}

function choiceIn(sweep: FullSweep, name: string): Value | undefined {
  const parameter = parameters.find((row) => row.name === name);
  return parameter && read(sweep, parameter);
}

/** Whether a parameter means anything here: the choice is made that it belongs to. A sweep keeps its coordinates meanwhile. */
export function applies(sweep: FullSweep, { only_if }: Parameter): boolean {
  return !only_if || only_if[1].includes(String(choiceIn(sweep, only_if[0])));
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
