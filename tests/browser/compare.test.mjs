// One problem under several optimizers: the numbers of the table against each optimizer's own update, iterated here.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, open, see, setUp, table, tableWhen } from "./harness.mjs";

const calm = { reducedMotion: "reduce" };
const near = (a, b, relative = 3e-4) =>
  assert.ok(a != null && Math.abs(a - b) <= relative * Math.abs(b), `${a} is not ${b}`);

/** Stationary variance of w for unit noise: the second moments of (w, m) run until they rest. */
function varianceOf(step, curvature) {
  const [ww, mw] = step(1, 0, curvature);
  const [wm, mm] = step(0, 1, 0);
  const [bw, bm] = step(0, 0, 1);
  let [s11, s12, s22] = [0, 0, 0];
  for (let t = 0; t < 100_000; t++) {
    [s11, s12, s22] = [
      ww * ww * s11 + 2 * ww * wm * s12 + wm * wm * s22 + bw * bw,
      ww * mw * s11 + (ww * mm + wm * mw) * s12 + wm * mm * s22 + bw * bm,
      mw * mw * s11 + 2 * mw * mm * s12 + mm * mm * s22 + bm * bm,
    ];
  }
  return s11;
}
const heavyBall = (rate, mu) => (w, m, g) => [w - rate * (mu * m + g), mu * m + g];
const qhm = (rate, mu, nu) => (w, m, g) => {
  const velocity = mu * m + (1 - mu) * g;
  return [w - rate * ((1 - nu) * g + nu * velocity), velocity];
};

test("the comparison of optimizers", async (t) => {
  const site = await setUp(t);
  const lab = async (hash, options = calm) => {
    const page = await open(site, `lab.html#v=1&points=3&${hash}`, options);
    await page.locator("#stability:not(:empty)").waitFor({ state: "attached" });
    await see(page, "nd-comparison");
    await page.locator("nd-comparison .words:not(:empty)").waitFor();
    return page;
  };
  const byName = (rows) => Object.fromEntries(rows.map((row) => [row.optimizer, row]));

  await t.test("theory and measurement of every optimizer that settles", async () => {
    const [rate, mu, c] = [0.4, 0.5, 2];
    const page = await lab(
      `hessian=1,0;0,0.5&learning_rate=${rate}&momentum=${mu}&noise_variance=${c}&replicas=6000&steps=400`,
    );
    let rows = byName(await table(page, "nd-comparison"));
    const loss = (step) => (c / 2) * (varianceOf(step, 1) + 0.5 * varianceOf(step, 0.5));
    near(rows.SGD.training_error_exact, loss(heavyBall(rate, 0)));
    near(rows["SGD with momentum"].training_error_exact, loss(heavyBall(rate, mu)));
    near(rows.QHM.training_error_exact, loss(qhm(rate, mu, 0.7)));
    // Damped Newton is heavy ball on curvature 1 under the noise K⁻¹ C K⁻¹: Σ K-weighted, tr(K · K⁻²) = 1 + 2.
    near(rows["Damped Newton"].training_error_exact, (c / 2) * varianceOf(heavyBall(rate, mu), 1) * 3);
    near(rows.SGD.variance_exact, c * varianceOf(heavyBall(rate, 0), 1));
    assert.equal(rows.SGD.training_error_measured, null);

    await page.locator("nd-comparison button.run").click();
    await page.locator("nd-comparison .status", { hasText: "replicas each" }).waitFor({ timeout: 60_000 });
    rows = byName(await table(page, "nd-comparison"));
    for (const name of ["SGD", "SGD with momentum", "QHM", "Damped Newton"]) {
      const { training_error_measured: got, training_error_exact: exact, standard_error: error } = rows[name];
      assert.ok(Math.abs(got - exact) < 4.9 * error, `${name}: ${got} ± ${error} for ${exact}`);
      assert.ok(error > 0 && error < 0.05 * exact, name);
    }
    assert.match(
      await page.locator("nd-comparison .words").textContent(),
      /has the smallest stationary training error/,
    );
    page.verify();
    await page.context().close();
  });

  await t.test("an optimizer without a stationary state is named, with the reason, and not run", async () => {
    const page = await lab("hessian=1,0;0,0.1&learning_rate=2.3&momentum=0.4&replicas=1000&steps=300");
    const rows = byName(await table(page, "nd-comparison"));
    assert.equal(rows.SGD.training_error_exact, null);
    assert.ok(rows["SGD with momentum"].training_error_exact > 0);
    assert.match(
      await page.locator("nd-comparison .words").textContent(),
      /SGD has no stationary state: Unstable: λk = 2\.3 is above 2/,
    );
    await page.locator("nd-comparison button.run").click();
    await page.locator("nd-comparison .status", { hasText: "replicas each" }).waitFor({ timeout: 60_000 });
    const measured = byName(
      await tableWhen(page, "nd-comparison", (list) => list.some((row) => row.standard_error > 0)),
    );
    assert.equal(measured.SGD.training_error_measured, null);
    const {
      training_error_measured: got,
      training_error_exact: exact,
      standard_error: error,
    } = measured["SGD with momentum"];
    assert.ok(Math.abs(got - exact) < 4.9 * error, `${got} ± ${error} for ${exact}`);
    assert.doesNotMatch(await page.locator("nd-comparison").innerText(), /NaN|undefined|null/);
    page.verify();
    await page.context().close();
  });

  await t.test("a loss that Table 1 is not for is said to be one", async () => {
    const page = await lab("hessian=1,0;0,0&learning_rate=0.5&replicas=500&steps=50");
    assert.match(
      await page.locator("nd-comparison .words").textContent(),
      /^No comparison for this scenario: hessian must be positive definite/,
    );
    assert.ok(await page.locator("nd-comparison button.run").isDisabled());
    page.verify();
    await page.context().close();
  });

  await t.test("one coordinate has intervals, and a cancel keeps what is measured", async () => {
    const page = await lab("hessian=1&learning_rate=0.5&replicas=200000&steps=20000");
    assert.match(
      await page.locator("nd-comparison canvas").getAttribute("aria-label"),
      /^Three standard deviations/,
    );
    await page.locator("nd-comparison button.run").click();
    await page.waitForFunction(() => document.querySelector("nd-comparison progress").value > 0);
    await page.locator("nd-comparison button.run").click();
    await page
      .locator("nd-comparison .status", { hasText: /^cancelled after \d of \d optimizers$/ })
      .waitFor();
    page.verify();
    await page.context().close();
  });

  await t.test("it fits a phone, and axe finds nothing in the dark", async () => {
    const page = await lab("replicas=500&steps=50", {
      ...calm,
      colorScheme: "dark",
      viewport: { width: 360, height: 800 },
    });
    const scroll = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(scroll <= 360, `${scroll} px`);
    await accessible(page);
    page.verify();
    await page.context().close();
  });
});
