/** A result that is kept to be seen beside the next one: its button, and words that say what differs. */
import type { FullScenario, FullSweep } from "../engine/engine";
import { read, same } from "../state/document";
import { format } from "../state/entry";
import { parameters } from "../state/tables";
import { make, prose } from "./dom";

/** Longest value that is said; of a matrix it is enough to know that it is another. */
const LONGEST = 24;

/** How most pictures draw it. */
const MARKS = "in grey squares and a thin line";

/**
 * What was pinned, by what differs from the present document; `axis` is the parameter whose values an axis has instead, `drawn`
 * how it is seen.
 */
export function describeDifference(
  then: FullSweep | { readonly scenario: FullScenario },
  now: FullSweep | { readonly scenario: FullScenario },
  { axis, drawn = MARKS }: { axis?: string; drawn?: string } = {},
): string {
  const differing = parameters
    // Not how it is shown, nor the value that the axis replaces.
    .filter(({ group, name }) => group !== "view" && name !== "formula" && name !== axis)
    .flatMap((parameter) => {
      const [before, after] = [read(then as FullSweep, parameter), read(now as FullSweep, parameter)];
      if (same(before, after) || before === undefined) return [];
      const value = format(before);
      const name = `${parameter.label.toLowerCase()}${parameter.symbol === "" ? "" : ` ${parameter.symbol}`}`;
      return [value.length > LONGEST ? `another ${name}` : `${name} = ${value}`];
    });
  return `Pinned, ${drawn}: ${differing.length === 0 ? "the same scenario" : differing.join(", ")}.`;
}

export interface PinOptions<T> {
  /** What can be kept now; undefined where there is nothing yet. */
  readonly take: () => T | undefined;
  /** What is kept, in words. */
  readonly describe: (kept: T) => string;
  /** Called when something is pinned or let go. */
  readonly changed: () => void;
  /** A polite live region. */
  readonly live: HTMLElement;
}

export class Pin<T> {
  #kept: T | undefined;
  readonly #options: PinOptions<T>;
  readonly button = make(
    "button",
    { type: "button", class: "pin", disabled: true, onclick: () => this.#toggle() },
    "Pin",
  );
  readonly words = make("p", { class: "pinned", hidden: true });

  constructor(options: PinOptions<T>) {
    this.#options = options;
  }

  get kept(): T | undefined {
    return this.#kept;
  }

  /** Says anew what is kept: the present result is another. */
  write(): void {
    const { take, describe } = this.#options;
    this.button.disabled = !this.#kept && take() === undefined;
    this.words.hidden = !this.#kept;
    this.words.replaceChildren(...prose(this.#kept ? describe(this.#kept) : ""));
  }

  #toggle(): void {
    this.#kept = this.#kept ? undefined : this.#options.take();
    this.button.textContent = this.#kept ? "Unpin" : "Pin";
    this.write();
    this.#options.changed();
    this.#options.live.textContent = this.#kept ? this.words.textContent : "Nothing is pinned.";
  }
}
