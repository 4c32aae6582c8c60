import { describe, expect, test } from "vitest";
import type { Agreement, Curve, SweepPoint, Verdict } from "../engine/pkg/noisy_descent_wasm";
import { type Value, write } from "../state/document";
import { defaults } from "../state/tables";
import {
  figuresFor,
  quantityOf,
  readoutOf,
  describe as say,
  subscript,
  symbolOf,
  verdictOf,
} from "./sweep-words";

const set = (changes: Record<string, Value>) => write(defaults, new Map(Object.entries(changes)));
const point = (changes: Partial<SweepPoint> = {}) =>
  ({
    index: 0,
    x: 1.5,
    measured: 3.02,
    error: 0.04,
    replicas: 1000,
    diverged: 0,
    continuous: 0.75,
    discrete: 3,
    ...changes,
  }) as SweepPoint;
const agreement = (changes: Partial<Agreement> = {}): Agreement =>
  ({
    points: 30,
    chi_squared: 33,
    p_value: 0.32,
    largest: -2.4,
    largest_at: 1.25,
    accepted: true,
    ...changes,
  }) as Agreement;
const verdict = (changes: Partial<Verdict> = {}): Verdict => ({
  continuous: null,
  discrete: null,
  exact: null,
  formula: null,
  unstable: 0,
  diverged: 0,
  ...changes,
});
const curve = (...limits: Curve["limits"]): Curve => ({
  x: [],
  continuous: [],
  discrete: [],
  exact: [],
  formula: [],
  limits,
  exact_limits: [],
  moment_limits: [],
});

test("points of a well that have lost their replicas are told", () => {
  const gone = [0.4, 0.6, 0.8].map((x) => point({ x, measured: null, error: null }));
  const well = set({ loss: "polynomial" });
  expect(say(well, [point({ x: 0.2 }), ...gone])).toContain(
    "At 3 points (λ = 0.4 … 0.8) too few replicas are left in the well to be measured.",
  );
  expect(say(well, gone.slice(0, 1))).toContain("At 1 point (λ = 0.4) too few");
  expect(say(well, [point()])).not.toContain("too few");
  expect(say(defaults, gone), "elsewhere nothing leaves").not.toContain("too few");
});

describe("names", () => {
  test("of what is looked at", () => {
    expect(quantityOf(defaults)).toBe("variance of w₁");
    expect(quantityOf(set({ coordinate: 2 }))).toBe("variance of w₂");
    expect(quantityOf(set({ hessian: [[1]] }))).toBe("variance of w");
    expect(quantityOf(set({ quantity: "escape_rate" }))).toBe("escape rate over k");
    expect(quantityOf(set({ quantity: "training_error" }))).toBe("training error");
    expect(quantityOf(set({ quantity: "kurtosis" }))).toBe("excess kurtosis of w₁");
    expect(quantityOf(set({ loss: "polynomial", quantity: "skewness" }))).toBe("skewness of w");
    expect(quantityOf(set({ quantity: "covariance", coordinate: 2, other: 1 }))).toBe(
      "covariance of w₂ and w₁",
    );
    const one = { hessian: [[1]], quantity: "mean" };
    expect([quantityOf(set(one)), quantityOf(set({ ...one, parameter: "dimension" }))]).toEqual([
      "mean of w",
      "mean of w₁",
    ]);
    expect(symbolOf(set({ parameter: "dimension" }))).toBe("D");
    expect(symbolOf(defaults)).toBe("λ");
    expect(symbolOf(set({ parameter: "momentum" }))).toBe("μ");
    expect(subscript(102)).toBe("₁₀₂");
  });
});

describe("verdictOf", () => {
  test("a theory that agrees", () => {
    expect(verdictOf("discrete", verdict({ discrete: agreement() }), defaults)).toBe(
      "agrees: χ² per point 1.1 over 30 points, p = 0.32; largest deviation 2.4 standard errors at λ = 1.25",
    );
  });
  test("a theory that does not says first by how much and where", () => {
    const off = agreement({ accepted: false, chi_squared: 5000, p_value: 0, largest: 38.2, largest_at: 1.5 });
    expect(verdictOf("continuous", verdict({ continuous: off }), defaults)).toBe(
      "off by 38 standard errors at λ = 1.5: χ² per point 167 over 30 points, p < 10⁻³⁰⁰",
    );
  });
  test("one point, along the momentum", () => {
    const one = verdict({ discrete: agreement({ points: 1, chi_squared: 1 }) });
    expect(verdictOf("discrete", one, set({ parameter: "momentum" }))).toBe(
      "agrees: χ² per point 1 over 1 point, p = 0.32; largest deviation 2.4 standard errors at μ = 1.25",
    );
  });
  test("nothing yet", () => {
    expect(verdictOf("discrete", undefined, defaults)).toBe("nothing to compare yet");
    expect(verdictOf("discrete", verdict(), defaults)).toBe("nothing to compare yet");
  });
  test("without noise there is nothing to compare, with either theory", () => {
    const zero = { ...curve(), x: [1, 2], continuous: [0, 0], discrete: [0, 0] };
    for (const theory of ["discrete", "continuous"] as const)
      expect(verdictOf(theory, verdict(), defaults, zero)).toBe("no noise: nothing to compare");
    expect(say(defaults, [], zero)).toBe("No noise: the variance of w₁ is zero in both theories.");
  });
  test("a range without any stationary state", () => {
    const beyond = { ...curve(), x: [3, 4], continuous: [1, 2], discrete: [Number.NaN, Number.NaN] };
    const sweep = set({ from: 3, to: 4 });
    expect(verdictOf("discrete", verdict(), sweep, beyond)).toBe(
      "no stationary state anywhere in this range",
    );
    expect(verdictOf("continuous", verdict(), sweep, beyond)).toBe("nothing to compare yet");
    expect(say(sweep, [], beyond, verdict({ unstable: 9 }), "unstable: λ must stay below 2")).toBe(
      "No stationary state anywhere in this range, λ from 3 to 4. At λ = 3.5: unstable: λ must stay below 2.",
    );
  });
});

describe("describe", () => {
  test("before anything is measured", () => {
    expect(say(defaults, [])).toBe("The variance of w₁ against λ, by theory; nothing is measured yet.");
  });
  test("takes the point where the theories differ by the most standard errors", () => {
    const points = [
      point({ x: 0.5, error: 0.001, continuous: 0.3, discrete: 0.31, measured: 0.31 }),
      point(),
      point({ x: 1.9, error: 10, measured: 25, discrete: 20, continuous: 1 }),
    ];
    expect(say(defaults, points)).toBe(
      "At λ = 1.5 the measured variance of w₁ is 3.020 ± 0.040; discrete theory 3, continuous 0.75.",
    );
  });
  test("does not choose one that diverged, was not measured, or has no error or theory", () => {
    const useless = [point({ measured: null, error: null }), point({ error: 0 }), point({ discrete: null })];
    expect(say(defaults, useless)).toContain("nothing is measured yet");
    expect(say(defaults, [point({ diverged: 1 })])).not.toContain("the measured");
  });
  test("names the limits, from below and from above", () => {
    expect(say(defaults, [], curve({ at: 2, stable_above: false }))).toBe(
      "The fluctuation diverges from λ = 2 on.",
    );
    const along = set({ parameter: "momentum" });
    expect(say(along, [], curve({ at: 0.375, stable_above: true }))).toBe(
      "The fluctuation diverges below μ = 0.375.",
    );
  });
  test("counts what diverged", () => {
    const one = [point({ x: 2.1, diverged: 400, measured: null })];
    expect(say(defaults, one)).toBe(
      "At 1 point (λ = 2.1) 400 of 1\u202f000 replicas diverged; the continuous theory predicts a finite value there.",
    );
    const four = [2.1, 2.2, 2.3, 2.4].map((x) => point({ x, diverged: 1000 }));
    expect(say(defaults, four)).toContain(
      "At 4 points (λ = 2.1 … 2.4) 4\u202f000 of 4\u202f000 replicas diverged",
    );
    expect(say(defaults, four.slice(0, 3))).toContain("(λ = 2.1, 2.2, 2.3)");
  });
  test("says what has no stationary state though nothing has diverged yet", () => {
    expect(say(defaults, [point()], undefined, verdict({ unstable: 3 }))).toContain(
      "At 3 points there is no stationary state.",
    );
    expect(say(defaults, [point()], undefined, verdict({ unstable: 1 }))).toContain("At 1 point there");
    expect(say(defaults, [point({ diverged: 5 })], undefined, verdict({ unstable: 1 }))).not.toContain(
      "stationary",
    );
  });
});

describe("heavy tails", () => {
  const along = set({ parameter: "momentum" });
  const limits = [
    { at: 0.4, stable_above: true },
    { at: 0.9, stable_above: false },
  ];
  const tell = (points: SweepPoint[], moment_limits: typeof limits) =>
    say(along, points, { ...curve(), moment_limits });

  test("are said with their limits, and how many points are not judged for them", () => {
    const open = { error: null, lacking_moment: 4 };
    const points = [point({ x: 0.3, ...open }), point({ x: 0.6 }), point({ x: 0.95, ...open })];
    expect(tell(points, limits)).toContain(
      "In the long run the fourth moment of w is infinite below μ = 0.4 and from μ = 0.9 on, and a standard error is made of it: 2 points there are shown without one, open, and not judged.",
    );
    expect(tell(points.slice(1), limits)).toContain(": 1 point there is shown without one");
    expect(tell(points.slice(0, 1), [])).toContain("is infinite here, and");
    expect(verdictOf("discrete", verdict(), along, curve(), points.slice(0, 1))).toBe(
      "not judged: the fourth moment of w is infinite, and a standard error is made of it",
    );
    expect(verdictOf("discrete", verdict(), along, curve(), points.slice(1, 2))).toBe(
      "nothing to compare yet",
    );
  });

  test("are not spoken of where every point is judged, or none is there to be", () => {
    const lacking_moment = 4;
    for (const points of [
      [point({ x: 0.6 })],
      [point({ x: 0.3, diverged: 1, lacking_moment })],
      [point({ x: 0.3, measured: null, lacking_moment })],
      [point({ x: 0.3, discrete: null, lacking_moment })],
    ])
      expect(tell(points, limits)).not.toContain("moment");
  });
});

describe("a narrow range", () => {
  const narrow = set({ from: 1.999, to: 2.001 });
  test("has figures for what is within it", () => {
    expect(figuresFor(defaults)).toBe(3);
    expect(figuresFor(narrow)).toBe(7);
    expect(figuresFor(set({ from: 0.1, to: 0.9 }))).toBe(4);
    expect(readoutOf(point({ x: 1.999065 }), narrow)[0]).toBe("λ = 1.999065");
    expect(say(narrow, [point({ x: 1.999065 })])).toContain("At λ = 1.999065 the");
  });
});

describe("readoutOf", () => {
  test("a measured point with its deviations", () => {
    expect(readoutOf(point(), defaults)).toEqual([
      "λ = 1.5",
      "measured 3.020 ± 0.040",
      "discrete 3 (+0.5)",
      "continuous 0.75 (+57)",
    ]);
  });
  test("a point that has diverged", () => {
    expect(readoutOf(point({ diverged: 12, discrete: null }), defaults)).toEqual([
      "λ = 1.5",
      "12 of 1\u202f000 diverged",
      "discrete: no stationary state",
      "continuous 0.75",
    ]);
  });
  test("a point without an error says no deviation", () => {
    expect(readoutOf(point({ error: null }), defaults).slice(1)).toEqual([
      "measured 3.02",
      "discrete 3",
      "continuous 0.75",
    ]);
  });
});
