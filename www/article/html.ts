/** The article as HTML, written into its page at build time: text, formulas and first numbers are there with or without JavaScript. */
import type { BayesPrediction, FullScenario, Outcome, Prediction } from "../engine/protocol.ts";
import { toHash } from "../state/permalink.ts";
import { type Facts, factsOf } from "./facts.ts";
import { formula } from "./formula.ts";
import { type Preset, presets, type Sizes } from "./presets.ts";
import { type SymbolName, symbolNamed } from "./symbols.ts";
import { type SectionText, sections } from "./text.ts";

/** What the core says of a scenario. */
export interface Core {
  predict(scenario: FullScenario): Outcome<Prediction>;
  bayes(scenario: FullScenario, sizes: Sizes): Outcome<BayesPrediction>;
}

/** The list of links to the sections, and the sections. */
export function articleHtml(core: Core): { contents: string; sections: string } {
  return {
    contents: sections.map(({ id, title }) => `<li><a href="#${id}">${title}</a></li>`).join(""),
    sections: sections.map((section, i) => sectionOf(section, i + 1, presetOf(section.id), core)).join(""),
  };
}

function presetOf(id: string): Preset {
  const preset = presets[id];
  if (preset === undefined) throw new Error(`the section ${id} has no preset`);
  return preset;
}

function sectionOf(section: SectionText, number: number, preset: Preset, core: Core): string {
  const { id, title, place, paragraphs, formula: main, symbols, attempt } = section;
  const { scenario } = preset.document;
  const known = <T>(outcome: Outcome<T>): T => {
    if (outcome.ok) return outcome.value;
    throw new Error(`the section ${id}: ${outcome.problems[0]?.message}`);
  };
  const bayes = preset.sizes && known(core.bayes(scenario, preset.sizes));
  const facts = factsOf(preset.document, known(core.predict(scenario)), bayes);
  const handles = preset.controls;
  const words = (text: string) => prose(text, { symbols, handles }, facts);
  const [first = "", ...rest] = paragraphs;
  return [
    `<section class="spread" id="${id}" aria-labelledby="${id}-title" data-instrument="${preset.instrument}"`,
    ` data-state="${escape(toHash(preset.document))}" data-controls="${preset.controls.join(" ")}">`,
    `<div class="prose"><h2 id="${id}-title" tabindex="-1"><span class="number">${number}</span> ${title}</h2>`,
    `<p>${words(first)}</p>`,
    // Where it is wider than its place, the keyboard scrolls it.
    `<div class="formula" tabindex="0" role="group" aria-label="Formula of section ${number}">${main.map(({ tex, words: said }) => formula(tex, { words: said, symbols, handles, display: true })).join("")}</div>`,
    `<ul class="legend" aria-label="Symbols">${symbols.map((name) => entryOf(name, handles, facts)).join("")}</ul>`,
    ...rest.map((text) => `<p>${words(text)}</p>`),
    `<p class="attempt"><strong>Try it.</strong> ${words(attempt)}</p>`,
    `<p class="place">In the paper: ${place}. <a class="lab" href="./lab.html${escape(toHash(preset.document))}">Open in the Lab</a></p></div>`,
    `<div class="bench"><form class="inline" autocomplete="off" novalidate aria-label="Controls of section ${number}"></form>`,
    `<p class="problem" role="alert" hidden></p>`,
    `<div class="stage"><nd-${preset.instrument}></nd-${preset.instrument}>${pictureOf(section)}</div></div></section>`,
  ].join("");
}

/** The picture for those without JavaScript; those with it do not load it. */
function pictureOf({ id, picture }: SectionText): string {
  const file = (theme: string) => `./article/${id}-${theme}.svg`;
  return [
    `<noscript><picture><source media="(prefers-color-scheme: dark)" srcset="${file("dark")}" />`,
    `<img src="${file("light")}" alt="${escape(picture)}" width="720" height="440" /></picture></noscript>`,
  ].join("");
}

/** A symbol in the list below a formula: a button, so that the keyboard finds the symbol's places too. */
function entryOf(name: SymbolName, handles: readonly string[], facts: Facts): string {
  const { tex, meaning, fact, parameter } = symbolNamed(name);
  const handle = parameter !== undefined && handles.includes(parameter) ? " data-handle" : "";
  const value = fact === undefined ? undefined : facts[fact];
  const shown =
    value === undefined ? "" : ` <span class="value" data-value="${fact}">${escape(value)}</span>`;
  return `<li><button type="button" data-symbol="${name}"${handle} aria-pressed="false">${formula(tex, { words: letterOf(name) })} <span>${escape(meaning)}</span>${shown}</button></li>`;
}

type Marks = { readonly symbols: readonly SymbolName[]; readonly handles: readonly string[] };

/** A text with its formulas and numbers. */
function prose(text: string, marks: Marks, facts: Facts): string {
  return (
    text
      // "λ = 1.5" stays on one line, be the number a formula's or not.
      .replaceAll(/\$[^$]*=\$ \[\[\w+\]\]/g, '<span class="equal">$&</span>')
      .split("$")
      .map((part, i) =>
        i % 2 === 1 ? formula(part, { words: spoken(part), ...marks }) : numbers(part, facts),
      )
      .join("")
  );
}

function numbers(text: string, facts: Facts): string {
  return text.replace(/\[\[(\w+)\]\]/g, (_, name: string) => {
    const value = facts[name];
    if (value === undefined) throw new Error(`there is no number ${name} for “${text}”`);
    return `<span class="value" data-value="${name}">${escape(value)}</span>`;
  });
}

/** Letters as they are said. */
const SPOKEN: Readonly<Record<string, string>> = {
  "\\lambda": "lambda",
  "\\mu": "mu",
  "\\eta": "eta",
  "\\sigma": "sigma",
  "\\Sigma": "Sigma",
  "\\rho": "rho",
  "\\gamma": "gamma",
  "\\pi": "pi",
  "\\tfrac12": "one half",
  "\\operatorname{tr}": "trace",
  "\\operatorname{kurt}": "excess kurtosis of",
  _i: " i ",
  "\\propto": "proportional to",
  "^{-1}": " inverse ",
  "^2": " squared ",
  "^s": " to the power s ",
  "\\discrete": "",
  "=": " equals ",
  "-": " minus ",
  "+": " plus ",
  "/": " over ",
};

/** A short formula of a text, said in words. */
export function spoken(tex: string): string {
  let rest = tex;
  let words = "";
  while (rest !== "") {
    const key = Object.keys(SPOKEN).find((candidate) => rest.startsWith(candidate));
    words += key === undefined ? (rest[0] as string) : ` ${SPOKEN[key]} `;
    rest = rest.slice(key?.length ?? 1);
  }
  const odd = /\\[a-zA-Z]+/.exec(words);
  if (odd) throw new Error(`nobody has said how to read ${odd[0]} of ${tex}`);
  return words.replace(/[{}]/g, "").replace(/\s+/g, " ").trim();
}

const letterOf = (name: SymbolName) => spoken(symbolNamed(name).tex);

const escape = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
