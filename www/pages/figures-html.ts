/**
 * The sections of the gallery as HTML, written into the page at build time: captions and claims are read without waiting and
 * without JavaScript, and the room of the instruments is kept.
 */
import { type Figure, figures, type Panel, type Shown, type Size } from "../figures/index.ts";
import { escape, typeset } from "./typeset.ts";

/** Name of a figure's or panel's place in links. */
export const anchorOf = (id: string | number) => `figure-${id}`;

/** The elements that show a panel, in their order: what the paper shows comes first. */
function elementsOf(shown: Shown, title: string): string {
  const name = `nd-${shown.instrument}`;
  const more = shown.instrument === "sweep" && shown.shape ? ["skewness", "kurtosis"] : [];
  const view = viewOf(shown);
  const first = `<${name} data-name="${escape(title)}"${view}></${name}>`;
  const others = more.map(
    (quantity) =>
      `<${name} data-name="${escape(`${title}, ${quantity}`)}" data-quantity="${quantity}"></${name}>`,
  );
  return [first, ...others].join("");
}

/** What an instrument is told that its document does not hold. */
function viewOf(shown: Shown): string {
  if (shown.instrument === "over-time") return ' data-quantity="mean" data-times="linear"';
  if (shown.instrument === "sweep" && shown.formula) return ` data-formula="${escape(shown.formula)}"`;
  return "";
}

/** The list of links, and the sections. */
export function figuresHtml(): { index: string; figures: string } {
  return { index: `<ol>${figures.map(linkOf).join("")}</ol>`, figures: figures.map(sectionOf).join("") };
}

const linkOf = ({ number, title }: Figure) =>
  `<li><a href="#${anchorOf(number)}"><span class="number">${number}</span> ${escape(title)}</a></li>`;

function sectionOf({ number, title, caption, panels, missing }: Figure): string {
  const id = anchorOf(number);
  return [
    `<section id="${id}" class="figure" aria-labelledby="${id}-title" tabindex="-1">`,
    `<h2 id="${id}-title"><a class="number" href="#${id}">Fig. ${number}</a> ${escape(title)}</h2>`,
    `<p class="caption">${typeset(caption)}</p>`,
    missing === undefined ? "" : `<p class="missing">${typeset(missing)}</p>`,
    panels.length === 0
      ? ""
      : `<div class="panels" data-panels="${panels.length}">${panels.map(panelOf).join("")}</div>`,
    "</section>",
  ].join("");
}

function panelOf(panel: Panel): string {
  const { id, name, line, shown, claim, paper } = panel;
  const anchor = anchorOf(id);
  return [
    `<article id="${anchor}" data-panel="${id}" data-instrument="${shown.instrument}" aria-labelledby="${anchor}-title" tabindex="-1">`,
    `<h3 id="${anchor}-title">${escape(name)}</h3>`,
    `<p class="gist">${typeset(line)}</p>`,
    `<div class="stage">${elementsOf(shown, name)}</div>`,
    `<dl class="claims"><dt>The paper</dt><dd>${typeset(claim.words)}</dd>`,
    '<dt>This run</dt><dd><p class="outcome" role="status">Not run yet.</p></dd></dl>',
    `<p class="bar"><button type="button" class="size" disabled>${runWords(paper)}<span class="visually-hidden"> of ${escape(name)}</span></button>`,
    `<span class="status">${sizeWords(paper)}</span> <a class="lab" href="./lab.html">Open<span class="visually-hidden"> ${escape(name)}</span> in the Lab</a></p>`,
    "</article>",
  ].join("");
}

/** What the button of a panel says. */
export const runWords = ({ ours }: Size) => (ours ? "Run at full size" : "Run at the paper’s size");
export const RUN_REDUCED = "Back to the reduced size";

/** A size in words: "10 000 runs of 1000 steps at 30 values". */
export function sizeWords({ replicas, steps, points, ours }: Size): string {
  const at = points === undefined ? "" : ` at ${points} values`;
  const whose = ours ? " (our size, the paper gives none)" : "";
  return `${grouped(replicas)} runs of ${grouped(steps)} steps${at}${whose}`;
}

const grouped = (value: number) =>
  value < 10_000 ? String(value) : String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f");
