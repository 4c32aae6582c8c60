/** A scenario on its way out of the page and back: a line for the terminal, a file, and what is read from one. */
import type { FullScenario, FullSweep } from "../engine/engine";
import { defaults } from "../state/tables";

/** A scenario as a file holds it. */
export function toFile(scenario: FullScenario): string {
  return `${JSON.stringify(scenario, null, 2)}\n`;
}

/** A command that runs the scenario in a terminal. No value of a scenario holds a line of its own that says JSON. */
export function toCommand(scenario: FullScenario): string {
  return `noisy-descent run - <<'JSON'\n${JSON.stringify(scenario)}\nJSON\n`;
}

/** Longest file that is read, in bytes: a million numbers of a data set with all their digits. */
const LONGEST = 30_000_000;

/** Reads a file: a scenario, or a sweep around one. What it says is for the core to check. */
export function fromFile(text: string, name: string): { sweep: FullSweep } | { problem: string } {
  if (text.length > LONGEST)
    return { problem: `${name} has ${text.length} characters, at most ${LONGEST} are read` };
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return { problem: `${name} is no JSON: ${(error as Error).message}` };
  }
  if (typeof document !== "object" || document === null || Array.isArray(document))
    return { problem: `${name} holds no scenario: it must be a JSON object` };
  if ("scenario" in document) return { sweep: document as FullSweep };
  return { sweep: { ...structuredClone(defaults), scenario: document as FullScenario } };
}
