import { describe, expect, test } from "vitest";
import type { Swept } from "../elements/sweep-words";
import type { SweepPoint, Verdict } from "../engine/engine";
import { defaults } from "../state/tables";
import {
  bracketOf,
  divergenceOf,
  duelOf,
  duelOfFindings,
  type Finding,
  findingsOfEscape,
  findingsOfSweep,
  findingsOfTable,
  outcomeOf,
  unjudgedOf,
} from "./figure-words";

const point = (x: number, changes: Partial<SweepPoint> = {}) =>
  ({
    index: 0,
    x,
    measured: 1,
    error: 0.1,
    replicas: 100,
    diverged: 0,
    continuous: 0.5,
    discrete: 1,
    exact: 1,
    ...changes,
  }) as SweepPoint;
const agreement = (accepted: boolean, largest: number, chi_squared: number) =>
  ({ points: 10, chi_squared, p_value: 0.5, largest, largest_at: 1.25, accepted }) as Verdict["exact"];
const swept = (points: SweepPoint[], verdict: Partial<Verdict> = {}): Swept => ({
  sweep: defaults,
  points,
  verdict: {
    continuous: null,
    discrete: null,
    exact: null,
    formula: null,
    unstable: 0,
    diverged: 0,
    ...verdict,
  },
  curve: undefined,
});
const finding = (theory: Finding["theory"], accepted: boolean, largest: number): Finding => ({
  theory,
  accepted,
  largest,
  where: "λ = 1.5",
});
const claim = { words: "", accepted: ["discrete"], refuted: ["continuous"] } as const;

describe("findings", () => {
  test("of a sweep are the core's, the exact one where it is another", () => {
    const verdict = { discrete: agreement(false, -7, 90), exact: agreement(true, 2, 11) };
    expect(findingsOfSweep(swept([point(1)], verdict)).map(({ theory }) => theory)).toEqual(["discrete"]);
    expect(findingsOfSweep(swept([point(1, { exact: 1.2 })], verdict))).toEqual([
      { theory: "exact", accepted: true, largest: 2, where: "λ = 1.25", chi: 1.1 },
      { theory: "discrete", accepted: false, largest: -7, where: "λ = 1.25", chi: 9 },
    ]);
  });

  test("of a formula are those of what is printed", () => {
    const found = findingsOfSweep(swept([point(1)], { formula: agreement(false, 9, 90) }));
    expect(found).toEqual([{ theory: "printed", accepted: false, largest: 9, where: "λ = 1.25", chi: 9 }]);
    expect(outcomeOf({ words: "", accepted: [], refuted: [] }, found)).toEqual({
      state: "confirmed",
      words: "Besides, the formula as printed is off by up to 9.0 standard errors (λ = 1.25).",
    });
  });

  test("of a table are by the number that is furthest off", () => {
    const header = ["quantity", "measured", "standard_error", "discrete", "continuous", "exact"];
    const rows = [
      ["Var w₁", 2, 0.1, 1.9, 1, 1.9],
      ["Var w₂", 3, 0.1, 3.3, 3, 3.3],
      ["none", null, 0.1, 9, 9, 9],
    ];
    const found = findingsOfTable({ caption: "", header, rows });
    expect(found.map(({ theory, accepted, where }) => [theory, accepted, where])).toEqual([
      ["discrete", true, "Var w₂"],
      ["continuous", false, "Var w₁"],
    ]);
    expect(found.map(({ largest }) => Math.round(largest))).toEqual([-3, 10]);
    const own = findingsOfTable({ caption: "", header, rows: [["Var w₁", 2, 0.1, 1.5, 1, 2.02]] });
    expect(own[0]).toMatchObject({ theory: "exact", accepted: true });
    expect(duelOfFindings(own)).toBe("The exact theory wins: at most 0.2 standard errors against 5.0.");
    const tie = [finding("exact", true, 3.12), finding("discrete", true, -3.08)];
    expect(duelOfFindings(tie)).toBe(
      "Neither the exact nor the discrete theory wins: at most 3.1 standard errors.",
    );
  });

  test("of an escape are by the mean first-passage time", () => {
    const header = ["theory", "rate", "mean_first_passage", "standard_error"];
    const rows = [
      ["exact", 0.1, 100, undefined],
      ["discrete", 0.1, 120, undefined],
      ["continuous", 0.1, undefined, undefined],
      ["measured", 0.1, 101, 2],
    ];
    const where = "mean first-passage time";
    expect(findingsOfEscape({ caption: "", header, rows })).toEqual([
      { theory: "exact", accepted: true, largest: 0.5, where },
      { theory: "discrete", accepted: false, largest: -9.5, where },
    ]);
    expect(findingsOfEscape({ caption: "", header, rows: rows.slice(0, 3) })).toEqual([]);
  });

  test("without any noise a number is compared as it is", () => {
    const header = ["step", "measured", "standard_error", "discrete", "continuous"];
    const found = findingsOfTable({ caption: "", header, rows: [[1, -0.6, 0, -0.6, 0.2]] });
    expect(found.map(({ theory, accepted }) => [theory, accepted])).toEqual([
      ["discrete", true],
      ["continuous", false],
    ]);
    expect(outcomeOf(claim, found).words).toContain("the discrete theory agrees to rounding");
    expect(outcomeOf(claim, found).words).toContain("is off at step 1, and nothing here is left to chance");
  });
});

describe("the outcome", () => {
  test("says that the paper is right", () => {
    const { words, state } = outcomeOf(claim, [
      finding("discrete", true, -2.1),
      finding("continuous", false, 43.2),
    ]);
    expect(state).toBe("confirmed");
    expect(words).toBe(
      "As the paper says: the discrete theory agrees within 2.1 standard errors; the continuous theory is off by up to 43 standard errors (λ = 1.5).",
    );
  });

  test("says what is not as printed, and what the paper does not speak of", () => {
    const { words, state } = outcomeOf(claim, [
      finding("exact", true, 1),
      { ...finding("discrete", false, 3.1), chi: 3.28 },
      finding("continuous", true, 2),
    ]);
    expect(state).toBe("contradicted");
    expect(words).toBe(
      "Not quite as printed: the discrete theory is off by up to 3.1 standard errors (λ = 1.5) and χ² per value 3.28, where the paper finds that it agrees; the continuous theory agrees within 2.0 standard errors, where the paper finds that it is off. Besides, the exact theory agrees within 1.0 standard errors.",
    );
  });
});

describe("which theory wins", () => {
  test("by χ² and by per cent", () => {
    const points = [
      point(0.5, { discrete: 1.02, exact: 1.01 }),
      point(1, { discrete: 1.05, exact: 1.01 }),
      point(1.5, { discrete: 0.8, exact: 1.01 }),
    ];
    const verdict = { discrete: agreement(false, -7, 90), exact: agreement(true, 2, 11) };
    expect(duelOf(swept(points, verdict))).toBe(
      "The exact theory wins: χ² per value 1.1 against 9. The discrete one is off by 5 % or more at half of the values, and most at λ = 1.5: 20 % too small.",
    );
    expect(duelOf(swept([point(1)], verdict))).toBe("");
    // A point without a standard error is no measure of how far off a theory is.
    const open = point(1.9, { discrete: 0.2, exact: 1.01, error: null });
    expect(duelOf(swept([...points, open], verdict))).toBe(duelOf(swept(points, verdict)));
  });
});

test("what is not judged is counted", () => {
  const points = [point(0.5), point(1.5, { error: null, lacking_moment: 4 }), point(1.7, { diverged: 2 })];
  expect(unjudgedOf(swept(points))).toBe(
    "1 value is shown and not judged: the fourth moment of w is infinite there, so that a standard error means nothing.",
  );
  expect(unjudgedOf(swept(points.slice(0, 1)))).toBe("");
});

describe("where it diverges", () => {
  const values = [
    point(0.34, { diverged: 3 }),
    point(0.36, { measured: 1e9 }),
    point(0.38, { measured: 400 }),
    point(0.4),
  ];

  test("is between the last that does and the first that does not", () => {
    expect(bracketOf(values)).toEqual([0.36, 0.38]);
    expect(divergenceOf(swept(values), 0.375)).toBe(
      "The runs diverge up to λ = 0.36 and not from 0.38 on: the divergence is at λ = 0.37 ± 0.01, in theory at 0.375.",
    );
  });

  test("is nowhere when nothing diverges, or not from one side", () => {
    expect(bracketOf(values.slice(2))).toBeUndefined();
    expect(bracketOf([...values, point(0.5, { diverged: 1 })])).toBeUndefined();
    expect(divergenceOf(swept(values.slice(2)), 0.375)).toBe(
      "The runs show no single λ below which they diverge.",
    );
  });
});
