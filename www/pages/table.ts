/** Table 1 of the paper for a reader's own scenario: what each source says, what is exact, and what is measured. */
import "./faces";
import "../plot/theme.css";
import "./playground.css";
import "./table.css";
import { type FullScenario, startEngine } from "../engine/engine";
import { dimensionOf } from "../state/document";
import { offered } from "./offered";
import { find } from "./page";
import { startPanel } from "./panel";
import { TableRow } from "./table-row";

const engine = startEngine();
const form = find<HTMLFormElement>("#scenario");
const table = find<HTMLTableElement>("#table1");
const runAll = find<HTMLButtonElement>("#run-all");
const status = find<HTMLElement>("#status");
const problem = find<HTMLElement>("#table-problem");

let rows: readonly TableRow[] = [];

const store = startPanel(engine, {
  // What only a sweep or a cloud has stays in the link, without a control here.
  offered: offered.filter(({ group }) => group !== "sweep" && group !== "view"),
  place: () => form,
  show: (next) => void fill(next.scenario),
});

async function fill(scenario: FullScenario): Promise<void> {
  for (const row of rows) row.stop();
  problem.hidden = true;
  table.setAttribute("aria-busy", "true");
  try {
    const outcome = await engine.table1(scenario);
    if (store.sweep.scenario !== scenario) return;
    if (!outcome.ok) throw new Error(outcome.problems.map(({ message }) => message).join("; "));
    const dimension = dimensionOf(scenario);
    rows = outcome.value.map((row) => new TableRow(row, scenario, dimension, engine, tell));
    for (const body of [...table.tBodies]) body.remove();
    table.append(...rows.map(({ body }) => body));
  } catch (error) {
    problem.hidden = false;
    problem.textContent = `Table 1 could not be computed: ${(error as Error).message}`;
  }
  table.setAttribute("aria-busy", "false");
  tell();
}

function tell(): void {
  const running = rows.filter((row) => row.state === "running").length;
  const measured = rows.filter((row) => row.state === "measured").length;
  runAll.textContent = running > 0 ? "Stop" : "Run all";
  runAll.disabled = rows.length === 0;
  status.textContent =
    running > 0
      ? `${measured} of ${rows.length} optimizers measured, ${running} running`
      : measured > 0
        ? `${measured} of ${rows.length} optimizers measured`
        : "";
}

runAll.addEventListener("click", () => {
  const running = rows.filter((row) => row.state === "running");
  if (running.length > 0) for (const row of running) row.stop();
  else for (const row of rows) void row.run();
});
