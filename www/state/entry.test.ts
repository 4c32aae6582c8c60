import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { format, parse, rangeOf } from "./entry";
import { type Parameter, parameterNamed, parameters } from "./tables";

const rate = parameterNamed("learning_rate");
const hessian = parameterNamed("hessian");

const valueOf = (parameter: Parameter, text: string) => {
  const entry = parse(parameter, text);
  return "value" in entry ? entry.value : entry.problem;
};
const problemOf = (parameter: Parameter, text: string) => {
  const entry = parse(parameter, text);
  return "problem" in entry ? entry.problem : `accepted as ${JSON.stringify(entry.value)}`;
};

/** Every double but NaN and the infinities; −0 is no value of any parameter. */
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => (x === 0 ? 0 : x));

describe("numbers", () => {
  test.each([
    ["1", 1],
    ["  0.5\t", 0.5],
    ["+2", 2],
    ["-3", -3],
    ["−3", -3],
    ["–3", -3],
    [".25", 0.25],
    ["2.", 2],
    ["1e-3", 1e-3],
    ["1E+3", 1000],
    ["\u00a07\u00a0", 7],
    ["1e308", 1e308],
    ["5e-324", 5e-324],
    ["007", 7],
    ["1000000000000", 1e12],
  ])("%j is %d", (text, value) => {
    expect(valueOf(rate, text)).toBe(value);
  });

  test.each([
    "NaN",
    "Infinity",
    "-Infinity",
    "1e309",
    "0x10",
    "0b1",
    "1,5",
    "1 000",
    "1_000",
    "1e",
    "e5",
    ".",
    "-",
    "--1",
    "1.2.3",
    "abc",
    "1n",
    "½",
    "null",
    "<script>",
  ])("%j is refused in words with the value and the range", (text) => {
    const problem = problemOf(rate, text);
    expect(problem).toContain(`“${text}”`);
    expect(problem).toContain("learning_rate must be a number in (0, 1000000]");
  });

  test.each(["", "   ", "\n\t"])("nothing at all (%j) is called nothing", (text) => {
    expect(problemOf(rate, text)).toBe("learning_rate must be a number in (0, 1000000], got nothing");
  });

  test("what is out of range is read: the core names the range", () => {
    expect(valueOf(rate, "-1")).toBe(-1);
    expect(valueOf(parameterNamed("replicas"), "1e12")).toBe(1e12);
    expect(valueOf(parameterNamed("momentum"), "1.2")).toBe(1.2);
  });

  test("zero has no sign", () => {
    expect(valueOf(rate, "-0")).toBe(0);
    expect(valueOf(rate, "-1e-400")).toBe(0);
    expect(valueOf(hessian, "-0")).toEqual([[0]]);
  });

  test("format and parse give the same bits", () => {
    fc.assert(
      fc.property(finite, (x) => {
        expect(valueOf(rate, format(x))).toBe(x);
      }),
    );
  });
});

describe("ranges", () => {
  test("are written with round brackets at open ends", () => {
    expect(rangeOf(rate)).toBe("(0, 1000000]");
    expect(rangeOf(parameterNamed("momentum"))).toBe("[0, 1)");
    expect(rangeOf(parameterNamed("replicas"))).toBe("[2, 1000000]");
    expect(rangeOf(hessian)).toBe("");
  });
});

describe("choices", () => {
  const quantity = parameterNamed("quantity");
  test("are words of the table, to the letter", () => {
    expect(valueOf(quantity, "training_error")).toBe("training_error");
    for (const text of ["", "Variance", "variance ", "toString", "__proto__"]) {
      expect(problemOf(quantity, text)).toBe(
        `quantity must be one of variance, covariance, mean, training_error, skewness, kurtosis, escape_rate, got “${text}”`,
      );
    }
  });
});

describe("lists", () => {
  const variances = parameterNamed("input_variances");
  const columns = parameterNamed("columns");
  const inputs = parameterNamed("inputs");
  test.each(["1, 0.5", "1,.5", "1 0.5", "[1, 0.5]", "1;5e-1\n"])("of numbers: %j", (text) => {
    expect(valueOf(variances, text)).toEqual([1, 0.5]);
  });
  test.each([
    ["", "got nothing"],
    ["[]", "got nothing"],
    ["1, x", "“x” in place 2 is no number"],
    ["1, 1e999", "“1e999” in place 2 is no number"],
  ])("of numbers, refused: %j", (text, words) => {
    expect(problemOf(variances, text)).toBe(
      `input_variances must be a list of numbers, such as 1, 0.1: ${words}`,
    );
  });
  test("of words", () => {
    expect(valueOf(columns, "bmi, s5")).toEqual(["bmi", "s5"]);
    expect(valueOf(columns, "bmi")).toEqual(["bmi"]);
    for (const text of ["", "bmi, weight"])
      expect(problemOf(columns, text)).toMatch(
        /^columns must be some of age, sex, bmi, .*, got (nothing|“weight”)$/,
      );
  });
  test("of rows, which need not be as many as they have entries", () => {
    expect(valueOf(inputs, "1, 2; 3, 4; 5, 6")).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(problemOf(inputs, "1, 2; 3")).toContain("row 1 has 2 entries, row 2 has 1 entry");
  });
  test("format and parse give the same", () => {
    for (const [row, value] of [
      [variances, [1, 1e-300, 7]],
      [columns, ["s5", "bmi"]],
      [inputs, [[1, 2]]],
    ] as const)
      expect(valueOf(row, format(value))).toEqual(value);
  });
});

describe("matrices", () => {
  const two = [
    [1, 0],
    [0, 0.1],
  ];
  test.each([
    "1, 0; 0, 0.1",
    "1,0;0,0.1",
    "1 0\n0 0.1",
    "1 0\r\n0 0.1\r\n",
    "1\t0\n0\t0.1",
    "1,0\n0,0.1\n\n",
    "[[1, 0], [0, 0.1]]",
    "[[1,0],[0,0.1]]",
    "[[1. 0. ]\n [0.  0.1]]",
    "[1, 0; 0, 0.1]",
    "[1 0]\n[0 0.1]",
    "[[1, 0],\n [0, .1]]",
    " ; 1 0 ;; 0 1e-1 ; ",
    "1, 0,\n0, 0.1,",
    "1 -0; −0 0.1",
  ])("%j", (text) => {
    expect(valueOf(hessian, text)).toEqual(two);
  });

  test.each(["2", "[2]", "[[2]]", " 2;", "2\n"])("one by one: %j", (text) => {
    expect(valueOf(hessian, text)).toEqual([[2]]);
  });

  test.each([
    ["", "got nothing"],
    [" \n;; [] ", "got nothing"],
    ["1, 0; 0", "row 1 has 2 entries, row 2 has 1 entry"],
    ["1; 0, 1", "row 1 has 1 entry, row 2 has 2 entries"],
    ["1, 0", "got 1 × 2, and it must be square"],
    ["1\n2", "got 2 × 1, and it must be square"],
    ["1, x; 0, 1", "“x” in row 1 is no number"],
    ["1, 0; 0, NaN", "“NaN” in row 2 is no number"],
    ["1, 0; 0, 1e999", "“1e999” in row 2 is no number"],
    ["{{1,0},{0,1}}", "“{{1” in row 1 is no number"],
    ["1;".repeat(1001), "got 1001 rows"],
  ])("%j is refused: %s", (text, words) => {
    const problem = problemOf(hessian, text);
    expect(problem).toContain(words);
    expect(problem).toMatch(/^hessian must be a matrix/);
  });

  test("format and parse give the same bits, also as the control shows them", () => {
    const square = fc
      .integer({ min: 1, max: 6 })
      .chain((n) =>
        fc.array(fc.array(finite, { minLength: n, maxLength: n }), { minLength: n, maxLength: n }),
      );
    fc.assert(
      fc.property(square, (matrix) => {
        expect(valueOf(hessian, format(matrix))).toEqual(matrix);
        expect(valueOf(hessian, format(matrix).replaceAll("; ", "\n"))).toEqual(matrix);
        expect(valueOf(hessian, JSON.stringify(matrix))).toEqual(matrix);
      }),
    );
  });
});

describe("texts of any kind", () => {
  /** Far above what reading 10⁵ characters once takes, far below what reading them again from each place does. */
  const MILLISECONDS = 500;

  test("give a value or a problem, never an exception", () => {
    fc.assert(
      fc.property(fc.constantFrom(...parameters), fc.string({ unit: "binary" }), (parameter, text) => {
        const entry = parse(parameter, text);
        if ("problem" in entry) expect(entry.problem).toContain(parameter.name);
        else expect(parse(parameter, format(entry.value))).toEqual(entry);
      }),
    );
  });

  test.each([
    ["digits", `${"1".repeat(100_000)}x`],
    ["digits with a point", `${"1".repeat(50_000)}.${"1".repeat(50_000)}x`],
    ["a bracket and spaces", `]${" ".repeat(100_000)}x`],
    ["brackets", "] ,".repeat(30_000)],
    ["letters", "x".repeat(100_000)],
  ])("however long (%s) are refused at once and briefly", (_, text) => {
    for (const parameter of [rate, hessian, parameterNamed("quantity")]) {
      const start = performance.now();
      const problem = problemOf(parameter, text);
      expect(performance.now() - start).toBeLessThan(MILLISECONDS);
      expect(problem.length).toBeLessThan(250);
    }
  });
});
