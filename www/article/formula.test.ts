import { expect, test } from "vitest";
import { formula } from "./formula";
import { presets } from "./presets";
import { symbolNamed } from "./symbols";
import { sections } from "./text";

test("letters that are explained are marked, those with a control as such, and no style is left", () => {
  const options = {
    words: 'a "word"',
    symbols: ["learning_rate", "curvature"],
    handles: ["learning_rate"],
  } as const;
  const html = formula("\\discrete{\\Sigma} = \\lambda k\\operatorname{tr} C", options);
  expect(html).toContain('<mi data-symbol="learning_rate" data-handle>λ</mi>');
  expect(html).toContain('<mi data-symbol="curvature">k</mi>');
  expect(html).toContain('<mi class="word">tr</mi>');
  expect(html).toContain('class="discrete"');
  expect(html).toContain('aria-label="a &quot;word&quot;"');
  expect(html).not.toContain("style=");
});

test("what a page without inline styles cannot show is refused", () => {
  expect(() => formula("\\begin{pmatrix}1&0\\\\0&1\\end{pmatrix}", { words: "" })).toThrow("inline styles");
  expect(() => formula("\\lamda", { words: "" })).toThrow();
});

test("every section has a preset, and every preset a section", () => {
  expect(Object.keys(presets).sort()).toEqual(sections.map(({ id }) => id).sort());
  expect(sections).toHaveLength(10);
});

/** Constants of nature, and the names of functions, which are not explained. */
const KNOWN = ["e", "π", "tr"];

test.each(sections.map((section) => [section.id, section] as const))(
  "every letter of the formula of “%s” has an entry below it",
  (_, { formula: parts, symbols }) => {
    const html = parts.map(({ tex, words }) => formula(tex, { words, symbols })).join("");
    const letters = [...html.matchAll(/<mi([^>]*)>(\p{L}+)<\/mi>/gu)];
    expect(letters.length).toBeGreaterThan(3);
    const silent = letters.filter(([, attributes]) => !attributes?.includes("data-symbol"));
    expect(silent.map(([, , letter]) => letter).filter((letter) => !KNOWN.includes(letter ?? ""))).toEqual(
      [],
    );
    // And none has two.
    const named = symbols.map((name) => symbolNamed(name).letter);
    expect(new Set(named).size).toBe(named.length);
  },
);
