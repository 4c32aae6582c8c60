/**
 * The fields of instruments that no document holds (a quantity, a scale, a component) as part of the address. Whatever field of an
 * instrument has a name takes part; a button does by being pressed.
 */
import { isSetting, joinSettings, type Settings, splitSettings } from "../state/settings";
import type { Address } from "../state/store";

type Field = HTMLSelectElement | HTMLInputElement | HTMLButtonElement;

const FIELDS = ":is(select, input, button)[name]";

export class InstrumentSettings {
  /** What somebody, or a link, has chosen. */
  #chosen = new Map<string, string>();
  /** What a field shows by itself. */
  readonly #usual = new Map<string, string>();
  #applying = false;

  /** `instruments` by their names, built already; `changed` is called when somebody has chosen. */
  constructor(
    readonly instruments: ReadonlyMap<string, HTMLElement>,
    readonly changed: () => void,
  ) {
    for (const [name, element] of instruments) {
      const hear = (event: Event) => this.#hear(name, event.target as Element);
      element.addEventListener("change", hear);
      element.addEventListener("click", hear);
      for (const field of element.querySelectorAll<Field>(FIELDS)) {
        this.#usual.set(`${name}.${field.name}`, valueOf(field));
        // Options that come later, such as the directions of a scenario: what was chosen is chosen then.
        if (field instanceof HTMLSelectElement)
          new MutationObserver(() => this.#filled(`${name}.${field.name}`, field)).observe(field, {
            childList: true,
          });
      }
    }
  }

  /** What is chosen and not as usual. */
  get now(): Settings {
    return this.#chosen;
  }

  /** What is chosen of one instrument. */
  of(name: string): Settings {
    return new Map([...this.#chosen].filter(([key]) => key.startsWith(`${name}.`)));
  }

  /** Shows everything as a link says, the rest as usual; gives what cannot be shown, in words. */
  apply(settings: Settings): string[] {
    const problems: string[] = [];
    const before = this.#chosen;
    this.#chosen = new Map();
    for (const [key, value] of settings) {
      const field = this.#field(key);
      const words = field ? wrong(field, value) : "which no instrument here has";
      if (words === undefined) this.#chosen.set(key, value);
      else problems.push(`this link sets “${key}”, ${words}`);
    }
    for (const key of before.keys()) if (!this.#chosen.has(key)) this.#put(key, this.#usual.get(key) ?? "");
    for (const [key, value] of this.#chosen) this.#put(key, value);
    return problems;
  }

  #field(key: string): Field | undefined {
    if (!isSetting(key)) return undefined;
    const [instrument = "", name = ""] = key.split(".");
    const fields = this.instruments.get(instrument)?.querySelectorAll<Field>(FIELDS) ?? [];
    return [...fields].find((field) => field.name === name);
  }

  /** Sets a field as a person would. */
  #put(key: string, value: string): void {
    const field = this.#field(key);
    if (!field || valueOf(field) === value) return;
    this.#applying = true;
    if (field instanceof HTMLButtonElement) field.click();
    else if (!(field instanceof HTMLSelectElement) || offers(field, value)) {
      field.value = value;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    this.#applying = false;
  }

  #hear(name: string, target: Element): void {
    const field = target.closest<Field>(FIELDS);
    if (!field || this.#applying) return;
    const key = `${name}.${field.name}`;
    const value = valueOf(field);
    if (value === (this.#chosen.get(key) ?? this.#usual.get(key))) return;
    // What cannot be, such as half a number, is the instrument's to refuse.
    if (field instanceof HTMLInputElement && !field.validity.valid) return;
    if (value === this.#usual.get(key)) this.#chosen.delete(key);
    else this.#chosen.set(key, value);
    this.changed();
  }

  #filled(key: string, field: HTMLSelectElement): void {
    const chosen = this.#chosen.get(key);
    // What the instrument shows by itself, unless it has kept what was chosen.
    if (field.value !== chosen) this.#usual.set(key, field.value);
    if (chosen !== undefined) this.#put(key, chosen);
  }
}

function valueOf(field: Field): string {
  return field instanceof HTMLButtonElement
    ? field.getAttribute("aria-pressed") === "true"
      ? "on"
      : "off"
    : field.value;
}

const offers = (select: HTMLSelectElement, value: string) =>
  [...select.options].some((option) => option.value === value);

/** Why a field cannot have a value, in words; one whose options depend on the scenario may have it later. */
function wrong(field: Field, value: string): string | undefined {
  if (field instanceof HTMLButtonElement)
    return value === "on" || value === "off" ? undefined : "which is on or off";
  if (field instanceof HTMLInputElement) {
    const least = Number(field.min);
    return Number.isInteger(Number(value)) && Number(value) >= least && value.trim() !== ""
      ? undefined
      : `which must be a whole number from ${least} on`;
  }
  const words = [...field.options].map((option) => option.value);
  const counted = words.every((word) => /^\d*$/.test(word));
  if (counted ? /^\d{1,4}$/.test(value) : words.includes(value)) return undefined;
  return counted ? "which must be a number of the list" : `which must be one of ${words.join(", ")}`;
}

/** An address whose settings are left to the instruments: a store sees the document alone. */
export class SettingsAddress implements Address {
  constructor(
    readonly inner: Address,
    readonly settings: () => InstrumentSettings,
    readonly complain: (words: string) => void,
  ) {}

  hash(): string {
    return splitSettings(this.inner.hash()).hash;
  }

  set(hash: string, push: boolean): void {
    this.inner.set(joinSettings(hash, this.settings().now), push);
  }

  onChange(act: () => void): void {
    this.inner.onChange(() => this.load(act));
  }

  /** Shows what the address says: the settings, then by `act` the document; then it is said what cannot be shown. */
  load<T>(act: () => T): T {
    const problems = this.settings().apply(splitSettings(this.inner.hash()).settings);
    const done = act();
    if (problems.length > 0) this.complain(problems.join("; "));
    return done;
  }

  /** Says what is shown now; a look at something is no step that can be undone. */
  save(): void {
    this.set(this.hash(), false);
  }
}
