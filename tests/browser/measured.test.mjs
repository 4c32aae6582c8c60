// What the directions, the posterior and the data measure, and what is drawn beside it: against formulas written out here.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { open, see, setUp, table, tableWhen, type } from "./harness.mjs";

const calm = { reducedMotion: "reduce" };
const near = (a, b, relative = 1e-3) =>
  assert.ok(a != null && Math.abs(a - b) <= relative * Math.abs(b), `${a} is not ${b}`);
/** Within so many standard errors that chance exceeds it for one number in a million; the seed is fixed. */
const agrees = (value, error, theory) =>
  assert.ok(error > 0 && Math.abs(value - theory) < 4.9 * error, `${value} ± ${error} is not ${theory}`);
const rejects = (value, error, theory) =>
  assert.ok(Math.abs(value - theory) > 4.9 * error, `${value} ± ${error} is ${theory} too`);

/** Samples of one input, whose residuals are far from 1. */
const SAMPLES = [
  [1, 3],
  [1, -3],
  [2, 0.5],
  [-1.5, 1],
];
const DATA = `loss=least_squares&data=table&inputs=${SAMPLES.map(([x]) => x).join(";")}&targets=${SAMPLES.map(([, y]) => y).join(",")}&covariance=minibatch&batch_size=2`;
const mean = (of) => SAMPLES.reduce((sum, [x, y]) => sum + of(x, y), 0) / SAMPLES.length;
const k = mean((x) => x * x);
const best = mean((x, y) => x * y) / k;
const noise = mean((x, y) => ((best * x - y) * x) ** 2) / 2;
const fourth = mean((x) => x ** 4);
/** Variance of SGD with batches of two of them, drawn with replacement, exactly and by the rule C = K/S. */
const exact = (rate) => (rate * noise) / (2 * k - rate * (k * k + fourth) * 0.5);
const rule = (rate) => (rate * k) / 2 / (k * (2 - rate * k));

test("what is measured", async (t) => {
  const site = await setUp(t);
  const lab = async (hash, instrument, replicas = 8000) => {
    const page = await open(site, `lab.html#v=1&points=2&replicas=${replicas}&${hash}`, calm);
    await page.locator("#stability:not(:empty)").waitFor();
    await see(page, instrument);
    return page;
  };
  const status = (page, instrument, text) =>
    page.locator(`${instrument} .status`, { hasText: text }).waitFor({ timeout: 60_000 });
  const done = async (page) => {
    page.verify();
    await page.context().close();
  };
  const file = async (page, instrument, name) => {
    await table(page, instrument);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.locator(`${instrument} .files button`).getByText(name, { exact: true }).first().click(),
    ]);
    return readFileSync(await download.path(), "utf8");
  };

  await t.test("the variance along every direction, and how long a disturbance lasts", async () => {
    // Eigenvalues 4, 2 and 1, of which only the last is along a coordinate.
    const rate = 0.4;
    const page = await lab(`hessian=3,1,0;1,3,0;0,0,1&learning_rate=${rate}&steps=200`, "nd-modes");
    await status(page, "nd-modes", "measured, 8");
    const rows = await tableWhen(page, "nd-modes", (list) => list[0]?.measured > 0);
    for (const [i, curvature] of [4, 2, 1].entries()) {
      const { measured, standard_error: error, relaxation_time, relaxation_time_continuous } = rows[i];
      agrees(measured, error, rate / (curvature * (2 - rate * curvature)));
      near(error, measured * Math.sqrt(2 / 8000), 0.1);
      near(relaxation_time, -1 / Math.log(Math.abs(1 - rate * curvature)));
      near(relaxation_time_continuous, 1 / (rate * curvature));
    }
    rejects(rows[0].measured, rows[0].standard_error, rows[0].continuous);
    assert.match(
      await page.locator("nd-modes .words").textContent(),
      /A disturbance falls to 1\/e in 1\.96 steps; by the continuous theory in 0\.625 steps\. Measured at the end of the run: 0\.2\d+ ± 0\.0\d+, [+−]?\d\.\d standard errors from the discrete theory/,
    );
    // The same on a linear axis, whose picture is another.
    const label = () => page.locator("nd-modes canvas").evaluate((canvas) => canvas.toDataURL().length);
    const before = await label();
    await page.locator("nd-modes").getByLabel("Values").selectOption("linear");
    await page.waitForFunction(
      (length) => document.querySelector("nd-modes canvas").toDataURL().length !== length,
      before,
    );
    await done(page);
  });

  await t.test("SGD's ellipse beside the posterior, where the noise is that of a rule", async () => {
    const [n, s, rate] = [1000, 100, 0.5];
    const page = await lab(`hessian=1,0;0,0.25&learning_rate=${rate}&steps=200`, "nd-bayes");
    await status(page, "nd-bayes", "measured");
    const rows = await tableWhen(page, "nd-bayes", (list) => list[0]?.measured > 0);
    for (const [i, curvature] of [1, 0.25].entries()) {
      const { measured, standard_error: error, sgd } = rows[i];
      near(sgd, (rate * (n - s)) / (n * s) / (2 - rate * curvature));
      agrees(measured, error, sgd);
      rejects(measured, error, rows[i].posterior);
    }
    assert.match(await page.locator("nd-bayes .words").textContent(), /exact theory is the discrete one/);
    await done(page);
  });

  await t.test("the posterior of data: the exact divergence and the measured ellipse", async () => {
    const rate = 0.1;
    const page = await lab(`${DATA}&learning_rate=${rate}&steps=300`, "nd-bayes");
    await status(page, "nd-bayes", "measured");
    await page.locator("nd-bayes .words", { hasText: "it is nearest at about" }).waitFor();
    const { tables } = JSON.parse(await file(page, "nd-bayes", "JSON"));
    const curve = tables.curve.rows.filter(([, , law]) => law !== null);
    assert.ok(curve.length > 20, `${curve.length}`);
    for (const [at, discrete, law] of curve) {
      const divergence = (variance) => {
        const ratio = SAMPLES.length * k * variance;
        return (ratio - 1 - Math.log(ratio)) / 2;
      };
      near(law, divergence(exact(at)), 1e-6);
      assert.notEqual(law, discrete);
    }
    // Beyond the limit of second moments there is no exact law, though the rule goes on.
    const limit = (4 * k) / (k * k + fourth);
    for (const [at, , law] of tables.curve.rows) assert.ok(at < limit || law === null, `${at}: ${law}`);
    const [row] = await table(page, "nd-bayes");
    agrees(row.measured, row.standard_error, exact(rate));
    rejects(row.measured, row.standard_error, row.sgd);
    const axis = page.locator("nd-bayes").getByLabel("Learning rates");
    for (const scale of ["linear", "log"]) await axis.selectOption(scale);
    await done(page);
  });

  await t.test("the weights' covariance beside the exact one and the rule", async () => {
    const rate = 0.3;
    const page = await lab(`${DATA}&learning_rate=${rate}&steps=200`, "nd-data");
    await status(page, "nd-data", "measured");
    const [row] = await tableWhen(page, "nd-data", (list) => list[0]?.covariance_measured > 0);
    near(row.covariance_exact, exact(rate), 1e-4);
    agrees(row.covariance_measured, row.standard_error, exact(rate));
    rejects(row.covariance_measured, row.standard_error, rule(rate));
    assert.match(
      await page.locator("nd-data .words").textContent(),
      /Measured after 200 steps the variance of w is .* ± .*; by the rule .* \(\+\d+\), exact .* \([+−]?\d\.\d\)/,
    );
    await page.locator("nd-data").getByLabel("What the ellipses show").selectOption("weights");
    const { tables } = JSON.parse(await file(page, "nd-data", "JSON"));
    assert.deepEqual(
      tables.ellipses.rows.map(([law]) => law),
      ["continuous", "with K/S", "exact", "measured"],
    );
    assert.deepEqual(
      tables.samples.rows.map(([x, y]) => [x, y]),
      SAMPLES,
    );
    await done(page);
  });

  await t.test("the exact law is in the cloud's histogram and along its edges", async () => {
    for (const [hash, pattern] of [
      [`${DATA}&learning_rate=0.3`, /<g class="line exact">/],
      [
        "loss=least_squares&data=diabetes&columns=bmi,s5&covariance=minibatch&batch_size=4&learning_rate=0.5",
        /<g class="margin bottom">(?:(?!<\/g>\n<g class)[\s\S])*stroke-dasharray="0/,
      ],
    ]) {
      const page = await lab(`${hash}&steps=100`, "nd-cloud", 2000);
      await page.locator("nd-cloud .counter", { hasText: "step 100," }).waitFor();
      assert.match(await file(page, "nd-cloud", "SVG"), pattern);
      await done(page);
    }
  });

  await t.test("the map's third colour is the training error: half of the variance", async () => {
    const page = await lab("learning_rate=0.5&steps=50", "nd-stability-map", 500);
    await page.locator("nd-stability-map").getByLabel("What the colour shows").selectOption("trainingError");
    await page.waitForFunction(() =>
      /training error L, in c\/k/.test(document.querySelector("nd-stability-map canvas").ariaLabel),
    );
    // λ/(2 − λk) in units of c/k² and c/k.
    const [sharpest] = await table(page, "nd-stability-map");
    near(sharpest.variance, 0.5 / 1.5);
    near(sharpest.training_error, 0.25 / 1.5);
    await done(page);
  });

  await t.test("a well without noise, and one too sharp for the step, are named in words", async () => {
    const well = "loss=piecewise_quadratic&learning_rate=0.6&steps=100";
    const still = await lab(`${well}&covariance=white&noise_variance=0`, "nd-escape", 500);
    await status(still, "nd-escape", "measured");
    const words = await still.locator("nd-escape .words").textContent();
    assert.match(words, /^No noise: the slope alone moves a replica, and no theory has a density\./);
    assert.doesNotMatch(await still.locator("nd-escape").innerText(), /NaN|undefined|null/);
    assert.doesNotMatch(await file(still, "nd-escape", "SVG"), /NaN|line (continuous|discrete)/);
    await still.locator("nd-escape .picture").first().focus();
    await still.keyboard.press("ArrowRight");
    assert.match(
      await still.locator("nd-escape [role=status]").textContent(),
      /discrete: none, continuous: none/,
    );
    await done(still);
    const sharp = await lab(
      "loss=piecewise_quadratic&learning_rate=2.5&steps=100&covariance=curvature&batch_size=3&noise_variance=0",
      "nd-escape",
      500,
    );
    await status(sharp, "nd-escape", "measured");
    assert.match(
      await sharp.locator("nd-escape .words").textContent(),
      /^The discrete theory has no density in this well\. Unstable: λk = 2\.5 is above 2/,
    );
    assert.doesNotMatch(await sharp.locator("nd-escape").innerText(), /NaN|undefined|null/);
    assert.match(await file(sharp, "nd-escape", "SVG"), /line continuous/);
    await done(sharp);
  });

  await t.test(
    "who left during a burn-in is counted apart; a start beyond the exit is refused in words",
    async () => {
      const well =
        "loss=piecewise_quadratic&learning_rate=0.6&steps=60&covariance=curvature&batch_size=3&noise_variance=0";
      const settled = await lab(`${well}&start=stationary&burn_in=60`, "nd-escape", 2000);
      await status(settled, "nd-escape", "measured");
      const measured = (await table(settled, "nd-escape")).at(-1);
      const words = (await settled.locator("nd-escape .words").textContent()).replace(/\s/g, " ");
      const [before, out, all] = words
        .match(
          /^During the burn-in ([\d ]+) of 2 000 replicas left the well, before the first step that counts: what follows is of the others\. After 60 steps ([\d ]+) of ([\d ]+) replicas have left/,
        )
        .slice(1)
        .map((number) => Number(number.replaceAll(" ", "")));
      assert.ok(before > 300 && out > 300, words);
      assert.deepEqual([measured.left_before, measured.escaped], [before, out]);
      assert.deepEqual([all, measured.escaped + measured.remaining], [2000 - before, 2000 - before]);
      await done(settled);
      const nobody = await lab(`${well}&start=stationary&burn_in=20000`, "nd-escape", 500);
      await status(nobody, "nd-escape", "measured");
      assert.match(await nobody.locator("nd-escape .words").textContent(), /nothing is left whose escape/);
      await table(nobody, "nd-escape");
      assert.doesNotMatch(await nobody.locator("nd-escape").innerText(), /NaN|undefined|null/);
      assert.doesNotMatch(await file(nobody, "nd-escape", "SVG"), /NaN/);
      await done(nobody);
      const point = await lab(`${well}&start=point&start_weights=3`, "nd-escape", 500);
      const problem = point.locator("#link-problem:not([hidden])");
      await problem.waitFor();
      assert.match(await problem.textContent(), /start_weights must lie in .*, between the exits, got 3/);
      await done(point);
    },
  );

  await t.test("words that change are said once they stand still, not those of the beginning", async () => {
    const page = await lab(`${DATA}&learning_rate=0.2&steps=100`, "nd-modes", 1000);
    for (const [n, instrument] of ["nd-modes", "nd-stability-map", "nd-bayes", "nd-data"].entries()) {
      await see(page, instrument);
      await page.locator(`${instrument} .words:not(:empty)`).waitFor();
      const before = await page.locator(`${instrument} [role=status]`).textContent();
      // Two changes in quick succession, each of the four its own: what was said already is not said again.
      for (const rate of [0.25 + 0.02 * n, 0.26 + 0.02 * n]) {
        await type(page, "learning_rate", rate.toFixed(2));
        await page.waitForFunction(
          (text) => location.hash.includes(text),
          `learning_rate=${rate.toFixed(2).replace(/0$/, "")}`,
        );
      }
      await see(page, instrument);
      await page.waitForFunction(
        ([name, last]) => {
          const [live, words] = ["[role=status]", ".words"].map((part) =>
            document.querySelector(`${name} ${part}`),
          );
          return (
            live.textContent !== last &&
            live.textContent === words.textContent &&
            words.textContent.length > 20
          );
        },
        [instrument, before],
        { timeout: 15_000 },
      );
    }
    await done(page);
  });
});
