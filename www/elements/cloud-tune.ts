/** Which changes of a scenario a running ensemble can follow. */
import type { FullScenario } from "../engine/engine";
import { same } from "../state/document";

/** Parts of a scenario whose numbers may change on the way: what else an optimizer remembers goes on with them. */
const TUNED = ["loss", "optimizer", "noise"] as const;

/** Whether a running ensemble can go on with the second scenario: other numbers of the same kinds, as many of them, everything else as it was. */
export function canRetune(before: FullScenario, after: FullScenario): boolean {
  const { replicas, seed, start } = before.run;
  return (
    replicas === after.run.replicas &&
    seed === after.run.seed &&
    same(start as never, after.run.start as never) &&
    TUNED.every((part) => alike(before[part], after[part]))
  );
}

/** Whether two documents differ in numbers alone, and have as many of them. */
function alike(before: unknown, after: unknown): boolean {
  if (typeof before === "number" && typeof after === "number") return true;
  if (typeof before !== "object" || typeof after !== "object" || !before || !after) return before === after;
  const [names, others] = [Object.keys(before), Object.keys(after)];
  return (
    names.length === others.length &&
    names.every((name) => name in after && alike(before[name as never], after[name as never]))
  );
}
