// The Lab without a mouse: everything by Tab, every parameter explained, the list of keys true; and files that are dropped.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hashOf, open, setUp, tableWhen } from "./harness.mjs";

const SMALL = "v=1&replicas=500&steps=50&points=3";
/** A window in which every instrument is seen at once, so that all their controls are there. */
const tall = { reducedMotion: "reduce", viewport: { width: 1280, height: 8000 } };

test("the Lab without a mouse", async (t) => {
  const site = await setUp(t);
  const lab = async (hash = "", options = tall) => {
    const page = await open(site, `lab.html#${SMALL}${hash}`, options);
    await page.locator("#stability:not(:empty)").waitFor();
    return page;
  };
  const done = async (page) => {
    page.verify();
    await page.context().close();
  };

  await t.test("everything that can be worked is reached by Tab, in the order of the page", async () => {
    for (const hash of [
      "",
      "&loss=least_squares&data=diabetes&covariance=minibatch&learning_rate=0.2&optimizer=qhm",
    ]) {
      const page = await lab(hash);
      await page.waitForFunction(() => document.querySelector("nd-correlation select option"));
      await page.waitForTimeout(500);
      const wanted = await page.evaluate(() => {
        const workable = "a[href], button, input, select, textarea, summary, [tabindex='0']";
        return [...document.querySelectorAll(workable)]
          .filter(
            (element) =>
              element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }) &&
              !element.disabled &&
              element.tabIndex >= 0 &&
              !element.closest("dialog:not([open])"),
          )
          .map((element, i) => {
            element.dataset.wanted = String(i);
            return `${element.localName} ${element.getAttribute("aria-label") ?? element.id ?? ""} ${element.textContent.slice(0, 30)}`;
          });
      });
      assert.ok(wanted.length > 80, wanted.length);
      const reached = [];
      for (let i = 0; i < wanted.length + 30; i++) {
        await page.keyboard.press("Tab");
        const number = await page.evaluate(() => document.activeElement?.dataset?.wanted);
        if (number !== undefined) reached.push(Number(number));
        else if (reached.length >= wanted.length) break;
      }
      const missed = wanted.filter((_, i) => !reached.includes(i));
      assert.deepEqual(missed, []);
      await done(page);
    }
  });

  await t.test("every parameter says in a line what it is, by keyboard and by touch", async () => {
    const page = await lab("", { ...tall, hasTouch: true });
    const controls = page.locator("[data-parameter]:not([hidden])");
    const count = await controls.count();
    assert.ok(count > 15, count);
    for (let i = 0; i < count; i++) {
      const control = controls.nth(i);
      const name = await control.getAttribute("data-parameter");
      const button = control.locator("button.about");
      const line = control.locator(".about-line");
      assert.equal(await line.isVisible(), false, name);
      if (i % 2 === 0) {
        await button.focus();
        await page.keyboard.press("Enter");
      } else await button.tap();
      await line.waitFor();
      assert.equal(await line.textContent(), await control.getAttribute("title"), name);
      assert.equal(await button.getAttribute("aria-expanded"), "true", name);
      // 24 px are what a finger needs.
      const { width, height } = await button.boundingBox();
      assert.ok(width >= 24 && height >= 24, `${name}: ${width} × ${height}`);
      await button.click();
      assert.equal(await line.isVisible(), false, name);
    }
    await done(page);
  });

  await t.test("the list of keys names every key, and each does what it says", async () => {
    const page = await lab("&hessian=2,0;0,0.1&learning_rate=0.5");
    await page.keyboard.press("?");
    const dialog = page.getByRole("dialog", { name: "Keys" });
    await dialog.waitFor();
    const list = await page.locator("dialog dt").allTextContents();
    for (const key of [
      "Space",
      ".",
      "R",
      "Ctrl Z",
      "Ctrl Shift Z",
      "?",
      "← →",
      "Home End",
      "Shift ← → ↑ ↓",
      "Enter",
      "Tab",
      "Escape",
    ])
      assert.ok(list.includes(key), `${key} is not among ${list}`);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });

    await tableWhen(page, "nd-stability-map", ([first]) => first?.lambda_k === 1);
    const said = (instrument) => page.locator(`${instrument} [role=status]`).first().textContent();
    await page.locator("nd-stability-map .picture").focus();
    await page.keyboard.press("ArrowRight");
    const product = async () => Number(/λk = ([\d.]+)/.exec(await said("nd-stability-map"))[1]);
    const start = await product();
    await page.keyboard.press("ArrowRight");
    const one = (await product()) - start;
    await page.keyboard.press("Shift+ArrowRight");
    const ten = (await product()) - start - one;
    assert.ok(Math.abs(ten - 10 * one) < 0.02 && one > 0, `${one}, ${ten}`);

    await page.locator("nd-over-time .picture").focus();
    await page.waitForFunction(() =>
      /looks at/.test(document.querySelector("nd-over-time .status").textContent),
    );
    for (const [key, words] of [
      ["End", /step 50\b/],
      ["Home", /step 1\b/],
      ["ArrowRight", /step 2\b/],
    ]) {
      await page.keyboard.press(key);
      assert.match(
        (await page.locator("nd-over-time").innerText()) +
          (await page.locator("nd-over-time [role=status]").allTextContents()).join(),
        words,
        key,
      );
    }
    await page.locator(".presets > summary").press("Enter");
    await page.locator(".presets a").first().waitFor();
    await page.keyboard.press("Escape");
    await page.locator(".presets a").first().waitFor({ state: "hidden" });
    await done(page);
  });

  await t.test("a scenario that is dropped as a file is opened, and a sweep with its own axis", async () => {
    const page = await lab();
    const drop = (name, text) =>
      page.evaluate(
        ([file, content]) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([content], file, { type: "application/json" }));
          document.body.dispatchEvent(
            new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }),
          );
        },
        [name, text],
      );
    const scenario = {
      version: 1,
      loss: { kind: "quadratic", hessian: [[3]] },
      noise: { covariance: { kind: "white", variance: 2 } },
      optimizer: { kind: "momentum", learning_rate: 0.25, momentum: 0.5 },
      run: { replicas: 400, steps: 30, seed: 9 },
    };
    await drop("one.json", JSON.stringify(scenario));
    await page.waitForFunction(() => location.hash.includes("learning_rate=0.25"));
    let { hessian, momentum, noise_variance, seed, to } = hashOf(page);
    assert.deepEqual([hessian, momentum, noise_variance, seed, to], ["3", "0.5", "2", "9", "1"]);
    await page.locator(".said", { hasText: "one.json opened" }).waitFor();
    await drop("two.json", JSON.stringify({ scenario, parameter: "momentum", from: 0, to: 0.9, points: 4 }));
    await page.waitForFunction(() => location.hash.includes("parameter=momentum"));
    ({ hessian, to } = hashOf(page));
    assert.deepEqual([hessian, to], ["3", "0.9"]);
    await drop("bad.json", '{"version": 1, "optimizer": {"learning_rate": -1}}');
    await page.locator("#link-problem:not([hidden])").waitFor();
    assert.equal(hashOf(page).parameter, "momentum");
    await page.getByRole("button", { name: "Undo" }).click();
    await page.waitForFunction(() => !location.hash.includes("parameter=momentum"));
    await done(page);
  });
});
