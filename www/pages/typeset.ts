/**
 * Sentences with formulas between dollars, as HTML: `typeset("at $x_1^2$")`. Letters of a formula stand in italic, words such
 * as erf upright, digits and signs upright; `_` and `^` lower and raise what follows: a sign, a number, a word, or a group in
 * braces or parentheses, of which only the parentheses behind a word are shown. A newline is one. Everything else is escaped, so that no
 * text can be markup.
 */

/** Words that stand upright: functions, and a name that is no product of letters. */
const WORD = /^(erf|exp|diag|ln|tr|min|max|rate)(?![A-Za-z])/;

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ᵀᵗ";
const RAISED_PLAIN = "0123456789−+Tt";
const LOWERED = "₀₁₂₃₄₅₆₇₈₉";

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

/** A formula that fits any line is not broken. */
function math(text: string): string {
  return `<span class="math${text.length <= UNBROKEN ? " short" : ""}">${formula(text)}</span>`;
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
  const sign = text[0] as string;
  const tag = sign === "^" ? "sup" : sign === "_" ? "sub" : undefined;
  if (tag !== undefined && text.length > 1) {
    const [inside, length] = group(text.slice(1));
    return [`<${tag}>${formula(inside)}</${tag}>`, length + 1];
  }
  const run = runOf(text, RAISED);
  if (run !== "") return [`<sup>${formula(plain(run, RAISED, RAISED_PLAIN))}</sup>`, run.length];
  const low = runOf(text, LOWERED);
  if (low !== "") return [`<sub>${plain(low, LOWERED, RAISED_PLAIN)}</sub>`, low.length];
  const word = WORD.exec(text)?.[1];
  if (word !== undefined) return [word, word.length];
  if (/\p{L}/u.test(sign)) return [`<i>${sign}</i>`, sign.length];
  return [escape(sign), 1];
}

/** What a `_` or `^` takes: the inside, and how long it was. */
function group(text: string): [inside: string, length: number] {
  const braces = /^\{([^}]*)\}/.exec(text) ?? /^\(([^)]*)\)/.exec(text);
  if (braces) return [braces[1] as string, braces[0].length];
  const whole = /^(?:min|max)(?:\([^)]*\))?|^−?\d+|^−?\p{L}|^./u.exec(text)?.[0] ?? "";
  return [whole, whole.length];
}

function runOf(text: string, signs: string): string {
  let length = 0;
  while (length < text.length && signs.includes(text[length] as string)) length++;
  return text.slice(0, length);
}

const plain = (run: string, from: string, to: string) =>
  [...run].map((sign) => to[from.indexOf(sign)]).join("");
