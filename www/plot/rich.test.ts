import { expect, test } from "vitest";
import { estimateWidth, plain, rich, toPlainText } from "./rich";

test("reads italic, subscripts and superscripts", () => {
  expect(rich("variance of *w*_1")).toEqual([
    { text: "variance of " },
    { text: "w", italic: true },
    { text: "1", script: "sub" },
  ]);
  expect(rich("10^{-3}")).toEqual([{ text: "10" }, { text: "−3", script: "sup" }]);
  expect(rich("*w*_{*i*} x")).toEqual([
    { text: "w", italic: true },
    { text: "i", italic: true, script: "sub" },
    { text: " x" },
  ]);
});

test("takes an escaped character, an open brace and a lone sign as they are", () => {
  expect(rich("2\\*3\\_4")).toEqual([{ text: "2*3_4" }]);
  expect(rich("a_{b")).toEqual([{ text: "a" }, { text: "{", script: "sub" }, { text: "b" }]);
  expect(rich("a_")).toEqual([{ text: "a_" }]);
  expect(rich("")).toEqual([]);
});

test("plain text keeps every sign", () => {
  expect(plain("lambda*c_1")).toEqual([{ text: "lambda*c_1" }]);
});

test("says itself in one line for a text alternative", () => {
  expect(toPlainText("*k*_1 = 10^{-3}, *w*_{*i*}")).toBe("k₁ = 10⁻³, w_i");
});

test("estimates widths in proportion to the size", () => {
  expect(estimateWidth("λ", 20)).toBeCloseTo(2 * estimateWidth("λ", 10), 12);
  expect(estimateWidth("w_1", 10)).toBeLessThan(estimateWidth("w1", 10));
});
