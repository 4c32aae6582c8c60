/** The live part of one erratum: its values, its table of evidence, and the verdict. The markup is errata-html.ts's. */
import { scripts } from "../elements/dom";
import { digits } from "../elements/numbers";
import {
  Cancelled,
  type Demonstration as Demonstrated,
  type Engine,
  type ErratumEntry,
} from "../engine/engine";
import { parse } from "../state/entry";
import type { Parameter } from "../state/tables";
import { cellsOf, verdictOf } from "./errata-words";

/** Milliseconds after which a key in an entry counts: long enough to finish a number. */
const PATIENCE = 350;

type Row = ErratumEntry["parameters"][number];

interface Field {
  readonly row: Row;
  readonly input: HTMLInputElement;
  readonly message: HTMLElement;
}

export class Demonstration {
  readonly #fields: readonly Field[];
  readonly #general: HTMLElement;
  readonly #reset: HTMLButtonElement;
  readonly #outcome: HTMLElement;
  readonly #table: HTMLTableElement;
  #wanted = false;
  /** Whether a reader has changed a value since the last outcome. */
  #byHand = false;
  #asked: string | undefined;
  #stop = new AbortController();
  /** The values of the table; nothing before the first. */
  #shown: Readonly<Record<string, number>> | undefined;
  #confirmed: boolean | undefined;

  /** `changed` hears of every new outcome; `typed` is true where a reader's own change led to it. */
  constructor(
    readonly article: HTMLElement,
    readonly entry: ErratumEntry,
    readonly engine: Pick<Engine, "demonstrate">,
    readonly changed: (typed: boolean) => void,
  ) {
    const find = <T extends Element>(selector: string): T => {
      const element = article.querySelector<T>(selector);
      if (element === null) throw new Error(`erratum ${entry.number} has no ${selector}`);
      return element;
    };
    this.#general = find(".general");
    this.#reset = find(".reset");
    this.#outcome = find(".outcome");
    this.#table = find("table");
    this.#fields = entry.parameters.map((row) => {
      const control = find<HTMLElement>(`[data-parameter="${row.name}"]`);
      return {
        row,
        input: control.querySelector("input") as HTMLInputElement,
        message: control.querySelector(".problem") as HTMLElement,
      };
    });
    for (const { input } of this.#fields) this.#listen(input);
    this.#reset.addEventListener("click", () => {
      this.#set(new Map());
      this.#byHand = true;
      void this.#update();
      // The button that had the focus is disabled now.
      this.#fields[0]?.input.focus();
    });
    find("form").addEventListener("submit", (event) => event.preventDefault());
  }

  /** Whether the corrections are confirmed; nothing before the first outcome. */
  get confirmed(): boolean | undefined {
    return this.#confirmed;
  }

  /** The values of the table that are not the usual ones, as texts for a link. */
  get given(): Map<string, string> {
    const shown = this.#shown;
    if (shown === undefined) return new Map(this.#typed());
    const own = this.entry.parameters.filter((row) => shown[row.name] !== row.default);
    return new Map(own.map(({ name }) => [name, String(shown[name])]));
  }

  /** Computes from now on: at once, and whenever a value changes. */
  show(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    void this.#update();
  }

  /** Sets the values of a link, the others to the usual ones. */
  give(texts: ReadonlyMap<string, string>): void {
    this.#byHand = false;
    this.#set(texts);
    if (this.#wanted) void this.#update();
  }

  #set(texts: ReadonlyMap<string, string>): void {
    for (const { row, input } of this.#fields) input.value = texts.get(row.name) ?? String(row.default);
    this.#enable();
  }

  #listen(input: HTMLInputElement): void {
    let waiting = 0;
    const commit = () => {
      clearTimeout(waiting);
      void this.#update();
    };
    input.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = window.setTimeout(commit, PATIENCE);
      this.#byHand = true;
      this.#enable();
    });
    input.addEventListener("change", commit);
    input.addEventListener("keydown", ({ key }) => {
      if (key === "Enter") commit();
    });
  }

  /** Texts that are not the usual ones. */
  #typed(): [string, string][] {
    return this.#fields
      .filter(({ row, input }) => input.value.trim() !== String(row.default))
      .map(({ row, input }) => [row.name, input.value.trim()]);
  }

  #enable(): void {
    this.#reset.disabled = this.#typed().length === 0;
  }

  /** Reads the values and computes, unless they are those that were asked for last. */
  async #update(): Promise<void> {
    this.#wanted = true;
    const values: Record<string, number> = {};
    const problems = new Map<string, string>();
    for (const { row, input } of this.#fields) {
      const entry = parse(asParameter(row), input.value);
      if ("problem" in entry) problems.set(row.name, entry.problem);
      else values[row.name] = entry.value as number;
    }
    const asked = JSON.stringify([values, [...problems]]);
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.#stop.abort();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    if (problems.size > 0) {
      this.#complain(problems);
      return;
    }
    this.#say("Computing …", "busy");
    try {
      const outcome = await this.engine.demonstrate(this.entry.number, values, { signal });
      if (signal.aborted) return;
      if (outcome.ok) this.#fill(outcome.value);
      else this.#complain(new Map(outcome.problems.map(({ parameter, message }) => [parameter, message])));
    } catch (error) {
      if (signal.aborted || error instanceof Cancelled) return;
      this.#complain(new Map([["", `this could not be computed: ${(error as Error).message}`]]));
    }
  }

  /** Says what is wrong, beside the value where there is one of that name. */
  #complain(problems: ReadonlyMap<string, string>): void {
    for (const { row, input, message } of this.#fields) {
      const words = problems.get(row.name);
      message.hidden = words === undefined;
      message.textContent = words ?? "";
      if (words === undefined) input.removeAttribute("aria-invalid");
      else input.setAttribute("aria-invalid", "true");
    }
    const others = [...problems].filter(([name]) => this.#fields.every(({ row }) => row.name !== name));
    this.#general.hidden = others.length === 0;
    this.#general.textContent = others.map(([, words]) => words).join("; ");
    if (problems.size === 0) return;
    const before = this.#shown === undefined ? "" : ` The table is for ${this.#words(this.#shown)}.`;
    this.#say(`Not computed: a value has to be mended first.${before}`, "stale");
  }

  #words(values: Readonly<Record<string, number>>): string {
    return this.entry.parameters
      .map(({ name, symbol }) => `${symbol} = ${digits(values[name], 12)}`)
      .join(", ");
  }

  #fill({ evidence, values }: Demonstrated): void {
    this.#complain(new Map());
    const rows = [...this.#table.tBodies].flatMap((body) => [...body.rows]);
    for (const [i, piece] of evidence.entries()) {
      const cells = rows[i]?.querySelectorAll("td");
      for (const [j, { value, mark, tone }] of cellsOf(piece).entries()) {
        const cell = cells?.[j];
        if (!cell) continue;
        cell.className = tone;
        cell.querySelector(".value")?.replaceChildren(...scripts(value));
        cell.querySelector(".mark")?.replaceChildren(...scripts(mark));
      }
    }
    const { words, confirmed } = verdictOf(evidence);
    this.#confirmed = confirmed;
    this.#shown = values;
    this.#say(words, confirmed ? "confirmed" : "wrong");
    const typed = this.#byHand;
    this.#byHand = false;
    this.changed(typed);
  }

  #say(words: string, state: string): void {
    this.#outcome.replaceChildren(...scripts(words));
    this.article.dataset.state = state;
    this.#table.setAttribute("aria-busy", String(state === "busy"));
  }
}

/** A value of a demonstration as a row of the parameter table, so that it is read, and refused, like any other. */
function asParameter({ name, symbol, doc, default: usual, interval, whole }: Row): Parameter {
  return {
    name,
    path: "",
    group: "view",
    label: name,
    symbol,
    unit: "",
    values: { type: whole ? "integer" : "number", interval, slider: undefined },
    default: String(usual),
    only_if: null,
    doc,
  };
}
