import fc from "fast-check";
import { expect, test } from "vitest";
import list from "../engine/pkg/errata.json";
import type { ErratumEntry } from "../engine/protocol";
import { fromHash, toHash } from "./errata-link";

const entries = list as unknown as readonly ErratumEntry[];
const given = (...values: [string, [string, string][]][]) =>
  new Map(values.map(([number, pairs]) => [number, new Map(pairs)] as const));

test("a page with nothing changed has a plain anchor, or no hash at all", () => {
  expect(toHash(new Map(), undefined)).toBe("");
  expect(toHash(new Map(), "3")).toBe("#erratum-3");
  expect(fromHash("#erratum-3", entries)).toEqual({ at: "3", given: new Map(), problems: [] });
  expect(fromHash("", entries)).toEqual({ at: undefined, given: new Map(), problems: [] });
});

test("values are said by erratum and name", () => {
  const values = given(
    ["3", [["learning_rate", "1.2"]]],
    [
      "1a",
      [
        ["momentum", "0.5"],
        ["mixing", "0"],
      ],
    ],
  );
  const hash = toHash(values, "3");
  expect(hash).toBe("#v=1&at=3&3.learning_rate=1.2&1a.momentum=0.5&1a.mixing=0");
  expect(fromHash(hash, entries)).toEqual({ at: "3", given: values, problems: [] });
});

test("what is wrong is named, and the rest is taken", () => {
  for (const [part, words] of [
    ["99.learning_rate=1", /“99\.learning_rate”, which is no value/],
    ["nonsense", /“nonsense”, which is no value/],
    ["3.colour=1", /“colour” of erratum 3, which has learning_rate, curvature/],
    ["3.__proto__=1", /“__proto__” of erratum 3/],
    ["at=99", /erratum “99”, and there is none/],
    ["v=2", /version “2”/],
    ["3.curvature=%E0%A4%A", /cannot be decoded/],
    [`3.${"x".repeat(100)}=1`, /“x{40}…”/],
  ] as const) {
    const link = fromHash(`#v=1&${part}&3.learning_rate=1.2`, entries);
    expect(link.problems.length, part).toBe(1);
    expect(link.problems[0]).toMatch(words);
    expect(link.given.get("3")?.get("learning_rate")).toBe("1.2");
  }
  expect(fromHash(`#${"&".repeat(20_000)}`, entries).problems[0]).toMatch(/20000 characters/);
});

test("no hash throws, and what is read is written the same", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const { given: read, at } = fromHash(`#${text}`, entries);
      expect(fromHash(toHash(read, at), entries).given).toEqual(read);
    }),
  );
});
