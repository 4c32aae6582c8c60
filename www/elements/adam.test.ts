import { expect, test } from "vitest";
import { type Value, write } from "../state/document";
import { defaults } from "../state/tables";
import { unsettledAverage } from "./adam";
import { describe as describeSweep } from "./sweep-words";

const set = (changes: Record<string, Value>) => write(defaults, new Map(Object.entries(changes)));
const said = (changes: Record<string, Value>, ...rest: [number?, string?]) =>
  unsettledAverage(set({ optimizer: "adam", ...changes }).scenario, ...rest);

test("a run that is shorter than Adam's average is said to be so, with the numbers", () => {
  expect(said({ steps: 300 })).toBe(
    "Adam’s average of the squared gradient goes back about 1/(1 − β₂) = 1\u202f000 steps. " +
      "After 300 it has not settled, as the theories take it to have: they may be off for that alone.",
  );
  expect(said({ steps: 1000 })).toBe("");
  expect(said({ steps: 1000, beta2: 0.9999 })).toContain("= 10\u202f000 steps. After 1\u202f000 it");
  expect(said({ steps: 300, beta2: 0.99 })).toBe("");
  expect(said({ steps: 5000 }, 20), "of an ensemble on its way").toContain("After 20 it");
});

test("others have no such average, and a stationary start has run before", () => {
  expect(unsettledAverage(set({ steps: 3 }).scenario)).toBe("");
  expect(said({ steps: 300, start: "stationary" })).toBe("");
});

test("along the steps, or the decay itself, it is said where", () => {
  expect(said({ steps: 300 }, 300, "steps")).toContain("In a run of fewer it has not settled");
  expect(said({ steps: 300 }, 300, "beta2")).toContain("From β₂ = 0.9967 on that is more than the 300 steps");
});

test("it stands beside the agreement of a sweep, once there is one", () => {
  const sweep = set({ optimizer: "adam", learning_rate: 0.01, steps: 300 });
  const verdict = { discrete: { accepted: true }, continuous: null, unstable: 0 } as never;
  expect(describeSweep(sweep, [], undefined, verdict)).toContain("After 300 it has not settled");
  expect(describeSweep(sweep, [], undefined)).not.toContain("settled");
});
