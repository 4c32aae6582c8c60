// How many workers share a sweep: as many as the machine has processors, or as somebody chooses; the numbers are the same.
import assert from "node:assert/strict";
import { test } from "node:test";
import { measured, open, setUp, sweepTable } from "./harness.mjs";

const HASH = "lab.html#v=1&replicas=3000&steps=40&points=5&seed=4";

test("the number of workers", async (t) => {
  const site = await setUp(t);
  /** The Lab on a machine with so many processors. */
  const on = (processors) =>
    open(site, HASH, {
      reducedMotion: "reduce",
      init: {
        content: `Object.defineProperty(navigator, "hardwareConcurrency", { get: () => ${processors} })`,
      },
    });
  /** Workers that have been started for sweeps: by their names. */
  const sharing = async (page) => {
    const names = await Promise.all(page.workers().map((worker) => worker.evaluate(() => self.name)));
    return names.filter((name) => name.startsWith("points")).length;
  };
  const done = async (page) => {
    page.verify();
    await page.context().close();
  };

  const tables = [];
  for (const processors of [1, 3]) {
    await t.test(`${processors} of them, for as many processors`, async () => {
      const page = await on(processors);
      await measured(page);
      assert.equal(await sharing(page), processors);
      assert.equal(await page.locator("#workers").count(), processors > 1 ? 1 : 0);
      tables.push(await sweepTable(page));
      await done(page);
    });
  }

  await t.test("the number that is chosen holds at once, and is kept", async () => {
    const page = await on(4);
    await measured(page);
    assert.equal(await page.locator("#workers").inputValue(), "4");
    await page.locator("#workers").selectOption("2");
    await page.reload();
    await measured(page);
    assert.equal(await page.locator("#workers").inputValue(), "2");
    assert.equal(await sharing(page), 2);
    tables.push(await sweepTable(page));
    // More than there were: they are started when they are chosen.
    await page.locator("#workers").selectOption("3");
    for (let tries = 0; (await sharing(page)) < 3 && tries < 50; tries++) await page.waitForTimeout(100);
    assert.equal(await sharing(page), 3);
    await page.locator("nd-sweep").getByRole("button", { name: "Run again" }).click();
    await measured(page);
    tables.push(await sweepTable(page));
    await done(page);
  });

  assert.equal(tables.length, 4);
  for (const table of tables) assert.deepEqual(table, tables[0]);
});
