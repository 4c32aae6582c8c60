// A series and an escape are shared by the workers: what they come to does not depend on how many there are, nor on one that dies.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open, see, setUp, table } from "./harness.mjs";

const WELL =
  "loss=piecewise_quadratic&covariance=curvature&noise_variance=0&batch_size=3&learning_rate=0.6&points=2";
const INSTRUMENTS = ["nd-over-time", "nd-correlation", "nd-modes"];

/** A page on a machine with so many processors: the Lab, or an instrument by itself, with nothing beside it to share them with. */
const machine = (site, processors, hash, instrument) =>
  open(site, `${instrument ? `embed.html#instrument=${instrument}&` : "lab.html#"}v=1&${hash}`, {
    reducedMotion: "reduce",
    init: `Object.defineProperty(Navigator.prototype, "hardwareConcurrency", { get: () => ${processors} })`,
  });

const done = (page, instrument) =>
  page.locator(`${instrument} .run`).getByText(/again/).waitFor({ timeout: 60_000 });

/** Lets a worker that shares an instrument's run die of an error in the middle of it; the number that there are. */
async function kill(page, instrument) {
  const names = await Promise.all(page.workers().map((worker) => worker.evaluate(() => self.name)));
  const place = names.indexOf("points 2");
  await page.workers()[place]?.evaluate(() => {
    setTimeout(() => {
      throw new Error("killed by a test");
    });
  });
  assert.equal(await page.locator(`${instrument} .run`).textContent(), "Cancel", "it died too late");
  return names.filter((name) => name.startsWith("points")).length;
}

test("shared runs", async (t) => {
  const site = await setUp(t);

  await t.test("looks, lags and directions are the same by one worker and by three", async () => {
    const numbers = async (processors) => {
      const page = await machine(site, processors, "points=2&replicas=5000&steps=300&learning_rate=0.5");
      const rows = {};
      for (const instrument of INSTRUMENTS) {
        await see(page, instrument);
        await done(page, instrument);
        rows[instrument] = await table(page, instrument);
        assert.ok(rows[instrument].length > 1, instrument);
      }
      page.verify();
      await page.context().close();
      return rows;
    };
    assert.deepEqual(await numbers(3), await numbers(1));
  });

  await t.test("an escape is the same by one worker, by three, and by three of which one dies", async () => {
    const numbers = async (processors, dies) => {
      // Long enough to be seen at work; it waits to be asked.
      const page = await machine(
        site,
        processors,
        `${WELL}&replicas=100000&steps=${dies === undefined ? 60 : 4500}`,
        "escape",
      );
      await see(page, "nd-escape");
      if (dies !== undefined) {
        await page.locator("nd-escape .status", { hasText: "press Measure" }).waitFor();
        await page.locator("nd-escape .run").click();
        await page.waitForFunction(() => document.querySelector("nd-escape progress").value > 0.05, null, {
          timeout: 60_000,
        });
        if (dies) assert.equal(await kill(page, "nd-escape"), processors);
      }
      await done(page, "nd-escape");
      const rows = await table(page, "nd-escape");
      assert.ok(rows.at(-1).escaped > 1000, JSON.stringify(rows.at(-1)));
      if (!dies) page.verify();
      await page.context().close();
      return rows;
    };
    assert.deepEqual(await numbers(3), await numbers(1));
    assert.deepEqual(await numbers(3, true), await numbers(3, false));
  });

  await t.test("a series of which a worker dies tells every look once, with the same numbers", async () => {
    const numbers = async (dies) => {
      const page = await machine(site, 3, "replicas=60000&steps=4000&learning_rate=0.5", "over-time");
      await see(page, "nd-over-time");
      await page.waitForFunction(() => document.querySelector("nd-over-time progress").value > 0.1, null, {
        timeout: 60_000,
      });
      if (dies) assert.equal(await kill(page, "nd-over-time"), 3);
      await done(page, "nd-over-time");
      const rows = await table(page, "nd-over-time");
      if (!dies) page.verify();
      await page.context().close();
      return rows;
    };
    const [whole, mended] = [await numbers(false), await numbers(true)];
    assert.ok(whole.length > 10);
    assert.deepEqual(mended, whole);
  });
});
