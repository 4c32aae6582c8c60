import fc from "fast-check";
import { expect, test } from "vitest";
import { typeset as spokenTypeset, untypeset } from "./typeset";

/** A formula's span, whatever its words, which are spoken.test.ts's. */
const math = (html: string) => `<span class="math short">${html}</span>`;
const typeset = (text: string) => spokenTypeset(text).replaceAll(/ role="math" aria-label="[^"]*"/g, "");

test("letters are italic, digits, signs and functions upright", () => {
  expect(typeset("at $λk = 2$")).toBe(`at ${math("<i>λ</i><i>k</i> = 2")}`);
  expect(typeset("$erf(z)/exp(x)$")).toBe(math("erf(<i>z</i>)/exp(<i>x</i>)"));
  expect(typeset("$k₁ tr C$")).toBe(math("<i>k</i><sub>1</sub> tr <i>C</i>"));
});

test("scripts take a sign, a number, a word or a group", () => {
  expect(typeset("$K^2$")).toBe(math("<i>K</i><sup>2</sup>"));
  expect(typeset("$K⁻¹C²$")).toBe(math("<i>K</i><sup>−1</sup><i>C</i><sup>2</sup>"));
  expect(typeset("$w_{t−1}$")).toBe(math("<i>w</i><sub><i>t</i>−1</sub>"));
  expect(typeset("$w_(t−1)]$")).toBe(math("<i>w</i><sub><i>t</i>−1</sub>]"));
  expect(typeset("$k_min)$")).toBe(math("<i>k</i><sub>min</sub>)"));
  expect(typeset("$D^−d,$")).toBe(math("<i>D</i><sup>−<i>d</i></sup>,"));
  expect(typeset("$D^min(2d−1, 1)$")).toBe(math("<i>D</i><sup>min(2<i>d</i>−1, 1)</sup>"));
  expect(typeset("$wᵀ$")).toBe(math("<i>w</i><sup><i>T</i></sup>"));
});

test("a long formula may be broken, a short one not", () => {
  expect(typeset(`$${"x".repeat(31)}$`)).toMatch(/^<span class="math"><i>/);
  expect(typeset("$x$\n$y$")).toBe(`${math("<i>x</i>")}<br />${math("<i>y</i>")}`);
});

test("a formula has its words", () => {
  expect(spokenTypeset("at $λk < 2$")).toBe(
    'at <span class="math short" role="math" aria-label="lambda k is less than 2"><i>λ</i><i>k</i> &lt; 2</span>',
  );
});

test("a text without its dollars is what the core writes", () => {
  expect(untypeset("at $λk = 2$")).toBe("at λk = 2");
});

test("no text is markup", () => {
  expect(typeset("<b>&")).toBe("&lt;b&gt;&amp;");
  expect(typeset("$|w| < x$")).toBe(math("|<i>w</i>| &lt; <i>x</i>"));
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const bare = typeset(text).replace(/<\/?(?:i|sub|sup|span)(?: class="math(?: short)?")?>|<br \/>/g, "");
      return !/[<>"']/.test(bare);
    }),
  );
});
