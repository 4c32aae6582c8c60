/** One panel of the gallery: its instruments with their document, and the verdict beside the paper's claim. */
import type { CloudElement } from "../elements/cloud";
import { prose, scripts } from "../elements/dom";
import type { EscapeElement } from "../elements/escape";
import type { Instrument, Measured } from "../elements/instrument";
import type { OverTimeElement } from "../elements/over-time";
import type { SweepElement } from "../elements/sweep";
import type { Engine, FullSweep } from "../engine/engine";
import type { Panel } from "../figures";
import { documentOf } from "../figures/document";
import { toHash } from "../state/permalink";
import {
  divergenceOf,
  duelOf,
  duelOfFindings,
  findingsOfEscape,
  findingsOfSweep,
  findingsOfTable,
  type Outcome,
  outcomeOf,
  unjudgedOf,
} from "./figure-words";
import { RUN_REDUCED, runWords, sizeWords } from "./figures-html";

type State = "reduced" | "running" | "paper";

/** What the button says in each state. */
const says = (state: State, { paper }: Panel): string =>
  ({ reduced: runWords(paper), running: "Cancel, back to the reduced size", paper: RUN_REDUCED })[state];

export class FigurePanel {
  readonly #instruments: readonly Instrument[];
  readonly #outcome: HTMLElement;
  readonly #button: HTMLButtonElement;
  readonly #status: HTMLElement;
  readonly #link: HTMLAnchorElement;
  #state: State = "reduced";
  #started = 0;
  #ticking = 0;
  readonly #done = new Set<Instrument>();

  constructor(
    readonly article: HTMLElement,
    readonly panel: Panel,
    engine: Engine,
  ) {
    const find = <T extends Element>(selector: string): T => {
      const element = article.querySelector<T>(selector);
      if (element === null) throw new Error(`figure ${panel.id} has no ${selector}`);
      return element;
    };
    this.#outcome = find(".outcome");
    this.#button = find("button.size");
    this.#status = find(".size + .status");
    this.#link = find("a.lab");
    this.#instruments = [...article.querySelectorAll<Instrument>(".stage > *")];
    for (const instrument of this.#instruments) {
      instrument.start(engine);
      instrument.addEventListener("nd-measured", (event) =>
        this.#measured(instrument, (event as CustomEvent<Measured>).detail),
      );
    }
    this.#button.disabled = false;
    // A figure that is as small in the paper has nothing more to run.
    this.#button.hidden = JSON.stringify(panel.reduced) === JSON.stringify(panel.paper);
    this.#button.addEventListener("click", () => this.#press());
    this.#show("reduced");
  }

  #press(): void {
    this.#show(this.#state === "reduced" ? "running" : "reduced");
  }

  #show(state: State): void {
    const document = documentOf(this.panel, state === "reduced" ? "reduced" : "paper");
    this.#enter(state);
    this.#done.clear();
    this.#say("", "");
    this.#link.hash = toHash(document);
    this.#started = performance.now();
    for (const instrument of this.#instruments) give(instrument, document, state === "running");
  }

  #enter(state: State): void {
    this.#state = state;
    this.article.dataset.size = state;
    this.#button.firstChild?.replaceWith(says(state, this.panel));
    clearInterval(this.#ticking);
    const size = sizeWords(this.panel.paper);
    this.#status.textContent = state === "paper" ? `${size}, in ${this.#seconds()}` : size;
    if (state !== "running") return;
    this.#ticking = window.setInterval(() => {
      this.#status.textContent = `${size}, running for ${this.#seconds()}`;
    }, 250);
  }

  #seconds(): string {
    return `${((performance.now() - this.#started) / 1000).toFixed(1)} s`;
  }

  #measured(instrument: Instrument, measured: Measured): void {
    this.#done.add(instrument);
    if (this.#done.size === this.#instruments.length && this.#state === "running") this.#enter("paper");
    // The first instrument shows what the paper shows.
    if (instrument !== this.#instruments[0]) return;
    const { words, state } = tell(this.panel, measured);
    this.#say(words, state);
  }

  #say(words: string, state: string): void {
    this.#outcome.replaceChildren(...prose(words || "Measuring …", scripts));
    this.article.dataset.state = state;
  }
}

/** Hands a document to an instrument, and has it run where it would wait to be asked. */
function give(instrument: Instrument, document: FullSweep, now: boolean): void {
  switch (instrument.localName) {
    case "nd-sweep": {
      const sweep = instrument as SweepElement;
      const quantity = (sweep.dataset.quantity ?? document.quantity) as FullSweep["quantity"];
      sweep.sweep = { ...document, quantity };
      if (now && !sweep.hasAttribute("running")) void sweep.run();
      break;
    }
    case "nd-escape":
    case "nd-over-time":
      (instrument as EscapeElement | OverTimeElement).scenario = document.scenario;
      break;
    case "nd-cloud": {
      const cloud = instrument as CloudElement;
      cloud.speed = now ? "max" : "60";
      cloud.scenario = document.scenario;
      // Those who want no motion get the settled picture from the cloud itself.
      if (!matchMedia("(prefers-reduced-motion: reduce)").matches) cloud.play();
      break;
    }
  }
}

/** The verdict of a run. */
function tell(panel: Panel, { table, swept }: Measured): Outcome {
  if (!swept) {
    const findings = panel.shown.instrument === "escape" ? findingsOfEscape(table) : findingsOfTable(table);
    const outcome = outcomeOf(panel.claim, findings);
    return { ...outcome, words: `${outcome.words} ${duelOfFindings(findings)}`.trim() };
  }
  const outcome = outcomeOf(panel.claim, findingsOfSweep(swept));
  const more = [
    panel.claim.divergesBelow === undefined ? "" : divergenceOf(swept, panel.claim.divergesBelow),
    duelOf(swept),
    unjudgedOf(swept),
  ];
  return { ...outcome, words: [outcome.words, ...more].filter(Boolean).join(" ") };
}
