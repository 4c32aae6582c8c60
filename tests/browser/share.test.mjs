// What leaves the Lab: a script, a frame, what to cite. (www/pages/python.test.ts runs the scripts.)
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, measured, open, SMALL, setUp, sweepTable } from "./harness.mjs";

test("share", async (t) => {
  const site = await setUp(t);
  const options = { reducedMotion: "reduce", permissions: ["clipboard-read", "clipboard-write"] };
  const lab = (hash) => open(site, `lab.html${hash}`, options);
  const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());
  const menu = (page) => page.locator(".share summary").click();

  await t.test("a script is copied, and where there is none the page says why", async () => {
    const page = await lab(
      `#v=1&${SMALL}&loss=least_squares&data=diabetes&covariance=minibatch&batch_size=8&learning_rate=0.3`,
    );
    await measured(page);
    await menu(page);
    await page.getByRole("button", { name: "Copy as Python" }).click();
    await page.locator(".said", { hasText: "Script copied" }).waitFor();
    const script = await clipboard(page);
    assert.match(
      script,
      /^"""least squares loss, minibatch noise, momentum, learning rate 0\.3: 2000 replicas, 300 steps\./,
    );
    assert.match(script, /import numpy as np/);
    const [, rows] = /^x = np\.array\((\[.*\]), dtype=float\)$/m.exec(script) ?? [];
    assert.deepEqual([JSON.parse(rows).length, JSON.parse(rows)[0].length], [442, 2]);
    assert.doesNotMatch(script, /undefined|NaN|\[object/);

    const adam = await lab(`#v=1&${SMALL}&optimizer=adam&learning_rate=0.1`);
    await measured(adam);
    await menu(adam);
    await adam.getByRole("button", { name: "Copy as Python" }).click();
    await adam.locator(".said", { hasText: "Adam follows the ensemble" }).waitFor();
    for (const one of [page, adam]) {
      one.verify();
      await one.context().close();
    }
  });

  await t.test("a frame shows one instrument with the same numbers, and leads back", async () => {
    const page = await lab(`#v=1&${SMALL}&learning_rate=0.7&hessian=2,0;0,0.5&to=1&formula=λ*c/(k*(2-λ*k))`);
    await measured(page);
    const wanted = await sweepTable(page);
    await menu(page);
    for (const [name, tag] of [
      ["sweep", "nd-sweep"],
      ["cloud", "nd-cloud"],
      ["directions", "nd-modes"],
      ["stability", "nd-stability-map"],
    ]) {
      await page.locator(".share select").selectOption(name);
      await page.getByRole("button", { name: "Copy as embed" }).click();
      await page.locator(".said", { hasText: "Frame copied" }).waitFor();
      await menu(page);
      const line = await clipboard(page);
      assert.ok(!line.includes("\n") && line.startsWith("<iframe src="), line);
      const source = await page.evaluate((html) => {
        const frame = new DOMParser().parseFromString(html, "text/html").querySelector("iframe");
        return frame.title.startsWith("Noisy Descent: ") && frame.src;
      }, line);
      const bare = await open(site, source.slice(site.url.length), options);
      await bare.locator(`${tag} .words:not(:empty)`).waitFor();
      if (name === "sweep") {
        await measured(bare);
        assert.deepEqual(await sweepTable(bare), wanted);
      }
      if (name === "directions") {
        assert.match(await bare.locator("nd-modes .words").textContent(), /1\.4/, "λk = 0.7 · 2");
      }
      await accessible(bare);
      const back = await bare.locator("#lab").evaluate((link) => link.href);
      const parameters = (url) => Object.fromEntries(new URLSearchParams(new URL(url).hash.slice(1)));
      assert.match(back, /lab\.html#/);
      assert.deepEqual(parameters(back), parameters(page.url()));
      bare.verify();
      await bare.context().close();
    }
    page.verify();
    await page.context().close();
  });

  await t.test("a frame of something that is no instrument says so and shows the sweep", async () => {
    const page = await open(site, `embed.html#instrument=<img src=x>&v=1&${SMALL}&momentum=7`, options);
    await measured(page);
    const said = await page.locator("#link-problem").textContent();
    assert.match(said, /there is no instrument/);
    assert.match(said, /momentum must lie in \[0, 1\), got 7/);
    assert.equal(await page.locator("#link-problem img").count(), 0);
    page.verify();
    await page.context().close();
  });

  await t.test("what to cite is BibTeX of the paper and of this project", async () => {
    const page = await lab(`#v=1&${SMALL}`);
    await measured(page);
    await menu(page);
    await page.getByRole("button", { name: "Cite" }).click();
    const text = await page.locator("dialog.cite pre").textContent();
    assert.match(
      text,
      /@inproceedings\{[\s\S]*Liu, Kangqiao and Ziyin, Liu and Ueda, Masahito[\s\S]*volume {8}= \{139\}[\s\S]*7045--7056/,
    );
    assert.match(text, /@software\{[\s\S]*Noisy Descent/);
    assert.equal((text.match(/\{/g) ?? []).length, (text.match(/\}/g) ?? []).length);
    assert.doesNotMatch(text, /= \{\}|undefined/);
    await accessible(page);
    await page.locator("dialog.cite button", { hasText: "Copy" }).click();
    await page.waitForFunction(async (wanted) => (await navigator.clipboard.readText()) === wanted, text);
    await page.keyboard.press("Escape");
    await page.locator("dialog.cite").waitFor({ state: "hidden" });
    page.verify();
    await page.context().close();
  });
});
