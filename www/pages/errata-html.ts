/**
 * The articles of the errata page as HTML, written into it at build time: their text is there at once, with or without
 * JavaScript, and so is the room that the numbers will take.
 */
import type { ErratumEntry } from "../engine/protocol";
import { type ErratumText, texts } from "./errata-text.ts";
import { escape, typeset } from "./typeset.ts";

type Parameter = ErratumEntry["parameters"][number];

/** The two groups, in the order of the page. */
const GROUPS = [
  {
    kind: "wrong_result",
    id: "results",
    title: "Results that change",
    words: "Here a printed formula or statement gives another number than the model that it is about.",
  },
  {
    kind: "wrong_argument",
    id: "arguments",
    title: "Results that stand on another argument, or need a word",
    words: "Here the result is right, or right with one more word; what is printed on the way to it is not.",
  },
] as const;

/** Name of an erratum's article in links. */
export const anchorOf = (number: string) => `erratum-${number}`;

/** The list of links, and the articles by group. */
export function errataHtml(entries: readonly ErratumEntry[]): { index: string; articles: string } {
  const groups = GROUPS.map((group) => ({
    ...group,
    entries: entries.filter(({ kind }) => kind === group.kind),
  }));
  const links = (list: readonly ErratumEntry[]) =>
    list
      .map(({ number }) => `<li><a href="#${anchorOf(number)}" data-to="${number}">${number}</a></li>`)
      .join("");
  return {
    index: groups
      .map(
        ({ id, title, entries: list }) =>
          `<div><p id="${id}-index">${title}</p><ol aria-labelledby="${id}-index">${links(list)}</ol></div>`,
      )
      .join(""),
    articles: groups
      .map(
        ({ id, title, words, entries: list }) =>
          `<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2><p class="group">${words}</p>${list
            .map(articleOf)
            .join("")}</section>`,
      )
      .join(""),
  };
}

function articleOf(entry: ErratumEntry): string {
  const { number, place } = entry;
  const text = texts.find((candidate) => candidate.number === number);
  if (text === undefined) throw new Error(`erratum ${number} has no text`);
  const id = anchorOf(number);
  return [
    `<article id="${id}" data-erratum="${number}" aria-labelledby="${id}-title" tabindex="-1">`,
    `<div class="said"><h3 id="${id}-title"><a class="number" href="#${id}" data-to="${number}"><span class="visually-hidden">Erratum </span>${number}</a> `,
    `<span>${typeset(sentence(text.title))}</span></h3>`,
    `<p class="place">${escape(place)}</p>`,
    `<dl><dt>Printed</dt><dd>${typeset(text.printed)}</dd><dt>Right</dt><dd>${typeset(text.correct)}</dd></dl>`,
    `<p class="why">${typeset(text.why)}</p></div>`,
    `<div class="demonstration">${formOf(entry)}${tableOf(text)}`,
    '<p class="outcome" role="status"></p></div></article>',
  ].join("");
}

/** A line as a sentence, unless it starts with a formula. */
const sentence = (line: string) => `${line.charAt(0).toUpperCase()}${line.slice(1)}`;

function formOf({ number, parameters }: ErratumEntry): string {
  const controls = parameters.map((parameter) => controlOf(number, parameter)).join("");
  return [
    `<form autocomplete="off" novalidate aria-label="Values for erratum ${number}">${controls}`,
    `<button type="button" class="quiet reset" disabled>Reset<span class="visually-hidden"> erratum ${number}</span></button>`,
    '<p class="problem general" role="alert" hidden></p></form>',
  ].join("");
}

function controlOf(number: string, parameter: Parameter): string {
  const { name, symbol, doc, default: usual } = parameter;
  const id = `${anchorOf(number)}-${name}`;
  return [
    `<div class="control" data-parameter="${name}" title="${escape(doc)}"><div class="line">`,
    `<label for="${id}">${escape(name.replaceAll("_", " "))} <span class="symbol">${typeset(`$${symbol}$`)}</span></label>`,
    `<input type="text" inputmode="decimal" id="${id}" value="${usual}" aria-describedby="${id}-hint ${id}-message" /></div>`,
    `<span class="hint" id="${id}-hint">${rangeOf(parameter)}</span>`,
    `<p class="problem" id="${id}-message" role="alert" hidden></p></div>`,
  ].join("");
}

/** The range in words, for people. */
function rangeOf({ symbol, interval: { low, high, low_open, high_open }, whole }: Parameter): string {
  const [over, under] = [low_open, high_open].map((open) => (open ? "&lt;" : "≤"));
  const sign = (value: number) => String(value).replace("-", "−");
  return `${whole ? "whole, " : ""}${sign(low)} ${over} ${typeset(`$${symbol}$`)} ${under} ${sign(high)}`;
}

function tableOf({ number, quantities }: ErratumText): string {
  const cell = '<td role="cell"><span class="value">–</span><span class="mark"></span></td>';
  const rows = quantities.map(
    (quantity) =>
      `<tr role="row"><th scope="row" role="rowheader">${typeset(quantity)}</th>${cell.repeat(3)}</tr>`,
  );
  const heads = ["Quantity", "Printed", "Corrected", "Independent"]
    .map((head) => `<th scope="col" role="columnheader">${head}</th>`)
    .join("");
  return [
    `<table role="table" aria-label="Evidence of erratum ${number}">`,
    `<thead role="rowgroup"><tr role="row">${heads}</tr></thead>`,
    `<tbody role="rowgroup">${rows.join("")}</tbody></table>`,
  ].join("");
}
