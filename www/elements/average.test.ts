import { expect, test } from "vitest";
import type { SweepPoint } from "../engine/engine";
import { type Value, write } from "../state/document";
import { defaults } from "../state/tables";
import { unsettledAverage, unsettledPoints } from "./average";
import { describe as describeSweep } from "./sweep-words";

const set = (changes: Record<string, Value>) => write(defaults, new Map(Object.entries(changes)));
const adam = set({ optimizer: "adam", learning_rate: 0.01 });
const natural = set({ optimizer: "natural_gradient" });
const settles = { memory: 1000, settled_after: 7012 };

test("a run in which Adam's average has not settled is said to be so, with the numbers", () => {
  expect(unsettledAverage(adam.scenario.optimizer, settles, 300)).toBe(
    "Adam’s average of the squared gradient goes back about 1/(1 − β₂) = 1\u202f000 steps. " +
      "After 300 it has not settled, as the theories take it to have: they may be off for that alone. " +
      "It has from about step 7\u202f012 on.",
  );
  expect(unsettledAverage(adam.scenario.optimizer, settles, 7012)).toBe("");
  expect(unsettledAverage(natural.scenario.optimizer, { memory: 100, settled_after: null }, 50)).toBe(
    "Natural gradient’s average of the second moment goes back about 1/ε = 100 steps. " +
      "After 50 it has not settled, as the theories take it to have: they may be off for that alone.",
  );
});

test("a fast average is said to be one, and others have none", () => {
  expect(unsettledAverage(natural.scenario.optimizer, { memory: 5, settled_after: null }, 10_000)).toContain(
    "= 5 steps. The theories take it as slow",
  );
  expect(unsettledAverage(set({}).scenario.optimizer, null, 3)).toBe("");
});

const point = (discrete: number | null, exact: number | null) => ({ discrete, exact }) as SweepPoint;

test("along an axis it is said of how many points that is so", () => {
  const half = [point(1, null), point(1, 1), point(null, null)];
  expect(unsettledPoints(natural.scenario, half)).toBe(
    "Natural gradient’s average, behind the preconditioner, is at 1 of 2 points not settled yet, or too fast to be " +
      "steady, while the theories take it as both: they may be off for that alone.",
  );
  expect(unsettledPoints(adam.scenario, [point(1, null)])).toContain("is not settled yet, or too fast");
  expect(unsettledPoints(adam.scenario, [point(1, 1)])).toBe("");
  expect(unsettledPoints(set({}).scenario, half)).toBe("");
});

test("it stands beside the agreement of a sweep, once there is one", () => {
  const verdict = { discrete: { accepted: true }, continuous: null, unstable: 0 } as never;
  const points = [
    { ...point(1, null), x: 0.5, measured: 1, error: 0.1, continuous: 1, diverged: 0 } as SweepPoint,
  ];
  expect(describeSweep(adam, points, undefined, verdict)).toContain("is not settled yet");
  expect(describeSweep(adam, points, undefined)).not.toContain("settled");
});
