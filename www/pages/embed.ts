/** One instrument with its scenario, both in the address: what "Copy as embed" of the Lab sets into another page. */
import "@fontsource/source-serif-4/latin-400.css";
import "@fontsource/source-serif-4/latin-400-italic.css";
import "@fontsource/source-serif-4/greek-400-italic.css";
import "@fontsource/source-sans-3/latin-400.css";
import "../plot/theme.css";
import "./playground.css";
import "./embed.css";
import type { Instrument } from "../elements/instrument";
import { type FullScenario, type FullSweep, startEngine } from "../engine/engine";
import { type Address, addressOf, Store } from "../state/store";
import { defaults } from "../state/tables";
import { embeddable, splitHash } from "./instruments";
import { find } from "./page";
import { InstrumentSettings, SettingsAddress } from "./settings";

/** The address without the name of the instrument; this page never writes it. */
const whole = addressOf(window);
const address: Address = { ...whole, hash: () => splitHash(whole.hash()).hash, set: () => undefined };
const shown = new SettingsAddress(
  address,
  () => settings,
  (words) => void store.refuse("", words),
);

type Shown = Instrument & { sweep?: FullSweep; scenario?: FullScenario; view?: FullSweep["view"] };

/** The instrument that the address names; a name that is none is said, and the sweep is shown. */
async function makeInstrument(): Promise<{ element: Shown; name: string; problem: string | undefined }> {
  const { instrument } = splitHash(whole.hash());
  const found = embeddable.find(({ name }) => name === instrument);
  const chosen = found ?? embeddable[0];
  if (!chosen) throw new Error("there is no instrument");
  await chosen.load();
  find("#title").textContent = chosen.title;
  document.title = `${chosen.title}: Noisy Descent`;
  const known = embeddable.map(({ name }) => name).join(", ");
  const problem = found ? undefined : `there is no instrument “${instrument.slice(0, 40)}”; known: ${known}`;
  return { element: document.createElement(chosen.tag) as Shown, name: chosen.name, problem };
}

const { element, name, problem } = await makeInstrument();
const engine = startEngine();
find("#place").append(element);
element.start(engine);
// What is chosen here stays here: this page never writes its address.
const settings = new InstrumentSettings(new Map([[name, element]]), () => undefined);
const store = new Store((sweep) => engine.check(sweep), shown);
store.listen({
  changed: show,
  problems(problems) {
    const all = [...(problem === undefined ? [] : [problem]), ...problems.values()];
    const place = find<HTMLElement>("#link-problem");
    place.hidden = all.length === 0;
    place.textContent = all.join("; ");
  },
});

function show(next: FullSweep): void {
  find<HTMLAnchorElement>("#lab").hash = address.hash();
  if ("view" in element) element.view = next.view;
  if ("sweep" in element) element.sweep = next;
  else element.scenario = next.scenario;
}

await shown.load(() => store.load());
// An address without a scenario: its document is the default, which is no change.
if (store.sweep === defaults) show(defaults);
