import { expect, test } from "vitest";
import { wholes } from "./dom";

test("a relation, a value with its error and a vector stay on one line", () => {
  expect(wholes("off at λ = 1.94: p < 10⁻³⁰⁰")).toEqual(["off", "at", "λ = 1.94:", "p < 10⁻³⁰⁰"]);
  expect(wholes("keeps −0.493 ± 0.011 of its variance along (1, 0, 2), as")).toEqual(
    ["keeps", "−0.493 ± 0.011", "of", "its", "variance", "along", "(1, 0, 2),", "as"], // biome-ignore format: a line
  );
  expect(wholes("is (7.85 ± 0.11) × 10⁻⁵; and")).toEqual(["is", "(7.85 ± 0.11) × 10⁻⁵;", "and"]);
  expect(wholes("above 2(1 + μ) = 2 for μ = 0.")).toEqual(["above", "2(1 + μ) = 2", "for", "μ = 0."]);
});

test("nothing is lost, and what is long still breaks", () => {
  const chain = Array.from({ length: 40 }, (_, i) => `x${i}`).join(" + ");
  for (const text of ["", "words alone", "a  b", "= 3", chain]) expect(wholes(text).join(" ")).toBe(text);
  expect(Math.max(...wholes(chain).map((group) => group.length))).toBeLessThanOrEqual(36);
});
