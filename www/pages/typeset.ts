/**
 * Sentences with formulas between dollars, as HTML: `typeset("at $x_1^2$")`. Letters of a formula stand in italic, words such
 * as erf upright, digits and signs upright; `_` and `^` lower and raise what follows: a sign, a number, a word, or a group in
 * braces or parentheses, of which only the parentheses behind a word are shown. A newline is one. Everything else is escaped, so that no
 * text can be markup.
 */

import { scriptOf, WORD } from "./formula-parts.ts";
import { spoken } from "./spoken.ts";

/** A text with formulas as HTML. */
export function typeset(text: string): string {
  return text
    .split("$")
    .map((part, i) => (i % 2 === 0 ? escape(part).replaceAll("\n", "<br />") : math(part)))
    .join("");
}

/** The same without any markup, as the core writes it. */
export function untypeset(text: string): string {
  return text.replaceAll("$", "");
}

/** Text that means itself in HTML. */
export function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** A formula with its words. One that fits any line is not broken. */
function math(text: string): string {
  const kind = text.length <= UNBROKEN ? "math short" : "math";
  return `<span class="${kind}" role="math" aria-label="${escape(spoken(text))}">${formula(text)}</span>`;
}

/** Signs of a formula that have room in a line of a phone. */
const UNBROKEN = 30;

function formula(text: string): string {
  let html = "";
  let rest = text;
  while (rest !== "") {
    const [piece, length] = next(rest);
    html += piece;
    rest = rest.slice(length);
  }
  return html;
}

/** The first piece of a formula, and how much of it that was. */
function next(text: string): [html: string, length: number] {
  const script = scriptOf(text);
  if (script) {
    const tag = script.raised ? "sup" : "sub";
    return [`<${tag}>${formula(script.inside)}</${tag}>`, script.length];
  }
  const word = WORD.exec(text)?.[1];
  if (word !== undefined) return [word, word.length];
  const [sign = ""] = text;
  if (/\p{L}/u.test(sign)) return [`<i>${sign}</i>`, sign.length];
  return [escape(sign), sign.length];
}
