/** How formulas of the texts are taken apart: what is raised, what is lowered, and words that are no product of letters. */

/** Words that stand upright: functions, and a name that is no product of letters. */
export const WORD = /^(erf|exp|diag|ln|tr|min|max|rate)(?![A-Za-z])/;

const SCRIPTS = {
  raised: ["⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ᵀᵗ", "0123456789−+Tt"],
  lowered: ["₀₁₂₃₄₅₆₇₈₉", "0123456789"],
} as const;

/** A script at the start of a text: what is in it, whether it is raised, and how many signs it took. */
export interface Script {
  readonly raised: boolean;
  readonly inside: string;
  readonly length: number;
}

/** `^`, `_` and what they take, or signs that are raised or lowered by themselves. */
export function scriptOf(text: string): Script | undefined {
  const [sign] = text;
  if ((sign === "^" || sign === "_") && text.length > 1) {
    const { inside, length } = group(text.slice(1));
    return { raised: sign === "^", inside, length: length + 1 };
  }
  for (const [kind, [signs, plain]] of Object.entries(SCRIPTS)) {
    const run = [...text].findIndex((one) => !signs.includes(one));
    const length = run < 0 ? text.length : run;
    if (length === 0) continue;
    const inside = [...text.slice(0, length)].map((one) => plain[signs.indexOf(one)]).join("");
    return { raised: kind === "raised", inside, length };
  }
  return undefined;
}

/** What a `_` or `^` takes. */
function group(text: string): { inside: string; length: number } {
  const braces = /^\{([^}]*)\}/.exec(text) ?? /^\(([^)]*)\)/.exec(text);
  if (braces) return { inside: braces[1] as string, length: braces[0].length };
  const whole = /^(?:min|max)(?:\([^)]*\))?|^−?\d+|^−?\p{L}|^./u.exec(text)?.[0] ?? "";
  return { inside: whole, length: whole.length };
}
