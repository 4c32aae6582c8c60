// The state of the page: its link, Back and Forward, and what happens to wrong input.
import assert from "node:assert/strict";
import { test } from "node:test";
import { complaint, hashOf, message, open, SMALL, setUp, type } from "./harness.mjs";

/** The ensemble would play for seconds beside what is looked at here. */
const calm = { reducedMotion: "reduce" };

const value = (page, parameter) =>
  page
    .locator(`[data-parameter="${parameter}"]`)
    .locator("input[type=text], textarea, select")
    .first()
    .inputValue();
const settle = (page, name, wanted) =>
  page.waitForFunction(
    ([parameter, text]) => new URLSearchParams(location.hash.slice(1)).get(parameter) === text,
    [name, wanted],
  );

/** A value whichever way its rows are set. */
const plain = async (page, name) =>
  (await value(page, name)).replaceAll("], [", "; ").replace(/[[\]]/g, "").replaceAll("\n", "; ");

test("the state", async (t) => {
  const site = await setUp(t, "experiment.html");

  await t.test("lives in the link, and only what differs from the default", async () => {
    const page = await open(site, "", calm);
    await page.locator("#stability:not(:empty)").waitFor();
    assert.equal(new URL(page.url()).hash, "");
    await type(page, "replicas", "2000");
    await settle(page, "replicas", "2000");
    await type(page, "hessian", "2, 0.5; 0.5, 1");
    await settle(page, "hessian", "2,0.5;0.5,1");
    await page.locator('[data-parameter="covariance"] select').selectOption("matrix");
    await type(page, "noise_covariance", "[[1, 0.2], [0.2, 3]]");
    await settle(page, "noise_covariance", "1,0.2;0.2,3");
    await type(page, "seed", "77");
    await settle(page, "seed", "77");
    const { v, to, ...rest } = hashOf(page);
    assert.equal(v, "1");
    assert.deepEqual(rest, {
      hessian: "2,0.5;0.5,1",
      covariance: "matrix",
      noise_covariance: "1,0.2;0.2,3",
      replicas: "2000",
      seed: "77",
    });
    // The sweep ended at the limit of stability; it followed the new one, 2/k with k = (3 + √2)/2.
    assert.ok(Math.abs(Number(to) - 4 / (3 + Math.SQRT2)) < 1e-3, to);

    const copy = await open(site, new URL(page.url()).hash, calm);
    await copy.waitForFunction(() => document.querySelector('[data-parameter="seed"] input').value === "77");
    for (const name of ["hessian", "noise_covariance", "replicas", "to", "learning_rate", "covariance"]) {
      assert.equal(await plain(copy, name), await plain(page, name), name);
    }
    assert.equal(copy.url(), page.url());
    page.verify();
    copy.verify();
  });

  await t.test("goes Back and Forward", async () => {
    const page = await open(site, `#v=1&${SMALL}`, calm);
    await page.locator("#stability:not(:empty)").waitFor();
    await type(page, "learning_rate", "0.5");
    await settle(page, "learning_rate", "0.5");
    await type(page, "learning_rate", "0.7");
    await settle(page, "learning_rate", "0.7");
    await page.goBack();
    await page.waitForFunction(
      () => document.querySelector('[data-parameter="learning_rate"] input').value === "0.5",
    );
    await page.goBack();
    await page.waitForFunction(
      () => document.querySelector('[data-parameter="learning_rate"] input').value === "1.5",
    );
    await page.goForward();
    await page.waitForFunction(
      () => document.querySelector('[data-parameter="learning_rate"] input').value === "0.5",
    );
    page.verify();
  });

  await t.test(
    "keeps everything when an input is wrong, and says what, with the value and the range, beside the control",
    async () => {
      const page = await open(site, `#v=1&${SMALL}`, calm);
      await page.locator("#stability:not(:empty)").waitFor();
      const before = page.url();
      for (const [parameter, text, words] of [
        ["momentum", "1", /\[0, 1\).*got 1/],
        ["momentum", "-0.1", /\[0, 1\).*got -0\.1/],
        ["learning_rate", "0", /\(0, 1000000\].*got 0/],
        ["learning_rate", "NaN", /\(0, 1000000\].*got “NaN”/],
        ["learning_rate", "", /\(0, 1000000\].*got nothing/],
        ["learning_rate", "1e308", /\(0, 1000000\].*got 1/],
        ["replicas", "1000000000000", /\[2, 1000000\].*got 1000000000000/],
        ["replicas", "2.5", /whole number in \[2, 1000000\], got 2\.5/],
        ["steps", "0", /\[1, 10000000\].*got 0/],
        ["seed", "-1", /\[0, 9007199254740991\].*got -1/],
        ["hessian", "1, 0.5; 0.4, 1", /symmetric, got 0\.5 in row 1, column 2 but 0\.4/],
        ["hessian", "1, 2; 2, 1", /positive semidefinite.*eigenvalue -1/],
        ["hessian", "0, 0; 0, 0", /hessian/],
        ["hessian", "1, 0; 0", /row 1 has 2 entries, row 2 has 1/],
        ["hessian", "1, x; x, 1", /“x” in row 1 is no number/],
        ["hessian", "", /got nothing/],
        ["points", "1000", /\[1, 200\].*got 1000/],
        ["to", "-3", /to must lie in .*got -3/],
        ["noise_variance", "-1", /\[0, 1000000000000\].*got -1/],
      ]) {
        const good = await value(page, parameter);
        await type(page, parameter, text);
        assert.match(await complaint(page, parameter), words, `${parameter} = ${text}`);
        assert.equal(page.url(), before, "the link has changed");
        await type(page, parameter, good);
        await page.locator(`[data-parameter="${parameter}"] .problem`).waitFor({ state: "hidden" });
      }
      page.verify();
    },
  );

  await t.test("lets other controls go on while one is wrong", async () => {
    const page = await open(site, `#v=1&${SMALL}`, calm);
    await page.locator("#stability:not(:empty)").waitFor();
    await type(page, "momentum", "7");
    await complaint(page, "momentum");
    await type(page, "learning_rate", "0.25");
    await settle(page, "learning_rate", "0.25");
    assert.equal(hashOf(page).momentum, undefined);
    assert.equal(await value(page, "momentum"), "7", "what was typed stays to be mended");
    assert.notEqual(await message(page, "momentum"), "");
    page.verify();
  });

  await t.test("takes two changes that only fit together", async () => {
    const page = await open(site, `#v=1&${SMALL}&covariance=matrix&noise_covariance=1,0;0,2`, calm);
    await page.locator("#stability:not(:empty)").waitFor();
    await type(page, "hessian", "1, 0, 0; 0, 1, 0; 0, 0, 1");
    assert.match(await complaint(page, "noise_covariance"), /must have the size of hessian, 3, got 2/);
    await type(page, "noise_covariance", "1, 0, 0; 0, 1, 0; 0, 0, 2");
    await settle(page, "noise_covariance", "1,0,0;0,1,0;0,0,2");
    assert.equal(hashOf(page).hessian, "1,0,0;0,1,0;0,0,1");
    assert.equal(await message(page, "noise_covariance"), "");
    page.verify();
  });

  await t.test("a garbled link is named, and the rest of it is taken", async () => {
    for (const [hash, where, words] of [
      ["momentum=2&learning_rate=0.3", "momentum", /\[0, 1\).*got 2/],
      ["momentum=abc&learning_rate=0.3", "momentum", /\[0, 1\).*“abc”/],
      ["nonsense=1&learning_rate=0.3", "", /“nonsense”, which is no parameter/],
      ["seed=%E0%A4%A&learning_rate=0.3", "", /cannot be decoded/],
      ["learning_rate=0.3&hessian=<script>alert(1)</script>", "hessian", /is no number/],
      ["learning_rate=0.3&parameter=colour", "parameter", /colour/],
      ["learning_rate=0.3&v=99", "", /version “99”/],
      ["learning_rate=0.3&replicas=1e12", "replicas", /\[2, 1000000\]/],
    ]) {
      const page = await open(site, `#v=1&${SMALL}&${hash}`, calm);
      await page.waitForFunction(
        () => document.querySelector('[data-parameter="learning_rate"] input').value === "0.3",
      );
      const said =
        where === "" ? await page.locator("#link-problem").textContent() : await complaint(page, where);
      assert.match(said, words, hash);
      page.verify();
      await page.context().close();
    }
  });

  await t.test("each move of a slider is one entry of the history", async () => {
    const page = await open(site, `#v=1&${SMALL}`);
    await page.locator("#stability:not(:empty)").waitFor();
    const rate = () => hashOf(page).learning_rate;
    const length = () => page.evaluate(() => history.length);
    const before = await length();
    const slider = page.locator('[data-parameter="learning_rate"] input[type=range]');
    const box = await slider.boundingBox();
    const drag = async (from, to) => {
      await page.mouse.move(box.x + from * box.width, box.y + box.height / 2);
      await page.mouse.down();
      await page.mouse.move(box.x + to * box.width, box.y + box.height / 2, { steps: 8 });
      await page.mouse.up();
      await page.waitForTimeout(200);
    };
    await drag(0.2, 0.4);
    const first = rate();
    assert.equal(await length(), before + 1);
    await drag(0.4, 0.6);
    assert.equal(await length(), before + 2);
    for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
    await page.waitForTimeout(200);
    await page.goBack();
    // Keys that are far apart, as on a slow machine, are moves of their own.
    for (let more = 0; more < 4 && rate() !== first; more++) await page.goBack();
    await settle(page, "learning_rate", first);
    await page.goBack();
    await settle(page, "learning_rate", null);
    assert.match(page.url(), new RegExp(SMALL));
    page.verify();
  });

  await t.test("the end of the sweep stays at the limit through quick steps of the momentum", async () => {
    const page = await open(site, `#v=1&${SMALL}`, calm);
    await page.locator("#stability:not(:empty)").waitFor();
    const slider = page.locator('[data-parameter="momentum"] input[type=range]');
    await slider.focus();
    for (let i = 0; i < 12; i++) await page.keyboard.press("ArrowRight");
    await page.waitForTimeout(500);
    const { momentum, to } = hashOf(page);
    assert.ok(Number(momentum) > 0, momentum);
    assert.ok(Math.abs(Number(to) - 2 * (1 + Number(momentum))) < 2e-3, `${to} with ${momentum}`);
    page.verify();
  });

  await t.test("a link to what is not run here says so and leaves the rest", async () => {
    for (const [choice, words] of [
      ["optimizer=adam", /optimizer.*adam|adam.*optimizer/],
      ["covariance=hessian", /covariance.*hessian|hessian.*covariance/],
      ["law=laplace", /law.*laplace|laplace.*law/],
    ]) {
      const page = await open(site, `#v=1&${SMALL}&${choice}&learning_rate=0.3`, calm);
      await page.locator("#link-problem:not([hidden])").waitFor();
      assert.match(await page.locator("#link-problem").textContent(), words);
      assert.equal(await value(page, "learning_rate"), "0.3");
      assert.equal(await value(page, "covariance"), "white");
      await type(page, "momentum", "0.1");
      await settle(page, "momentum", "0.1");
      await page.locator("#link-problem").waitFor({ state: "hidden" });
      page.verify();
      await page.context().close();
    }
  });

  await t.test("a new seed is drawn, shown and kept", async () => {
    const page = await open(site, `#v=1&${SMALL}`, calm);
    await page.locator("#stability:not(:empty)").waitFor();
    await page.getByRole("button", { name: "New seed" }).click();
    await page.waitForFunction(() => new URLSearchParams(location.hash.slice(1)).has("seed"));
    assert.equal(await value(page, "seed"), hashOf(page).seed);
    page.verify();
  });

  await t.test("a preset is a link", async () => {
    const page = await open(site, `#v=1&${SMALL}`);
    await page.locator("#stability:not(:empty)").waitFor();
    await page.getByRole("link", { name: "Fig. 4(a)" }).click();
    await page.waitForFunction(
      () => document.querySelector('[data-parameter="parameter"] select').value === "momentum",
    );
    assert.equal(await value(page, "learning_rate"), "2.75");
    assert.match(await page.locator("#sweep-title").textContent(), /momentum/);
    page.verify();
  });
});
