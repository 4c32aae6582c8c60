// The cloud's plane: any two coordinates or eigen-directions against their formulas, its place in the link, and trails.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { hashOf, open, see, setUp, type } from "./harness.mjs";

/** The cloud's table: measured, error and theories by the name of each row. */
async function table(page) {
  await page.locator("nd-cloud details.data").evaluate((details) => {
    details.open = true;
  });
  await page.locator("nd-cloud .scroll table").waitFor();
  return page.locator("nd-cloud .scroll table").evaluate((element) => {
    const names = [...element.querySelectorAll("thead th")].map((cell) => cell.textContent);
    const rows = [...element.querySelectorAll("tbody tr")].map((row) =>
      [...row.children].map((cell) => cell.textContent.replace("−", "-")),
    );
    return Object.fromEntries(
      rows.map(([name, ...cells]) => [
        name,
        Object.fromEntries(cells.map((cell, i) => [names[i + 1], Number(cell)])),
      ]),
    );
  });
}

/** The picture as SVG, by its own button. */
async function picture(page) {
  await table(page);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator("nd-cloud").getByRole("button", { name: "SVG" }).click(),
  ]);
  return readFileSync(await download.path(), "utf8");
}

// Eigenvalues 4, 2 and 1 along (1, 1, 0)/√2, (1, −1, 0)/√2 and (0, 0, 1).
const THREE = "#v=1&hessian=3,1,0;1,3,0;0,0,1&learning_rate=0.4&replicas=4000&steps=200&points=2";
const variance = (k) => 0.4 / (k * (2 - 0.4 * k));

test("the plane of the cloud", async (t) => {
  const site = await setUp(t);
  const cloud = async (hash, reducedMotion) => {
    const page = await open(site, `lab.html${hash}`, { reducedMotion });
    await see(page, "nd-cloud");
    return page;
  };
  const settled = (page, row) =>
    page.waitForFunction(
      (name) =>
        /^step 200,/.test(document.querySelector("nd-cloud .counter").textContent) &&
        [...document.querySelectorAll("nd-cloud .comparison th")].some((cell) => cell.textContent === name),
      row,
    );
  /** A row holds the theory exactly and the measured within five standard errors, those of a Gaussian. */
  const holds = (row, expected) => {
    assert.ok(
      Math.abs(row.discrete - expected) < 1e-4 * Math.abs(expected),
      `${row.discrete} is not ${expected}`,
    );
    assert.ok(Math.abs(row.measured - expected) < 5 * row.standard_error, JSON.stringify(row));
    const usual = expected * Math.sqrt(2 / 4000);
    assert.ok(Math.abs(row.standard_error / usual - 1) < 0.2, JSON.stringify(row));
  };

  await t.test(
    "directions and coordinates are chosen, have their variances, and are in the link",
    async () => {
      const page = await cloud(THREE, "reduce");
      await settled(page, "Var w₁");
      holds((await table(page))["Var w₁"], (variance(4) + variance(2)) / 2);
      await page.locator('[data-parameter="plane"] select').selectOption("directions");
      await settled(page, "Var u₂");
      let rows = await table(page);
      holds(rows["Var u₁"], variance(4));
      holds(rows["Var u₂"], variance(2));
      // Along eigen-directions of white noise nothing is shared; along these coordinates it is.
      assert.ok(Math.abs(rows["Cov u₁ and u₂"].discrete) < 1e-9);
      await type(page, "upwards", "3");
      await settled(page, "Var u₃");
      rows = await table(page);
      holds(rows["Var u₃"], variance(1));
      assert.match(await page.locator("nd-cloud .words").textContent(), /variance along u₁ is 0\.2/);
      assert.equal(hashOf(page).plane, "directions");
      await page.reload();
      await see(page, "nd-cloud");
      await settled(page, "Var u₃");
      assert.deepEqual(await table(page), rows, "a link has the same numbers");
      await page.locator('[data-parameter="plane"] select').selectOption("coordinates");
      await settled(page, "Var w₃");
      rows = await table(page);
      holds(rows["Var w₃"], variance(1));
      const svg = await picture(page);
      assert.ok(svg.includes("margin bottom") && svg.includes("margin left"), "histograms along both axes");
      // Two coordinates leave nothing to choose.
      await type(page, "hessian", "1, 0; 0, 0.5");
      await settled(page, "Var w₂");
      assert.ok(await page.locator('[data-parameter="across"]').isHidden());
      page.verify();
      await page.context().close();
    },
  );

  await t.test("trails follow ten replicas; who wants no motion is asked first", async () => {
    const moving = await cloud(`${THREE}&speed=20`, "no-preference");
    await moving.waitForFunction(() =>
      /^step ([5-9]|\d{2,})/.test(document.querySelector("nd-cloud .counter").textContent),
    );
    const button = moving.locator("nd-cloud").getByRole("button", { name: "Trails" });
    assert.equal(await button.getAttribute("aria-pressed"), "true");
    assert.ok((await picture(moving)).includes("line experiment"));
    await button.click();
    assert.ok(!(await picture(moving)).includes("line experiment"), "they are put out");
    moving.verify();
    await moving.context().close();
    const calm = await cloud(THREE, "reduce");
    await settled(calm, "Var w₁");
    assert.equal(
      await calm.locator("nd-cloud").getByRole("button", { name: "Trails" }).getAttribute("aria-pressed"),
      "false",
    );
    assert.ok(!(await picture(calm)).includes("points experiment"));
    calm.verify();
    await calm.context().close();
  });
});
