import { expect, test } from "vitest";
import type { DataSummary, Prediction } from "../engine/engine";
import { lightTheme, toSvg } from "../plot";
import { write } from "../state/document";
import { defaults } from "../state/tables";
import { columnsOf, off, tellData, trace } from "./data-words";
import { along, block, lawsPlot } from "./laws";

const { scenario } = write(
  defaults,
  new Map([
    ["loss", "least_squares"],
    ["data", "diabetes"],
  ]),
);
const data: DataSummary = {
  samples: 442,
  dimension: 2,
  x: [],
  y: [],
  minimum: [0.4, 0.3],
  residual_variance: 0.54,
  noise: {
    batch_size: 8,
    sampling: "with_replacement",
    factor: 0.125,
    approximate: [
      [0.125, 0.05],
      [0.05, 0.125],
    ],
    at_minimum: [
      [0.0625, 0.02],
      [0.02, 0.0725],
    ],
  },
};
const law = (spread: number) => ({
  stationary: {
    covariance: [
      [spread, 0],
      [0, spread],
    ],
  },
});
const predicted = (rule: unknown, exact: unknown, note = "") =>
  ({ discrete: rule, exact, exact_note: note }) as unknown as Prediction;

test("columns have the names of the data, the target first", () => {
  expect(columnsOf(scenario)).toEqual(["disease progression", "bmi", "s5"]);
  expect(columnsOf(write(defaults, new Map([["loss", "least_squares"]])).scenario)).toEqual(["y", "x"]);
  expect(columnsOf(defaults.scenario)).toEqual([]);
});

test("how far off, in words", () => {
  expect(off(1.05, 1)).toBe("5\u00a0% too large");
  expect(off(0.9, 1)).toBe("10\u00a0% too small");
  expect(off(6, 2)).toBe("3 times too large");
  expect(off(0.25, 1)).toBe("4 times too small");
  expect(off(1.0005, 1)).toBe("right within 0.1\u00a0%");
  expect(off(0.001, 0)).toBe("not zero, as it should be");
  expect(off(Number.NaN, 1)).toBe("not to be compared");
  expect(trace(undefined)).toBeNaN();
});

test("the rule is said to be off at the minimum and in the long run, by how much", () => {
  const words = tellData(data, scenario, predicted(law(0.3), law(0.2)));
  expect(words).toContain("442 samples with 2 inputs");
  expect(words).toContain("trace 0.25, the true noise κR 0.135: the rule is 85\u00a0% too large");
  expect(words).toContain("tr Σ = 0.6, exactly 0.4: with K/S it is 50\u00a0% too large");
});

test("what is not there is said", () => {
  expect(tellData({ ...data, noise: null }, scenario, undefined)).toContain("no C = K/S");
  expect(tellData(data, scenario, predicted(law(0.3), null))).toContain("exactly there is none");
  expect(tellData(data, scenario, predicted(law(0.3), null, "too many"))).toContain("Σ exactly: too many.");
  expect(tellData(data, scenario, predicted(null, null))).toContain("neither by the rule nor exactly");
});

test("a covariance in other coordinates", () => {
  const matrix = [
    [2, 1],
    [1, 4],
  ];
  const half = Math.SQRT1_2;
  const turned = along(matrix, [
    [half, half],
    [half, -half],
  ]);
  expect(turned?.[0][0]).toBeCloseTo(4, 12);
  expect(turned?.[0][1]).toBeCloseTo(-1, 12);
  expect(turned?.[1][1]).toBeCloseTo(2, 12);
  expect(block(matrix, 1, 0)).toEqual([
    [4, 1],
    [1, 2],
  ]);
  expect(block(matrix, 0, 5)).toBeUndefined();
});

test("laws are ellipses in a plane and curves on a line", () => {
  const laws = [
    {
      name: "posterior",
      covariance: [
        [1, 0],
        [0, 2],
      ] as const,
    },
    {
      series: "discrete",
      name: "SGD",
      covariance: [
        [2, 0.5],
        [0.5, 1],
      ] as const,
    },
  ] as const;
  const options = { width: 400, height: 300, title: "t", description: "", x: "a", y: "b" };
  expect(toSvg(lawsPlot(laws, { ...options, single: false }), lightTheme)).toContain("ellipses");
  const curves = toSvg(lawsPlot(laws, { ...options, single: true }), lightTheme);
  expect(curves).toContain("line discrete");
  expect(curves).not.toContain("NaN");
  expect(toSvg(lawsPlot([], { ...options, single: true }), lightTheme)).toContain("</svg>");
});
