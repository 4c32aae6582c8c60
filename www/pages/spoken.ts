/** Formulas of the texts in words, for those who hear them: `spoken("Σ ≤ 2(1 + μ)/k²")` is "Sigma is at most 2 (1 plus mu) over k squared". */
import { scriptOf, WORD } from "./formula-parts.ts";

const SIGNS: Readonly<Record<string, string>> = {
  α: "alpha",
  β: "beta",
  γ: "gamma",
  ε: "epsilon",
  η: "eta",
  κ: "kappa",
  λ: "lambda",
  μ: "mu",
  ν: "nu",
  π: "pi",
  ρ: "rho",
  σ: "sigma",
  τ: "tau",
  Δ: "Delta",
  Λ: "Lambda",
  Σ: "Sigma",
  Φ: "Phi",
  Ω: "Omega",
  "=": "equals",
  "≔": "is defined as",
  "<": "is less than",
  ">": "is greater than",
  "≤": "is at most",
  "≥": "is at least",
  "≪": "is much less than",
  "≈": "is about",
  "≠": "is not",
  "∝": "is proportional to",
  "∈": "is in",
  "→": "to",
  "−": "minus",
  "-": "minus",
  "+": "plus",
  "±": "plus or minus",
  "·": "times",
  "×": "times",
  "/": "over",
  "√": "the root of",
  "½": "one half",
  "∞": "infinity",
  "∂": "d",
  "…": "and so on",
  "⟨": "the mean of (",
  "⟩": ")",
  "|": "|",
  "′": "prime",
  "″": "double prime",
  "%": "per cent",
};

const WORDS: Readonly<Record<string, string>> = {
  erf: "the error function of",
  exp: "the exponential of",
  diag: "diagonal",
  ln: "the logarithm of",
  tr: "the trace of",
};

const POWERS: Readonly<Record<string, string>> = {
  "2": "squared",
  "3": "cubed",
  "−1": "inverse",
  T: "transposed",
};

/** A formula in words. A sign that has no word here stands for itself. */
export function spoken(formula: string): string {
  const words: string[] = [];
  let rest = formula.replaceAll(":=", "≔");
  while (rest !== "") {
    const [said, length] = next(rest);
    words.push(said);
    rest = rest.slice(length);
  }
  return words
    .join(" ")
    .replace(/\s+/g, " ")
    .replace(/([([]) /g, "$1")
    .replace(/ ([)\],.;:])/g, "$1")
    .trim();
}

/** The first piece in words, and how much of the formula that was. */
function next(text: string): [words: string, length: number] {
  const script = scriptOf(text);
  if (script) {
    const { raised, inside, length } = script;
    if (raised) return [POWERS[inside] ?? `to the power ${spoken(inside)}`, length];
    return [inside.length > 1 && !WORD.test(inside) ? `sub ${spoken(inside)}` : spoken(inside), length];
  }
  const word = WORD.exec(text)?.[1];
  if (word !== undefined) return [WORDS[word] ?? word, word.length];
  const number = /^\d*\.?\d+/.exec(text)?.[0];
  if (number !== undefined) return [number, number.length];
  const sign = String.fromCodePoint(text.codePointAt(0) as number);
  return [SIGNS[sign] ?? sign, sign.length];
}
