/** The Lab: any scenario of the core, its panels, and the instruments that share it. */
import "@fontsource/source-serif-4/latin-400.css";
import "@fontsource/source-serif-4/latin-400-italic.css";
import "@fontsource/source-serif-4/greek-400-italic.css";
import "@fontsource/source-sans-3/latin-400.css";
import "../plot/theme.css";
import "./playground.css";
import "./lab.css";
import "../elements/bayes";
import type { BayesElement } from "../elements/bayes";
import type { CloudElement, Speed } from "../elements/cloud";
import "../elements/cloud";
import type { PlaneView } from "../elements/cloud-axes";
import { type Control, makeControl } from "../elements/control";
import type { DataElement } from "../elements/data";
import "../elements/data";
import type { ComparisonElement } from "../elements/comparison";
import "../elements/comparison";
import type { CorrelationElement } from "../elements/correlation";
import "../elements/correlation";
import { symbol } from "../elements/dom";
import type { EscapeElement } from "../elements/escape";
import "../elements/escape";
import type { ModesElement } from "../elements/modes";
import "../elements/modes";
import type { OverTimeElement } from "../elements/over-time";
import "../elements/over-time";
import type { Choice, StabilityMapElement } from "../elements/stability-map";
import "../elements/stability-map";
import type { SweepElement } from "../elements/sweep";
import "../elements/sweep";
import { quantityOf } from "../elements/sweep-words";
import { type FullSweep, startEngine } from "../engine/engine";
import { hasAxis } from "../state/axes";
import { applies, dimensionOf, POTENTIALS, read } from "../state/document";
import { addressOf, type Changes, type Companions, Store } from "../state/store";
import { defaults, parameterNamed, parameters } from "../state/tables";
import { UndoableAddress } from "../state/undo";
import { makeTableEntry } from "./csv-entry";
import { keepDrawer } from "./drawer";
import { fitting, resized } from "./fitting";
import { LimitFollower } from "./follow";
import { embeddable } from "./instruments";
import { find, keepHash } from "./page";
import { addSeedButton, carry, complain, tellStability } from "./panel";
import { makeRandomEntry } from "./random-entry";
import { InstrumentSettings, SettingsAddress } from "./settings";
import { makeTools, type Tools } from "./tools";
import { makeWorkersEntry } from "./workers-entry";

const engine = startEngine();
const limits = new LimitFollower((scenario) => engine.predict(scenario));
const companions: Companions = {
  async accompany(asked: Changes, present: FullSweep) {
    const along = fitting(asked, present);
    return { ...(await limits.accompany({ ...along, ...asked }, present)), ...along };
  },
  follow: limits.follow,
};
let tools: Tools | undefined;
const address = new UndoableAddress(addressOf(window), () => tools?.refresh());
const shown = new SettingsAddress(
  address,
  () => settings,
  (words) => void store.refuse("", words),
);
const store = new Store((sweep) => engine.check(sweep), shown, companions);

const sweep = find<SweepElement>("nd-sweep");
const cloud = find<CloudElement>("nd-cloud");
const modes = find<ModesElement>("nd-modes");
const map = find<StabilityMapElement>("nd-stability-map");
const escape = find<EscapeElement>("nd-escape");
const bayes = find<BayesElement>("nd-bayes");
const data = find<DataElement>("nd-data");
const overTime = find<OverTimeElement>("nd-over-time");
const correlation = find<CorrelationElement>("nd-correlation");
const comparison = find<ComparisonElement>("nd-comparison");
const forms = ["#scenario", "#sweep-controls", "#cloud-controls"].map((name) => find<HTMLFormElement>(name));
const [, sweepForm, cloudForm] = forms as [HTMLFormElement, HTMLFormElement, HTMLFormElement];

/** How the cloud is shown; the rest of a view is the sweep's. */
const OF_THE_CLOUD = ["speed", "plane", "across", "upwards"];

const controls = new Map<string, Control>();
for (const parameter of parameters) {
  const control = makeControl(parameter, store, true);
  controls.set(parameter.name, control);
  const panel = document.querySelector(`.panel[data-group="${parameter.group}"]`);
  (panel ?? (OF_THE_CLOUD.includes(parameter.name) ? cloudForm : sweepForm)).append(control.element);
}
addSeedButton(engine, store, controls.get("seed"));
for (const parameter of parameters) {
  if (parameter.values.type !== "matrix") continue;
  const take = (matrix: number[][]) =>
    // Who draws a Hessian of another size has not typed the rest, and does not mind it.
    void store.propose({
      ...(parameter.name === "hessian" ? resized(store.sweep, matrix.length) : {}),
      [parameter.name]: matrix,
    });
  controls
    .get(parameter.name)
    ?.element.append(makeRandomEntry(parameter, () => dimensionOf(store.sweep.scenario), take));
}
for (const form of forms) form.addEventListener("submit", (event) => event.preventDefault());

for (const element of [sweep, cloud, modes, map, overTime, correlation, comparison, escape, bayes, data])
  element.start(engine);
const settings = new InstrumentSettings(
  new Map(embeddable.map(({ name, tag }) => [name, find<HTMLElement>(tag)])),
  () => shown.save(),
);

const complainAboutFile = (words: string) => void store.refuse("", words);
const table = makeTableEntry({
  engine,
  propose: (changes) => store.propose(changes),
  complain: complainAboutFile,
  say: (words) => find("#table-hint").replaceChildren(words),
});
find('.panel[data-group="loss"]').append(table);
const workers = makeWorkersEntry(engine);
if (workers) find('.panel[data-group="run"]').append(workers);

tools = makeTools(find("#tools"), {
  engine,
  address,
  cloud,
  sweep: () => store.sweep,
  settings,
  propose: (changes) => store.propose(changes),
  complain: complainAboutFile,
});
for (const element of [map, escape, bayes, data])
  element.addEventListener("nd-choose", (event) => void store.propose((event as Choice).detail));

store.listen({
  changed: show,
  problems(problems) {
    complain(controls, problems);
    // A panel with something wrong in it is not left folded, nor the drawer, which has the words for what has no control.
    for (const name of problems.keys()) {
      const element = controls.get(name)?.element;
      const told = !element || element.hidden ? find("#link-problem") : element;
      for (
        let place = told.closest("details");
        place;
        place = place.parentElement?.closest("details") ?? null
      )
        place.open = true;
    }
  },
});

function show(next: FullSweep): void {
  for (const [name, control] of controls) {
    const row = parameterNamed(name);
    control.show(read(next, row));
    control.element.hidden ||= !applies(next, row);
  }
  offerAxes(next);
  table.hidden = next.scenario.loss.kind !== "least_squares";
  showPlane(next);
  find("#sweep-title").replaceChildren(...titleOf(next));
  cloud.speed = next.view.speed as Speed;
  cloud.view = next.view as PlaneView;
  sweep.sweep = next;
  cloud.scenario = next.scenario;
  modes.scenario = next.scenario;
  map.scenario = next.scenario;
  escape.scenario = next.scenario;
  bayes.scenario = next.scenario;
  data.scenario = next.scenario;
  overTime.scenario = next.scenario;
  correlation.scenario = next.scenario;
  comparison.scenario = next.scenario;
  carry(next);
  void tellStability(engine, store, next);
}

/** "The variance of w₁ against the learning rate λ". */
function titleOf(next: FullSweep): (Node | string)[] {
  const { label, symbol: sign } = parameterNamed(next.parameter);
  const quantity = quantityOf(next);
  return [
    `${quantity.charAt(0).toUpperCase()}${quantity.slice(1)} against the ${label.toLowerCase()} `,
    symbol(sign),
  ];
}

/** What spans the cloud's plane is chosen where there is a choice. */
function showPlane(next: FullSweep): void {
  const size = dimensionOf(next.scenario);
  // Of one coordinate there is nothing to choose, but along the dimension there are more.
  const coordinate = controls.get("coordinate");
  if (coordinate && size === 1 && next.parameter !== "dimension") coordinate.element.hidden = true;
  for (const [name, least] of [
    ["plane", 2],
    ["across", 3],
    ["upwards", 3],
  ] as const) {
    const control = controls.get(name);
    if (control) control.element.hidden = size < least;
  }
}

/** The sweep goes along what the scenario has, and looks at an escape, or at two coordinates, where there may be one. */
function offerAxes(next: FullSweep): void {
  for (const option of find("[data-parameter=parameter]").querySelectorAll("option")) {
    const there = hasAxis(next, option.value);
    [option.disabled, option.hidden] = [!there, !there];
  }
  const offered: Readonly<Record<string, boolean>> = {
    escape_rate: POTENTIALS.includes(next.scenario.loss.kind),
    covariance: dimensionOf(next.scenario) > 1,
  };
  for (const option of find("[data-parameter=quantity]").querySelectorAll("option")) {
    const there = offered[option.value] ?? true;
    [option.disabled, option.hidden] = [!there, !there];
  }
}

keepDrawer();
keepHash();

void shown
  .load(() => store.load())
  .then(() => {
    // A page without a hash: its document is the default, which is no change.
    if (store.sweep === defaults) show(defaults);
  });
