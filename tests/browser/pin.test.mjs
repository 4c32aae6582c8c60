// A result that is pinned stays beside the next one: in the picture, in the table, and in words.
import assert from "node:assert/strict";
import { test } from "node:test";
import { measured, open, SMALL, setUp, sweepTable, type } from "./harness.mjs";

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
