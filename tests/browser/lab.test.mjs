// The Lab: every choice by its controls, the instruments' tables against numbers computed here, and the scenario as a whole.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  accessibleInBothThemes,
  complaint,
  hashOf,
  measured,
  open,
  SMALL,
  see,
  setUp,
  sweepTable,
  table,
  tableWhen,
  type,
  unfold,
} from "./harness.mjs";

const calm = { reducedMotion: "reduce" };
/** A window in which every instrument is seen at once. */
const tall = { ...calm, viewport: { width: 1280, height: 3000 } };

const near = (a, b, relative = 2e-4) =>
  assert.ok(a != null && Math.abs(a - b) <= relative * Math.abs(b), `${a} is not ${b}`);
const choose = (page, name, word) => page.locator(`[data-parameter="${name}"] select`).selectOption(word);
const field = (page, name) =>
  page
    .locator(`[data-parameter="${name}"]`)
    .locator("input[type=text], textarea, select")
    .first()
    .inputValue();

/** Stationary variance of w for unit noise, by letting the second moments of (w, m) run until they rest. */
function varianceOf(step, curvature) {
  // The columns of the step's matrix and its noise, from the update itself.
  const [ww, mw] = step(1, 0, curvature);
  const [wm, mm] = step(0, 1, 0);
  const [bw, bm] = step(0, 0, 1);
  let [s11, s12, s22] = [0, 0, 0];
  for (let t = 0; t < 200_000; t++) {
    [s11, s12, s22] = [
      ww * ww * s11 + 2 * ww * wm * s12 + wm * wm * s22 + bw * bw,
      ww * mw * s11 + (ww * mm + wm * mw) * s12 + wm * mm * s22 + bw * bm,
      mw * mw * s11 + 2 * mw * mm * s12 + mm * mm * s22 + bm * bm,
    ];
  }
  return s11;
}
const heavyBall = (rate, momentum) => (w, m, g) => [w - rate * (momentum * m + g), momentum * m + g];
const qhm = (rate, momentum, mixing) => (w, m, g) => {
  const velocity = momentum * m + (1 - momentum) * g;
  return [w - rate * ((1 - mixing) * g + mixing * velocity), velocity];
};

test("the Lab", async (t) => {
  const site = await setUp(t);
  const lab = (hash, options = calm) => open(site, `lab.html${hash}`, options);
  const ready = (page) => page.locator("#stability:not(:empty)").waitFor();

  await t.test(
    "momentum and QHM, set by their controls: directions and map have the right numbers",
    async () => {
      const page = await lab(`#v=1&${SMALL}`);
      await measured(page);
      await type(page, "hessian", "2, 0; 0, 0.5");
      await type(page, "learning_rate", "1.1");
      await type(page, "momentum", "0.4");
      await type(page, "noise_variance", "3");
      let rows = await tableWhen(
        page,
        "nd-modes",
        ([first]) => first?.discrete > 3 && first.lambda_k === 2.2,
      );
      for (const [i, k] of [2, 0.5].entries()) {
        near(rows[i].lambda_k, 1.1 * k);
        near(rows[i].discrete, 3 * varianceOf(heavyBall(1.1, 0.4), k));
        near(rows[i].exact, rows[i].discrete);
        near(rows[i].continuous, (3 * 1.1) / (2 * k * 0.6));
        assert.equal(rows[i].sharp, 1.1 * k > 1 ? "yes" : "no");
      }
      let places = await tableWhen(page, "nd-stability-map", ([first]) => first?.momentum === 0.4);
      for (const [i, k] of [2, 0.5].entries()) {
        near(places[i].variance, k * k * varianceOf(heavyBall(1.1, 0.4), k));
        near(places[i].limit, 2.8);
      }
      // Complex roots: their modulus is the root of the determinant, μ.
      near(places[0].spectral_radius, Math.sqrt(0.4));

      await choose(page, "optimizer", "qhm");
      await page.locator('[data-parameter="mixing"]').waitFor();
      assert.equal(await field(page, "mixing"), "0.7", "what the choice brings has its default");
      await type(page, "mixing", "0.25");
      rows = await tableWhen(
        page,
        "nd-modes",
        ([first]) => first && Math.abs(first.discrete - 3 * varianceOf(qhm(1.1, 0.4, 0.25), 2)) < 0.01,
      );
      near(rows[1].discrete, 3 * varianceOf(qhm(1.1, 0.4, 0.25), 0.5));
      places = await tableWhen(page, "nd-stability-map", ([first]) => first?.mixing === 0.25);
      near(places[0].limit, 2.8 / 1.2);
      near(places[1].variance, 0.25 * varianceOf(qhm(1.1, 0.4, 0.25), 0.5));
      page.verify();
      await page.context().close();
    },
  );

  await t.test("every kind of optimizer, noise and law can be chosen and runs", async () => {
    // What runs here twenty times, in ten instruments, is only to be seen to run.
    const page = await lab("#v=1&replicas=500&steps=50&points=3&learning_rate=0.2", tall);
    await measured(page);
    for (const [name, words] of [
      ["optimizer", ["preconditioned", "newton", "natural_gradient", "adam", "momentum"]],
      ["covariance", ["hessian", "mixed", "matrix", "white"]],
      ["law", ["student_t", "chi_squared", "laplace", "uniform", "rademacher", "gaussian"]],
      ["start", ["point", "gaussian", "stationary", "minimum"]],
      ["loss", ["least_squares", "piecewise_quadratic", "polynomial", "quadratic"]],
    ]) {
      for (const word of words) {
        await choose(page, name, word);
        await page.waitForFunction(
          ([parameter, value, usual]) =>
            new URLSearchParams(location.hash.slice(1)).get(parameter) === (value === usual ? null : value),
          [name, word, words.at(-1)],
        );
        await page.waitForFunction(() =>
          /^step 50,/.test(document.querySelector("nd-cloud .counter").textContent),
        );
        const wrong = await page.locator(".problem:not([hidden])").allTextContents();
        assert.deepEqual(wrong, [], `${name} ${word}`);
        assert.match(
          await page.locator("nd-modes .words").textContent(),
          /the discrete variance is [\d.]+/,
          `${name} ${word}`,
        );
      }
    }
    page.verify();
    await page.context().close();
  });

  await t.test("choices that only go together say so, and fit once both are made", async () => {
    const page = await lab(`#v=1&${SMALL}&learning_rate=0.2`);
    await measured(page);
    await choose(page, "covariance", "minibatch");
    assert.match(await complaint(page, "covariance"), /least_squares/);
    await choose(page, "loss", "least_squares");
    await page.waitForFunction(() => location.hash.includes("covariance=minibatch"));
    assert.equal(await page.locator(".problem:not([hidden])").count(), 0);
    await choose(page, "loss", "quadratic");
    await page.waitForFunction(() => !location.hash.includes("covariance=minibatch"));
    // A choice that brings a matrix brings one as large as the Hessian.
    await type(page, "hessian", "1, 0, 0; 0, 0.5, 0; 0, 0, 0.2");
    await page.waitForFunction(() => location.hash.includes("hessian="));
    await choose(page, "covariance", "matrix");
    await page.waitForFunction(() => location.hash.includes("noise_covariance=1,0,0;0,1,0;0,0,1"));
    page.verify();
    await page.context().close();
  });

  await t.test("the map sets the scenario by a click and by keys", async () => {
    const page = await lab(`#v=1&${SMALL}&hessian=2,0;0,0.1&learning_rate=0.5`);
    await measured(page);
    await tableWhen(page, "nd-stability-map", ([first]) => first?.lambda_k === 1);
    const picture = page.locator("nd-stability-map .picture");
    const { width, height } = await picture.boundingBox();
    await picture.click({ position: { x: 0.4 * width, y: 0.4 * height } });
    await page.waitForFunction(() => location.hash.includes("momentum="));
    const { learning_rate, momentum } = hashOf(page);
    assert.ok(Number(momentum) > 0.3 && Number(momentum) < 0.9, momentum);
    const [sharpest] = await tableWhen(
      page,
      "nd-stability-map",
      ([first]) => first?.momentum === Number(momentum),
    );
    near(sharpest.lambda_k, 2 * Number(learning_rate));
    // The picture is 0 to about 4.2 wide, less its margin.
    assert.ok(sharpest.lambda_k > 1 && sharpest.lambda_k < 2, sharpest.lambda_k);

    await picture.focus();
    await page.mouse.move(0, 0);
    for (const key of ["ArrowRight", "ArrowRight", "ArrowDown"]) await page.keyboard.press(key);
    assert.match(
      await page.locator("nd-stability-map [role=status]").textContent(),
      /^λk = .*, μ = .*spectral radius/,
    );
    await page.keyboard.press("Enter");
    const wanted = Number((Number(momentum) - 0.01).toFixed(2));
    await page.waitForFunction((value) => location.hash.includes(`momentum=${value}`), wanted);
    near(Number(hashOf(page).learning_rate), Number(learning_rate) + (2 * 0.02) / 2, 1e-6);
    page.verify();
    await page.context().close();
  });

  await t.test("an instrument works when it is seen, and the links of the bench lead to it", async () => {
    const page = await lab(`#v=1&${SMALL}&momentum=0.3`, { viewport: { width: 1280, height: 400 } });
    await measured(page);
    const waits = (name) => page.locator(`${name}[waiting]`).waitFor();
    await waits("nd-modes");
    await waits("nd-cloud");
    assert.equal(await page.locator("nd-modes .words").textContent(), "");
    assert.equal(await page.locator("nd-cloud .counter").textContent(), "");
    // Its place is kept: what comes below does not move.
    const height = () => page.locator("nd-modes .picture").evaluate((place) => place.clientHeight);
    const before = await height();
    assert.ok(before >= 270, before);
    // The last of several scenarios is the one that is worked on.
    for (const value of ["0.4", "0.5"]) {
      await type(page, "momentum", value);
      await page.waitForFunction((text) => location.hash.includes(`momentum=${text}`), value);
    }
    assert.equal(await page.locator("nd-modes .words").textContent(), "");
    const address = page.url();
    await page
      .getByRole("navigation", { name: "Instruments" })
      .getByRole("link", { name: "directions" })
      .click();
    await page.locator("nd-modes .words:not(:empty)").waitFor();
    assert.equal(page.url(), address, "the address holds the scenario and nothing else");
    assert.equal(await page.evaluate(() => document.activeElement.id), "modes-title");
    const [first] = await table(page, "nd-modes");
    near(first.discrete, varianceOf(heavyBall(1.5, 0.5), 1));
    assert.equal(await height(), before);

    // What moves rests while nobody sees it, and goes on.
    await see(page, "nd-cloud .counter");
    const step = () => page.locator("nd-cloud .counter").evaluate((counter) => counter.textContent);
    await page.waitForFunction(() =>
      /^step [1-9]/.test(document.querySelector("nd-cloud .counter").textContent),
    );
    await page.evaluate(() => {
      document.querySelector("main").style.marginTop = "5000px";
      window.scrollTo(0, 0);
    });
    let still = await step();
    await page.waitForFunction(
      () => {
        const now = document.querySelector("nd-cloud .counter").textContent;
        const same = window.lastStep === now;
        window.lastStep = now;
        return same;
      },
      null,
      { polling: 300 },
    );
    still = await step();
    assert.doesNotMatch(still, /^step 300,/);
    await page.evaluate(() => {
      document.querySelector("main").style.marginTop = "";
    });
    await see(page, "nd-cloud .counter");
    await page.waitForFunction(
      (old) => document.querySelector("nd-cloud .counter").textContent !== old,
      still,
    );
    page.verify();
    await page.context().close();
  });

  await t.test("a picture that cannot be made is said in words", async () => {
    const page = await lab(`#v=1&${SMALL}`);
    await measured(page);
    await page.evaluate(() => {
      HTMLCanvasElement.prototype.toBlob = (give) => give(null);
    });
    await page.locator("nd-sweep .data summary").click();
    await page.locator("nd-sweep").getByRole("button", { name: "PNG" }).click();
    await page.locator("nd-sweep .files .said", { hasText: "could not make the PNG" }).waitFor();
    page.verify();
    await page.context().close();
  });

  await t.test("undo and redo, by buttons and keys, and Back goes the same way", async () => {
    const page = await lab(`#v=1&${SMALL}`);
    await measured(page);
    const shows = (name, value) =>
      page.waitForFunction(
        ([parameter, text]) =>
          document.querySelector(`[data-parameter="${parameter}"] input[type=text]`).value === text,
        [name, value],
      );
    const button = (name) => page.getByRole("button", { name, exact: true });
    assert.ok(await button("Undo").isDisabled());
    for (const value of ["0.5", "0.7"]) {
      await type(page, "learning_rate", value);
      await page.waitForFunction((text) => location.hash.includes(`learning_rate=${text}`), value);
    }
    await button("Undo").click();
    await shows("learning_rate", "0.5");
    await page.locator("h1").click();
    await page.keyboard.press("Control+z");
    await shows("learning_rate", "1.5");
    assert.ok(await button("Undo").isDisabled());
    await page.keyboard.press("Control+Shift+z");
    await shows("learning_rate", "0.5");
    await button("Redo").click();
    await shows("learning_rate", "0.7");
    assert.ok(await button("Redo").isDisabled());
    await page.goBack();
    await shows("learning_rate", "0.5");
    page.verify();
    await page.context().close();
  });

  await t.test("keys play, step and reset, but not while something is typed", async () => {
    const page = await lab(`#v=1&${SMALL}&speed=20`);
    await measured(page);
    const counter = (start) =>
      page.waitForFunction(
        (text) => document.querySelector("nd-cloud .counter").textContent.startsWith(text),
        start,
      );
    await counter("step 300,");
    await page.locator("h1").click();
    await page.keyboard.press("r");
    await counter("step 0,");
    await page.keyboard.press(".");
    await counter("step 1,");
    await page.keyboard.press("Space");
    await page.locator("nd-cloud .play", { hasText: "Pause" }).waitFor();
    await page.keyboard.press("Space");
    await page.locator("nd-cloud .play", { hasText: "Play" }).waitFor();
    await page.locator('[data-parameter="seed"] input').focus();
    await page.keyboard.press("r");
    await page.waitForTimeout(100);
    assert.doesNotMatch(await page.locator("nd-cloud .counter").textContent(), /^step 0,/);
    await page.locator("h1").click();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    page.verify();
    await page.context().close();
  });

  await t.test("every preset opens without a complaint", async () => {
    // Each begins what it has to measure, in every instrument, and the next one ends that: with one worker it is half as much.
    const init = 'Object.defineProperty(Navigator.prototype, "hardwareConcurrency", { get: () => 1 })';
    const page = await lab(`#v=1&${SMALL}`, { ...tall, init });
    await ready(page);
    const links = await page
      .locator(".presets a")
      .evaluateAll((list) =>
        list.map((link) => [link.textContent, link.getAttribute("href"), link.dataset.see]),
      );
    const groups = await page
      .locator(".presets section")
      .evaluateAll((list) => list.map((group) => [...group.querySelectorAll("a")].length));
    // Every panel of the paper's figures, as the gallery has them, and eight cases.
    const gallery = await open(site, "figures.html", calm);
    assert.equal(groups.at(-1), await gallery.locator("[data-panel]").count());
    await gallery.context().close();
    assert.equal(groups[0], 8);
    for (const [name, href, see] of links) {
      await page.locator(".presets summary").click();
      await page.getByRole("link", { name, exact: true }).click();
      await page.waitForFunction((hash) => location.hash === hash.replace(/^#$/, ""), href);
      await page.waitForFunction((id) => document.activeElement.id === id, see);
      await page.locator("nd-modes .words:not(:empty)").waitFor();
      await page.waitForTimeout(150);
      assert.deepEqual(await page.locator(".problem:not([hidden])").allTextContents(), [], name);
      assert.doesNotMatch(await page.locator("main").innerText(), /NaN|undefined|null|not known/, name);
    }
    page.verify();
    await page.context().close();
  });

  await t.test("copies a link and a command, saves a file and opens it again", async () => {
    const page = await lab(`#v=1&${SMALL}&optimizer=qhm&learning_rate=0.3&law=laplace`, {
      ...calm,
      permissions: ["clipboard-read", "clipboard-write"],
    });
    await measured(page);
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.locator(".said", { hasText: "Link copied" }).waitFor();
    assert.equal(await clipboard(), page.url());
    const share = async (name) => {
      await page.locator(".share summary").click();
      await page.getByRole("button", { name }).click();
    };
    await share("Copy as CLI");
    await page.locator(".said", { hasText: "Command copied" }).waitFor();
    const [first, json, last] = (await clipboard()).split("\n");
    assert.deepEqual([first, last], ["noisy-descent run - <<'JSON'", "JSON"]);
    const scenario = JSON.parse(json);
    assert.deepEqual([scenario.optimizer.mixing, scenario.noise.law.kind], [0.7, "laplace"]);
    const coming = page.waitForEvent("download");
    await share("Save scenario");
    const path = await (await coming).path();
    assert.deepEqual(JSON.parse(readFileSync(path, "utf8")), scenario);

    const other = await lab(`#v=1&${SMALL}`);
    await measured(other);
    await other.locator("#tools input[type=file]").setInputFiles(path);
    await other.waitForFunction(() => location.hash.includes("optimizer=qhm"));
    assert.deepEqual([hashOf(other).law, hashOf(other).learning_rate], ["laplace", "0.3"]);
    page.verify();
    other.verify();
    await page.context().close();
    await other.context().close();
  });

  await t.test("a file that holds no good scenario is refused in words, and everything stays", async () => {
    const page = await lab(`#v=1&${SMALL}`);
    await measured(page);
    const before = page.url();
    for (const [content, words] of [
      ["{", /bad\.json was not opened: it is no JSON/],
      ["[]", /holds no scenario/],
      ['{ "version": 1, "optimizer": { "kind": "momentum", "learning_rate": 1e308 } }', /learning_rate/],
      ['{ "version": 1, "optimizer": { "kind": "<img src=x onerror=alert(1)>" } }', /not opened/],
      ['{ "version": 2 }', /version/],
      ['{ "version": 1, "run": { "replicas": 1e300 } }', /replicas/],
      [`${"[".repeat(50_000)}${"]".repeat(50_000)}`, /nested more than 50 deep/],
      [`{ "version": 1, "loss": ${"[".repeat(5000)}${"]".repeat(5000)} }`, /not opened/],
    ]) {
      await page
        .locator("#tools input[type=file]")
        .setInputFiles({ name: "bad.json", mimeType: "application/json", buffer: Buffer.from(content) });
      await page.waitForFunction(
        (source) => new RegExp(source).test(document.querySelector("#link-problem").textContent),
        words.source,
      );
      assert.equal(page.url(), before);
      assert.equal(await page.locator("#link-problem img").count(), 0);
    }
    page.verify();
    await page.context().close();
  });

  await t.test("axe finds nothing, light and dark", async () => {
    for (const [width, hash] of [
      [1280, ""],
      [390, "&momentum=3&hessian=x"],
    ]) {
      const page = await lab(`#v=1&${SMALL}${hash}`, { ...calm, viewport: { width, height: 800 } });
      await measured(page);
      await unfold(page);
      await accessibleInBothThemes(page);
      page.verify();
      await page.context().close();
    }
  });

  await t.test(
    "the shape of the weights is measured: Laplace noise agrees with the theory and is not Gaussian",
    async () => {
      const page = await lab(
        "#v=1&hessian=1&law=laplace&quantity=kurtosis&from=0.6&to=1.4&replicas=20000&steps=60&points=6",
      );
      await measured(page);
      const rows = await sweepTable(page);
      assert.equal(rows.length, 6);
      for (const row of rows) {
        // At λk = 1 a weight is one sample of the noise: excess kurtosis 3. Around it 3(1 − q²)²/(1 − q⁴), q = 1 − λ.
        const q = 1 - row.learning_rate;
        const wanted = (3 * (1 - q ** 2) ** 2) / (1 - q ** 4);
        assert.ok(Math.abs(row.discrete / wanted - 1) < 2e-3, JSON.stringify(row));
        assert.ok(Math.abs(row.measured - wanted) < 5.5 * row.standard_error, JSON.stringify(row));
        assert.ok(row.measured > 5 * row.standard_error, JSON.stringify(row));
      }
      // Under heavy tails a sample that lacks the rare large ones has too small a kurtosis and too small an error: deviations are
      // skewed to one side, so the verdict's p-value is not asked for here, each point's bound is.
      assert.match(await page.locator("nd-sweep dd").nth(1).textContent(), /^off by \d+/);
      page.verify();
    },
  );

  await t.test("no page is wider than its window, and on a phone the controls are a drawer", async () => {
    const page = await lab(`#v=1&${SMALL}&optimizer=adam&learning_rate=0.1&covariance=mixed`);
    await measured(page);
    for (const width of [1920, 1280, 768, 390, 360]) {
      await page.setViewportSize({ width, height: 800 });
      const scroll = await page.evaluate(async () => {
        for (let i = 0; i < 2; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
        return document.documentElement.scrollWidth;
      });
      assert.ok(scroll <= width, `${scroll} px at ${width}`);
    }
    assert.equal(await page.locator("#drawer").getAttribute("open"), null);
    assert.ok(!(await page.locator('[data-parameter="learning_rate"] input[type=text]').isVisible()));
    await page.locator("#drawer > summary").click();
    await type(page, "learning_rate", "0.3");
    await page.waitForFunction(() => location.hash.includes("learning_rate=0.3"));
    page.verify();
    await page.context().close();
  });
});
