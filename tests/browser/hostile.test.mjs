// Two hundred inputs that are wrong: said in words, nothing thrown, nothing executed, the last good state kept, and the page not held up.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { hashOf, inFirefox, open, setUp } from "./harness.mjs";
import { files, hashes, tables } from "./hostile.mjs";

/** Quick to measure: what is tested is the page, not the experiment. */
const TINY = "replicas=2&steps=1&points=1";
/** Milliseconds that a task of the main thread may take. */
const LONGEST_TASK = 50;
/** Tries of a case whose task was longer: a loaded machine stops a page now and then, a page that is at fault stops each time. */
const TRIES = 3;

/** Notes how long tasks of the main thread take. */
const watchTasks = (page) =>
  page.evaluate(() => {
    globalThis.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries())
        globalThis.longest = Math.max(globalThis.longest, duration);
    }).observe({ entryTypes: ["longtask"] });
  });

/** The longest task while something is done, the least of a few tries where one was too long. */
async function longestTask(page, act) {
  let least = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < TRIES && least > LONGEST_TASK; tries++) {
    await page.evaluate(() => {
      globalThis.longest = 0;
    });
    await act();
    // An observer is told after the task.
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 0)));
    least = Math.min(least, await page.evaluate(() => globalThis.longest));
  }
  return least;
}

/** What must be so whatever was tried. */
async function unharmed(page, name) {
  const { hacked, scripts, images, polluted } = await page.evaluate(() => ({
    hacked: globalThis.hacked,
    scripts: document.querySelectorAll("body script, svg[onload]").length,
    images: document.querySelectorAll("img, iframe, object").length,
    polluted: {}.hacked,
  }));
  assert.deepEqual(
    { hacked, scripts, images, polluted },
    { hacked: undefined, scripts: 0, images: 0, polluted: undefined },
    name,
  );
}

const messages = (page) => page.locator(".problem:not([hidden])").allTextContents();

test("hostile input", async (t) => {
  const site = await setUp(t);
  const slow = [];
  const lab = async () => {
    const page = await open(site, `lab.html#v=1&${TINY}&learning_rate=0.3`, { reducedMotion: "reduce" });
    await page.locator("#stability:not(:empty)").waitFor();
    await watchTasks(page);
    return page;
  };

  await t.test("a hundred hashes", async () => {
    const page = await lab();
    const all = hashes();
    assert.equal(all.length, 100);
    for (const [kind, wrong] of all) {
      const task = await longestTask(page, async () => {
        await page.evaluate((hash) => {
          location.hash = hash;
        }, `#v=1&${TINY}&learning_rate=0.3`);
        await page.waitForFunction(() => document.querySelector(".problem:not([hidden])") === null);
        await page.evaluate((hash) => {
          location.hash = hash;
        }, `#v=1&${TINY}&learning_rate=0.3&${wrong}`);
        await page.waitForFunction(() => document.querySelector(".problem:not([hidden])") !== null);
      });
      if (task > LONGEST_TASK) slow.push(`${kind}: ${task} ms`);
      const said = (await messages(page)).join("; ");
      assert.ok(said.length > 10 && said.length < 20_000, `${kind}: ${said.slice(0, 300)}`);
      assert.doesNotMatch(said, /\[object|undefined|not a function|Cannot read/, kind);
      await unharmed(page, kind);
      const rate = await page.locator('[data-parameter="learning_rate"] input[type=text]').inputValue();
      assert.equal(rate, "0.3", `${kind}: what is good in the link is taken`);
    }
    page.verify();
    await page.context().close();
  });

  await t.test("sixty files and forty tables", async () => {
    const page = await lab();
    const before = page.url();
    const folder = mkdtempSync(join(tmpdir(), "noisy-descent-hostile-"));
    t.after(() => rmSync(folder, { recursive: true }));
    const all = [...files(), ...tables()];
    assert.equal(all.length, 100);
    for (const [kind, name, content] of all) {
      // By a path: a file that playwright carries into the page itself would count as the page's work.
      const path = join(folder, name);
      writeFileSync(path, content, "latin1");
      const task = await longestTask(page, async () => {
        await page.evaluate(() => {
          document.querySelector("#link-problem").textContent = "";
        });
        await page.locator("#tools input[type=file]").setInputFiles(path);
        await page.waitForFunction(
          (file) =>
            document.querySelector("#link-problem").textContent.includes(file) ||
            document.querySelector("#tools .said").textContent.includes(file),
          name,
        );
      });
      if (task > LONGEST_TASK) slow.push(`${kind}: ${task} ms`);
      const said = await page.locator("#link-problem").textContent();
      assert.ok(
        said.includes(name) && said.length < 20_000,
        `${name}, ${kind}, was opened, or only said ${said.slice(0, 200)}`,
      );
      assert.doesNotMatch(said, /\[object|undefined|not a function|Cannot read/, kind);
      assert.equal(page.url(), before, `${name}, ${kind}`);
      await unharmed(page, kind);
    }
    page.verify();
    await page.context().close();
  });

  await t.test("a table that is fine is opened as a data set", async () => {
    const page = await lab();
    const text = "a;b;y\n1,5;2;1\n2,5;1;2\n3,5;7;4\n4;4;4\n5;5;9\n";
    await page
      .locator("#tools input[type=file]")
      .setInputFiles({ name: "mine.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
    await page.waitForFunction(() => location.hash.includes("loss=least_squares"));
    const { data, inputs } = hashOf(page);
    assert.equal(data, "table");
    assert.equal(inputs.split(";").length, 5);
    assert.deepEqual(await messages(page), []);
    page.verify();
    await page.context().close();
  });

  await t.test("no task of the main thread was longer than 50 ms", (t) => {
    if (inFirefox) return t.skip("Firefox tells no page of long tasks");
    assert.deepEqual(slow, []);
  });
});
