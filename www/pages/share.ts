/** A scenario on its way out of the page: a line for the terminal, and a file. */
import type { FullScenario } from "../engine/engine";

/** A scenario as a file holds it. */
export function toFile(scenario: FullScenario): string {
  return `${JSON.stringify(scenario, null, 2)}\n`;
}

/** A command that runs the scenario in a terminal. No value of a scenario holds a line of its own that says JSON. */
export function toCommand(scenario: FullScenario): string {
  return `noisy-descent run - <<'JSON'\n${JSON.stringify(scenario)}\nJSON\n`;
}
