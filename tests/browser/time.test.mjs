// The instruments that follow one ensemble: over time and over lags, their tables against sums written out here.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, open, see, setUp, table, tableWhen } from "./harness.mjs";

const calm = { reducedMotion: "reduce" };
const near = (a, b, relative = 2e-4) =>
  assert.ok(a != null && Math.abs(a - b) <= relative * Math.abs(b) + 1e-9, `${a} is not ${b}`);
/** Within so many standard errors that chance exceeds it for one number in a million; the seed is fixed. */
const agrees = (row, theory) =>
  assert.ok(
    Math.abs(row.measured - theory) < 4.9 * row.standard_error,
    `${JSON.stringify(row)}, not ${theory}`,
  );
const words = (page, instrument) => page.locator(`${instrument} .words`).textContent();
const choose = (page, instrument, label, option) =>
  page.locator(instrument).getByLabel(label, { exact: true }).selectOption({ label: option });
const done = (page, instrument) =>
  page.waitForFunction(
    (name) => / looks at /.test(document.querySelector(`${name} .status`).textContent),
    instrument,
    { timeout: 60_000 },
  );

/** Variance of SGD after t steps from the minimum under noise of variance c: λ²c Σ (1 − λk)^{2s}. */
const variance = (rate, curvature, t, c = 1) => {
  let sum = 0;
  for (let s = 0; s < t; s++) sum += (1 - rate * curvature) ** (2 * s);
  return rate * rate * c * sum;
};

test("over time and over lags", async (t) => {
  const site = await setUp(t);
  const lab = async (hash, instrument) => {
    const page = await open(site, `lab.html#v=1&points=3&${hash}`, calm);
    await page.locator("#stability:not(:empty)").waitFor();
    await see(page, instrument);
    await done(page, instrument);
    return page;
  };

  await t.test("every quantity over time, from a point, against its transient", async () => {
    const [rate, sharp, flat] = [0.7, 2, 0.5];
    const hash = `hessian=2,0;0,0.5&learning_rate=${rate}&replicas=8000&steps=200&start=point&start_weights=3,-2`;
    const page = await lab(hash, "nd-over-time");
    let rows = await table(page, "nd-over-time");
    assert.ok(rows.length >= 20 && rows[0].step === 1 && rows.at(-1).step === 200, JSON.stringify(rows));
    for (const row of rows) {
      near(row.discrete, variance(rate, sharp, row.step));
      near(row.exact, row.discrete);
      near(row.continuous, (rate / (2 * sharp)) * (1 - Math.exp(-2 * rate * sharp * row.step)));
      agrees(row, row.discrete);
    }
    assert.match(
      await words(page, "nd-over-time"),
      /After 200 steps the measured variance of w along λk = 1\.4 is 0\.5/,
    );
    assert.match(
      await page.locator("nd-over-time dd").nth(0).textContent(),
      /^agrees: largest deviation .* p /,
    );
    assert.match(await page.locator("nd-over-time dd").nth(1).textContent(), /^off by \d+ standard errors/);

    await choose(page, "nd-over-time", "Quantity", "mean");
    await choose(page, "nd-over-time", "Component", "w₂");
    rows = await tableWhen(page, "nd-over-time", ([first]) => first?.discrete < 0);
    for (const row of rows) {
      near(row.discrete, -2 * (1 - rate * flat) ** row.step);
      near(row.continuous, -2 * Math.exp(-rate * flat * row.step));
      agrees(row, row.discrete);
    }
    await choose(page, "nd-over-time", "Quantity", "training error");
    rows = await tableWhen(page, "nd-over-time", ([first]) => first?.discrete > 1);
    for (const row of rows) {
      const loss = (k, w) => 0.5 * k * (variance(rate, k, row.step) + (w * (1 - rate * k) ** row.step) ** 2);
      near(row.discrete, loss(sharp, 3) + loss(flat, -2));
      agrees(row, row.discrete);
    }
    // Looks at equal distances begin at the start, where nothing has moved.
    await choose(page, "nd-over-time", "Steps", "linear");
    await done(page, "nd-over-time");
    rows = await tableWhen(page, "nd-over-time", (list) => list[0]?.step === 0 && list.at(-1).step === 200);
    assert.equal(rows[0].measured, rows[0].discrete);
    page.verify();
    await page.context().close();
  });

  await t.test("the shape over time: two coins, four, and so on to a Gaussian", async () => {
    const rate = 0.5;
    const page = await lab(
      `hessian=1&law=rademacher&learning_rate=${rate}&replicas=8000&steps=12`,
      "nd-over-time",
    );
    await choose(page, "nd-over-time", "Quantity", "excess kurtosis");
    const rows = await tableWhen(page, "nd-over-time", ([first]) => first?.discrete < -1.9);
    for (const row of rows) {
      // Cumulants add up: −2 Σ q^{4s} / (Σ q^{2s})², q = 1 − λk.
      const sum = (power) =>
        Array.from({ length: row.step }, (_, s) => (1 - rate) ** (power * s)).reduce((a, b) => a + b);
      near(row.discrete, (-2 * sum(4)) / sum(2) ** 2);
      assert.equal(row.continuous, 0);
      if (row.step > 1) agrees(row, row.discrete);
    }
    page.verify();
    await page.context().close();
  });

  await t.test("beyond the limit the transient grows as the sum says, and the words say why", async () => {
    const page = await lab("hessian=1&learning_rate=2.2&replicas=4000&steps=60", "nd-over-time");
    const rows = await table(page, "nd-over-time");
    for (const row of rows) {
      near(row.discrete, variance(2.2, 1, row.step));
      agrees(row, row.discrete);
    }
    assert.ok(rows.at(-1).discrete > 1e9, rows.at(-1).discrete);
    const text = await words(page, "nd-over-time");
    assert.match(text, /It does not settle\. .*λk = 2\.2 is above/);
    assert.doesNotMatch(text, /NaN|undefined|null/);
    assert.match(await page.locator("nd-over-time dd").nth(1).textContent(), /^off by/);
    page.verify();
    await page.context().close();
  });

  await t.test("replicas that are gone are counted", async () => {
    const page = await lab("hessian=1&learning_rate=2.8&replicas=500&steps=400", "nd-over-time");
    const rows = await table(page, "nd-over-time");
    assert.deepEqual([rows.at(-1).diverged, rows.at(-1).measured], [500, null]);
    assert.match(await words(page, "nd-over-time"), /By step 400, all 500 replicas are beyond every bound/);
    page.verify();
    await page.context().close();
  });

  await t.test(
    "at λk > 1 the autocovariance alternates, and its times add up to less than one step",
    async () => {
      const [rate, k] = [1.5, 1];
      const page = await lab(
        `hessian=1,0;0,0.1&learning_rate=${rate}&replicas=8000&steps=400`,
        "nd-correlation",
      );
      const rows = await table(page, "nd-correlation");
      const settled = rate / (k * (2 - rate * k));
      for (const [lag, row] of rows.entries()) {
        assert.equal(row.lag, lag);
        near(row.discrete, settled * (1 - rate * k) ** lag, 1e-3);
        near(row.continuous, (rate / (2 * k)) * Math.exp(-rate * k * lag), 1e-3);
        agrees(row, row.discrete);
      }
      assert.ok(rows.length >= 12);
      const text = await words(page, "nd-correlation");
      assert.match(text, /keeps −0\.\d+ ± 0\.\d+ of its variance: discrete theory −0\.5, continuous 0\.223/);
      assert.match(text, /It is negative: at λk = 1\.5 > 1 a step goes beyond the minimum/);
      const [, time, error] = text
        .match(/autocorrelation time over \d+ lags is (0\.\d+) ± (0\.\d+) steps/)
        .map(Number);
      assert.ok(Math.abs(time - (2 - rate * k) / (rate * k)) < 4.9 * error, text);
      assert.match(await page.locator("nd-correlation dd").nth(0).textContent(), /^agrees/);
      assert.match(await page.locator("nd-correlation dd").nth(1).textContent(), /^off by/);
      page.verify();
      await page.context().close();
    },
  );

  await t.test("a run that has not settled is held against what it remembers by then", async () => {
    const [rate, k, mu] = [0.2, 1, 0.6];
    const page = await lab(
      `hessian=1&learning_rate=${rate}&momentum=${mu}&replicas=8000&steps=3`,
      "nd-correlation",
    );
    // Every noise of the three steps is carried along with the velocity that it leaves.
    const walk = (steps) => {
      let [w, m] = [0, 0];
      const seen = [];
      for (let s = 0; s < steps; s++) {
        m = mu * m + k * w + (s === 0 ? 1 : 0);
        w -= rate * m;
        seen.push(w);
      }
      return seen;
    };
    const response = walk(400);
    const rows = await table(page, "nd-correlation");
    assert.ok(rows.length > 5);
    for (const row of rows) {
      let wanted = 0;
      for (let s = 0; s < 3; s++) wanted += response[s] * response[s + row.lag];
      near(row.discrete, wanted, 1e-3);
      agrees(row, wanted);
    }
    page.verify();
    await page.context().close();
  });

  await t.test("keys read the points, and axe finds nothing, on a phone and in the dark", async () => {
    for (const [width, colorScheme] of [
      [1280, "light"],
      [360, "dark"],
    ]) {
      const page = await open(site, "lab.html#v=1&points=3&replicas=500&steps=50", {
        ...calm,
        colorScheme,
        viewport: { width, height: 800 },
      });
      for (const instrument of ["nd-over-time", "nd-correlation"]) {
        await see(page, `${instrument} .picture`);
        await done(page, instrument);
        await page.locator(`${instrument} .picture`).focus();
        await page.keyboard.press("Home");
        await page.waitForFunction(
          (name) =>
            /^(step 1|lag 0), measured/.test(document.querySelector(`${name} [role=status]`).textContent),
          instrument,
        );
      }
      const scroll = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(scroll <= width, `${scroll} px at ${width}`);
      await accessible(page);
      page.verify();
      await page.context().close();
    }
  });

  await t.test("a cancel stops the looks, and the same seed gives the same again", async () => {
    const page = await open(site, "lab.html#v=1&points=3&replicas=100000&steps=20000", calm);
    const [status, button] = ["nd-over-time .status", "nd-over-time button.run"];
    await see(page, button);
    await page.locator(status, { hasText: "press Run" }).waitFor();
    await page.locator(button).click();
    await page.waitForFunction(() => document.querySelector("nd-over-time progress").value > 0);
    await page.locator(button).click();
    await page.locator(status, { hasText: /^cancelled after \d+ looks$/ }).waitFor();
    const first = await table(page, "nd-over-time");
    await page.locator(button).click();
    const rows = await tableWhen(page, "nd-over-time", (list) => list.length >= 5);
    await page.locator(button).click();
    for (const [i, row] of rows.slice(0, first.length).entries()) assert.deepEqual(row, first[i]);
    page.verify();
    await page.context().close();
  });
});
