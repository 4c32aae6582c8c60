// Sweeps along what several numbers of a scenario follow together, curvature and dimension, and of what has either sign.
import assert from "node:assert/strict";
import { test } from "node:test";
import { complaint, measured, open, setUp, sweepTable, type } from "./harness.mjs";

const small = "replicas=3000&steps=60&points=6&seed=3";
const select = (page, name, value) => page.locator(`[data-parameter="${name}"] select`).selectOption(value);
const verdict = (page, theory) => page.locator(`nd-sweep dt.${theory} + dd`);
const says = (page, theory, start) =>
  page.waitForFunction(
    ([name, words]) => document.querySelector(`nd-sweep dt.${name} + dd`)?.textContent.startsWith(words),
    [theory, start],
  );

test("along curvature and dimension", async (t) => {
  const site = await setUp(t);
  const lab = (hash) => open(site, `lab.html${hash}`, { reducedMotion: "reduce" });
  const tilted = "covariance=matrix&noise_covariance=1,0.6;0.6,1&hessian=1,0;0,0.5";

  await t.test(
    "a covariance along the curvature, with both coordinates in a formula of one's own",
    async () => {
      const page = await lab(`#v=1&${small}&${tilted}&learning_rate=1`);
      await measured(page);
      await select(page, "parameter", "curvature");
      await page.waitForFunction(() => location.hash.includes("parameter=curvature"));
      await select(page, "quantity", "covariance");
      await type(page, "to", "1.9");
      await type(page, "from", "0.2");
      await type(page, "formula", "lambda*c/(k_i + k_j - lambda*k_i*k_j)");
      await page.waitForFunction(() => location.hash.includes("formula="));
      await measured(page);
      await says(page, "discrete", "agrees");
      await says(page, "formula", "agrees");
      assert.match(await verdict(page, "continuous").textContent(), /^off by/);
      assert.match(
        await page.locator("#sweep-title").textContent(),
        /^Covariance of w₁ and w₂ against the curvature k$/,
      );
      for (const row of await sweepTable(page)) {
        // The second curvature is half of the first.
        const wanted = 0.6 / (1.5 * row.curvature - 0.5 * row.curvature ** 2);
        assert.ok(Math.abs(row.discrete / wanted - 1) < 2e-4, JSON.stringify(row));
        assert.ok(Math.abs(row.your_formula / wanted - 1) < 2e-4, JSON.stringify(row));
      }
      const copy = await lab(new URL(page.url()).hash);
      await measured(copy);
      assert.deepEqual(await sweepTable(copy), await sweepTable(page));
      page.verify();
      copy.verify();
      await page.context().close();
      await copy.context().close();
    },
  );

  await t.test("the fluctuation diverges where λk comes to 2", async () => {
    const page = await lab(`#v=1&${small}&learning_rate=0.5&parameter=curvature&to=6`);
    await measured(page);
    await page.locator("nd-sweep .words", { hasText: "The fluctuation diverges from k = 4 on." }).waitFor();
    await page.context().close();
  });

  await t.test("a mean, and the training error of more and more copies", async () => {
    const start = "start=point&start_weights=4,-2";
    const page = await lab(`#v=1&${small}&steps=3&${start}&quantity=mean&to=1.9`);
    await measured(page);
    await says(page, "discrete", "agrees");
    for (const row of await sweepTable(page)) {
      const wanted = 4 * (1 - row.learning_rate) ** 3;
      assert.ok(Math.abs(row.discrete - wanted) < 1e-3, JSON.stringify(row));
    }
    await select(page, "quantity", "training_error");
    await select(page, "parameter", "dimension");
    await page.waitForFunction(() => location.hash.includes("parameter=dimension"));
    await measured(page);
    const rows = await sweepTable(page);
    assert.deepEqual(
      rows.map((row) => row.dimension),
      [1, 2, 3, 4, 5, 6],
    );
    // Copies do not know of each other: K = diag(1, 0.1), again and again.
    const [one, two, ...others] = rows.map((row) => row.discrete);
    others.forEach((error, i) => {
      const wanted = Math.floor((i + 3) / 2) * two + (i % 2 === 0 ? one : 0);
      assert.ok(Math.abs(error / wanted - 1) < 1e-3, `${error} is not ${wanted}`);
    });
    await says(page, "discrete", "agrees");
    page.verify();
    await page.context().close();
  });

  await t.test(
    "what has no such axis does not offer it, and a link that asks for it is refused in words",
    async () => {
      const page = await lab(`#v=1&${small}&loss=piecewise_quadratic`);
      const offered = (name, value) =>
        page.locator(`[data-parameter="${name}"] option[value=${value}]`).evaluate((one) => !one.disabled);
      await page.locator("#stability:not(:empty)").waitFor();
      assert.deepEqual(
        [
          await offered("parameter", "curvature"),
          await offered("parameter", "dimension"),
          await offered("quantity", "covariance"),
          await offered("quantity", "mean"),
        ],
        [false, false, false, true],
      );
      await page.context().close();
      const other = await lab("#v=1&points=3&parameter=dimension&to=2000");
      assert.match(await complaint(other, "to"), /must lie in \[1, 512\], the range of dimension, got 2000/);
      other.verify();
      await other.context().close();
    },
  );
});
