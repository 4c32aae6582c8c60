import fc from "fast-check";
import { expect, test } from "vitest";
import { readDocument } from "../engine/file";
import { write } from "../state/document";
import { defaults } from "../state/tables";
import { documents } from "../state/testing";
import { toCommand, toFile } from "./share";

const { scenario } = write(
  defaults,
  new Map<string, number | string>([
    ["learning_rate", 0.1 + 0.2],
    ["optimizer", "adam"],
    ["law", "laplace"],
  ]),
);

test("a file comes back as it went, every bit", () => {
  expect(readDocument(toFile(scenario))).toEqual({ document: scenario });
});

test("every scenario comes back from its file, to the bit", () => {
  fc.assert(
    fc.property(documents, ({ scenario: any }) => {
      expect(readDocument(toFile(any))).toEqual({ document: any });
    }),
  );
});

test("the command holds the document between its marks", () => {
  const lines = toCommand(scenario).split("\n");
  expect([lines[0], lines[2], lines[3]]).toEqual(["noisy-descent run - <<'JSON'", "JSON", ""]);
  expect(JSON.parse(lines[1] ?? "")).toEqual(scenario);
});

test("what is no scenario is named", () => {
  const deep = `${"[".repeat(51)}${"]".repeat(51)}`;
  for (const [text, words] of [
    ["{", /it is no JSON/],
    ["[1]", /it holds no scenario/],
    ["null", /holds no scenario/],
    ["3", /holds no scenario/],
    [deep, /nested more than 50 deep/],
    [`{"a":${'{"a":'.repeat(50)}1${"}".repeat(51)}`, /nested more than 50 deep/],
  ] as const) {
    const read = readDocument(text);
    expect("problem" in read && read.problem).toMatch(words);
  }
  // Brackets in a text are none.
  expect(readDocument(JSON.stringify({ a: `"${deep}\\"` }))).toHaveProperty("document");
});
