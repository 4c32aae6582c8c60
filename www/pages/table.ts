/** Table 1 of the paper for a reader's own scenario: what each source says, what is exact, and what is measured. */
import "./faces";
import "../plot/theme.css";
import "./playground.css";
import "./table.css";
import { quantitiesOf } from "../elements/table-words";
import { type FullSweep, startEngine } from "../engine/engine";
import { dimensionOf } from "../state/document";
import { find } from "./page";
import { startPanel } from "./panel";
import { accompany, beyondTable, coordinatesOf, offered, shownValue } from "./table-offered";
import { restingRows, TableRow } from "./table-row";

const engine = startEngine();
const form = find<HTMLFormElement>("#scenario");
const table = find<HTMLTableElement>("#table1");
const runAll = find<HTMLButtonElement>("#run-all");
const status = find<HTMLElement>("#status");
const problem = find<HTMLElement>("#table-problem");

let rows: readonly TableRow[] = [];

const store = startPanel(engine, {
  offered,
  place: () => form,
  show: (next) => void fill(next),
  beyond: beyondTable,
  accompany,
  value: shownValue,
});

async function fill(sweep: FullSweep): Promise<void> {
  const { scenario } = sweep;
  for (const row of rows) row.stop();
  problem.hidden = true;
  table.setAttribute("aria-busy", "true");
  try {
    const outcome = await engine.table1(scenario);
    if (store.sweep !== sweep) return;
    if (!outcome.ok) throw new Error(outcome.problems.map(({ message }) => message).join("; "));
    const quantities = quantitiesOf(dimensionOf(scenario), coordinatesOf(sweep));
    rows = [...restingRows(scenario), ...outcome.value].map(
      (row) => new TableRow(row, scenario, quantities, engine, tell),
    );
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
  const all = rows.filter(({ applies }) => applies).length;
  const running = rows.filter((row) => row.state === "running").length;
  const measured = rows.filter((row) => row.state === "measured").length;
  runAll.textContent = running > 0 ? "Stop" : "Run all";
  runAll.disabled = all === 0;
  status.textContent =
    running > 0
      ? `${measured} of ${all} optimizers measured, ${running} running`
      : measured > 0
        ? `${measured} of ${all} optimizers measured`
        : "";
}

runAll.addEventListener("click", () => {
  const running = rows.filter((row) => row.state === "running");
  if (running.length > 0) for (const row of running) row.stop();
  else for (const row of rows) void row.run();
});
