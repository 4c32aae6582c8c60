/** Documents as text: a scenario or a sweep in a file, a table of data. */

import { readDocument } from "../file";
import type * as core from "../pkg/noisy_descent_wasm";
import type { Calls } from "../protocol";
import { coreOfSweep } from "./modules";

/** Numbers of a table: with their digits they fill the longest address that browsers keep. */
const MOST_NUMBERS = 100_000;

/** A table that an address can hold; a larger one is refused here, before a page has to take it. */
export function fewEnough(outcome: Calls["csv"]["gives"]): Calls["csv"]["gives"] {
  if (!outcome.ok) return outcome;
  const { inputs, targets } = outcome.value;
  const numbers = targets.length * (1 + (inputs[0]?.length ?? 0));
  if (numbers <= MOST_NUMBERS) return outcome;
  const [value, allowed] = [String(numbers), `at most ${MOST_NUMBERS}`];
  const message = `it has ${numbers} numbers, and the page’s link holds ${allowed}; the command line takes more`;
  return { ok: false, problems: [{ kind: "too_large", parameter: "inputs", value, allowed, message }] };
}

/** The sweep that a file's text holds. */
export async function read(text: string, around: core.Sweep) {
  const found = readDocument(text);
  if ("problem" in found) {
    const { problem: message } = found;
    return {
      ok: false,
      problems: [{ kind: "malformed", parameter: "scenario", value: "", allowed: "", message }],
    };
  }
  const own = "scenario" in found.document;
  const sweep = (own ? found.document : { ...around, scenario: found.document }) as core.Sweep;
  const outcome = (await coreOfSweep(sweep)).check(sweep);
  return outcome.ok ? { ok: true, value: { sweep: outcome.value, own } } : outcome;
}
