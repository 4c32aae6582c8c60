// The running ensemble under a change of its scenario, and after the death of its worker.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open, setUp, table, type } from "./harness.mjs";

/** It plays sixty steps a second, and after sixty the sharp direction has forgotten where it came from. */
const SMALL = "replicas=2000&steps=60&points=3";

const counter = (page, start) =>
  page.waitForFunction(
    (text) => document.querySelector("nd-cloud .counter").textContent.startsWith(text),
    start,
    { timeout: 30_000 },
  );
const words = (page) => page.locator("nd-cloud .words").textContent();
const first = (page) => page.locator("nd-cloud .comparison tbody tr").first().innerText();
const settled = (page) =>
  page.waitForFunction(() => /in brackets/.test(document.querySelector("nd-cloud .words").textContent));

/** Lets the worker of this name die of an error. */
async function kill(page, name) {
  for (const worker of page.workers()) {
    if ((await worker.evaluate(() => self.name)) !== name) continue;
    await worker.evaluate(() => {
      setTimeout(() => {
        throw new Error("killed by a test");
      });
    });
    return;
  }
  assert.fail(`there is no worker ${name}`);
}

test("the running ensemble", async (t) => {
  const site = await setUp(t, "experiment.html");

  await t.test("goes on with other numbers, and says at which step they changed", async () => {
    const page = await open(site, `#v=1&${SMALL}`);
    await counter(page, "step 60,");
    assert.match(await page.locator("nd-cloud .counter").textContent(), /, 2.000 replicas, seed 1$/);
    await type(page, "learning_rate", "0.4");
    // It had come to its end, and goes as far again.
    await counter(page, "step 120,");
    assert.match(
      await words(page),
      /^After 120 steps, 60 since the change at step 60, the measured variance of w₁ is/,
    );
    // λ/(2 − λ) = 0.25 along the sharp direction by the discrete theory, λ/2 = 0.2 by the diffusion, in the long run.
    const [sharp] = await table(page, "nd-cloud");
    assert.ok(
      Math.abs(sharp.discrete - 0.25) < 1e-4 && Math.abs(sharp.continuous - 0.2) < 1e-4,
      JSON.stringify(sharp),
    );
    assert.ok(Math.abs(sharp.measured - 0.25) < 4.5 * sharp.standard_error, JSON.stringify(sharp));
    assert.match(
      await page.locator("nd-cloud .scroll caption").textContent(),
      /changed at step 60; theories in the long run/,
    );
    page.verify();
    await page.context().close();
  });

  await t.test("is not judged before it has settled after a change", async () => {
    const page = await open(site, `#v=1&${SMALL}&learning_rate=0.1&speed=1`);
    await counter(page, "step 2,");
    await page.getByRole("button", { name: "Pause" }).click();
    await type(page, "learning_rate", "0.05");
    await page.waitForFunction(() =>
      /It has not settled since the change\./.test(document.querySelector("nd-cloud .words").textContent),
    );
    assert.doesNotMatch(await first(page), /\(/, "no deviation from a law that is not reached");
    assert.equal(await page.locator("nd-cloud .play").textContent(), "Play", "who paused it stays so");
    page.verify();
    await page.context().close();
  });

  await t.test("begins anew with another kind of scenario, and with Reset the present one does", async () => {
    const page = await open(site, `#v=1&${SMALL}`);
    await counter(page, "step 60,");
    await type(page, "noise_variance", "4");
    await counter(page, "step 120,");
    await page.getByRole("button", { name: "Reset" }).click();
    await counter(page, "step 0,");
    await page.getByRole("button", { name: "Step" }).click();
    await counter(page, "step 1,");
    // One step from the minimum: λ²σ² = 2.25 · 4.
    assert.match(await words(page), /^After 1 step the measured variance of w₁ is .*; discrete theory 9,/);
    await type(page, "hessian", "1");
    await counter(page, "step 0,");
    page.verify();
    await page.context().close();
  });

  await t.test("goes on on another loss at once, as far as it had come", async () => {
    const page = await open(site, `#v=1&${SMALL}&learning_rate=0.5`);
    await counter(page, "step 60,");
    await type(page, "hessian", "2, 0; 0, 0.5");
    await counter(page, "step 120,");
    assert.match(await words(page), /^After 120 steps, 60 since the change at step 60,/);
    // λ/(k(2 − λk)) = 0.25 along the sharp direction.
    const [sharp] = await table(page, "nd-cloud");
    assert.ok(Math.abs(sharp.discrete - 0.25) < 1e-4, JSON.stringify(sharp));
    assert.ok(Math.abs(sharp.measured - 0.25) < 4.5 * sharp.standard_error, JSON.stringify(sharp));
    page.verify();
    await page.context().close();
  });

  await t.test("comes to the same numbers when its worker dies on the way, changes and all", async () => {
    const run = async (dies) => {
      const page = await open(site, `#v=1&replicas=5000&steps=60&points=3&learning_rate=0.7`);
      await counter(page, "step 60,");
      await type(page, "learning_rate", "1.2");
      await counter(page, "step 120,");
      if (dies) {
        // Their errors are on the console, as they should be.
        for (const name of ["ensembles", "answers"]) await kill(page, name);
        await page.waitForTimeout(100);
      }
      await page.getByRole("button", { name: "Step" }).click();
      await counter(page, "step 121,");
      await settled(page);
      const rows = await table(page, "nd-cloud");
      // What a front call answers is asked for again by itself.
      await type(page, "learning_rate", "1.3");
      await page.waitForFunction(() => location.hash.includes("learning_rate=1.3"));
      if (!dies) page.verify();
      await page.context().close();
      return rows;
    };
    assert.deepEqual(await run(true), await run(false));
  });

  await t.test("tells how fast it goes while it goes", async () => {
    const page = await open(site, "#v=1&replicas=20000&steps=100000&points=3&speed=max");
    await page.waitForFunction(
      () => /, seed 1, [\d\s]+ updates\/s$/.test(document.querySelector("nd-cloud .counter").textContent),
      null,
      { timeout: 20_000 },
    );
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Step" }).click();
    await page.waitForFunction(() => /seed 1$/.test(document.querySelector("nd-cloud .counter").textContent));
    page.verify();
    await page.context().close();
  });
});
