/** "Workers" among the controls of a run: how many processors share it. No part of the scenario, since no number depends on it. */
import { make } from "../elements/dom";
import type { Engine } from "../engine/engine";
import { keepWorkers, mostWorkers, thisMachine } from "../engine/workers";

/** Nothing on a machine with a single processor. */
export function makeWorkersEntry(engine: Engine): HTMLElement | undefined {
  const machine = thisMachine();
  const most = mostWorkers(machine);
  if (most === 1) return undefined;
  const counts = Array.from({ length: most }, (_, n) => String(n + 1));
  const select = make(
    "select",
    { id: "workers" },
    ...counts.map((count) => make("option", { value: count }, count)),
  );
  select.value = String(engine.workers);
  select.addEventListener("change", () => {
    engine.workers = Number(select.value);
    keepWorkers(machine, engine.workers);
  });
  return make(
    "div",
    { class: "control choice" },
    make("div", { class: "line" }, make("label", { for: select.id }, "Workers"), select),
    make(
      "p",
      { class: "hint" },
      `Of this machine’s ${most} processors, those that share a sweep or a run. The numbers do not depend on it, and your browser keeps the choice.`,
    ),
  );
}
