import { expect, test } from "vitest";
import type { Snapshot } from "../engine/engine";
import { type Value, write } from "../state/document";
import { defaults } from "../state/tables";
import { tell } from "./cloud-words";

const set = (changes: Record<string, Value>) => write(defaults, new Map(Object.entries(changes))).scenario;
const law = { covariance: [[0.14]] };
const snapshot = (measurement: object, step = 1000, average: object | null = null) =>
  ({
    step,
    view: { x: 0, y: 0 },
    measurement: { diverged: 0, escaped: 0, replicas: 100, mean: [0], ...measurement },
    prediction: {
      stability: { stable: true, summary: "stable: all is well" },
      continuous: { at_end: { covariance: [[0.1]] }, stationary: law },
      discrete: { at_end: law, stationary: law },
      average,
    },
  }) as unknown as Snapshot;

test("where all but one have left a well, nothing is said of a variance", () => {
  const well = set({ loss: "polynomial" });
  expect(tell(well, snapshot({ escaped: 99, covariance: [[Number.NaN]] }))).toBe(
    "99 of 100 replicas have left the well by step 1\u202f000: too few are left for a variance.",
  );
  const some = snapshot({ escaped: 90, covariance: [[0.15]], covariance_error: [[0.01]] });
  expect(tell(well, some)).toMatch(
    /is 0\.150 ± 0\.010; .* 90 of 100 replicas have left the well; the picture/,
  );
});

test("beside the agreement it is said that Adam's average has not settled", () => {
  const adam = set({ optimizer: "adam", hessian: [[1]] });
  const measured = { covariance: [[0.15]], covariance_error: [[0.01]] };
  const average = { memory: 100, settled_after: 1000 };
  expect(tell(adam, snapshot(measured, 300, average))).toContain("After 300 it has not settled");
  expect(tell(adam, snapshot(measured, 3000, average))).not.toContain("settled");
});
