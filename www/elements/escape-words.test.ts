import { expect, test } from "vitest";
import type { Escaped, EscapeLandscape } from "../engine/engine";
import { lightTheme, toSvg } from "../plot";
import { write } from "../state/document";
import { defaults } from "../state/tables";
import { inside, landscapePlot, readoutOfPlace, survivalPlot, valueAt } from "./escape-plot";
import { escapeTables } from "./escape-tables";
import { noExit, survivalBy, type TheoryRow, tellDensities, tellEscape, theoriesOf } from "./escape-words";

const rate = (perStep: number, time: number) => ({
  rate: perStep / 0.5,
  rate_per_step: perStep,
  mean_first_passage: time,
});
const known = {
  exit: 2,
  lower_exit: null,
  exact: rate(0.01, 110),
  self_consistent: rate(0.02, 50),
  printed: rate(0.03, 100 / 3),
  continuous: rate(0.008, 120),
  note: "",
};
const escaped = (out: number, remaining: number, time = 108, error = 2, before = 0): Escaped =>
  ({
    measurement: {
      left_before: before,
      escaped: out,
      remaining,
      mean_first_passage_time: out > 0 ? time : Number.NaN,
      mean_first_passage_time_error: error,
      rate: 1 / time,
      rate_error: error / time ** 2,
      rate_bound: out > 0 ? Number.NaN : Math.log(20) / (remaining * 1000),
      times: [0, 500, 1000],
      survival: [1, 0.1, remaining / (out + remaining)],
      survival_error: [0, 0.01, 0.001],
    },
    counts: Uint32Array.of(1, 3, 0, 0),
    low: -1,
    high: 1,
  }) as Escaped;

test("every theory that says something has a row", () => {
  expect(theoriesOf(known).map(({ name }) => name)).toEqual(["exact", "discrete", "printed", "continuous"]);
  expect(theoriesOf({ ...known, exact: null, printed: null }).map(({ name }) => name)).toEqual([
    "discrete",
    "continuous",
  ]);
  expect(theoriesOf(null)).toEqual([]);
});

test("the exact survival falls by the rate and has the mean first-passage time as its mean", () => {
  const [exact, discrete] = theoriesOf(known) as [TheoryRow, TheoryRow];
  // The area under it, by trapezoids of a step.
  let area = 0;
  for (let t = 0; t < 4000; t++) area += (survivalBy(exact, t) + survivalBy(exact, t + 1)) / 2;
  expect(area).toBeCloseTo(110, 0);
  expect(survivalBy(exact, 600) / survivalBy(exact, 500)).toBeCloseTo(Math.exp(-1), 12);
  expect(survivalBy(exact, 5)).toBe(1);
  expect(survivalBy(discrete, 50)).toBeCloseTo(Math.exp(-1), 12);
});

test("the words have both numbers and how far off a theory is, in standard errors", () => {
  const words = tellEscape(theoriesOf(known), "", escaped(9990, 10));
  expect(words).toContain(
    "After 1 000 steps 9 990 of 10 000 replicas have left the well."
      .replaceAll(" 000", "\u202f000")
      .replace("9 990", "9\u202f990"),
  );
  expect(words).toContain("mean first-passage time is 108.0 ± 2.0 steps (10 are still inside");
  expect(tellEscape(theoriesOf(known), "", escaped(9999, 1))).toContain(
    "(1 is still inside and counts as if it",
  );
  expect(words).toContain("exact 110 (off by −1.0), discrete 50 (off by +29), continuous 120 (off by −6.0)");
});

test("no escape gives a bound, not a number", () => {
  const words = tellEscape(theoriesOf(known), "exact: too rare", escaped(0, 1000));
  expect(words).toContain(
    "0 of 1\u202f000 replicas have left the well. So the rate is below 3 × 10⁻⁶ a step",
  );
  expect(words).toContain("Not known: exact: too rare.");
  expect(words).not.toContain("off by");
});

test("who left during the burn-in is told apart", () => {
  const told = (out: number, remaining: number, before: number) =>
    tellEscape([], "", escaped(out, remaining, 108, 2, before));
  expect(told(90, 7, 3)).toMatch(
    /^During the burn-in 3 of 100 replicas left the well, before the first step that counts: what follows is of the others\. After 1.000 steps 90 of 97 replicas have left/,
  );
  // Nothing is divided by nobody.
  expect(told(0, 0, 100)).toBe(
    "During the burn-in 100 of 100 replicas left the well, before the first step that counts: nothing is left whose escape could be measured.",
  );
  expect(told(90, 10, 0)).toMatch(/^After /);
});

test("a loss without an exit is named", () => {
  expect(noExit(defaults.scenario)).toContain("parabola");
  const polynomial = write(defaults, new Map([["loss", "polynomial"]] as [string, string][])).scenario;
  expect(noExit(polynomial)).toContain("polynomial has no barrier");
});

const landscape: EscapeLandscape = {
  exit: 2,
  lower_exit: null,
  barrier: 1,
  height: 0.25,
  positions: [-1, 0, 1, 2],
  potential: [0.5, 0, 0.25, -0.25],
  continuous: [0.2, 0.6, 0.2, 0],
  discrete: [0.25, 0.5, 0.25, 0.01],
  exact_positions: [-0.5, 0.5, 1.5],
  exact: [0.4, 0.6, 0.1],
};

test("values between positions are straight, none outside", () => {
  expect(valueAt([0, 2, 3], [1, 3, 0], 1)).toBe(2);
  expect(valueAt([0, 2, 3], [1, 3, 0], 2.5)).toBe(1.5);
  expect(valueAt([0, 2, 3], [1, 3, 0], 4)).toBeNaN();
  expect(readoutOfPlace(landscape, 1)).toEqual([
    "w = 0, L = 0",
    "discrete 0.5",
    "continuous 0.6",
    "exact 0.5",
  ]);
});

test("a histogram of those inside has the area 1", () => {
  const { edges, heights } = inside(escaped(6, 4));
  expect(edges).toEqual([-1, -0.5, 0, 0.5, 1]);
  expect(heights.reduce((sum, height) => sum + height * 0.5, 0)).toBeCloseTo(1, 12);
  expect(inside({ ...escaped(6, 4), counts: new Uint32Array(4) }).heights).toEqual([0, 0, 0, 0]);
});

test("the pictures are drawn with and without what may be missing", () => {
  const size = { width: 400, height: 300, description: "" };
  const rows = theoriesOf(known);
  for (const plot of [
    landscapePlot(landscape, escaped(100, 900), 1, size),
    landscapePlot(
      { ...landscape, discrete: null, exact: null, exact_positions: [] },
      undefined,
      undefined,
      size,
    ),
    landscapePlot(
      { ...landscape, continuous: [Number.NaN, Number.NaN], discrete: null, exact: null },
      undefined,
      2,
      size,
    ),
    survivalPlot(rows, escaped(100, 900), 1000, true, 1, size),
    survivalPlot([], undefined, 1000, false, undefined, size),
  ]) {
    const svg = toSvg(plot, lightTheme);
    expect(svg).toContain("</svg>");
    expect(svg).not.toContain("NaN");
  }
  expect(toSvg(landscapePlot(landscape, undefined, undefined, size), lightTheme)).toContain("exit");
});

const flat: EscapeLandscape = {
  exit: 2,
  lower_exit: null,
  barrier: 1,
  height: 0.25,
  positions: [-1, 0, 1, 2],
  potential: [0.5, 0, 0.25, -0.25],
  continuous: [0.1, 0.4, 0.1, 0],
  discrete: [0.2, 0.3, 0.2, 0],
  exact_positions: [],
  exact: null,
};
const picture = (landscape: EscapeLandscape) =>
  toSvg(
    landscapePlot(landscape, undefined, undefined, { width: 400, height: 300, description: "" }),
    lightTheme,
  );

test("without noise there is no density: it is said, nothing is drawn of it, and no number is read", () => {
  // What a Gaussian of variance zero comes to.
  const still = { ...flat, continuous: Array(4).fill(Number.NaN), discrete: Array(4).fill(Number.NaN) };
  expect(tellDensities(still, undefined)).toMatch(/^No noise: /);
  expect(readoutOfPlace(still, 1).slice(1)).toEqual(["discrete: none", "continuous: none"]);
  const svg = picture(still);
  expect(svg).not.toMatch(/NaN|line continuous|line discrete/);
  expect(svg).toContain("line plain");
});

test("a well too sharp for the step is named with the reason, and the continuous density stays", () => {
  const sharp = { ...flat, discrete: null };
  const prediction = { stability: { summary: "unstable: λk = 2.5 is above 2" } } as never;
  expect(tellDensities(sharp, prediction)).toBe(
    "The discrete theory has no density in this well. Unstable: λk = 2.5 is above 2.",
  );
  expect(picture(sharp)).toMatch(/line continuous/);
  expect(picture(sharp)).not.toMatch(/line discrete/);
  expect(tellDensities(flat, undefined)).toBe("");
});

test("the tables hold what is drawn", () => {
  const tables = escapeTables(flat, theoriesOf(known), escaped(3, 1));
  expect(tables.map(({ name }) => name)).toEqual(["densities", "survival", "histogram"]);
  const [densities, survival, histogram] = tables.map(({ table }) => table());
  expect(densities?.rows[1]).toEqual([0, 0, 0.4, 0.3]);
  expect(survival?.header.slice(3)).toEqual(["exact", "discrete", "printed", "continuous"]);
  expect(survival?.rows[1]?.slice(0, 3)).toEqual([500, 0.1, 0.01]);
  expect(survival?.rows[1]?.[4]).toBeCloseTo(Math.exp(-10), 12);
  expect(histogram?.rows[1]).toEqual([-0.5, 0, 3, 1.5, Math.sqrt(0.75) / 2]);
});
