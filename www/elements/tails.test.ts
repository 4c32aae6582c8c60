import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Value, write } from "../state/document";
import { defaults } from "../state/tables";
import { growth, isKnown, momentsWithoutReplacement, momentsWithReplacement, tailsOf } from "./tails";

const set = (changes: Record<string, Value>) =>
  write(write(defaults, new Map([["loss", "least_squares"]])), new Map(Object.entries(changes)));

/** Every batch of `size` of the values, each as likely as every other. */
function batches(values: readonly number[], size: number, repeated: boolean): number[][] {
  if (size === 0) return [[]];
  return values.flatMap((value, i) =>
    batches(repeated ? values : values.slice(i + 1), size - 1, repeated).map((rest) => [value, ...rest]),
  );
}

const momentsOf = (means: readonly number[], order: number) =>
  Array.from({ length: order + 1 }, (_, j) => means.reduce((sum, h) => sum + h ** j, 0) / means.length);

/** The same of what they have more than their mean. */
function central(means: readonly number[], order: number): number[] {
  const mean = means.reduce((a, b) => a + b, 0) / means.length;
  return momentsOf(
    means.map((h) => h - mean),
    order,
  );
}

describe("moments of a batch's mean", () => {
  test("are those of all batches one by one", () => {
    const values = fc.array(fc.double({ min: -2, max: 4, noNaN: true }), { minLength: 4, maxLength: 5 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 4 }), (y, size) => {
        for (const repeated of [true, false]) {
          const means = batches(y, size, repeated).map((batch) => batch.reduce((a, b) => a + b, 0) / size);
          const found = repeated
            ? momentsWithReplacement(y, size, 6)
            : (momentsWithoutReplacement(y, size, 6) as number[]);
          for (const [j, want] of momentsOf(means, 6).entries())
            expect(Math.abs((found[j] as number) - want)).toBeLessThan(1e-9);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("of very many samples without repetition are left open", () => {
    expect(momentsWithoutReplacement(new Array(30_000).fill(1), 100, 4)).toBeUndefined();
  });
});

// A radius to 8 figures at best, since what rounding adds is squared along.
describe("growth", () => {
  const plain = (rate: number) => ({ momentum: 0, fresh: 1, byGradient: 0, byVelocity: rate });

  test("without momentum is the mean power of the factor", () => {
    const [rate, curvatures] = [0.7, [0.5, 1, 4]];
    const want = momentsOf(
      curvatures.map((h) => 1 - rate * h),
      4,
    )[4] as number;
    expect(growth(plain(rate), 5.5 / 3, central(curvatures, 4))).toBeCloseTo(want, 10);
  });

  test("with a constant curvature is the spectral radius to the order", () => {
    // The roots of z² − (1 + μ − λk) z + μ: a pair that turns, one that is double, real ones, and none of a velocity.
    for (const [momentum, rate, radius] of [
      [0.5, 2.75, Math.sqrt(0.5)],
      [0.25, 2.25, 0.5],
      [0.5, 0.05, 0.725 + Math.sqrt(0.725 ** 2 - 0.5)],
      [0, 1.9, 0.9],
    ] as const)
      for (const order of [2, 4, 8])
        expect(
          growth({ momentum, fresh: 1, byGradient: 0, byVelocity: rate }, 1, central([1], order)) /
            radius ** order,
        ).toBeCloseTo(1, 6);
  });

  test("with a mixing of 0 is that of plain descent, with 1 that of momentum at a smaller rate", () => {
    const of = (step: Parameters<typeof growth>[0]) => growth(step, 1.1, central([0.4, 1, 1.9], 4));
    const qhm = (mixing: number) => ({
      momentum: 0.6,
      fresh: 0.4,
      byGradient: 1.2 * (1 - mixing),
      byVelocity: 1.2 * mixing,
    });
    expect(of(qhm(0))).toBeCloseTo(of(plain(1.2)), 8);
    const heavyBall = { momentum: 0.6, fresh: 1, byGradient: 0, byVelocity: 0.48 };
    expect(of(qhm(1))).toBeCloseTo(of(heavyBall), 8);
  });
});

describe("along a sweep", () => {
  // One sample a step out of x = 1 and x = 2: E (1 − λx²)ⁿ = ((1 − λ)ⁿ + (1 − 4λ)ⁿ)/2.
  const data = { kind: "table" as const, inputs: [[1], [2]], targets: [1, 0] };
  const sweep = set({
    data: "table",
    inputs: [[1], [2]],
    targets: [1, 0],
    covariance: "minibatch",
    batch_size: 1,
    learning_rate: 0.1,
    momentum: 0,
    from: 0,
    to: 1,
  });

  test("a moment's limit is where it stays as it is", () => {
    for (const order of [2, 4]) {
      const { limits } = tailsOf(sweep, data, order) as never as {
        limits: { at: number; finite_above: boolean }[];
      };
      expect(limits.map(({ finite_above }) => finite_above)).toEqual([false]);
      const at = limits[0]?.at as number;
      expect(((1 - at) ** order + (1 - 4 * at) ** order) / 2).toBeCloseTo(1, 8);
    }
    // The second moment's is the limit of stability, 2⟨x²⟩/⟨x⁴⟩ = 5/8.5.
    expect(tailsOf(sweep, data, 2)?.limits[0]?.at).toBeCloseTo(5 / 8.5, 8);
  });

  test("it is felt when it has had time to grow", () => {
    const at = (tailsOf(sweep, data, 4)?.limits[0]?.at as number) + 0.01;
    const after = (steps: number) =>
      tailsOf(write(sweep, new Map<string, Value>([["steps", steps]])), data, 4)?.finite(at);
    expect([after(1), after(1000)]).toEqual([true, false]);
  });

  test("Newton’s step is measured in the curvature, a preconditioner multiplies it", () => {
    const limit = (changes: Record<string, Value>) =>
      tailsOf(write(sweep, new Map(Object.entries(changes))), data, 4)?.limits[0]?.at as number;
    const usual = limit({});
    expect(limit({ optimizer: "newton", to: 2 })).toBeCloseTo(usual * 2.5, 8);
    expect(limit({ optimizer: "preconditioned", preconditioner: [[2]] })).toBeCloseTo(usual / 2, 8);
  });

  test("nothing is said of epochs, of several weights, of other noise", () => {
    expect(isKnown(sweep.scenario)).toBe(true);
    for (const changes of [
      { sampling: "epoch" },
      {
        inputs: [
          [1, 0],
          [2, 1],
        ],
      },
      { covariance: "white" },
    ] as Record<string, Value>[])
      expect(isKnown(write(sweep, new Map(Object.entries(changes))).scenario)).toBe(false);
  });
});
