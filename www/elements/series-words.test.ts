import { describe, expect, test } from "vitest";
import type { Look, Recall, SweepPoint } from "../engine/engine";
import { lagPoints, memorable, tellMemory, timesOf } from "./correlation-words";
import { pointsOf, settledFrom, tellOverTime } from "./over-time-words";
import { exactApart, linearRange, logRange, readoutOfSeries, verdictOfSeries } from "./series-words";

const point = (x: number, more: Partial<SweepPoint> = {}): SweepPoint => ({
  index: x,
  x,
  measured: 3.01,
  error: 0.05,
  replicas: 1000,
  degrees: null,
  diverged: 0,
  continuous: 0.75,
  discrete: 3,
  exact: 3,
  formula: null,
  ...more,
});
const stable = { stable: true, summary: "stable: λk = 1.5" } as never;
const unstable = { stable: false, summary: "unstable: λk = 2.5 is above 2" } as never;
const sharp = { name: "w along λk = 1.5", product: 1.5 };

describe("verdicts", () => {
  const furthest = { points: 40, largest: -2.1, largest_at: 7, p_bound: 0.62, accepted: true };
  test("say the largest deviation, where it is, and how likely chance is to do as much", () => {
    const verdict = {
      continuous: { ...furthest, largest: 55, p_bound: 0, accepted: false },
      discrete: furthest,
    };
    expect(verdictOfSeries("discrete", verdict as never, "step")).toBe(
      "agrees: largest deviation 2.1 standard errors at step 7, of 40 steps; p ≤ 0.62",
    );
    expect(verdictOfSeries("continuous", verdict as never, "lag")).toMatch(
      /^off by 55 standard errors at lag 7, of 40 lags; p < 10/,
    );
    expect(verdictOfSeries("discrete", { discrete: { ...furthest, p_bound: 1 } } as never, "step")).toMatch(
      /p up to 1$/,
    );
  });
  test("and nothing where nothing is compared", () => {
    expect(verdictOfSeries("exact", undefined, "step")).toBe("nothing to compare yet");
    expect(verdictOfSeries("exact", { exact: null } as never, "step")).toBe("nothing to compare yet");
    expect(verdictOfSeries("exact", undefined, "step", [point(1)])).toBe("nothing to compare yet");
    const still = [point(1, { error: 0 }), point(2, { error: 0 })];
    expect(verdictOfSeries("discrete", undefined, "step", still)).toMatch(/^no noise, /);
    const heavy = [point(1, { error: null }), point(2, { error: null })];
    expect(verdictOfSeries("discrete", undefined, "step", heavy)).toMatch(/^not judged: the moment /);
  });
});

describe("over time", () => {
  const component = (variance: number) => ({
    mean: 0.1,
    mean_error: 0.01,
    variance,
    variance_error: 0.02,
    skewness: Number.NaN,
    skewness_error: Number.NaN,
    excess_kurtosis: 1.5,
    excess_kurtosis_error: 0.2,
  });
  const law = (variance: number) => ({
    training_error: 9,
    components: [{ mean: 0, variance, skewness: null, excess_kurtosis: 0 }],
  });
  const look = {
    step: 5,
    measured: {
      step: 5,
      replicas: 100,
      diverged: 2,
      escaped: 0,
      training_error: 8,
      training_error_error: 0.3,
      components: [component(2)],
    },
    degrees: 97,
    continuous: law(0.7),
    discrete: law(2.1),
    exact: null,
  } as unknown as Look;

  test("each quantity is read with its own error, and what is no number is none", () => {
    const one = (quantity: Parameters<typeof pointsOf>[1], has = true) =>
      pointsOf([look], quantity, 0, () => has)[0];
    expect(one("variance")).toMatchObject({
      x: 5,
      measured: 2,
      error: 0.02,
      discrete: 2.1,
      degrees: 97,
      diverged: 2,
      exact: null,
    });
    expect(one("training_error")).toMatchObject({ measured: 8, error: 0.3, continuous: 9, degrees: null });
    expect(one("skewness")).toMatchObject({ measured: null, error: null, discrete: null });
    expect(one("excess_kurtosis")).toMatchObject({ measured: 1.5, error: 0.2, discrete: 0 });
    expect(one("excess_kurtosis", false)).toMatchObject({ measured: 1.5, error: null });
  });
  test("it has settled where it stays near its last value", () => {
    const values = [1, 2.8, 3.1, 3, 3].map((discrete, x) => point(x, { discrete }));
    expect(settledFrom(values)).toBe(2);
    expect(settledFrom([1, 2, 3, 4, 5].map((discrete, x) => point(x, { discrete })))).toBeUndefined();
    expect(settledFrom([point(1, { discrete: null })])).toBeUndefined();
  });
  test("the sentence has both theories and says whether it has settled", () => {
    const words = tellOverTime(
      [1, 2, 3, 4].map((x) => point(x)),
      "variance",
      sharp,
      stable,
    );
    expect(words).toBe(
      "After 4 steps the measured variance of w along λk = 1.5 is 3.010 ± 0.050; discrete theory 3, continuous 0.75. By the discrete theory it stays within 5 % of its last value from step 1 on.",
    );
    expect(tellOverTime([point(1)], "training_error", sharp, stable)).toMatch(
      /^After 1 step the measured training error/,
    );
  });
  test("beyond the limit it says so, with what is gone", () => {
    const words = tellOverTime(
      [point(1), point(9, { measured: null, diverged: 1000 })],
      "variance",
      sharp,
      unstable,
    );
    expect(words).toMatch(
      /^After 1 step .* It does not settle\. Unstable: λk = 2\.5 is above 2\. By step 9, all 1\u202f000 replicas are/,
    );
    const some = tellOverTime([point(1), point(9, { diverged: 7 })], "variance", sharp, unstable);
    expect(some).toContain("By step 9, 7 of 1\u202f000 replicas are");
  });
  test("a shape without a theory is said to have none", () => {
    const words = tellOverTime([point(3, { discrete: null, continuous: 0 })], "skewness", sharp, stable);
    expect(words).toMatch(/there is no theory of it here but the continuous one, which says 0\.$/);
  });
});

describe("over lags", () => {
  const recall = (lag: number, covariance: number, replicas = 1000): Recall =>
    ({
      measured: { lag, replicas, components: [{ covariance, error: 0.04, time: 0.35, time_error: 0.02 }] },
      continuous: { covariance: [0.75 * Math.exp(-1.5 * lag)], time: [1.3] },
      discrete: { covariance: [3 * (-0.5) ** lag], time: [1 / 3] },
      exact: null,
    }) as Recall;
  const recalls = [recall(0, 3), recall(1, -1.48), recall(2, 0.77, 990)];

  test("the points count what diverged on the way", () => {
    expect(lagPoints(recalls, 0).map(({ x, measured, diverged }) => [x, measured, diverged])).toEqual([
      [0, 3, 0],
      [1, -1.48, 0],
      [2, 0.77, 10],
    ]);
  });
  test("a component is shown until it is forgotten, a dozen lags at least", () => {
    const many = Array.from({ length: 40 }, (_, lag) => recall(lag, 1));
    expect(memorable(many, 0)).toHaveLength(12);
    const slow = many.map((one, lag) => ({ ...one, discrete: { covariance: [0.8 ** lag], time: [9] } }));
    expect(memorable(slow, 0)).toHaveLength(22); // 0.8²⁰ > 0.01 > 0.8²¹
    expect(memorable([], 0)).toEqual([]);
  });
  test("negative autocorrelation is said, with λk", () => {
    const words = tellMemory(lagPoints(recalls, 0), timesOf(recalls, 0), sharp, stable);
    expect(words).toMatch(
      /keeps −0\.493 ± 0\.013 of its variance: discrete theory −0\.5, continuous 0\.223\./,
    );
    expect(words).toMatch(/It is negative: at λk = 1\.5 > 1 a step goes beyond the minimum/);
    expect(words).toMatch(
      /over 2 lags is 0\.350 ± 0\.020 steps; discrete 0\.3333 \(\+0\.8\), continuous 1\.3 \(−48\)\. Below 1:/,
    );
    expect(words).toMatch(/10 of 1\u202f000 replicas diverged on the way\.$/);
  });
  test("where all have diverged nothing is remembered", () => {
    const gone = lagPoints([recall(0, Number.NaN, 0)], 0);
    expect(tellMemory(gone, undefined, sharp, unstable)).toBe(
      "All replicas have diverged: nothing is remembered. Unstable: λk = 2.5 is above 2.",
    );
    expect(tellMemory(gone, undefined, sharp, stable), "over a barrier, then").toBe(
      "Too few replicas are left in the well: nothing is remembered.",
    );
    const none = { discrete: null } as never;
    expect(verdictOfSeries("discrete", none, "lag", gone), "it is over").toBe("nothing to compare");
    expect(timesOf([], 0)).toBeUndefined();
  });
});

describe("axes and readouts", () => {
  test("a linear axis holds every bar and zero, a logarithmic one what is positive", () => {
    expect(linearRange([point(1)])[1]).toBeCloseTo(3.06 * 1.07);
    const [low, high] = linearRange([point(1, { measured: -2, discrete: -1 })]);
    expect(low).toBeLessThan(-2.05);
    expect(high).toBeGreaterThan(3);
    expect(logRange([point(1, { measured: 0, continuous: 0, discrete: null, exact: null })])).toBeUndefined();
    expect(logRange([point(1)])).toEqual([0.5, 3.01 * 1.5]);
  });
  test("the exact theory is shown where it is another number", () => {
    expect(exactApart([point(1)])).toBe(false);
    expect(exactApart([point(1, { exact: 3.1 })])).toBe(true);
    expect(exactApart([point(1, { exact: null })])).toBe(false);
    expect(readoutOfSeries(point(7, { exact: 3.1 }), "step")).toEqual([
      "step 7",
      "measured 3.010 ± 0.050",
      "discrete 3 (+0.2)",
      "continuous 0.75 (+45)",
      "exact 3.1 (−1.8)",
    ]);
  });
});
