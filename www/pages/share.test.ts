import { expect, test } from "vitest";
import { write } from "../state/document";
import { defaults } from "../state/tables";
import { fromFile, toCommand, toFile } from "./share";

const { scenario } = write(
  defaults,
  new Map<string, number | string>([
    ["learning_rate", 0.1 + 0.2],
    ["optimizer", "adam"],
    ["law", "laplace"],
  ]),
);

test("a file comes back as it went, every bit", () => {
  const read = fromFile(toFile(scenario), "a.json");
  expect("sweep" in read && read.sweep.scenario).toEqual(scenario);
  expect("sweep" in read && read.sweep.parameter).toBe("learning_rate");
});

test("a sweep's file keeps its axis", () => {
  const read = fromFile(JSON.stringify({ ...defaults, parameter: "momentum" }), "b.json");
  expect("sweep" in read && read.sweep.parameter).toBe("momentum");
});

test("the command holds the document between its marks", () => {
  const lines = toCommand(scenario).split("\n");
  expect([lines[0], lines[2], lines[3]]).toEqual(["noisy-descent run - <<'JSON'", "JSON", ""]);
  expect(JSON.parse(lines[1] ?? "")).toEqual(scenario);
});

test("what is no scenario is named", () => {
  for (const [text, words] of [
    ["{", /x\.json is no JSON/],
    ["[1]", /x\.json holds no scenario/],
    ["null", /holds no scenario/],
    ["3", /holds no scenario/],
  ] as const) {
    const read = fromFile(text, "x.json");
    expect("problem" in read && read.problem).toMatch(words);
  }
});
