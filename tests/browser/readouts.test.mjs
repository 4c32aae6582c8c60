// Every picture is read by keys, by a mouse and by a finger: each says the place and the numbers there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open, setUp } from "./harness.mjs";

const calm = { reducedMotion: "reduce" };
const WELL = "loss=piecewise_quadratic&covariance=curvature&batch_size=3&noise_variance=0&learning_rate=0.6";
const DATA =
  "loss=least_squares&data=diabetes&columns=bmi,s5&covariance=minibatch&batch_size=8&learning_rate=0.3";

/** Each picture, by its number in the instrument, with what is read in it. */
const PICTURES = [
  ["sweep", "nd-sweep", "points=4", 0, /^λ = .*measured .*discrete .*continuous /],
  [
    "cloud",
    "nd-cloud",
    "",
    0,
    /^w₁ = .*, w₂ = .*replicas? of 1.500 here, density .*continuous: .* σ out, discrete: .* σ out/,
  ],
  [
    "cloud",
    "nd-cloud",
    "hessian=1",
    0,
    /^w = .*replicas? of 1.500 here, density .*continuous: .* σ out, density .*discrete: /,
  ],
  [
    "directions",
    "nd-modes",
    "",
    0,
    /^λk = .*continuous .*discrete .*exact .*measured .* ± .*relaxation time/,
  ],
  ["stability", "nd-stability-map", "", 0, /^λk = .*, μ = .*training error .*spectral radius/],
  ["escape", "nd-escape", WELL, 0, /^w = .*discrete .*continuous .*/],
  ["escape", "nd-escape", WELL, 1, /^after .* steps, measured .* ± .*exact .*discrete .*continuous/],
  ["posterior", "nd-bayes", DATA, 0, /^λ = .*, discrete .* nats, exact .* nats/],
  [
    "posterior",
    "nd-bayes",
    "learning_rate=0.5",
    1,
    /^at \(.*\), posterior: .* σ .*SGD: .* σ .*measured: .* σ/,
  ],
  [
    "posterior",
    "nd-bayes",
    "learning_rate=0.5&hessian=1",
    1,
    /^at [^(]*, posterior: .* density .*SGD: .* density/,
  ],
  ["data", "nd-data", DATA, 0, /^bmi = .*, disease progression = /],
  ["data", "nd-data", DATA, 1, /^at \(.*\), K\/S: .* σ .*exact: .* σ/],
  ["over-time", "nd-over-time", "", 0, /^step .*measured .*discrete .*continuous/],
  ["correlation", "nd-correlation", "", 0, /^lag .*measured .*discrete .*continuous/],
  ["optimizers", "nd-comparison", "", 0, /training error, earlier work .*paper .*exact /],
  ["optimizers", "nd-comparison", "hessian=1", 0, /training error, earlier work .*paper .*exact /],
];

/** The picture as a number, to see whether it changes. */
const pixels = (picture) =>
  picture.locator("canvas").evaluate((canvas) => {
    const { width, height } = canvas;
    const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    let hash = 0;
    for (const pixel of new Int32Array(copy.getImageData(0, 0, width, height).data.buffer))
      hash = (Math.imul(hash, 31) + pixel) | 0;
    return hash;
  });
const frames = (page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/** Waits until nothing changes a picture any more, and gives it. */
async function settled(page, picture) {
  for (let last, tries = 0; tries < 100; tries++) {
    await page.waitForTimeout(150);
    const now = await pixels(picture);
    if (now === last) return now;
    last = now;
  }
  throw new Error("the picture does not come to rest");
}

async function show(site, name, tag, hash, options) {
  const page = await open(site, `#instrument=${name}&v=1&replicas=1500&steps=200&${hash}`, options);
  await page.locator(`${tag} .words:not(:empty)`).waitFor();
  const bar = page.locator(`${tag} .run`);
  if (!["optimizers", "cloud", "stability"].includes(name)) {
    const rest =
      { sweep: "Run again", "over-time": "Run again", correlation: "Run again" }[name] ?? "Measure again";
    await bar.getByText(rest).waitFor({ timeout: 60_000 });
  }
  return page;
}

test("every picture is read", async (t) => {
  const site = await setUp(t, "embed.html");
  for (const [name, tag, hash, number, pattern] of PICTURES) {
    await t.test(`${name}, picture ${number + 1}, ${hash}`, async () => {
      const page = await show(site, name, tag, hash, calm);
      const picture = page.locator(`${tag} .picture`).nth(number);
      const unread = await settled(page, picture);
      assert.equal(await picture.getAttribute("role"), "group");
      assert.match(await picture.getAttribute("aria-label"), /arrow keys/);

      // Keys: the first shows the cursor, a second one moves it, and what is read is said.
      await picture.focus();
      await page.keyboard.press("ArrowRight");
      const live = page.locator(`${tag} [role=status]`);
      assert.match((await live.textContent()).replaceAll("\n", " "), pattern);
      assert.doesNotMatch(await live.textContent(), /NaN|undefined|null/);
      await frames(page);
      const first = await pixels(picture);
      assert.notEqual(first, unread, "the cursor is drawn");
      // One coordinate has its optimizers below each other.
      await page.keyboard.press(name === "optimizers" && hash !== "" ? "ArrowDown" : "ArrowRight");
      await frames(page);
      assert.notEqual(await pixels(picture), first, "the cursor moves");
      await picture.blur();
      await frames(page);
      assert.equal(await pixels(picture), unread, "it goes with the focus");

      // A mouse over the middle, or a point near it.
      const box = await picture.locator("canvas").boundingBox();
      for (let share = 0.3; share < 0.75; share += 0.02) {
        await page.mouse.move(box.x + share * box.width, box.y + 0.55 * box.height);
        await frames(page);
        if ((await pixels(picture)) !== unread) break;
      }
      assert.notEqual(await pixels(picture), unread, "a mouse reads it");
      await page.mouse.move(2, 2);
      await frames(page);
      assert.equal(await pixels(picture), unread, "it goes with the mouse");
      page.verify();
      await page.context().close();
    });
  }

  for (const [name, tag, hash, number] of [
    ["cloud", "nd-cloud", "", 0],
    ["optimizers", "nd-comparison", "", 0],
    ["posterior", "nd-bayes", "learning_rate=0.5", 1],
    ["data", "nd-data", DATA, 1],
    ["sweep", "nd-sweep", "points=8", 0],
  ])
    await t.test(`a finger reads ${name} on a phone, and what it has read stays`, async () => {
      const phone = { ...calm, hasTouch: true, isMobile: true, viewport: { width: 390, height: 800 } };
      const page = await show(site, name, tag, hash, phone);
      const picture = page.locator(`${tag} .picture`).nth(number);
      await picture.scrollIntoViewIfNeeded();
      const unread = await settled(page, picture);
      const box = await picture.locator("canvas").boundingBox();
      await page.touchscreen.tap(box.x + 0.5 * box.width, box.y + 0.5 * box.height);
      await frames(page);
      const read = await pixels(picture);
      assert.notEqual(read, unread);
      await page.waitForTimeout(300);
      assert.equal(await pixels(picture), read, "it stays when the finger is lifted");
      page.verify();
      await page.context().close();
    });
});
