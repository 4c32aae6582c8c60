import { expect, test } from "vitest";
import { type Value, write } from "../state/document";
import { defaults } from "../state/tables";
import { describeDifference } from "./pin";

const changed = (values: Record<string, Value>) => write(defaults, new Map(Object.entries(values)));

test("what differs is said by label, letter and the pinned value; a matrix is another", () => {
  const then = changed({
    learning_rate: 0.5,
    hessian: [
      [1.25, 0.125, 0.5],
      [0.125, 2.5, 0.25],
      [0.5, 0.25, 3],
    ],
  });
  expect(describeDifference(then, defaults)).toBe(
    "Pinned, in grey squares and a thin line: learning rate λ = 0.5, another hessian K.",
  );
  expect(describeDifference(defaults, defaults)).toMatch(/: the same scenario\.$/);
});

test("the value that an axis replaces is no difference, nor a scenario's missing sweep", () => {
  const then = changed({ learning_rate: 0.5 });
  expect(describeDifference(then, defaults, { axis: "learning_rate" })).toMatch(/the same scenario/);
  const scenarios = [{ scenario: then.scenario }, { scenario: defaults.scenario }] as const;
  expect(describeDifference(...scenarios, { drawn: "in grey" })).toBe(
    "Pinned, in grey: learning rate λ = 0.5.",
  );
});
