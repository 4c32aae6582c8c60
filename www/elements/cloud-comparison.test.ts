import { expect, test } from "vitest";
import { entryOf } from "./cloud-comparison";

test("a covariance that is only rounding is zero, a small one is not", () => {
  const block = (covariance: number) =>
    [
      [4, covariance],
      [covariance, 1e-2],
    ] as const;
  expect(entryOf(block(-5e-15), 0, 1)).toBe(0);
  expect(entryOf(block(-5e-9), 0, 1)).toBe(-5e-9);
  // A variance is what it is.
  expect(entryOf(block(0), 1, 1)).toBe(1e-2);
  expect(entryOf(undefined, 0, 1)).toBeUndefined();
});
