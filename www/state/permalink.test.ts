import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changed, type Value, write } from "./document";
import { documentOf, fromHash, toHash } from "./permalink";
import { defaults } from "./tables";
import { documents } from "./testing";

const set = (changes: Record<string, Value>) => write(defaults, new Map(Object.entries(changes)));
const known = (hash: string) => Object.fromEntries(fromHash(hash).changes);
const words = (hash: string) => fromHash(hash).problems.map(({ parameter, message }) => [parameter, message]);

describe("a round trip", () => {
  test("brings back every document to the bit, through what a browser does to a hash", () => {
    fc.assert(
      fc.property(documents, (sweep) => {
        const hash = toHash(sweep);
        expect(documentOf(hash)).toEqual(sweep);
        expect(documentOf(new URL(hash, "http://host/path/").hash)).toEqual(sweep);
        expect(fromHash(hash).problems).toEqual([]);
      }),
    );
  });
  test("says what differs from the default, all of it and nothing else but all of another axis", () => {
    fc.assert(
      fc.property(documents, (sweep) => {
        const said = fromHash(toHash(sweep)).changes;
        const differs = changed(sweep);
        for (const [name, value] of differs) expect(said.get(name)).toEqual(value);
        const axis = differs.has("parameter") ? ["from", "to", "scale"] : [];
        expect([...said.keys()].sort()).toEqual([...new Set([...differs.keys(), ...axis])].sort());
      }),
    );
  });
});

describe("toHash", () => {
  test("is empty for the default", () => {
    expect(toHash(defaults)).toBe("");
    expect(documentOf("")).toEqual(defaults);
    expect(documentOf("#")).toEqual(defaults);
  });
  test("is readable, begins with the version and keeps the order of the table", () => {
    expect(
      toHash(
        set({
          y_scale: "log",
          hessian: [
            [1, 0],
            [0, 0.5],
          ],
          learning_rate: 1e-7,
        }),
      ),
    ).toBe("#v=1&learning_rate=1e-7&hessian=1,0;0,0.5&y_scale=log");
  });
  test("of a large Hessian is one that is read", () => {
    const hessian = Array.from({ length: 300 }, (_, i) =>
      Array.from({ length: 300 }, (_, j) => (i === j ? 1 : 0.1)),
    );
    const sweep = set({ hessian });
    expect(documentOf(toHash(sweep))).toEqual(sweep);
  });
  test("escapes what a fragment or an ampersand would break", () => {
    const hash = toHash(set({ hessian: [[1e300]] }));
    expect(hash).toBe("#v=1&hessian=1e%2B300");
    expect(toHash(set({ seed: 3 }))).not.toContain("%");
  });
});

describe("fromHash", () => {
  test("reads numbers, words and matrices, however they are escaped", () => {
    const expected = {
      momentum: 0.5,
      hessian: [
        [2, 0],
        [0, 1],
      ],
      y_scale: "log",
    };
    expect(known("#v=1&momentum=0.5&hessian=2,0;0,1&y_scale=log")).toEqual(expected);
    expect(known("v=1&&hessian=2%2C%200%3B%200%2C1&momentum=%30.5&y_scale=log&")).toEqual(expected);
  });
  test("a link without a version is read", () => {
    expect(known("#seed=7")).toEqual({ seed: 7 });
    expect(words("#seed=7")).toEqual([]);
  });
  test("the last word counts", () => {
    expect(known("#seed=7&seed=8")).toEqual({ seed: 8 });
  });
  test("another version is named, and read as far as it can be", () => {
    expect(known("#v=2&seed=7")).toEqual({ seed: 7 });
    expect(words("#v=2&seed=7")).toEqual([["", "this link has version “2”; this page reads version 1"]]);
    expect(words("#v&seed=7")).toHaveLength(1);
  });
  test.each(["lambda", "Seed", "__proto__", "constructor", "toString", "<script>alert(1)</script>"])(
    "%s is no parameter, and said to be none",
    (name) => {
      expect(words(`#v=1&${encodeURIComponent(name)}=3&seed=4`)).toEqual([
        ["", `this link sets “${name}”, which is no parameter here`],
      ]);
      expect(known(`#v=1&${encodeURIComponent(name)}=3&seed=4`)).toEqual({ seed: 4 });
    },
  );
  test("a value that cannot be read is named at its parameter; the others count", () => {
    const hash = "#v=1&learning_rate=abc&momentum&hessian=1,2&seed=4&quantity=median";
    expect(known(hash)).toEqual({ seed: 4 });
    expect(words(hash).map(([name]) => name)).toEqual(["learning_rate", "momentum", "hessian", "quantity"]);
    expect(words(hash)[1]?.[1]).toContain("got nothing");
  });
  test.each(["#seed=%", "#seed=%E0%A4", "#%ff=1", "#v=%zz"])(
    "%s cannot be decoded, which is said",
    (hash) => {
      expect(words(`${hash}&points=9`)).toHaveLength(1);
      expect(words(hash)[0]?.[1]).toMatch(/^this link has a part that cannot be decoded: /);
      expect(known(`${hash}&points=9`)).toEqual({ points: 9 });
    },
  );
  test("ranges are left to the core", () => {
    expect(known("#replicas=1e12&momentum=-1")).toEqual({ replicas: 1e12, momentum: -1 });
  });
  test("a text longer than any link of the page is not read at all", () => {
    const long = `#seed=5&${"x".repeat(2_000_000)}`;
    expect(known(long)).toEqual({});
    expect(words(long)).toEqual([["", "this link has 2000007 characters, at most 2000000 are read"]]);
    expect(words(`#${"x".repeat(1_999_999)}`)[0]?.[1]?.length).toBeLessThan(120);
  });
  test("anything at all gives changes that a document can take, or problems", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const { problems } = fromHash(`#${text}`);
        for (const { message } of problems) expect(message.length).toBeGreaterThan(10);
        expect(documentOf(toHash(documentOf(`#${text}`)))).toEqual(documentOf(`#${text}`));
      }),
    );
  });
});
