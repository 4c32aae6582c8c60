/**
 * The scenario of a page: its controls, whether it is stable, its link and what is wrong with it. The page has the places
 * `#stability` and `#link-problem` in a `#drawer`; links with `data-carries` lead to pages that show the same scenario.
 */
import { type Control, makeControl } from "../elements/control";
import { make, prose, sentence } from "../elements/dom";
import type { Engine, FullSweep, Problem } from "../engine/engine";
import { read, type Value } from "../state/document";
import { toHash } from "../state/permalink";
import { addressOf, type Changes, Store } from "../state/store";
import { defaults, type Parameter, parameterNamed } from "../state/tables";
import { keepDrawer } from "./drawer";
import { LimitFollower } from "./follow";
import { beyond } from "./offered";
import { find, keepHash } from "./page";

export interface Panel {
  /** The parameters with a control, in their order. */
  readonly offered: readonly Parameter[];
  /** Where a parameter's control goes. */
  readonly place: (parameter: Parameter) => HTMLFormElement;
  /** Shows a document; called for the first one too. */
  readonly show: (sweep: FullSweep) => void;
  /** What the page cannot show of a document; the experiment's list where absent. */
  readonly beyond?: (sweep: FullSweep) => Problem[];
  /** What has to change along with what is asked for. */
  readonly accompany?: (asked: Changes, sweep: FullSweep) => Changes;
  /** What a control shows of a document; undefined hides it. The parameter's value where absent. */
  readonly value?: (sweep: FullSweep, parameter: Parameter) => Value | undefined;
}

/** Starts a page's scenario from its address. */
export function startPanel(engine: Engine, page: Panel): Store {
  const { offered, place, show, value = read } = page;
  const limits = new LimitFollower((scenario) => engine.predict(scenario));
  const store = new Store(
    async (sweep) => {
      const outcome = await engine.check(sweep);
      const problems = outcome.ok ? (page.beyond ?? beyond)(outcome.value) : [];
      return problems.length > 0 ? { ok: false, problems } : outcome;
    },
    addressOf(window),
    {
      async accompany(asked, present) {
        const along = page.accompany?.(asked, present) ?? {};
        return { ...(await limits.accompany({ ...along, ...asked }, present)), ...along };
      },
      follow: limits.follow,
    },
  );
  const controls = new Map<string, Control>();
  for (const parameter of offered) {
    const control = makeControl(parameter, store, true);
    controls.set(parameter.name, control);
    const form = place(parameter);
    form.append(control.element);
    form.onsubmit = (event) => event.preventDefault();
  }
  addSeedButton(engine, store, controls.get("seed"));
  keepHash();
  keepDrawer();

  store.listen({
    changed: showAll,
    problems(problems) {
      complain(controls, problems);
      // What is wrong is not left in a drawer that is shut.
      if (problems.size > 0) find<HTMLDetailsElement>("#drawer").open = true;
    },
  });

  function showAll(next: FullSweep): void {
    for (const [name, control] of controls) control.show(value(next, parameterNamed(name)));
    show(next);
    void tellStability(engine, store, next);
    carry(next);
  }

  void store.load().then(() => {
    // A page without a hash: its document is the default, which is no change.
    if (store.sweep === defaults) showAll(defaults);
  });
  return store;
}

/** Says in `#stability` whether a scenario is stable, unless another one is shown by then. */
export async function tellStability(engine: Engine, store: Store, next: FullSweep): Promise<void> {
  const place = find<HTMLElement>("#stability");
  try {
    const outcome = await engine.predict(next.scenario);
    if (store.sweep !== next) return;
    if (!outcome.ok) throw new Error(outcome.problems.map(({ message }) => message).join("; "));
    const { stable, summary } = outcome.value.stability;
    place.dataset.stable = String(stable);
    place.replaceChildren(...prose(sentence(summary)));
  } catch (error) {
    place.dataset.stable = "false";
    place.textContent = `Nothing is known about stability: ${(error as Error).message}.`;
  }
}

/** Says every problem at its control; what belongs to no control, or to one that is not on the page, in `#link-problem`. */
export function complain(
  controls: ReadonlyMap<string, Control>,
  problems: ReadonlyMap<string, string>,
): void {
  for (const [name, control] of controls) control.complain(problems.get(name));
  const others = [...problems]
    .filter(([name]) => controls.get(name)?.element.hidden ?? true)
    .map(([, words]) => words);
  const place = find<HTMLElement>("#link-problem");
  place.hidden = others.length === 0;
  place.textContent = others.join("; ");
}

/** Pages that show the same scenario are reached with it. */
export function carry(sweep: FullSweep): void {
  const hash = toHash(sweep);
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-carries]")) link.hash = hash;
}

/** A new seed is drawn, shown, and kept in the link. */
export function addSeedButton(engine: Engine, store: Store, control: Control | undefined): void {
  const draw = async () => {
    try {
      await store.propose({ seed: await engine.freshSeed() });
    } catch (error) {
      await store.refuse("seed", `no seed could be drawn: ${(error as Error).message}`);
    }
  };
  control?.element
    .querySelector(".line")
    ?.append(make("button", { type: "button", onclick: () => void draw() }, "New seed"));
}
