// The instruments of escape, of the posterior and of the data: their tables against numbers computed here from the formulas, by
// other means than the core's, and what is said where there is nothing to show.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, hashOf, open, SMALL, see, setUp } from "./harness.mjs";

const calm = { reducedMotion: "reduce" };
const near = (a, b, relative = 1e-3) =>
  assert.ok(a != null && Math.abs(a - b) <= relative * Math.abs(b), `${a} is not ${b}`);

/** An instrument's own table, as rows by the name in their first column. */
async function table(page, instrument) {
  await see(page, instrument);
  await page.locator(`${instrument} details.data`).evaluate((details) => {
    details.open = true;
  });
  await page.locator(`${instrument} .scroll table`).waitFor();
  return page.locator(`${instrument} .scroll table`).evaluate((element) => {
    const names = [...element.querySelectorAll("thead th")].map((cell) => cell.textContent);
    const read = (text) => {
      const plain = text.replace(" × 10", "e").replaceAll("−", "-").replace(/\s/g, "");
      const value = Number(
        plain.replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]/g, (sign) => "0123456789-"["⁰¹²³⁴⁵⁶⁷⁸⁹⁻".indexOf(sign)]),
      );
      return text === "–" ? null : Number.isNaN(value) ? text : value;
    };
    return Object.fromEntries(
      [...element.querySelectorAll("tbody tr")].map((row) => {
        const cells = [...row.children].map((cell) => cell.textContent);
        return [cells[0], Object.fromEntries(cells.map((cell, i) => [names[i], read(cell)]))];
      }),
    );
  });
}

/** Waits until an instrument's words match. */
const said = (page, instrument, pattern) =>
  page.waitForFunction(
    ([name, source]) => new RegExp(source).test(document.querySelector(`${name} .words`)?.textContent ?? ""),
    [instrument, pattern.source],
    { timeout: 30_000 },
  );

/** w²/2 up to 1/2, then 1/4 − (1 − w)²/2: the slope of the well with its barrier at 1. */
const slope = (w) => (w < 0.5 ? w : 1 - w);

/** Mean number of steps out of that well, by iterating τ = 1 + Pτ on a plain grid; the variance of the noise is constant. */
function passageOfChain(rate, variance) {
  const [low, high, cells] = [-4, 2, 500];
  const h = (high - low) / cells;
  const at = Array.from({ length: cells }, (_, i) => low + (i + 0.5) * h);
  const deviation = rate * Math.sqrt(variance);
  const density = (z) => (h * Math.exp(-0.5 * z * z)) / (deviation * Math.sqrt(2 * Math.PI));
  const kernel = at.map((w) => {
    const landing = w - rate * slope(w);
    return Float64Array.from(at, (to) => density((to - landing) / deviation));
  });
  let tau = new Float64Array(cells).fill(1);
  for (let n = 0; n < 1500; n++) {
    const next = new Float64Array(cells);
    for (let i = 0; i < cells; i++) {
      let sum = 1;
      for (let j = 0; j < cells; j++) sum += kernel[i][j] * tau[j];
      next[i] = sum;
    }
    tau = next;
  }
  return 1 + at.reduce((sum, to, j) => sum + density(to / deviation) * tau[j], 0);
}

/** The same of the diffusion: ∫ e^Φ ∫ e^−Φ/D, with Φ = L/D. */
function passageOfDiffusion(rate, variance) {
  const diffusion = (rate * variance) / 2;
  const potential = (w) => (w < 0.5 ? (w * w) / 2 : 0.25 - (1 - w) ** 2 / 2);
  const h = 1e-3;
  let [inner, outer] = [0, 0];
  for (let w = -4 + h / 2; w < 2; w += h) {
    inner += (Math.exp(-potential(w) / diffusion) / diffusion) * h;
    if (w > 0)
      outer +=
        Math.exp(potential(w) / diffusion) *
        (inner - (Math.exp(-potential(w) / diffusion) / diffusion) * (h / 2)) *
        h;
  }
  return outer / rate;
}

const WELL = "loss=piecewise_quadratic&covariance=curvature&batch_size=3&noise_variance=0&learning_rate=0.6";

test("escape, posterior and data", async (t) => {
  const site = await setUp(t);
  const lab = async (hash, options = calm) => {
    const page = await open(site, `lab.html#v=1&${hash}`, options);
    await page.locator("#stability:not(:empty)").waitFor();
    return page;
  };
  const done = async (page) => {
    page.verify();
    await page.context().close();
  };

  await t.test("the escape: chain, diffusion and formulas are right, and the measured agrees", async () => {
    const page = await lab(`${WELL}&replicas=4000&steps=1500&points=2`);
    await see(page, "nd-escape");
    await said(page, "nd-escape", /have left the well/);
    const rows = await table(page, "nd-escape");
    const exact = passageOfChain(0.6, 1 / 3);
    near(rows.exact.mean_first_passage, exact, 2e-3);
    near(rows.continuous.mean_first_passage, passageOfDiffusion(0.6, 1 / 3), 2e-3);
    // Kramers: √(k_a|k_b|)/2π e^−ΔL/D.
    near(rows.continuous.rate, Math.exp(-0.25 / 0.1) / (2 * Math.PI), 1e-4);
    // (|k_b|/2π) √((2−x)/2)/erf(z/√2) E and its print, x = 0.6, S = 3, ΔL = 1/4, l = 1/2.
    const z = Math.sqrt((3 * 1.4 * 0.25) / 0.6);
    const erf = (x) => {
      let [sum, n] = [0, 20_000];
      for (let i = 0; i < n; i++) sum += Math.exp(-((((i + 0.5) * x) / n) ** 2));
      return (2 / Math.sqrt(Math.PI)) * sum * (x / n);
    };
    const exponential = Math.exp(-((2 * 3 * 0.25) / 0.6) * (0.5 * 0.7 + 0.5));
    near(rows.discrete.rate, (Math.sqrt(0.7) / erf(z / Math.SQRT2) / (2 * Math.PI)) * exponential, 1e-4);
    near(rows.printed.rate, ((Math.sqrt(2 / 1.4) * erf(z)) / (2 * Math.PI)) * exponential, 1e-4);
    const { mean_first_passage: mean, standard_error: error, escaped, remaining } = rows.measured;
    assert.equal(escaped + remaining, 4000);
    near(error, mean / Math.sqrt(4000), 0.1);
    assert.ok(Math.abs(mean - exact) < 5 * error, `${mean} ± ${error} is not ${exact}`);
    assert.ok(
      Math.abs(mean - rows.continuous.mean_first_passage) > 5 * error,
      "the diffusion would be found out",
    );
    near(rows.measured.rate, 1 / mean / 0.6, 1e-3);
    await page.locator("nd-escape .picture").first().focus();
    await page.keyboard.press("ArrowRight");
    assert.match(await page.locator("nd-escape [role=status]").textContent(), /^w = .*discrete .*continuous/);
    await accessible(page);
    await done(page);
  });

  await t.test("without an exit it says so and offers a well; momentum and epochs are named", async () => {
    const page = await lab(SMALL);
    await see(page, "nd-escape");
    await said(page, "nd-escape", /has no barrier, and nothing leaves it/);
    await page.locator("nd-escape").getByRole("button", { name: "Take a well with a barrier" }).click();
    await said(page, "nd-escape", /have left the well/);
    assert.equal(hashOf(page).loss, "piecewise_quadratic");
    await page.locator('[data-parameter="momentum"] input[type=text]').fill("0.5");
    await said(page, "nd-escape", /Not known: the theory of escape is for plain SGD, without momentum/);
    await done(page);
  });

  await t.test("the escape rate against the steepness is the paper's Fig. 6(b)", async () => {
    const page = await lab(
      "loss=piecewise_quadratic&covariance=curvature&batch_size=1&noise_variance=0&learning_rate=0.15&parameter=steepness&from=0&to=12&scale=linear&points=2&quantity=escape_rate&steps=6000&replicas=2000",
    );
    await page.waitForFunction(
      () => /points?, .* in /.test(document.querySelector("nd-sweep .status")?.textContent ?? ""),
      null,
      { timeout: 30_000 },
    );
    const rows = await table(page, "nd-sweep");
    // theory.md's table for the discrete formula; 1/(λT) of the diffusion does not depend on r.
    assert.ok(rows[4] && rows[8], JSON.stringify(rows));
    near(rows[4].discrete, 8.97e-3, 2e-3);
    near(rows[8].discrete, 1.3e-2, 3e-3);
    for (const r of [4, 8]) {
      near(rows[r].continuous, 1 / (0.15 * 1211.79989), 1e-3);
      assert.ok(Math.abs(rows[r].measured - rows[r].exact) < 5 * rows[r].standard_error, `r = ${r}`);
    }
    await done(page);
  });

  await t.test("the posterior: the best learning rate and its divergence, found by search", async () => {
    const page = await lab(`${SMALL}&learning_rate=0.5`);
    await see(page, "nd-bayes");
    await said(page, "nd-bayes", /nearest to the posterior/);
    const rows = await table(page, "nd-bayes");
    const [k, n, s] = [[1, 0.1], 1000, 100];
    const divergence = (rate) =>
      k.reduce((sum, curvature) => {
        const ratio = (n * curvature * rate * (n - s)) / (n * s) / (2 - rate * curvature);
        return sum + 0.5 * (ratio - 1 - Math.log(ratio));
      }, 0);
    let [low, high] = [0.01, 1.9];
    for (let i = 0; i < 200; i++) {
      const [a, b] = [low + 0.382 * (high - low), low + 0.618 * (high - low)];
      if (divergence(a) < divergence(b)) high = b;
      else low = a;
    }
    near(rows.best.learning_rate, low, 1e-4);
    near(rows.best.divergence, divergence(low), 1e-4);
    near(rows.here.divergence, divergence(0.5), 1e-4);
    near(rows["continuous guess"].learning_rate, (2 * s * 2) / (n * 1.1), 1e-4);
    near(rows["continuous guess"].divergence, divergence((2 * s * 2) / (n * 1.1)), 1e-4);
    near(rows["direction 2"].posterior, 1 / (n * 0.1), 1e-4);
    near(rows["direction 1"].sgd, (0.5 * (n - s)) / (n * s) / 1.5, 1e-4);
    await page.locator("nd-bayes").getByRole("button", { name: "Take the best λ" }).click();
    await page.waitForFunction(
      (rate) =>
        Math.abs(Number(new URLSearchParams(location.hash.slice(1)).get("learning_rate")) - rate) <
        1e-4 * rate,
      low,
    );
    await page.locator("nd-bayes input[type=number]").last().fill("1000");
    await page.locator("nd-bayes input[type=number]").last().blur();
    await said(page, "nd-bayes", /batch_size must lie in \[1, 999\], got 1000.*no noise/);
    await done(page);
  });

  await t.test("a flat direction makes the posterior improper", async () => {
    const page = await lab(`${SMALL}&hessian=1,0;0,0&learning_rate=0.5`);
    await see(page, "nd-bayes");
    await said(page, "nd-bayes", /posterior is improper/);
    await done(page);
  });

  const samples = [
    [1, 3],
    [1, -3],
    [2, 0.5],
    [-1.5, 1],
  ];
  const rowsOf = samples.map(([x]) => x).join(";");
  const targets = samples.map(([, y]) => y).join(",");
  const DATA = `loss=least_squares&data=table&inputs=${rowsOf}&targets=${targets}&covariance=minibatch&batch_size=2`;

  await t.test(
    "the data: noise and fluctuation, exact and by the rule, from the samples themselves",
    async () => {
      const page = await lab(`${SMALL}&${DATA}&learning_rate=0.3`);
      await see(page, "nd-data");
      await said(page, "nd-data", /In the long run/);
      const mean = (of) => samples.reduce((sum, [x, y]) => sum + of(x, y), 0) / samples.length;
      const m2 = mean((x) => x * x);
      const w = mean((x, y) => x * y) / m2;
      const noise = mean((x, y) => ((w * x - y) * x) ** 2);
      const [kappa, rate] = [1 / 2, 0.3];
      const rows = await table(page, "nd-data");
      const row = rows["1 1"] ?? rows["11"];
      near(row.noise_rule, m2 / 2, 1e-4);
      near(row.noise_exact, kappa * noise, 1e-4);
      near(row.covariance_rule, (rate * m2) / 2 / (m2 * (2 - rate * m2)), 1e-4);
      const fourth = mean((x) => x ** 4);
      near(
        row.covariance_exact,
        (rate * kappa * noise) / (2 * m2 - rate * ((1 - kappa) * m2 * m2 + kappa * fourth)),
        1e-4,
      );
      const words = await page.locator("nd-data .words").textContent();
      const times = Number(((kappa * noise) / (m2 / 2)).toPrecision(3));
      assert.ok(words.includes(`the rule is ${times} times too small`), words);
      await done(page);
    },
  );

  await t.test("where the rule is stable and the truth is not, the words say so", async () => {
    // 2/m2 = 0.96 by the rule; exactly 2 m2/((m2² + m4)/2) = 0.75.
    const page = await lab(`${SMALL}&${DATA}&learning_rate=0.85`);
    await see(page, "nd-data");
    await said(page, "nd-data", /By the rule there is a stationary state .* exactly there is none/);
    await done(page);
  });

  await t.test("a dropped table becomes the data set; a bad one is named and nothing changes", async () => {
    const page = await lab(`${SMALL}&learning_rate=0.2`);
    const drop = (name, text) =>
      page.evaluate(
        ([file, content]) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([content], file, { type: "text/csv" }));
          document.body.dispatchEvent(
            new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }),
          );
        },
        [name, text],
      );
    await drop("bad.csv", "a,b\n1,2\n3,oops\n");
    await page.locator("#link-problem:not([hidden])").waitFor();
    assert.match(await page.locator("#link-problem").textContent(), /bad\.csv was not taken: .*oops/);
    assert.equal(hashOf(page).loss, undefined);
    // Columns of mean 0 and variance 1: the Hessian is the correlation, which for two symmetric inputs is 0.
    await drop("good.csv", "a,b,y\n1,1,3\n1,-1,1\n-1,1,-1\n-1,-1,-3\n");
    await page.waitForFunction(() => new URLSearchParams(location.hash.slice(1)).get("data") === "table");
    assert.equal(hashOf(page).inputs, "1,1;1,-1;-1,1;-1,-1");
    await see(page, "nd-data");
    await said(
      page,
      "nd-data",
      /4 samples with 2 inputs; the residuals of the fit have the mean square (0|[0-9.]+ × 10⁻)/,
    );
    await page.locator("#table-text").fill("1;2\n2;3.5\n3;7");
    await page.getByRole("button", { name: "Use the table" }).click();
    await said(page, "nd-data", /3 samples with 1 input/);
    await done(page);
  });
});
