/**
 * Text as a few runs: upright or italic, on the line, below it or above it.
 * A plot needs no more mathematics than "variance of w₁ / σ²".
 */

/** A stretch of text set in one way. */
export interface Run {
  readonly text: string;
  readonly italic?: boolean;
  readonly script?: "sub" | "sup";
}

/** Runs, set one after the other. */
export type RichText = readonly Run[];

/** What an option of a mark takes: markup for {@link rich}, or runs as they are. */
export type TextLike = string | RichText;

/** Size of a subscript or superscript over the size of its text. */
export const SCRIPT_SIZE = 0.72;

/** Shift of a script's baseline in em of the surrounding text, downwards. */
export const SCRIPT_SHIFT = { sub: 0.2, sup: -0.36 } as const;

/**
 * Reads a line of markup: `*λ*` is italic, `w_1` and `w_{ij}` subscripts, `10^{-3}` a superscript, and a backslash
 * takes the next character as it is. A hyphen before a digit inside a script becomes a minus sign.
 *
 * @example rich("variance of *w*_1") // upright "variance of ", italic "w", subscript "1"
 */
export function rich(markup: string): RichText {
  const runs: Run[] = [];
  const chars = Array.from(markup);
  let text = "";
  let italic = false;
  const flush = () => {
    if (text !== "") runs.push(italic ? { text, italic } : { text });
    text = "";
  };
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i] as string;
    if (char === "\\" && i + 1 < chars.length) {
      i += 1;
      text += chars[i];
    } else if (char === "*") {
      flush();
      italic = !italic;
    } else if ((char === "_" || char === "^") && i + 1 < chars.length) {
      flush();
      const close = chars[i + 1] === "{" ? chars.indexOf("}", i) : -1;
      const inside = close > 0 ? chars.slice(i + 2, close).join("") : (chars[i + 1] as string);
      i = close > 0 ? close : i + 1;
      const script = char === "_" ? "sub" : "sup";
      // A starred script ("w_{*i*}") is italic; a script's own stars do not leak into what follows.
      const starred = inside.startsWith("*") && inside.endsWith("*") && inside.length > 2;
      const shown = (starred ? inside.slice(1, -1) : inside).replace(/-(?=\d)/g, "−");
      if (shown !== "") {
        runs.push(starred || italic ? { text: shown, italic: true, script } : { text: shown, script });
      }
    } else {
      text += char;
    }
  }
  flush();
  return runs;
}

/** Text without markup: for names that a person typed. */
export function plain(text: string): RichText {
  return text === "" ? [] : [{ text }];
}

/** Runs from either form of text. */
export function toRuns(text: TextLike): RichText {
  return typeof text === "string" ? rich(text) : text;
}

/** The text alone, for a text alternative: scripts become Unicode's where it has them ("10⁻³", "w₁"). */
export function toPlainText(text: TextLike): string {
  return toRuns(text)
    .map((run) => (run.script === undefined ? run.text : toUnicodeScript(run.text, run.script)))
    .join("");
}

const SUB = "₀₁₂₃₄₅₆₇₈₉₋";
const SUP = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻";

function toUnicodeScript(text: string, script: "sub" | "sup"): string {
  const digits = Array.from(text, (char) => "0123456789−".indexOf(char));
  if (digits.some((digit) => digit < 0)) return (script === "sub" ? "_" : "^") + text;
  return digits.map((digit) => (script === "sub" ? SUB : SUP)[digit]).join("");
}

/** Widths in em, close enough for margins: the same on every surface, so that a plot has one layout everywhere. */
const NARROW = new Set(Array.from(" .,:;!|'iljtfrI()[]·/"));
const WIDE = new Set(Array.from("mwMWΣΛ—"));

/** Estimated width of text, in the unit of `size` (its font size). */
export function estimateWidth(text: TextLike, size: number): number {
  let width = 0;
  for (const run of toRuns(text)) {
    const em = run.script === undefined ? size : size * SCRIPT_SIZE;
    for (const char of run.text) width += em * (NARROW.has(char) ? 0.34 : WIDE.has(char) ? 0.85 : 0.56);
  }
  return width;
}
