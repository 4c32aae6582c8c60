/**
 * Formulas as MathML, made at build time: `formula("\\Sigma = …", { words, symbols })`. Letters that the section explains are marked
 * with `data-symbol`. Our pages allow no inline style, so a construct for which temml wants one is refused; the pages' own
 * style sheet has the few rules that are needed (article.css).
 */
import temml from "temml";
import { type SymbolName, symbolNamed } from "./symbols.ts";

export interface FormulaOptions {
  /** The formula in words, for those who hear it. */
  readonly words: string;
  /** Symbols whose letters are marked. */
  readonly symbols?: readonly SymbolName[];
  /** Parameters that the section has a control for: their letters are marked with `data-handle`. */
  readonly handles?: readonly string[];
  /** On a line of its own. */
  readonly display?: boolean;
}

/** A formula as HTML. `\continuous{…}`, `\discrete{…}` and `\exact{…}` give a part the colour of a theory. */
export function formula(
  tex: string,
  { words, symbols = [], handles = [], display = false }: FormulaOptions,
): string {
  const math = temml.renderToString(tex, {
    displayMode: display,
    throwOnError: true,
    trust: true,
    macros: {
      "\\continuous": "\\class{continuous}{#1}",
      "\\discrete": "\\class{discrete}{#1}",
      "\\exact": "\\class{exact}{#1}",
    },
  });
  const marked = symbols.reduce((html, name) => {
    const { letter, parameter } = symbolNamed(name);
    const handle = parameter !== undefined && handles.includes(parameter) ? " data-handle" : "";
    return html.replaceAll(
      new RegExp(`<mi([^>]*)>${letter}</mi>`, "g"),
      (_, attributes: string) => `<mi${attributes} data-symbol="${name}"${handle}>${letter}</mi>`,
    );
  }, math);
  const plain = marked
    .replace(/^<math[^>]*>/, `<math${display ? ' display="block"' : ""} aria-label="${escape(words)}">`)
    // A capital Greek letter stands in italic here, as every symbol does; temml keeps it upright.
    .replaceAll(' mathvariant="normal"', "")
    .replaceAll("<mspace></mspace>", "")
    // The name of a function stands upright, a letter in italic.
    .replaceAll(/<mi( data-symbol="\w+")?>(\p{L}{2,})<\/mi>/gu, '<mi class="word"$1>$2</mi>');
  const style = / style="[^"]*"/.exec(plain);
  if (style) throw new Error(`${tex} needs${style[0]}, which a page without inline styles cannot give`);
  return plain;
}

const escape = (text: string) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
