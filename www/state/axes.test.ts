import { expect, test } from "vitest";
import { hasAxis, isDerived } from "./axes";
import { type Value, write } from "./document";
import { axes, defaults } from "./tables";

const set = (changes: Record<string, Value>) => write(defaults, new Map(Object.entries(changes)));

test("an axis is a number of the scenario", () => {
  expect(hasAxis(defaults, "momentum")).toBe(true);
  expect(hasAxis(defaults, "batch_size")).toBe(false);
});

test("or what the core makes a scenario of", () => {
  expect(axes.map(({ name }) => name).filter(isDerived)).toEqual(["curvature", "dimension"]);
  const drawn = set({ loss: "least_squares" });
  const patients = set({ loss: "least_squares", data: "diabetes" });
  const well = set({ loss: "polynomial" });
  const has = (name: string) => [defaults, drawn, patients, well].map((sweep) => hasAxis(sweep, name));
  expect(has("curvature")).toEqual([true, false, false, false]);
  expect(has("dimension")).toEqual([true, true, false, false]);
});
