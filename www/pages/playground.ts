/** The playground: one scenario, its controls, and the two instruments that share it. */
import "@fontsource/source-serif-4/latin-400.css";
import "@fontsource/source-serif-4/latin-400-italic.css";
import "@fontsource/source-serif-4/greek-400-italic.css";
import "@fontsource/source-sans-3/latin-400.css";
import "../plot/theme.css";
import "./playground.css";
import type { CloudElement, Speed } from "../elements/cloud";
import "../elements/cloud";
import { type Control, makeControl } from "../elements/control";
import { make, sentence, symbol } from "../elements/dom";
import type { SweepElement } from "../elements/sweep";
import "../elements/sweep";
import { type FullSweep, startEngine } from "../engine/engine";
import { read } from "../state/document";
import { addressOf, Store } from "../state/store";
import { defaults, parameterNamed } from "../state/tables";
import { LimitFollower } from "./follow";
import { beyond, offered } from "./offered";

const find = <T extends Element>(selector: string): T => {
  const element = document.querySelector<T>(selector);
  if (element === null) throw new Error(`the page has no ${selector}`);
  return element;
};

const engine = startEngine();
const store = new Store(
  async (sweep) => {
    const outcome = await engine.check(sweep);
    const problems = outcome.ok ? beyond(outcome.value) : [];
    return problems.length > 0 ? { ok: false, problems } : outcome;
  },
  addressOf(window),
  new LimitFollower((scenario) => engine.predict(scenario)),
);
const sweep = find<SweepElement>("nd-sweep");
const cloud = find<CloudElement>("nd-cloud");
const [scenarioForm, sweepForm, cloudForm] = [
  find<HTMLFormElement>("#scenario"),
  find<HTMLFormElement>("#sweep-controls"),
  find<HTMLFormElement>("#cloud-controls"),
];
const stability = find<HTMLElement>("#stability");
const linkProblem = find<HTMLElement>("#link-problem");

const controls = new Map<string, Control>();
for (const parameter of offered) {
  const control = makeControl(parameter, store);
  controls.set(parameter.name, control);
  if (parameter.name === "speed") cloudForm.append(control.element);
  else
    (parameter.group === "sweep" || parameter.group === "view" ? sweepForm : scenarioForm).append(
      control.element,
    );
}
addSeedButton();
for (const form of [scenarioForm, sweepForm, cloudForm])
  form.addEventListener("submit", (event) => event.preventDefault());

sweep.start(engine);
cloud.start(engine);

store.listen({
  changed: (next) => void show(next),
  problems(problems) {
    for (const [name, control] of controls) control.complain(problems.get(name));
    // What belongs to no control, or to one that is not on the page, is said above them.
    const others = [...problems]
      .filter(([name]) => controls.get(name)?.element.hidden ?? true)
      .map(([, words]) => words);
    linkProblem.hidden = others.length === 0;
    linkProblem.textContent = others.join("; ");
  },
});

async function show(next: FullSweep): Promise<void> {
  for (const [name, control] of controls) control.show(read(next, parameterNamed(name)));
  find("#sweep-title").replaceChildren("How far, against the ", ...titleOf(next.parameter));
  cloud.speed = next.view.speed as Speed;
  sweep.sweep = next;
  cloud.scenario = next.scenario;
  try {
    const outcome = await engine.predict(next.scenario);
    if (store.sweep !== next) return;
    if (!outcome.ok) throw new Error(outcome.problems.map(({ message }) => message).join("; "));
    const { stable, summary } = outcome.value.stability;
    stability.dataset.stable = String(stable);
    stability.textContent = sentence(summary);
  } catch (error) {
    stability.dataset.stable = "false";
    stability.textContent = `Nothing is known about stability: ${(error as Error).message}.`;
  }
}

function titleOf(name: string): (Node | string)[] {
  const { label, symbol: sign } = parameterNamed(name);
  return [`${label.toLowerCase()} `, symbol(sign)];
}

/** A new seed is drawn, shown, and kept in the link. */
function addSeedButton(): void {
  const draw = async () => {
    try {
      await store.propose({ seed: await engine.freshSeed() });
    } catch (error) {
      await store.refuse("seed", `no seed could be drawn: ${(error as Error).message}`);
    }
  };
  controls
    .get("seed")
    ?.element.querySelector(".line")
    ?.append(make("button", { type: "button", onclick: () => void draw() }, "New seed"));
}

void store.load().then(() => {
  // A page without a hash: its document is the default, which is no change.
  if (store.sweep === defaults) void show(defaults);
});
