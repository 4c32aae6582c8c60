import { expect, test } from "vitest";
import { defaults } from "../state/tables";
import { csvOf, type Further, jsonOf, type Table } from "./tables";

const first: Table = {
  caption: "Variance, by theory",
  header: ["what", "value", "error"],
  rows: [
    ['a, "quoted" name', 1.5, null],
    ["plain", Number.NaN, undefined],
    ["short", 2],
  ],
};
const curve: Further = {
  name: "curve",
  table: () => ({ caption: "The curve", header: ["x", "y"], rows: [[0.1, 1e300]] }),
};

test("one table is a plain file, with what has to be quoted in quotes", () => {
  expect(csvOf([first])).toBe('what,value,error\r\n"a, ""quoted"" name",1.5,\r\nplain,NaN,\r\nshort,2\r\n');
});

test("several tables stand below their captions, with an empty line between them", () => {
  const lines = csvOf([first, curve.table()]).split("\r\n");
  expect(lines.slice(0, 2)).toEqual(["# Variance, by theory", "what,value,error"]);
  expect(lines.slice(5)).toEqual(["", "# The curve", "x,y", "0.1,1e+300", ""]);
});

test("JSON holds every table at full precision, each row as long as its header, and the scenario", () => {
  const { scenario } = defaults;
  const read = JSON.parse(jsonOf(first, [curve], { scenario }));
  expect(read).toEqual({
    caption: "Variance, by theory",
    header: ["what", "value", "error"],
    rows: [
      ['a, "quoted" name', 1.5, null],
      ["plain", null, null],
      ["short", 2, null],
    ],
    tables: { curve: { caption: "The curve", header: ["x", "y"], rows: [[0.1, 1e300]] } },
    scenario,
  });
  expect(JSON.parse(jsonOf(first, [], undefined)).tables).toBeUndefined();
});
