// A formula of one's own: drawn, judged, in the table, the file and the link; a wrong one is pointed at and changes nothing.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { complaint, hashOf, measured, open, SMALL, setUp, sweepTable, type } from "./harness.mjs";

test("a formula", async (t) => {
  const site = await setUp(t);
  const lab = (hash) => open(site, `lab.html${hash}`, { reducedMotion: "reduce" });
  const verdict = (page) => page.locator("nd-sweep dt.formula + dd");

  await t.test("that is right agrees, one that is wrong does not, and the link carries it", async () => {
    const page = await lab(`#v=1&${SMALL}&from=0.2&noise_variance=3`);
    await measured(page);
    assert.ok(!(await verdict(page).isVisible()), "without a formula there is nothing to say of it");
    await type(page, "formula", "lambda*c / (k*(2 - λ*k))");
    await page.waitForFunction(() => location.hash.includes("formula="));
    assert.equal(hashOf(page).formula, "lambda*c / (k*(2 - λ*k))");
    await measured(page);
    await page.waitForFunction(() =>
      document.querySelector("nd-sweep dt.formula + dd")?.textContent.startsWith("agrees"),
    );
    for (const row of await sweepTable(page)) {
      const wanted = (3 * row.learning_rate) / (2 - row.learning_rate);
      assert.ok(Math.abs(row.your_formula / wanted - 1) < 2e-3, JSON.stringify(row));
    }
    const coming = page.waitForEvent("download");
    await page.locator("nd-sweep .files button", { hasText: "CSV" }).click();
    const csv = readFileSync(await (await coming).path(), "utf8")
      .trim()
      .split("\r\n");
    assert.match(csv[0], /,exact,your_formula$/);
    assert.equal(csv.length, 13);
    for (const line of csv.slice(1)) {
      const cells = line.split(",").map(Number);
      assert.ok(Math.abs(cells.at(-1) / ((3 * cells[0]) / (2 - cells[0])) - 1) < 1e-12, line);
    }

    const copy = await lab(new URL(page.url()).hash);
    await measured(copy);
    assert.equal(
      await copy.locator('[data-parameter="formula"] input').inputValue(),
      "lambda*c / (k*(2 - λ*k))",
    );
    await type(copy, "formula", "λ*c/(2*k)");
    await copy.waitForFunction(() =>
      /^off by \d+ standard errors at λ = 1\.\d+/.test(
        document.querySelector("nd-sweep dt.formula + dd")?.textContent ?? "",
      ),
    );
    page.verify();
    copy.verify();
    await page.context().close();
    await copy.context().close();
  });

  await t.test("that cannot be read is pointed at, and everything stays", async () => {
    const page = await lab(`#v=1&${SMALL}&formula=lambda/2`);
    await measured(page);
    const before = page.url();
    for (const [text, words, caret] of [
      ["lambda*c)", /unexpected '\)' at 9$/, 8],
      ["2*(λ+", /unexpected end at 6$/, 5],
      ["k*(2-λ", /a '\)' is missing for the '\(' at 3$/, 2],
      ["alert(1)", /unknown function 'alert' at 1$/, 0],
      ["nu*k", /this scenario has no ν, which stands at 1$/, 0],
      [`${"x".repeat(0)}<img src=x onerror=alert(1)>`, /unexpected '<' at 1$/, 0],
      [`${"(".repeat(200)}1`, /nested more than 64 deep at/, 24],
      ["1+".repeat(400), /800 characters, of which 500 are read/, 24],
    ]) {
      await type(page, "formula", text);
      const said = await page.waitForFunction((source) => {
        const found = document.querySelector('[data-parameter="formula"] .problem:not([hidden])');
        const message = found?.firstChild?.textContent ?? "";
        return new RegExp(source).test(message) ? (found.querySelector(".pointed")?.textContent ?? "") : null;
      }, words.source);
      const [, pointer = ""] = (await said.jsonValue()).split("\n");
      assert.equal(pointer, `${" ".repeat(caret)}^`, text);
      assert.equal(page.url(), before);
      assert.equal(await page.locator('[data-parameter="formula"] img').count(), 0);
    }
    await type(page, "formula", "lambda/2");
    await page.locator('[data-parameter="formula"] .problem').waitFor({ state: "hidden" });
    page.verify();
    await page.context().close();
  });

  await t.test("of the training error sums over the directions, and needs to", async () => {
    const page = await lab(`#v=1&${SMALL}&quantity=training_error&momentum=0.5&to=2.9&steps=2000&from=0.5`);
    await measured(page);
    await type(page, "formula", "c/(2-lambda*k)");
    assert.match(await complaint(page, "formula"), /c belongs to one direction, say sum\(…c…\) over all/);
    await type(page, "formula", "lambda/(2*(1-mu))*sum(c/(2-lambda*k/(1+mu)))");
    await page.waitForFunction(() => location.hash.includes("formula="));
    await measured(page);
    for (const row of await sweepTable(page)) {
      const one = (k) => 1 / (2 - (row.learning_rate * k) / 1.5);
      const wanted = (row.learning_rate / (2 * 0.5)) * (one(1) + one(0.1));
      assert.ok(Math.abs(row.your_formula / wanted - 1) < 2e-3, JSON.stringify(row));
      assert.ok(Math.abs(row.discrete / wanted - 1) < 2e-3, JSON.stringify(row));
    }
    page.verify();
    await page.context().close();
  });
});
