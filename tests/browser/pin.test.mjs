// A result that is pinned stays beside the next one: in the picture, in the table, and in words.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { measured, open, SMALL, see, setUp, sweepTable, table, tableWhen, type } from "./harness.mjs";

test("a pinned sweep is seen beside the next one", async (t) => {
  const site = await setUp(t);
  const page = await open(site, `lab.html#v=1&${SMALL}&to=1.9`, { reducedMotion: "reduce" });
  await measured(page);
  const before = await sweepTable(page);
  const pin = page.locator("nd-sweep button.pin");
  await pin.click();
  assert.match(await page.locator("nd-sweep p.pinned").textContent(), /the same scenario/);
  await type(page, "momentum", "0.5");
  await page.waitForFunction(() => location.hash.includes("momentum=0.5"));
  await page.locator("nd-sweep p.pinned", { hasText: "momentum μ = 0." }).waitFor();
  await measured(page);
  const rows = await sweepTable(page);
  assert.equal(rows.length, 12);
  for (const [i, row] of rows.entries()) {
    assert.deepEqual([row.pinned, row.pinned_error], [before[i].measured, before[i].standard_error]);
    assert.notEqual(row.measured, row.pinned);
  }
  // With other axes it is kept, and said, but not drawn.
  await page.locator('[data-parameter="quantity"] select').selectOption("training_error");
  await page.locator("nd-sweep p.pinned", { hasText: "has other axes" }).waitFor();
  await measured(page);
  assert.equal((await sweepTable(page))[0].pinned, undefined);
  await pin.click();
  await page.locator("nd-sweep p.pinned").waitFor({ state: "hidden" });
  assert.equal(await pin.textContent(), "Pin");
  page.verify();
});

test("a run, directions and a cloud are pinned too", async (t) => {
  const site = await setUp(t);
  const calm = { reducedMotion: "reduce" };
  const page = await open(site, "lab.html#v=1&points=2&replicas=1500&steps=100&learning_rate=0.5", calm);
  await page.locator("#stability:not(:empty)").waitFor();
  const ready = {
    "nd-over-time": "Run again",
    "nd-correlation": "Run again",
    "nd-modes": "Measure again",
  };
  const settle = async (instrument) => {
    await see(page, instrument);
    if (instrument === "nd-cloud")
      await page.locator("nd-cloud .counter", { hasText: "step 100," }).waitFor();
    else await page.locator(`${instrument} .run`).getByText(ready[instrument]).waitFor({ timeout: 60_000 });
  };
  const instruments = [...Object.keys(ready), "nd-cloud"];
  const before = {};
  for (const instrument of instruments) {
    await settle(instrument);
    before[instrument] = await table(page, instrument);
    await page.locator(`${instrument} button.pin`).click();
    assert.match(
      await page.locator(`${instrument} p.pinned`).textContent(),
      /^Pinned, .*: the same scenario\.$/,
    );
  }
  await type(page, "learning_rate", "0.9");
  await page.waitForFunction(() => location.hash.includes("learning_rate=0.9"));
  for (const instrument of instruments) {
    await see(page, instrument);
    await page.locator(`${instrument} p.pinned`, { hasText: "learning rate λ = 0.5." }).waitFor();
    await settle(instrument);
  }
  // The numbers of a run stand beside the next one's at the same step or lag.
  for (const instrument of ["nd-over-time", "nd-correlation"]) {
    const rows = await tableWhen(page, instrument, (list) => list.length > 3 && list[2].pinned !== undefined);
    const [key] = Object.keys(rows[0]);
    const same = rows.filter((row) => before[instrument].some((old) => old[key] === row[key]));
    assert.ok(same.length > 3, instrument);
    for (const row of same) {
      const old = before[instrument].find((one) => one[key] === row[key]);
      assert.deepEqual([row.pinned, row.pinned_error], [old.measured, old.standard_error]);
    }
  }
  // Directions stand beside their like, sharpest first.
  const directions = await tableWhen(page, "nd-modes", ([one]) => one.pinned !== undefined);
  for (const [i, row] of directions.entries()) {
    const old = before["nd-modes"][i];
    assert.deepEqual(
      [row.pinned_curvature, row.pinned_lambda_k, row.pinned_discrete, row.pinned, row.pinned_error],
      [old.curvature, old.lambda_k, old.discrete, old.measured, old.standard_error],
    );
    assert.notEqual(row.measured, row.pinned);
  }
  // In the pictures: a thin line and open squares, or an ellipse by its name.
  const picture = async (instrument) => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.locator(`${instrument} .files button`).getByText("SVG", { exact: true }).first().click(),
    ]);
    return readFileSync(await download.path(), "utf8");
  };
  for (const instrument of instruments) {
    const pattern = instrument === "nd-cloud" ? />pinned</ : /<g class="line plain">/;
    assert.match(await picture(instrument), pattern, instrument);
  }
  // With another number of weights it is kept, and said, but not drawn.
  await type(page, "hessian", "1");
  for (const instrument of ["nd-over-time", "nd-correlation", "nd-cloud"]) {
    await see(page, instrument);
    await page.locator(`${instrument} p.pinned`, { hasText: "not drawn here" }).waitFor();
  }
  for (const instrument of instruments) {
    await see(page, instrument);
    await page.locator(`${instrument} button.pin`).click();
    await page.locator(`${instrument} p.pinned`).waitFor({ state: "hidden" });
  }
  await settle("nd-over-time");
  assert.equal((await table(page, "nd-over-time"))[0].pinned, undefined);
  page.verify();
  await page.context().close();
});
