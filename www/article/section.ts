/**
 * One section of the article, alive: a scenario of its own, a few controls, the instrument, and the numbers in the text that
 * follow. It begins when the reader comes near; until then, and for who has no JavaScript, the text stands as it was built.
 */
import { type Control, makeControl } from "../elements/control";
import { type Engine, type FullScenario, type FullSweep, startEngine } from "../engine/engine";
import { fitting } from "../pages/fitting";
import { LimitFollower } from "../pages/follow";
import { read, same } from "../state/document";
import { toHash } from "../state/permalink";
import { type Changes, type Companions, Store } from "../state/store";
import { parameterNamed } from "../state/tables";
import { factsOf } from "./facts";
import type { Sizes } from "./presets";
import { resting } from "./resting";

/** How each instrument is loaded, when it is first needed. */
const LOADERS: Readonly<Record<string, () => Promise<unknown>>> = {
  steps: () => import("../elements/steps"),
  cloud: () => import("../elements/cloud"),
  sweep: () => import("../elements/sweep"),
  bayes: () => import("../elements/bayes"),
  escape: () => import("../elements/escape"),
};

/** What a section asks of an instrument, whichever it is. */
interface Shown extends HTMLElement {
  /** Of the posterior's. */
  readonly sizes?: Sizes;
  start(engine: Engine): void;
  scenario?: FullScenario;
  sweep?: FullSweep;
  speed?: string;
}

let shared: Engine | undefined;
/** All sections share the workers. */
const engineOf = () => {
  shared ??= startEngine();
  return shared;
};

export class LiveSection {
  readonly #engine = engineOf();
  readonly #controls = new Map<string, Control>();
  readonly #store: Store;
  readonly #shown: Shown;

  constructor(readonly element: HTMLElement) {
    const { state = "", controls = "", instrument = "" } = element.dataset;
    this.#shown = find<Shown>(element, `nd-${instrument}`);
    this.#store = new Store(
      (sweep) => this.#engine.check(sweep),
      // A section's state is its own: the address of the page stays the reader's place in the text.
      { hash: () => state, set: () => undefined, onChange: () => undefined },
      companionsOf(this.#engine),
    );
    const form = find<HTMLFormElement>(element, "form");
    form.addEventListener("submit", (event) => event.preventDefault());
    for (const name of controls.split(" ")) {
      const control = makeControl(parameterNamed(name), this.#store);
      this.#controls.set(name, control);
      form.append(control.element);
    }
    this.#store.listen({
      changed: (next) => this.#show(next),
      problems: (problems) => this.#complain(problems),
    });
    // The posterior's instrument has entries of its own.
    if (this.#ofPosterior) this.#shown.addEventListener("change", () => void this.#follow(this.#store.sweep));
    element.addEventListener("nd-choose", (event) => {
      void this.#store.propose((event as CustomEvent<Changes>).detail);
    });
  }

  get #ofPosterior(): boolean {
    return this.#shown.localName === "nd-bayes";
  }

  async start(): Promise<void> {
    await Promise.all([LOADERS[this.element.dataset.instrument ?? ""]?.(), this.#store.load()]);
    this.#shown.start(resting(this.#engine, this.#shown));
    // There are several of a kind on the page: each place has the name of its section too.
    for (const place of this.#shown.querySelectorAll('[role="region"]'))
      place.setAttribute("aria-label", `${place.ariaLabel}, ${find(this.element, "h2").textContent}`);
    this.#show(this.#store.sweep);
  }

  #show(next: FullSweep): void {
    for (const [name, control] of this.#controls) control.show(read(next, parameterNamed(name)));
    find<HTMLAnchorElement>(this.element, "a.lab").hash = toHash(next);
    void this.#follow(next);
    // Before its module is there it is an element like any other.
    if (!("start" in this.#shown)) return;
    if ("speed" in this.#shown) this.#shown.speed = next.view.speed;
    if ("sweep" in this.#shown) this.#shown.sweep = next;
    else this.#shown.scenario = next.scenario;
  }

  /** Writes the numbers of the text. */
  async #follow(next: FullSweep): Promise<void> {
    const { sizes } = this.#shown;
    // Until its module is there, the numbers stand as they were built.
    if (this.#ofPosterior && !sizes) return;
    const [outcome, bayes] = await Promise.all([
      this.#engine.predict(next.scenario),
      sizes && this.#engine.bayes(next.scenario, sizes, 2),
    ]);
    if (!outcome.ok || this.#store.sweep !== next || !same(sizes as never, this.#shown.sizes as never))
      return;
    const facts = factsOf(next, outcome.value, bayes?.ok ? bayes.value : undefined);
    for (const place of this.element.querySelectorAll<HTMLElement>("[data-value]")) {
      const text = facts[place.dataset.value ?? ""] ?? "–";
      if (place.textContent !== text) place.textContent = text;
    }
  }

  #complain(problems: ReadonlyMap<string, string>): void {
    for (const [name, control] of this.#controls) control.complain(problems.get(name));
    const others = [...problems].filter(([name]) => !this.#controls.has(name)).map(([, words]) => words);
    const place = find<HTMLElement>(this.element, ".bench > .problem");
    place.hidden = others.length === 0;
    place.textContent = others.join("; ");
  }
}

function companionsOf(engine: Engine): Companions {
  const limits = new LimitFollower((scenario) => engine.predict(scenario));
  return {
    async accompany(asked, present) {
      const along = fitting(asked, present);
      return { ...(await limits.accompany({ ...along, ...asked }, present)), ...along };
    },
    follow: limits.follow,
  };
}

function find<T extends Element>(within: Element, selector: string): T {
  const found = within.querySelector<T>(selector);
  if (found === null) throw new Error(`the section ${within.id} has no ${selector}`);
  return found;
}
