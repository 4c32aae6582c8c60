/** The playground: one scenario, its controls, and the two instruments that share it. */
import "./faces";
import "../plot/theme.css";
import "./playground.css";
import type { CloudElement, Speed } from "../elements/cloud";
import "../elements/cloud";
import { symbol } from "../elements/dom";
import type { SweepElement } from "../elements/sweep";
import "../elements/sweep";
import { type FullSweep, startEngine } from "../engine/engine";
import { parameterNamed } from "../state/tables";
import { offered } from "./offered";
import { find } from "./page";
import { startPanel } from "./panel";

const engine = startEngine();
const sweep = find<SweepElement>("nd-sweep");
const cloud = find<CloudElement>("nd-cloud");
const [scenarioForm, sweepForm, cloudForm] = [
  find<HTMLFormElement>("#scenario"),
  find<HTMLFormElement>("#sweep-controls"),
  find<HTMLFormElement>("#cloud-controls"),
];
sweep.start(engine);
cloud.start(engine);

startPanel(engine, {
  offered,
  place: ({ name, group }) => {
    if (name === "speed") return cloudForm;
    return group === "sweep" || group === "view" ? sweepForm : scenarioForm;
  },
  show(next: FullSweep) {
    find("#sweep-title").replaceChildren("How far, against the ", ...titleOf(next.parameter));
    cloud.speed = next.view.speed as Speed;
    sweep.sweep = next;
    cloud.scenario = next.scenario;
  },
});

function titleOf(name: string): (Node | string)[] {
  const { label, symbol: sign } = parameterNamed(name);
  return [`${label.toLowerCase()} `, symbol(sign)];
}
