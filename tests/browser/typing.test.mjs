// What is being typed is not taken away by what else happens on the page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open, SMALL, setUp } from "./harness.mjs";

test("typing", async (t) => {
  const site = await setUp(t);

  await t.test("an entry keeps what is typed while another one is taken", async () => {
    const page = await open(site, `lab.html#v=1&${SMALL}`, { reducedMotion: "reduce" });
    await page.locator("#stability:not(:empty)").waitFor();
    // One after the other, quicker than the core says yes to the first.
    await page.evaluate(() => {
      const entry = (name) => document.querySelector(`[data-parameter="${name}"] input[type=text]`);
      entry("momentum").value = "0.4";
      entry("momentum").dispatchEvent(new Event("change", { bubbles: true }));
      entry("learning_rate").focus();
      entry("learning_rate").value = "1.1";
      entry("learning_rate").dispatchEvent(new Event("input", { bubbles: true }));
    });
    await page.waitForFunction(() => location.hash.includes("momentum=0.4"));
    await page.waitForTimeout(20);
    const entry = page.locator('[data-parameter="learning_rate"] input[type=text]');
    assert.equal(await entry.inputValue(), "1.1");
    await page.waitForFunction(() => location.hash.includes("learning_rate=1.1"));
    // A value from elsewhere is shown all the same, and what was typed before is forgotten.
    await page.evaluate(() => {
      const field = document.querySelector('[data-parameter="learning_rate"] input[type=text]');
      field.value = "1.2";
      field.dispatchEvent(new Event("input", { bubbles: true }));
      location.hash = location.hash.replace("learning_rate=1.1", "learning_rate=0.9");
    });
    await page.waitForTimeout(500);
    assert.equal(await entry.inputValue(), "0.9");
    assert.match(page.url(), /learning_rate=0\.9/);
    page.verify();
    await page.context().close();
  });
});
