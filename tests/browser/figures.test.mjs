// The gallery: every figure runs at its reduced size, and says of each theory what the paper says, or says that it does not.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { core, numberOf } from "./core.mjs";
import { accessible, open, program, setUp } from "./harness.mjs";

/** The error function, by its series. */
function erf(x) {
  let [sum, term] = [0, x];
  for (let n = 0; Math.abs(term) > 1e-17; n++, term *= (-x * x) / n) sum += term / (2 * n + 1);
  return (2 * sum) / Math.sqrt(Math.PI);
}

const article = (page, id) => page.locator(`[data-panel="${id}"]`);

/** Scrolls to a panel and waits for its verdict. */
async function judged(page, id) {
  await article(page, id).scrollIntoViewIfNeeded();
  await page.waitForFunction(
    (name) =>
      /^(confirmed|contradicted)$/.test(document.querySelector(`[data-panel="${name}"]`).dataset.state),
    id,
    { timeout: 20_000 },
  );
  return article(page, id).locator(".outcome").textContent();
}

/** The data of a panel's first instrument (or of another one of its), by the names of its columns. */
async function dataOf(page, id, instrument = 0) {
  const place = article(page, id).locator(".stage > *").nth(instrument);
  await place.locator("details.data").evaluate((fold) => {
    fold.open = true;
  });
  await place.locator(".scroll table").waitFor();
  const rows = await place
    .locator(".scroll table")
    .evaluate((table) => [...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent)));
  const [names, ...data] = rows;
  // Powers of ten stand in raised digits there.
  const plain = (text) =>
    text.replaceAll(/[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]/g, (sign) => "0123456789-"["⁰¹²³⁴⁵⁶⁷⁸⁹⁻".indexOf(sign)]);
  return data.map((row) => Object.fromEntries(row.map((text, i) => [names[i], numberOf(plain(text))])));
}

const z = (row, theory) => (row.measured - theory) / row.standard_error;
const within = (rows, theory, bound, words) => {
  assert.ok(rows.length > 5, `${words}: ${rows.length} rows`);
  for (const row of rows)
    assert.ok(
      Math.abs(z(row, theory(row))) < bound,
      `${words}: ${JSON.stringify(row)}, theory ${theory(row)}`,
    );
};

/** A verdict's sentences: what the experiment says of the discrete, the continuous and the exact theory. */
const off = (theory) =>
  `the ${theory} theory is off by up to [\\d.]+ standard errors \\([^)]+\\)( and χ² per value [\\d.]+)?`;
const agrees = (theory) => `the ${theory} theory agrees within [0-4]\\.\\d standard errors`;
const asSaid = `^As the paper says: ${agrees("discrete")}; ${off("continuous")}\\.$`;
/** Of a sweep along minibatches; of an ensemble of them. */
const duel =
  "The exact theory wins: χ² per value [\\d.]+ against [\\d.]+\\. The discrete one is off by [\\d.]+ % or more at half of the values, and most at . = [\\d.]+: [\\d.]+ % too small\\.$";
/** How many values are not judged, for want of a moment. */
const unjudged = (values) =>
  `${values} shown and not judged: the fourth moment of w is infinite there, so that a standard error means nothing\\.$`;
const wins = "The exact theory wins: at most [\\d.]+ standard errors against [\\d.]+\\.$";

/**
 * What the experiment says of every panel. The continuous theory is rejected wherever the paper rejects it. Where the discrete one is, it is the
 * rule C = K/S of minibatches (erratum 27), or the rate of escape (errata 8 and 10); the exact theory is right then.
 */
const VERDICTS = {
  "1-left": [
    "confirmed",
    "^As the paper says: the discrete theory agrees to rounding; the continuous theory is off at step 1, and nothing here is left to chance\\.$",
  ],
  "1-right": ["confirmed", asSaid],
  "2a": ["confirmed", asSaid],
  "2b": [
    "contradicted",
    `^Not quite as printed: ${off("discrete")}, where the paper finds that it agrees\\. As the paper says: ${off("continuous")}\\. Besides, ${agrees("exact")}\\. ${duel}`,
  ],
  "3a": ["confirmed", `^As the paper says: ${agrees("discrete")}\\. Besides, ${agrees("continuous")}\\.$`],
  "3b": ["confirmed", asSaid],
  "3c": ["confirmed", asSaid],
  // The batches' own covariance is not K/S by eight standard errors, so that even here, at a small rate, the rule is seen to be one.
  "3d": [
    "contradicted",
    `^Not quite as printed: ${off("discrete")}, .* Besides, ${agrees("exact")}; ${off("continuous")}\\. ${wins}`,
  ],
  "3e": [
    "contradicted",
    `^Not quite as printed: ${off("discrete")}, .* As the paper says: ${off("continuous")}\\. Besides, ${agrees("exact")}\\. ${wins}`,
  ],
  "3f": [
    "contradicted",
    `^Not quite as printed: ${off("discrete")}, .* As the paper says: ${off("continuous")}\\. Besides, ${agrees("exact")}\\. ${wins}`,
  ],
  "4a": [
    "confirmed",
    `^As the paper says: ${agrees("discrete")}; ${off("continuous")}\\. The runs diverge up to μ = 0\\.36 and not from 0\\.38 on: .* in theory at 0\\.375\\.$`,
  ],
  "4b": [
    "confirmed",
    `^As the paper says: ${off("continuous")}\\. Besides, ${agrees("exact")}; ${off("discrete")}\\. ${duel.slice(0, -1)} ${unjudged("7 values are")}`,
  ],
  "5-small": ["confirmed", asSaid],
  "5-large": ["confirmed", asSaid],
  "6a": [
    "confirmed",
    `^As the paper says: ${off("continuous")}\\. Besides, ${agrees("exact")}; ${off("discrete")}\\. ${wins}`,
  ],
  "6b": [
    "confirmed",
    `^As the paper says: ${off("continuous")}\\. Besides, ${agrees("exact")}; ${off("discrete")}; the formula as printed is off by up to \\d+ standard errors \\([^)]+\\)\\. ${duel}`,
  ],
  "8-student": ["confirmed", asSaid],
  "8-chi-squared": ["confirmed", asSaid],
  "9a": ["confirmed", asSaid],
  "9b": [
    "confirmed",
    `^As the paper says: ${off("continuous")}\\. Besides, ${agrees("exact")}; ${off("discrete")}\\. ${duel.slice(0, -1)} ${unjudged("1 value is")}`,
  ],
};

/** The variance of SGD with momentum along one direction of curvature 1 under noise of variance 1: Eq. 7. */
const variance = (rate, momentum) => (rate * (1 + momentum)) / ((1 - momentum) * (2 * (1 + momentum) - rate));

/**
 * Whether the fourth moment of the weight grows for ever at a momentum, on the data of Fig. 4(b): fourfold products of the step's matrix
 * [[1 − λh, −λμ], [h, μ]], averaged over the batches' curvature h, step after step.
 */
function fourthMomentGrows(rate) {
  const data = { kind: "synthetic", samples: 1000, input_variances: [1], residual_variance: 1, seed: 1 };
  const { inputs } = core.data_set({ version: 1, loss: { kind: "least_squares", data } }).value;
  const [squares, size] = [inputs.map(([x]) => x * x), 100];
  const average = (of) => squares.reduce((sum, y) => sum + of(y), 0) / squares.length;
  const k = average((y) => y);
  const [second, third, fourth] = [2, 3, 4].map((n) => average((y) => (y - k) ** n));
  // Central moments of the mean of a batch, drawn with replacement.
  const moments = [
    1,
    0,
    second / size,
    third / size ** 2,
    (3 * second ** 2) / size ** 2 + (fourth - 3 * second ** 2) / size ** 3,
  ];
  return (momentum) => {
    const m = [
      [
        [1 - rate * k, -rate],
        [-rate * momentum, 0],
      ],
      [
        [k, 1],
        [momentum, 0],
      ],
    ];
    const entry = (row, column) => {
      let product = [1];
      for (let bit = 0; bit < 4; bit++) {
        const [constant, linear] = m[(row >> bit) & 1][(column >> bit) & 1];
        product = [...product, 0].map((c, n) => c * constant + (product[n - 1] ?? 0) * linear);
      }
      return product.reduce((sum, c, n) => sum + c * moments[n], 0);
    };
    const matrix = Array.from({ length: 16 }, (_, row) =>
      Array.from({ length: 16 }, (_, column) => entry(row, column)),
    );
    // From E zᵢzⱼzₖzₗ of a standard normal z: moments stay moments.
    const pairs = (n) => [0, 1, 2, 3].reduce((sum, bit) => sum + ((n >> bit) & 1), 0);
    let state = Array.from({ length: 16 }, (_, n) => ({ 0: 3, 2: 1, 4: 3 })[pairs(n)] ?? 0);
    let logarithm = 0;
    for (let step = 0; step < 4000; step++) {
      state = matrix.map((row) => row.reduce((sum, c, n) => sum + c * state[n], 0));
      const norm = Math.hypot(...state);
      state = state.map((value) => value / norm);
      if (step >= 2000) logarithm += Math.log(norm);
    }
    return logarithm > 0;
  };
}

test("the figures", async (t) => {
  const site = await setUp(t);
  const page = await open(site, "figures.html", { reducedMotion: "reduce" });
  const outcomes = {};
  const wanted = await page
    .locator("[data-panel]")
    .evaluateAll((list) => list.map(({ dataset }) => dataset.panel));

  await t.test("every one runs when it is seen", async () => {
    for (const id of wanted) outcomes[id] = await judged(page, id);
    assert.equal(wanted.length, 20);
  });

  await t.test("each says of every theory what the experiment says of it", async () => {
    assert.deepEqual(Object.keys(VERDICTS), wanted);
    for (const [id, [state, sentence]] of Object.entries(VERDICTS)) {
      assert.match(outcomes[id], new RegExp(sentence), id);
      assert.equal(await article(page, id).getAttribute("data-state"), state, id);
    }
  });

  await t.test("the curves of theory and the points are those of the formulas", async () => {
    // Five figures of the table, and what 500 steps leave out near the ends; 4.5 standard errors once in 150 000.
    for (const [id, of] of [
      ["2a", ({ learning_rate }) => variance(learning_rate, 0)],
      ["4a", ({ momentum }) => variance(2.75, momentum)],
      ["8-student", ({ learning_rate }) => variance(learning_rate, 0)],
      ["8-chi-squared", ({ learning_rate }) => variance(learning_rate, 0)],
      ["9a", ({ momentum }) => variance(1, momentum)],
    ]) {
      const settled = (await dataOf(page, id)).filter(
        (row) =>
          (row.learning_rate === undefined || (row.learning_rate > 0.1 && row.learning_rate < 1.95)) &&
          (row.momentum === undefined || (row.momentum > (id === "4a" ? 0.39 : 0) && row.momentum < 0.97)),
      );
      within(settled, of, 4.5, id);
      for (const row of settled)
        assert.ok(Math.abs(row.discrete / of(row) - 1) < 2e-3, `${id}: ${JSON.stringify(row)}`);
    }
    for (const [id, rate] of [
      ["5-small", 0.5],
      ["5-large", 1.9],
    ])
      within(
        await dataOf(page, id),
        ({ steps }) => ((rate / 4) * 2 * (1 - (1 - rate) ** (2 * steps))) / (1 - rate / 2),
        4.5,
        id,
      );
  });

  await t.test("Fig. 1: steps change sides, the flow does not", async () => {
    const rows = await dataOf(page, "1-left");
    assert.ok(rows.length >= 12, rows.length);
    for (const { step, measured, continuous } of rows) {
      assert.ok(Math.abs(measured - (-0.6) ** step) < 1e-5, `step ${step}: ${measured}`);
      assert.ok(Math.abs(continuous - Math.exp(-1.6 * step)) < 1e-5, `step ${step}: ${continuous}`);
    }
  });

  await t.test("Fig. 4(a) diverges at 0.375 ± 0.01", async () => {
    const found = /the divergence is at μ = (0\.\d+) ± (0\.\d+), in theory at 0\.375/.exec(outcomes["4a"]);
    assert.ok(found, outcomes["4a"]);
    assert.ok(Math.abs(found[1] - 0.375) <= 0.01 && found[2] <= 0.01, found[0]);
    const rows = await dataOf(page, "4a");
    for (const { momentum, measured, diverged } of rows)
      assert.equal(diverged > 0 || measured > 1e6, momentum < 0.375, `μ = ${momentum}: ${measured}`);
  });

  await t.test("minibatches: the exact theory agrees, and by how much it wins is said", async () => {
    for (const id of ["2b", "4b", "9b"]) {
      // What the sentence says, from the table: the exact theory's χ² is no more than chance allows, 2.2 for 20 values once in 10⁴.
      const rows = (await dataOf(page, id)).filter(
        (row) => row.exact !== null && row.diverged === 0 && row.standard_error !== null,
      );
      // Of Fig. 4(b) those whose errors mean something.
      assert.ok(rows.length > (id === "4b" ? 8 : 10), `${id}: ${rows.length} values`);
      const chi = (theory) => rows.reduce((sum, row) => sum + z(row, row[theory]) ** 2, 0) / rows.length;
      assert.ok(
        chi("exact") < 2.5 && chi("exact") < chi("discrete"),
        `${id}: ${chi("exact")}, ${chi("discrete")}`,
      );
      assert.ok(chi("continuous") > 20, `${id}: ${chi("continuous")}`);
    }
  });

  await t.test("where a standard error means nothing, points are shown and not judged", async () => {
    const heavy = fourthMomentGrows(2.75);
    for (const [momentum, wanted] of [
      [0.36, true],
      [0.49, true],
      [0.51, false],
      [0.7, false],
      [0.85, false],
      [0.865, true],
    ])
      assert.equal(heavy(momentum), wanted, `μ = ${momentum}`);
    const rows = (await dataOf(page, "4b")).filter(({ exact }) => exact !== null);
    const open = rows.filter(({ standard_error }) => standard_error === null);
    assert.deepEqual(
      open.map(({ momentum }) => momentum),
      rows.map(({ momentum }) => momentum).filter(heavy),
    );
    assert.ok(open.some(({ momentum }) => momentum < 0.5) && open.some(({ momentum }) => momentum > 0.857));
    for (const { measured } of open) assert.ok(measured > 0, "shown all the same");
    // Elsewhere nothing is left out: with noise that does not multiply every point has its error.
    for (const id of ["2a", "2b", "9a"])
      for (const row of await dataOf(page, id))
        assert.ok(row.standard_error > 0, `${id}: ${JSON.stringify(row)}`);
    assert.match(
      await article(page, "4b").locator("nd-sweep .words").textContent(),
      /infinite below μ = 0\.5 and from μ = 0\.857 on, .*: 7 points there are shown without one, open, and not judged/,
    );
  });

  await t.test(
    "Fig. 6(b): the exact chain is within 3 standard errors of the measured rate at every r",
    async () => {
      const rows = await dataOf(page, "6b");
      within(rows, ({ exact }) => exact, 3, "6b");
      // Per unit of λ|k_b|t the diffusion's rate does not depend on r; the measured one grows with it.
      for (const { continuous } of rows) assert.ok(Math.abs(continuous / rows[0].continuous - 1) < 1e-3);
      assert.ok(rows.at(-1).measured > 5 * rows[0].measured);
      // The chain at r = 6 takes 122.6314 steps of 0.15·6 from the minimum (theory.md, B4 and the golden case).
      const near = rows.reduce((a, b) => (Math.abs(b.steepness - 6) < Math.abs(a.steepness - 6) ? b : a));
      assert.ok(
        Math.abs(near.steepness - 6) < 1 && Math.abs(near.exact * 122.6314 * 0.9 - 1) < 0.2,
        JSON.stringify(near),
      );
    },
  );

  await t.test("Fig. 6(b) shows Eq. 23 as printed, by its name", async () => {
    const place = article(page, "6b");
    assert.equal(await place.locator(".verdict dt.formula").textContent(), "Eq. 23 as printed");
    assert.match(
      await place.locator("nd-sweep .words").textContent(),
      /Eq\. 23 as printed does not agree: \d+ standard errors/,
    );
    // 3.18·10⁻² at r = 10 (the table of theory.md, section 13), which the runs miss by 30 %.
    const rows = await dataOf(page, "6b");
    const near = rows.reduce((a, b) => (Math.abs(b.steepness - 10) < Math.abs(a.steepness - 10) ? b : a));
    const { steepness: r, your_formula: printed } = near;
    const x = 0.15 * r;
    const eq23 =
      (Math.sqrt(2 / (2 - x)) * erf(Math.sqrt((2 - x) / 0.6)) * Math.exp(-(1 - x / 4) / 0.3)) / (2 * Math.PI);
    assert.ok(Math.abs(printed / eq23 - 1) < 1e-3, `${printed}, ${eq23} at r = ${r}`);
    assert.ok(printed > 1.2 * near.measured, JSON.stringify(near));
  });

  await t.test("Fig. 8: the shape of the weights is the shape of the noise, made smaller", async () => {
    // Centred χ² with 3 degrees: skewness √(8/3), excess kurtosis 4; of the weights by theory.md, section 17.
    const rows = await dataOf(page, "8-chi-squared", 1);
    const kurtosis = ({ learning_rate }) => {
      const rho = 1 - learning_rate;
      return (4 * (1 - rho ** 2)) / (1 + rho ** 2);
    };
    within(
      (await dataOf(page, "8-chi-squared", 2)).filter(({ learning_rate }) => learning_rate > 0.1),
      kurtosis,
      4.5,
      "kurtosis",
    );
    for (const [i, name] of ["skewness", "kurtosis"].entries()) {
      const verdicts = article(page, "8-chi-squared")
        .locator(".stage > *")
        .nth(i + 1)
        .locator(".verdict dd");
      await page.waitForFunction(
        (place) =>
          / in [\d.]+ s$/.test(
            document.querySelectorAll('[data-panel="8-chi-squared"] .stage .status')[place].textContent,
          ),
        i + 1,
      );
      assert.match(await verdicts.nth(0).textContent(), /^agrees: /, name);
      assert.match(await verdicts.nth(1).textContent(), /^off by /, name);
    }
    // Under Student's t of 4 degrees there is no kurtosis, and that is said.
    assert.match(
      await article(page, "8-student").locator("nd-sweep").nth(2).locator(".words").textContent(),
      /not finite with this noise/,
    );
    const skewness = ({ learning_rate }) => {
      const rho = 1 - learning_rate;
      return (-Math.sqrt(8 / 3) * (1 - rho ** 2) ** 1.5) / (1 - rho ** 3);
    };
    within(
      rows.filter(({ learning_rate }) => learning_rate > 0.1),
      skewness,
      4.5,
      "skewness",
    );
  });

  await t.test("a figure runs at the paper's size, and is cancelled", async () => {
    const button = article(page, "2b").locator("button.size");
    const link = async () =>
      Object.fromEntries(
        new URLSearchParams((await article(page, "2b").locator("a.lab").getAttribute("href")).split("#")[1]),
      );
    assert.deepEqual([(await link()).points, (await link()).replicas], ["24", "1500"]);
    await button.click();
    await page.waitForFunction(() =>
      /running for/.test(document.querySelector('[data-panel="2b"] .size + .status').textContent),
    );
    assert.equal((await link()).replicas, undefined, "the paper's 10 000 are the usual number");
    assert.match(await button.textContent(), /^Cancel/);
    await button.click();
    await judged(page, "2b");
    assert.match(await button.textContent(), /^Run at the paper’s size/);
    assert.equal(
      await article(page, "2b").locator(".outcome").textContent(),
      outcomes["2b"],
      "the same bits",
    );
    // A small one to its end.
    await article(page, "5-small").locator("button.size").click();
    await page.waitForFunction(() =>
      /, in [\d.]+ s$/.test(document.querySelector('[data-panel="5-small"] .size + .status').textContent),
    );
    assert.match(await judged(page, "5-small"), /^As the paper says/);
    assert.match(await article(page, "5-small").locator("nd-sweep .status").textContent(), /50.000 replicas/);
  });

  await t.test("axe finds nothing, nothing came from elsewhere", async () => {
    await accessible(page);
    page.verify();
    await page.context().close();
  });

  await t.test("axe finds nothing in the dark either", async () => {
    const dark = await open(site, "figures.html", { colorScheme: "dark", reducedMotion: "reduce" });
    for (const id of ["1-left", "2b", "3d", "6a", "6b", "8-chi-squared"]) await judged(dark, id);
    await accessible(dark);
    dark.verify();
    await dark.context().close();
  });

  await t.test(
    "captions, claims and the index are there without JavaScript, and links lead to figures",
    async () => {
      const plain = await open(site, "figures.html", { javaScriptEnabled: false });
      assert.equal(await plain.locator(".index li").count(), 9);
      assert.match(await plain.locator("#figure-4 .caption").textContent(), /μ = \(λk − 2\)\/2 = 0\.375/);
      assert.match(await plain.locator("#figure-2b .claims").textContent(), /slight overestimate/);
      await plain.locator('.index a[href="#figure-9"]').click();
      assert.ok(await plain.locator("#figure-9-title").isVisible());
      await plain.context().close();
    },
  );

  await t.test("no wider than its window", async () => {
    const narrow = await open(site, "figures.html", {
      reducedMotion: "reduce",
      viewport: { width: 360, height: 800 },
    });
    for (const width of [360, 768, 1280, 1920]) {
      await narrow.setViewportSize({ width, height: 800 });
      const scroll = await narrow.evaluate(async () => {
        for (let i = 0; i < 2; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
        return document.documentElement.scrollWidth;
      });
      assert.ok(scroll <= width, `${scroll} px at ${width}`);
    }
    narrow.verify();
    await narrow.context().close();
  });
});

test("the figures at the paper's size", async (t) => {
  const to = await mkdtemp(join(tmpdir(), "figures-"));
  t.after(() => rm(to, { recursive: true }));
  const script = fileURLToPath(new URL("../../scripts/figures.mjs", import.meta.url));
  const write = (...panels) =>
    promisify(execFile)(process.execPath, [script, ...panels], {
      env: { ...process.env, NOISY_DESCENT: program },
    });

  await t.test("are written with what the terminal says of them, and their pictures", async () => {
    await write("--to", to, "1-left", "6a");
    const text = await readFile(join(to, "figures.md"), "utf8");
    assert.match(text, /^Of 2 panels 2 say what the paper says\. /m);
    assert.match(text, /^agrees with all of them\.$/m);
    assert.deepEqual(text.match(/^### .*$/gm), ["### Fig. 1, left", "### Fig. 6(a)"]);
    assert.match(text, /This run: As the paper says: .*The exact theory wins: at most /);
    assert.match(text, /50.000 runs of 1000 steps .*: [\d.]+ s in the terminal, [\d.]+ s on the page\./);
    for (const panel of ["1-left", "6a"]) {
      const picture = await readFile(join(to, `figures/${panel}.png`));
      assert.equal(picture.subarray(1, 4).toString(), "PNG");
      assert.ok(picture.length > 4000, `${panel}: ${picture.length} bytes`);
    }
  });

  await t.test("a panel that there is not is named, and docs/ is not written by a few", async () => {
    await assert.rejects(write("--to", to, "7"), /there is no panel '7'; there are 1-left, /);
    await assert.rejects(write("6a"), /say with --to FOLDER/);
  });
});
