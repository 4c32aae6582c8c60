// Every page of the production build in Firefox: the instruments run, with the bits of Chromium and of a terminal.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { serve } from "../../scripts/static-server.mjs";
import { core, tables } from "./core.mjs";
import { firefoxPath, openInFirefox, startFirefox } from "./firefox.mjs";
import { measured, open, SMALL, setUp } from "./harness.mjs";

const skip = firefoxPath ? false : "Firefox is not installed: scripts/setup --browser does where it can";

test("Firefox", { skip }, async (t) => {
  const dir = fileURLToPath(new URL("../../dist/", import.meta.url));
  const server = await serve({ dir, base: "/some/path/", port: 0 });
  t.after(() => server.close());
  const firefox = await startFirefox(t);
  const page = (address) => openInFirefox(firefox, server.url + address);

  const swept = (one) =>
    one.until(() => /points?, .* in /.test(document.querySelector("nd-sweep .status")?.textContent ?? ""));

  await t.test("a sweep has the bits of Chromium and of the core, in every digit of its file", async () => {
    const site = await setUp(t);
    const hash = `lab.html#v=1&${SMALL}&momentum=0.3&to=2.6&law=laplace&formula=λ*c/(k*(2-λ*k))`;
    const chromium = await open(site, hash, { reducedMotion: "reduce" });
    await measured(chromium);
    const wanted = await chromium.evaluate(csvOf);
    const one = await page(hash);
    await swept(one);
    const found = await one.evaluate(csvOf);
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
    assert.deepEqual(one.wrong, []);
    chromium.verify();
    await one.close();
  });

  for (const [address, ready] of [
    ["index.html", () => document.querySelector("nd-steps .words")?.textContent],
    ["experiment.html", () => document.querySelector("nd-sweep .words")?.textContent],
    [
      "lab.html#v=1&replicas=500&steps=50&points=3",
      () => document.querySelector("nd-modes .words")?.textContent,
    ],
    ["figures.html", () => document.querySelector("nd-sweep .words, nd-over-time .words")?.textContent],
    ["table.html", () => document.querySelector("tbody tr td")?.textContent],
    ["errata.html", () => document.querySelector("article h2, article h3")?.textContent],
    [
      "embed.html#instrument=stability&v=1",
      () => document.querySelector("nd-stability-map .words")?.textContent,
    ],
    [
      "embed.html#instrument=cloud&v=1&replicas=500&steps=50",
      () => document.querySelector("nd-cloud .words")?.textContent,
    ],
  ]) {
    await t.test(`${address} opens and shows its numbers`, async () => {
      const one = await page(address);
      // What is below the fold begins when it is seen.
      await one.evaluate(() => document.querySelector("nd-modes, nd-stability-map")?.scrollIntoView());
      await one.until(ready);
      const text = await one.evaluate(() => document.body.innerText);
      assert.doesNotMatch(text, /NaN|undefined|\[object/);
      const scroll = await one.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(scroll <= 1280, `${scroll} px wide`);
      assert.deepEqual(one.wrong, []);
      await one.close();
    });
  }

  await t.test("wrong input is said and changes nothing", async () => {
    const one = await page(`lab.html#v=1&${SMALL}&momentum=7&formula=1)`);
    const said = await one.until(() =>
      [...document.querySelectorAll(".problem:not([hidden])")].map((place) => place.textContent).join("; "),
    );
    assert.match(said, /momentum must lie in \[0, 1\), got 7/);
    assert.match(said, /unexpected '\)' at 2/);
    assert.deepEqual(one.wrong, []);
    await one.close();
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
