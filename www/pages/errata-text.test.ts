import { expect, test } from "vitest";
import list from "../engine/pkg/errata.json";
import type { ErratumEntry } from "../engine/protocol";
import { errataHtml } from "./errata-html";
import { texts } from "./errata-text";
import { untypeset } from "./typeset";

const entries = list as unknown as readonly ErratumEntry[];

test("every erratum of the core has its words, under its own title", () => {
  expect(texts.map(({ number, title }) => [number, untypeset(title)])).toEqual(
    entries.map(({ number, title }) => [number, title]),
  );
  for (const { printed, correct, why, quantities, number } of texts) {
    expect(Math.min(printed.length, correct.length, why.length, quantities.length), number).toBeGreaterThan(
      0,
    );
  }
});

test("every dollar has its partner", () => {
  for (const { title, printed, correct, why, quantities } of texts)
    for (const text of [title, printed, correct, why, ...quantities])
      expect(text.split("$").length % 2, text).toBe(1);
});

test("the page has an article, a link and a control for each, in two groups", () => {
  const { index, articles } = errataHtml(entries);
  for (const { number, parameters } of entries) {
    expect(index).toContain(`href="#erratum-${number}"`);
    expect(articles).toContain(`<article id="erratum-${number}"`);
    for (const { name } of parameters) expect(articles).toContain(`id="erratum-${number}-${name}"`);
  }
  const [results = "", others = ""] = articles.split('<section aria-labelledby="arguments">');
  expect(results.match(/<article/g)?.length).toBe(
    entries.filter(({ kind }) => kind === "wrong_result").length,
  );
  expect(others.match(/<article/g)?.length).toBe(
    entries.filter(({ kind }) => kind === "wrong_argument").length,
  );
});

test("an erratum without words is a mistake that stops the build", () => {
  const unknown = { ...(entries[0] as ErratumEntry), number: "99" };
  expect(() => errataHtml([unknown])).toThrow("erratum 99 has no text");
});
