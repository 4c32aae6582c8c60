import { describe, expect, test } from "vitest";
import { fromHash } from "./permalink";
import { joinSettings, splitSettings } from "./settings";

describe("settings of instruments in a link", () => {
  test("come back, and leave the document's own part alone", () => {
    for (const hash of ["", "#v=1&learning_rate=0.5", "#v=1&hessian=1,0;0,0.1&formula=1%2F2"]) {
      const settings = new Map([
        ["over-time.quantity", "mean"],
        ["posterior.N", "500"],
      ]);
      const whole = joinSettings(hash, settings);
      expect(splitSettings(whole)).toEqual({ hash, settings });
      expect(fromHash(whole)).toEqual(fromHash(hash));
    }
  });

  test("are short, and nothing where all is as usual", () => {
    expect(joinSettings("#v=1&momentum=0.5", new Map())).toBe("#v=1&momentum=0.5");
    expect(joinSettings("", new Map([["stability.colour", "variance"]]))).toBe(
      "#v=1&stability.colour=variance",
    );
  });

  test("links of before there were any open as they did", () => {
    for (const hash of [
      "",
      "#",
      "#v=1",
      "#v=1&learning_rate=0.5&steps=7",
      "#momentum=0.5",
      "#v=1&nonsense=1&%",
    ]) {
      const { hash: own, settings } = splitSettings(hash);
      expect(settings.size).toBe(0);
      expect(fromHash(own)).toEqual(fromHash(hash));
    }
  });

  test("what is no setting stays with the document, which names it", () => {
    for (const part of ["__proto__.x=1", "Over.time=1", "a.b.c=1", ".=1", "a.=1", "over-time.quantity"]) {
      const { hash, settings } = splitSettings(`#v=1&${part}`);
      expect([hash, settings.size]).toEqual([`#v=1&${part}`, 0]);
      expect(fromHash(hash).problems.length, part).toBe(1);
    }
    expect(splitSettings("#v=1&a.b=%E0%A4%A").settings.get("a.b")).toBe("%E0%A4%A");
    expect(splitSettings(`#v=1&a.b=${"x".repeat(1e5)}`).settings.get("a.b")).toHaveLength(40);
  });
});
