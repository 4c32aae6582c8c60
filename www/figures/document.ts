/** Documents of the figures with nothing left to its default, as pages, links and the command line take them. */
import type { Sweep } from "../engine/pkg/noisy_descent_wasm";
import type { FullSweep } from "../engine/protocol";
import { read, write } from "../state/document";
import { defaults, parameters } from "../state/tables";
import type { Panel, Size } from "./figure.ts";

/** A panel's document at one of its sizes. */
export function documentOf(panel: Panel, size: "reduced" | "paper"): FullSweep {
  const { replicas, steps, points }: Size = panel[size];
  const { scenario } = panel.document;
  const sized = { ...scenario, run: { ...scenario?.run, replicas, steps } };
  return complete({
    ...panel.document,
    scenario: sized,
    ...(points === undefined ? {} : { points }),
  } as Sweep);
}

/** A document with what it leaves out at its default. */
export function complete(document: Sweep): FullSweep {
  const given = parameters.flatMap((parameter) => {
    const value = read(document as FullSweep, parameter);
    return value === undefined ? [] : [[parameter.name, value] as const];
  });
  return write(defaults, new Map(given));
}
