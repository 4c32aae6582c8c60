// The Lab in Firefox, by the same steps as in Chromium: each instrument's table is the one that Chromium shows; controls, undo,
// sharing, and how instruments are shown.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { serve } from "../../scripts/static-server.mjs";
import { driven, firefoxPath, openInFirefox, startFirefox } from "./firefox.mjs";
import { complaint, hashOf, measured, open, setUp, table, tableWhen, type } from "./harness.mjs";

const skip = firefoxPath ? false : "Firefox is not installed: scripts/setup --browser does where it can";
const SMALL = "v=1&replicas=1000&steps=60&points=4&seed=3";
const WELL = "&loss=piecewise_quadratic&covariance=curvature&batch_size=3&noise_variance=0&learning_rate=0.6";
const DATA =
  "&loss=least_squares&data=diabetes&columns=bmi,bp&covariance=minibatch&batch_size=8&learning_rate=0.3";
/** Instruments, the scenario that shows something in each, and what says that it has: theory is there before what is measured. */
const INSTRUMENTS = [
  ["nd-sweep", "", () => /points?, .* in /.test(document.querySelector("nd-sweep .status").textContent)],
  ["nd-cloud", "", () => /^step 60,/.test(document.querySelector("nd-cloud .counter").textContent)],
  [
    "nd-modes",
    "&momentum=0.4",
    () => /^measured,/.test(document.querySelector("nd-modes .status").textContent),
  ],
  ["nd-stability-map", "&momentum=0.4", () => document.querySelector("nd-stability-map .words").textContent],
  ["nd-over-time", "", () => /looks at/.test(document.querySelector("nd-over-time .status").textContent)],
  ["nd-correlation", "", () => /looks at/.test(document.querySelector("nd-correlation .status").textContent)],
  ["nd-comparison", "&learning_rate=0.5", () => document.querySelector("nd-comparison tbody tr")],
  [
    "nd-escape",
    WELL,
    () => /have left the well/.test(document.querySelector("nd-escape .words").textContent),
  ],
  [
    "nd-bayes",
    "&learning_rate=0.3",
    () => /^measured,/.test(document.querySelector("nd-bayes .status").textContent),
  ],
  [
    "nd-data",
    DATA,
    () =>
      /^measured,/.test(document.querySelector("nd-data .status").textContent) &&
      /In the long run/.test(document.querySelector("nd-data .words").textContent),
  ],
];

/** What is measured has the same bits everywhere; a theory may differ in its last ones, which five digits do not show but in a zero. */
function alike(found, wanted, what) {
  assert.equal(found.length, wanted.length, what);
  for (const [i, row] of wanted.entries())
    for (const [name, value] of Object.entries(row)) {
      const other = found[i][name];
      const near =
        typeof value === "number" && Math.abs(value) < 1e-12 ? Math.abs(other) < 1e-12 : other === value;
      assert.ok(near, `${what}, row ${i}, ${name}: ${other} is not ${value}`);
    }
}

test("the Lab in Firefox", { skip }, async (t) => {
  const dir = fileURLToPath(new URL("../../dist/", import.meta.url));
  const server = await serve({ dir, base: "/some/path/", port: 0 });
  t.after(() => server.close());
  const firefox = await startFirefox(t);
  const lab = async (hash) => {
    const page = driven(await openInFirefox(firefox, `${server.url}lab.html#${SMALL}${hash}`));
    await page.locator("#stability:not(:empty)").waitFor();
    return page;
  };
  const done = async (page) => {
    page.verify();
    await page.close();
  };

  await t.test("every instrument's table is that of Chromium", async () => {
    const site = await setUp(t);
    for (const scenario of new Set(INSTRUMENTS.map(([, hash]) => hash))) {
      const here = await lab(scenario);
      const there = await open(site, `lab.html#${SMALL}${scenario}`, { reducedMotion: "reduce" });
      for (const [instrument, , ready] of INSTRUMENTS.filter(([, hash]) => hash === scenario)) {
        const tables = [];
        for (const page of [here, there]) {
          await page.locator(instrument).scrollIntoViewIfNeeded();
          await page.waitForFunction(ready);
          tables.push(await table(page, instrument));
        }
        assert.ok(tables[1].length > 0, instrument);
        alike(...tables, instrument);
      }
      there.verify();
      await there.context().close();
      await done(here);
    }
  });

  await t.test("controls, wrong input, undo and redo", async () => {
    const page = await lab("");
    await measured(page);
    await type(page, "learning_rate", "0.5");
    await page.waitForFunction(() => location.hash.includes("learning_rate=0.5"));
    await page.locator('[data-parameter="optimizer"] select').selectOption("qhm");
    await page.waitForFunction(() => location.hash.includes("optimizer=qhm"));
    await type(page, "mixing", "0.25");
    await page.waitForFunction(() => location.hash.includes("mixing=0.25"));
    const [first] = await tableWhen(page, "nd-modes", ([row]) => row?.lambda_k === 0.5);
    assert.ok(first.discrete > 0);
    await page.locator('[data-parameter="learning_rate"] input[type=range]').focus();
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction(() => location.hash.includes("learning_rate=0.51"));
    await type(page, "momentum", "7");
    assert.match(await complaint(page, "momentum"), /momentum must lie in \[0, 1\), got 7/);
    assert.equal(hashOf(page).learning_rate, "0.51");
    const [undo, redo] = [0, 1].map((n) => page.locator("#tools .group:first-of-type button").nth(n));
    await undo.click();
    await page.waitForFunction(() => location.hash.includes("learning_rate=0.5&"));
    await undo.click();
    await page.waitForFunction(() => !location.hash.includes("mixing="));
    await redo.click();
    await page.waitForFunction(() => location.hash.includes("mixing=0.25"));
    await page.evaluate(() => document.activeElement?.blur());
    await page.keyboard.press("Control+z");
    await page.waitForFunction(() => !location.hash.includes("mixing="));
    await done(page);
  });

  await t.test("the ensemble goes on with other numbers, and steps by keys", async () => {
    const page = await lab("");
    await page.locator("nd-cloud").scrollIntoViewIfNeeded();
    await page.waitForFunction(() =>
      /^step 60,/.test(document.querySelector("nd-cloud .counter").textContent),
    );
    await page.evaluate(() => document.activeElement?.blur());
    await page.keyboard.press("r");
    await page.waitForFunction(() =>
      /^step 0,/.test(document.querySelector("nd-cloud .counter").textContent),
    );
    await page.keyboard.press(".");
    await page.waitForFunction(() =>
      /^step 1,/.test(document.querySelector("nd-cloud .counter").textContent),
    );
    await done(page);
  });

  await t.test("a preset, a command and a frame to copy, and how an instrument is shown", async () => {
    const page = await lab("&over-time.quantity=mean");
    assert.equal(await page.locator("nd-over-time select[name=quantity]").inputValue(), "mean");
    await page.locator("nd-stability-map select[name=colour]").selectOption("variance");
    await page.waitForFunction(() => location.hash.includes("stability.colour=variance"));
    // Firefox lets nobody read the clipboard; what is put there is caught on its way.
    await page.evaluate(() => {
      window.copied = [];
      navigator.clipboard.writeText = async (text) => void window.copied.push(text);
    });
    for (const [button, said] of [
      [1, /^noisy-descent run - <<'JSON'\n\{"version":1,/],
      [2, /^"""quadratic loss/],
      [3, /^<iframe src="[^"]+#instrument=sweep&amp;v=1/],
    ]) {
      await page.locator(".share > summary").click();
      await page.locator(`.share li:nth-child(${button}) button`).click();
      const text = await page.waitForFunction((n) => window.copied[n - 1], button);
      assert.match(text, said);
    }
    await page.locator(".presets > summary").click();
    await page.locator('.presets a[data-see="memory-title"]').click();
    await page.waitForFunction(() => document.activeElement.id === "memory-title");
    assert.equal(hashOf(page).learning_rate, "1.8");
    await done(page);
  });
});
