import { expect, test } from "vitest";
import { figures } from "../figures";
import { texts } from "./errata-text";
import { spoken } from "./spoken";

test.each([
  ["λk = 2", "lambda k equals 2"],
  ["Σ ≤ 2(1 + μ)/k²", "Sigma is at most 2 (1 plus mu) over k squared"],
  ["K⁻¹C²", "K inverse C squared"],
  ["w_{t−1}", "w sub t minus 1"],
  ["k_a = |k_b|", "k a equals | k b |"],
  ["√(2/(2 − x)) erf(z)", "the root of (2 over (2 minus x)) the error function of (z)"],
  ["e^{−2xt} ≥ (1 − x)^{2t}", "e to the power minus 2 x t is at least (1 minus x) to the power 2 t"],
  ["wᵀKw", "w transposed K w"],
  ["k₁ tr C", "k 1 the trace of C"],
  ["X := (1 − μ)I", "X is defined as (1 minus mu) I"],
  ["N = 1000", "N equals 1000"],
  ["D^min(2d−1, 1)", "D to the power min (2 d minus 1, 1)"],
])("%s", (formula, words) => {
  expect(spoken(formula)).toBe(words);
});

test("a sign without a word stands for itself", () => {
  expect(spoken("a☃²")).toBe("a ☃ squared");
});

test("every formula of the gallery and of the errata can be read aloud", () => {
  const all = JSON.stringify([figures, texts])
    .split("$")
    .filter((_, i) => i % 2 === 1);
  expect(all.length).toBeGreaterThan(200);
  for (const formula of all) expect(spoken(formula)).toMatch(/^[\x20-\x7e]+$/);
});
