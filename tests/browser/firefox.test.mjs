// Firefox beside Chromium: the same numbers, digit for digit. The other tests run in Firefox by BROWSER=firefox.
import assert from "node:assert/strict";
import { test } from "node:test";
import { core, tables } from "./core.mjs";
import { firefoxPath } from "./firefox.mjs";
import { measured, open, SMALL, see, setUp, table } from "./harness.mjs";

const skip = firefoxPath ? false : "Firefox is not installed: scripts/setup --browser does where it can";
const calm = { reducedMotion: "reduce" };
const TINY = "v=1&replicas=1000&steps=60&points=4&seed=3";
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

test("Firefox beside Chromium", { skip }, async (t) => {
  const sites = [await setUp(t, "", true), await setUp(t, "", false)];
  const done = async (page) => {
    page.verify();
    await page.context().close();
  };

  await t.test("a sweep has the bits of Chromium and of the core, in every digit of its file", async () => {
    const hash = `lab.html#v=1&${SMALL}&momentum=0.3&to=2.6&law=laplace&formula=λ*c/(k*(2-λ*k))`;
    const files = [];
    for (const site of sites) {
      const page = await open(site, hash, calm);
      await measured(page);
      files.push(await page.evaluate(csvOf));
      await done(page);
    }
    const [found, wanted] = files;
    assert.equal(found, wanted);
    const lines = found.trim().split("\r\n").slice(1);
    assert.equal(lines.length, 12);
    const { defaults } = tables;
    const sweep = structuredClone(defaults);
    Object.assign(sweep.scenario.run, { replicas: 2000, steps: 300 });
    Object.assign(sweep.scenario.optimizer, { momentum: 0.3 });
    Object.assign(sweep, { points: 12, to: 2.6 });
    sweep.scenario.noise.law = { kind: "laplace" };
    for (const index of [0, 7, 11]) {
      const ensemble = core.Ensemble.of_point(sweep, index, 0, 1);
      ensemble.advance(60_000);
      const { value } = core.point_of(sweep, index, ensemble.tally());
      const [x, measurement, error] = lines[index].split(",").map(Number);
      assert.deepEqual([x, measurement, error], [value.x, value.measured, value.error]);
    }
  });

  await t.test("every instrument's table is that of Chromium", async () => {
    for (const scenario of new Set(INSTRUMENTS.map(([, hash]) => hash))) {
      const pages = await Promise.all(sites.map((site) => open(site, `lab.html#${TINY}${scenario}`, calm)));
      for (const [instrument, , ready] of INSTRUMENTS.filter(([, hash]) => hash === scenario)) {
        const found = [];
        for (const page of pages) {
          await see(page, instrument);
          await page.waitForFunction(ready);
          found.push(await table(page, instrument));
        }
        assert.ok(found[1].length > 0, instrument);
        alike(...found, instrument);
      }
      for (const page of pages) await done(page);
    }
  });
});

/** The file of the sweep's data, caught on its way out; runs in a page. */
async function csvOf() {
  const [make, click] = [URL.createObjectURL, HTMLAnchorElement.prototype.click];
  let blob;
  URL.createObjectURL = (given) => {
    blob = given;
    return make.call(URL, given);
  };
  HTMLAnchorElement.prototype.click = () => undefined;
  document.querySelector("nd-sweep details.data").open = true;
  [...document.querySelectorAll("nd-sweep .files button")]
    .find((button) => button.textContent === "CSV")
    .click();
  [URL.createObjectURL, HTMLAnchorElement.prototype.click] = [make, click];
  return blob.text();
}
