import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { brief, count, counted, digits, digitsBeside, duration, plusMinus, probability, z } from "./numbers";

const finite = fc.double({ min: -1e307, max: 1e307, noNaN: true });
/** What is written, as a number again. */
const back = (text: string) => {
  const power = [...(/10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)/.exec(text)?.[1] ?? "⁰")];
  const exponent = power.map((sign) => "-0123456789"["⁻⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(sign)]).join("");
  return Number(`${text.replace("−", "-").replace(/ × 10.*/, "")}e${exponent}`);
};

describe("digits", () => {
  test.each([
    [0, 3, "0"],
    [-0, 3, "0"],
    [1, 3, "1"],
    [1.5, 3, "1.5"],
    [-1.5, 3, "−1.5"],
    [Math.PI, 3, "3.14"],
    [Math.PI, 5, "3.1416"],
    [100, 3, "100"],
    [1000, 4, "1000"],
    [1234, 2, "1234"],
    [0.1 + 0.2, 4, "0.3"],
    [0.9996, 3, "1"],
    [0.0001, 3, "0.0001"],
    [0.00001234, 3, "1.23 × 10⁻⁵"],
    [1e6, 3, "1 × 10⁶"],
    [-2.5e-12, 3, "−2.5 × 10⁻¹²"],
    [9.999e9, 3, "1 × 10¹⁰"],
    [1e308, 3, "1 × 10³⁰⁸"],
    [5e-324, 3, "4.94 × 10⁻³²⁴"],
    [Number.POSITIVE_INFINITY, 3, "∞"],
    [Number.NEGATIVE_INFINITY, 3, "−∞"],
    [Number.NaN, 3, "–"],
    [null, 3, "–"],
    [undefined, 3, "–"],
  ])("%d to %d digits is %s", (value, significant, text) => {
    expect(digits(value, significant)).toBe(text);
  });
  test("are as near as so many digits can be, without zeros at the end", () => {
    fc.assert(
      fc.property(finite, fc.integer({ min: 2, max: 9 }), (value, significant) => {
        const text = digits(value, significant);
        // Subnormal numbers have fewer digits of their own.
        if (Math.abs(value) > 1e-300) {
          expect(Math.abs(back(text) - value)).toBeLessThanOrEqual(
            Math.abs(value) * 0.5001 * 10 ** (1 - significant),
          );
        }
        expect(text).not.toMatch(/\.\d*0( |$)|\.( |$)|-/);
      }),
    );
  });
});

describe("plusMinus", () => {
  test.each([
    [1.23456, 0.0123, "1.235 ± 0.012"],
    [1.23456, 0.5, "1.23 ± 0.50"],
    [-1.23456, 0.5, "−1.23 ± 0.50"],
    [123.4, 12, "123 ± 12"],
    [123.4, 1.26, "123.4 ± 1.3"],
    [1e7, 12345, "(1.0000 ± 0.0012) × 10⁷"],
    [-7.512e11, 2.2e9, "(−7.512 ± 0.022) × 10¹¹"],
    [3e-9, 1e-10, "(3.00 ± 0.10) × 10⁻⁹"],
    [1e-9, 5e-9, "(1.0 ± 5.0) × 10⁻⁹"],
    [3, 2e6, "(0.0 ± 2.0) × 10⁶"],
    [3e-322, 1e-322, "(3.0 ± 1.0) × 10⁻³²²"],
    [1e12, 1, "1 × 10¹² ± 1"],
    [1.23456e12, 0, "1.23 × 10¹²"],
    [5, 0, "5"],
    [5, null, "5"],
    [5, Number.NaN, "5"],
    [5, Number.POSITIVE_INFINITY, "5"],
    [null, 1, "–"],
    [undefined, undefined, "–"],
    [Number.NaN, 1, "–"],
    [Number.POSITIVE_INFINITY, 1, "–"],
  ])("%d ± %d is %s", (value, error, text) => {
    expect(plusMinus(value, error)).toBe(text);
  });
  test("what rounds to zero has no sign", () => {
    expect(plusMinus(-1e-9, 0.0012)).toBe("0.0000 ± 0.0012");
    expect(plusMinus(-0.4, 12)).toBe("0 ± 12");
  });
  test("nothing comes out that is no number", () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), (value, error) => {
        expect(plusMinus(value, error)).not.toMatch(/NaN|Inf|undefined|e/);
      }),
    );
  });
});

describe("z", () => {
  test.each([
    [0, "0.0"],
    [0.04, "0.0"],
    [-0.01, "0.0"],
    [0.06, "+0.1"],
    [1.24, "+1.2"],
    [-1.26, "−1.3"],
    [9.94, "+9.9"],
    [9.96, "+10"],
    [38.4, "+38"],
    [-1234.5, "−1\u202f235"],
    [999_999.4, "+999\u202f999"],
    [1e6, "> 10⁶"],
    [-3e15, "< −10⁶"],
    [Number.NaN, "–"],
    [Number.POSITIVE_INFINITY, "–"],
  ])("%d is %s", (value, text) => {
    expect(z(value)).toBe(text);
  });
});

describe("probability", () => {
  test.each([
    [1, "= 1.00"],
    [0.5, "= 0.50"],
    [0.054, "= 0.05"],
    [0.01, "= 0.01"],
    [0.0054, "= 0.005"],
    [0.001, "= 0.001"],
    [0.00099, "< 10⁻³"],
    [2e-17, "< 10⁻¹⁶"],
    [1e-310, "< 10⁻³⁰⁰"],
    [0, "< 10⁻³⁰⁰"],
  ])("%d is %s", (p, text) => {
    expect(probability(p)).toBe(text);
  });
  test("a bound is one", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-299, max: 0.000999, noNaN: true }), (p) => {
        expect(p).toBeLessThan(back(probability(p).replace("< ", "1 × ")) * (1 + 1e-9));
      }),
    );
  });
});

describe("count", () => {
  test.each([
    [0, "0"],
    [999, "999"],
    [1000, "1\u202f000"],
    [1234567.4, "1\u202f234\u202f567"],
    [1e12, "1\u202f000\u202f000\u202f000\u202f000"],
  ])("%d is %s", (value, text) => {
    expect(count(value)).toBe(text);
  });
});

describe("counted", () => {
  test("one has no s", () => {
    expect(counted(1, "step")).toBe("1 step");
    expect(counted(0, "point")).toBe("0 points");
    expect(counted(20_000, "replica")).toBe("20\u202f000 replicas");
  });
});

describe("brief", () => {
  test("has four figures, three before a power of ten", () => {
    expect(brief(1.23456)).toBe("1.235");
    expect(brief(1.23456e-9)).toBe("1.23 × 10⁻⁹");
    expect(brief(null)).toBe("–");
  });
});

describe("duration", () => {
  test.each([
    [0, "1 s"],
    [0.2, "1 s"],
    [89.4, "89 s"],
    [90, "2 min"],
    [3600, "60 min"],
    [5400, "2 h"],
    [172_799, "48 h"],
    [172_800, "2 days"],
    [1e9, "11\u202f574 days"],
  ])("%d seconds are %s", (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});

test("a number beside a limit has the figures that tell them apart", () => {
  expect(digitsBeside(1.9999, 2, 3)).toBe("1.9999");
  expect(digitsBeside(1.5, 2, 3)).toBe("1.5");
  expect(digitsBeside(2, 2, 3)).toBe("2");
  expect(digitsBeside(0.99999, 1, 4)).toBe("0.99999");
});
