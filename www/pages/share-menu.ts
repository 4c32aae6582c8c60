/** The ways out of the Lab: a file, a line for the terminal, a script, a frame for another page, and what to cite. */
import { download, make } from "../elements/dom";
import type { Engine, FullSweep } from "../engine/engine";
import { toHash } from "../state/permalink";
import { joinSettings } from "../state/settings";
import { bibtex } from "./cite";
import { embeddable, toEmbed } from "./instruments";
import { makeMenu } from "./menu";
import type { InstrumentSettings } from "./settings";
import { toCommand, toFile } from "./share";

export interface Sharing {
  readonly engine: Engine;
  readonly sweep: () => FullSweep;
  /** How the instruments are shown. */
  readonly settings: InstrumentSettings;
  /** Puts a text on the clipboard and says so. */
  readonly copy: (text: string, what: string) => Promise<void>;
  /** Says something for a moment. */
  readonly say: (words: string) => void;
}

export function makeShareMenu({ engine, sweep, settings, copy, say }: Sharing): HTMLElement {
  const item = (text: string, words: string, act: () => void, ...more: Node[]) =>
    make("li", {}, make("button", { type: "button", onclick: act }, text), ...more, make("span", {}, words));
  const which = make("select", { "aria-label": "Instrument to embed" });
  for (const { name, title } of embeddable) which.append(make("option", { value: name, title }, name));
  const embed = () => {
    const chosen = embeddable.find(({ name }) => name === which.value);
    if (!chosen) return;
    const hash = joinSettings(toHash(sweep()), settings.of(chosen.name));
    void copy(toEmbed(chosen, beside("embed.html"), hash), "Frame");
  };
  const dialog = makeCitation(copy);
  document.body.append(dialog);
  const list = make(
    "ul",
    { "aria-label": "Share" },
    item("Copy as CLI", "A command that runs the scenario in a terminal.", () => {
      void copy(toCommand(sweep().scenario), "Command");
    }),
    item("Copy as Python", "A script for NumPy that measures the same beside the theories’ numbers.", () => {
      void script(engine, sweep()).then((found) =>
        "script" in found ? copy(found.script, "Script") : say(found.problem),
      );
    }),
    item("Copy as embed", "A line of HTML that shows one instrument in another page.", embed, which),
    item("Save scenario", "A file that Open… and the terminal read.", () =>
      download("scenario.json", "application/json", toFile(sweep().scenario)),
    ),
    item("Cite", "BibTeX of the paper and of this project.", () => dialog.showModal()),
  );
  return makeMenu("Share", "share", list, "button");
}

/** The address of a page beside this one. */
const beside = (name: string) => new URL(name, window.location.href).href;

/** The scenario as a script, or why there is none. Only who asks for it loads what writes it. */
async function script(engine: Engine, { scenario }: FullSweep) {
  try {
    const [{ toPython }, prediction, data] = await Promise.all([
      import("./python"),
      engine.predict(scenario),
      scenario.loss.kind === "least_squares" ? engine.dataSet(scenario) : undefined,
    ]);
    for (const outcome of [prediction, data])
      if (outcome && !outcome.ok)
        return { problem: outcome.problems.map(({ message }) => message).join("; ") };
    if (!prediction.ok) return { problem: "there is no prediction" };
    return toPython(scenario, prediction.value, (data?.ok && data.value) || undefined);
  } catch (error) {
    return { problem: `There is no script: ${(error as Error).message}` };
  }
}

function makeCitation(copy: Sharing["copy"]): HTMLDialogElement {
  const text = bibtex(beside("./"), new Date().getFullYear());
  const dialog = make("dialog", { class: "cite", "aria-labelledby": "cite-title" });
  dialog.append(
    make("h2", { id: "cite-title" }, "Cite"),
    make("pre", { tabindex: "0" }, text),
    make("button", { type: "button", onclick: () => void copy(text, "BibTeX") }, "Copy"),
    " ",
    make("button", { type: "button", onclick: () => dialog.close() }, "Close"),
  );
  return dialog;
}
