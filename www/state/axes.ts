/** What a sweep varies: a number of its scenario, or one that several parts of it follow. */
import type { FullScenario, FullSweep } from "../engine/protocol";
import { read } from "./document";
import { axes, parameterNamed } from "./tables";

/** Whether it is no number of the document: the core makes a scenario of it. */
export const isDerived = (name: string) => axes.some((row) => row.name === name);

/** Whether a sweep can go along it. A Hessian is scaled where it is typed, a problem repeated where it is typed or drawn. */
export function hasAxis(sweep: FullSweep, name: string): boolean {
  if (!isDerived(name)) return read(sweep, parameterNamed(name)) !== undefined;
  const { loss }: FullScenario = sweep.scenario;
  return (
    loss.kind === "quadratic" ||
    (name === "dimension" && loss.kind === "least_squares" && loss.data.kind === "synthetic")
  );
}
