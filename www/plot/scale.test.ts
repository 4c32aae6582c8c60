import { describe, expect, test } from "vitest";
import { toPlainText } from "./rich";
import { extent, linear, log, place } from "./scale";

const labels = (spec: ReturnType<typeof linear>, count = 5) =>
  place(spec, [0, 100])
    .ticks(count)
    .filter((tick) => !tick.minor)
    .map((tick) => toPlainText(tick.label));

describe("linear", () => {
  test("maps both ways and keeps its domain as it is", () => {
    const scale = place(linear(0.13, 1.97), [40, 240]);
    expect(scale.domain).toEqual([0.13, 1.97]);
    expect(scale.px(0.13)).toBe(40);
    expect(scale.value(240)).toBeCloseTo(1.97, 12);
    expect(scale.value(scale.px(1.234))).toBeCloseTo(1.234, 12);
  });
  test("labels without trailing zeros and with a true minus sign", () => {
    expect(labels(linear(0, 2))).toEqual(["0", "0.5", "1", "1.5", "2"]);
    expect(labels(linear(-0.3, 0.3), 3)).toEqual(["−0.2", "0", "0.2"]);
    expect(labels(linear(0, 3000), 3)).toEqual(["0", "1000", "2000", "3000"]);
  });
  test("labels very small and very large values by powers of ten", () => {
    expect(labels(linear(0, 4e-4), 4)).toEqual(["0", "10⁻⁴", "2·10⁻⁴", "3·10⁻⁴", "4·10⁻⁴"]);
    expect(labels(linear(0, 2.5e6), 5)).toEqual(["0", "5·10⁵", "10⁶", "1.5·10⁶", "2·10⁶", "2.5·10⁶"]);
  });
  test("has no place for what is not finite and pulls in what is far out", () => {
    const scale = place(linear(0, 1), [0, 100]);
    expect(scale.px(Number.NaN)).toBeNaN();
    expect(scale.px(Number.POSITIVE_INFINITY)).toBeNaN();
    expect(scale.px(1e308)).toBe(20_100);
    expect(scale.px(-1e308)).toBe(-20_000);
  });
  test("knows what it shows, reversed too", () => {
    const scale = place(linear(10, 0), [0, 100]);
    expect([scale.shows(0), scale.shows(10), scale.shows(10.1), scale.shows(Number.NaN)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(scale.px(10)).toBe(0);
  });
  test("opens an empty domain and refuses a bad one", () => {
    expect(linear(0, 0).domain).toEqual([-1, 1]);
    expect(linear(4, 4).domain).toEqual([2, 6]);
    expect(() => linear(0, Number.NaN)).toThrow(/finite domain, got \[0, NaN\]/);
    expect(() => linear(-1e308, 1e308)).toThrow(RangeError);
  });
});

describe("log", () => {
  test("labels decades: as decimals while short, else as powers", () => {
    expect(labels(log(0.01, 100))).toEqual(["0.01", "0.1", "1", "10", "100"]);
    expect(labels(log(1e-4, 1))).toEqual(["10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "10⁰"]);
  });
  test("labels 1, 2, 5 where there are few decades, and every few decades where there are many", () => {
    expect(labels(log(0.02, 0.5))).toEqual(["0.02", "0.05", "0.1", "0.2", "0.5"]);
    expect(labels(log(1e-12, 1))).toEqual(["10⁻¹²", "10⁻¹⁰", "10⁻⁸", "10⁻⁶", "10⁻⁴", "10⁻²", "10⁰"]);
    expect(labels(log(1e-300, 1e300)).length).toBeLessThan(9);
  });
  test("labels a part of a decade as a linear scale does", () => {
    expect(labels(log(0.61, 0.79), 3)).toEqual(["0.65", "0.7", "0.75"]);
  });
  test("has minor ticks without labels between decades", () => {
    const ticks = place(log(1, 100), [0, 100]).ticks(3);
    expect(ticks.filter((tick) => tick.minor).every((tick) => tick.label.length === 0)).toBe(true);
    expect(ticks.map((tick) => tick.value)).toContain(30);
    expect(new Set(ticks.map((tick) => tick.value)).size).toBe(ticks.length);
  });
  test("has no place for zero and below, and refuses them as a domain", () => {
    const scale = place(log(1, 100), [0, 100]);
    expect(scale.px(10)).toBeCloseTo(50, 12);
    expect(scale.px(0)).toBeNaN();
    expect(scale.px(-1)).toBeNaN();
    expect(() => log(0, 1)).toThrow(/positive, finite domain, got \[0, 1\]/);
    expect(log(4, 4).domain).toEqual([2, 8]);
  });
});

describe("extent", () => {
  test("passes over what is not finite, or not positive on a log scale", () => {
    expect(
      extent([
        [3, Number.NaN],
        [Number.POSITIVE_INFINITY, -2],
      ]),
    ).toEqual([-2, 3]);
    expect(extent([[3, 0, -1, 0.5]], "log")).toEqual([0.5, 3]);
    expect(extent([[Number.NaN], []])).toBeUndefined();
  });
});
