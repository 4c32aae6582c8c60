import { readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import * as core from "../engine/pkg/noisy_descent_wasm";
import type { FullSweep, Outcome, Prediction } from "../engine/protocol";
import { write } from "./document";
import { randomBasis, randomMatrix, usualSpectrum } from "./random-matrix";
import { defaults } from "./tables";

beforeAll(() => {
  core.initSync({ module: readFileSync("www/engine/pkg/noisy_descent_wasm_bg.wasm") });
});

/** The core's own eigenvalues of a Hessian, the largest first. */
function eigenvaluesOf(hessian: number[][]): number[] {
  const { scenario } = write(
    defaults,
    new Map([
      ["hessian", hessian],
      ["learning_rate", 1e-3],
    ] as never),
  );
  const outcome = core.predict(scenario) as Outcome<Prediction>;
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return (outcome.value.modes ?? []).map(({ curvature }) => curvature);
}

describe("a random matrix", () => {
  test("has the eigenvalues that were chosen, whatever the seed", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1e-3, max: 100, noNaN: true }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 0, max: 2 ** 53 - 1 }),
        (eigenvalues, seed) => {
          const found = eigenvaluesOf(randomMatrix(eigenvalues, seed));
          const wanted = [...eigenvalues].sort((a, b) => b - a);
          const largest = wanted[0] ?? 1;
          expect(found.length).toBe(wanted.length);
          // Ten figures of every entry are kept; rounding moves an eigenvalue by no more than that times the size.
          for (const [i, value] of wanted.entries())
            expect(Math.abs((found[i] ?? Number.NaN) - value)).toBeLessThan(1e-9 * wanted.length * largest);
        },
      ),
      { numRuns: 200, seed: 1 },
    );
  });

  test("with eigenvalues of zero is taken by the core", () => {
    for (let seed = 0; seed < 50; seed++) {
      const hessian = randomMatrix([2, 1, 0.3, 0, 0], seed);
      const outcome = core.check(
        write(defaults, new Map([["hessian", hessian]]) as never),
      ) as Outcome<FullSweep>;
      expect(outcome.ok, JSON.stringify(outcome)).toBe(true);
    }
  });

  test("is the same for the same seed, and turned another way for another", () => {
    expect(randomMatrix([2, 1], 7)).toEqual(randomMatrix([2, 1], 7));
    expect(randomMatrix([2, 1], 8)).not.toEqual(randomMatrix([2, 1], 7));
    const diagonal = randomMatrix([2, 1, 0.5], 3).map((row, i) => row[i]);
    expect(diagonal.every((entry, i) => Math.abs((entry ?? 0) - ([2, 1, 0.5][i] ?? 0)) > 1e-3)).toBe(true);
  });

  test("a basis is orthonormal, also a large one", () => {
    const basis = randomBasis(60, 5);
    for (const [i, a] of basis.entries())
      for (const [j, b] of basis.entries()) {
        const product = a.reduce((sum, entry, n) => sum + entry * (b[n] ?? 0), 0);
        expect(Math.abs(product - (i === j ? 1 : 0))).toBeLessThan(1e-14);
      }
  });

  test("the usual spectrum falls from 1 to 0.1", () => {
    expect(usualSpectrum(1)).toEqual([1]);
    expect(usualSpectrum(3)).toEqual([1, 0.316, 0.1]);
  });
});
