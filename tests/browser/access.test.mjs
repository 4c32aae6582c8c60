// The page for everybody: without a mouse, for a screen reader, in each theme and size; and its weight.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accessibleInBothThemes,
  complaint,
  hashOf,
  loaded,
  measured,
  open,
  SMALL,
  setUp,
  type,
  unfold,
} from "./harness.mjs";

/** The ensemble would play beside what is looked at. */
const calm = { reducedMotion: "reduce" };

test("everybody", async (t) => {
  const site = await setUp(t, "experiment.html");

  await t.test("axe finds nothing, light and dark", async () => {
    for (const [width, hash] of [
      [1280, ""],
      [390, "&momentum=3&hessian=x"],
    ]) {
      const page = await open(site, `#v=1&${SMALL}${hash}`, { viewport: { width, height: 800 } });
      await page.locator("nd-sweep").scrollIntoViewIfNeeded();
      await measured(page);
      await unfold(page);
      await accessibleInBothThemes(page);
      page.verify();
      await page.context().close();
    }
  });

  await t.test("axe finds nothing in an instrument by itself, light and dark", async () => {
    const url = site.url.replace("experiment.html", "embed.html");
    for (const name of ["sweep", "cloud", "escape"]) {
      const page = await open({ ...site, url }, `#instrument=${name}&v=1&${SMALL}`, {
        reducedMotion: "reduce",
      });
      await page.locator(`nd-${name} .words:not(:empty)`).waitFor();
      await page
        .locator("details.data")
        .first()
        .evaluate((fold) => {
          fold.open = true;
        });
      await accessibleInBothThemes(page);
      page.verify();
      await page.context().close();
    }
  });

  await t.test("every control is reached by Tab and worked by keys", async () => {
    const page = await open(site, `#v=1&${SMALL}&covariance=matrix&noise_covariance=1,0;0,1`, calm);
    await measured(page);
    const reached = new Set();
    for (let i = 0; i < 120; i++) {
      await page.keyboard.press("Tab");
      const name = await page.evaluate(() => {
        const focus = document.activeElement;
        const control = focus?.closest("[data-parameter]");
        return control ? `${control.dataset.parameter} ${focus.type}` : (focus?.textContent ?? "").trim();
      });
      reached.add(name);
      if (name === "" && i > 60) break;
    }
    const wanted = await page.evaluate(() =>
      [...document.querySelectorAll("[data-parameter]:not([hidden])")].flatMap((control) =>
        [...control.querySelectorAll("input, select, textarea")].map(
          (field) => `${control.dataset.parameter} ${field.type}`,
        ),
      ),
    );
    for (const name of [...wanted, "seed button", "Run again", "Step", "Reset", "Fig. 2(a)"])
      assert.ok(reached.has(name), `${name} is not reached: ${[...reached]}`);

    await page.locator('[data-parameter="learning_rate"] input[type=range]').focus();
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction(() => location.hash.includes("learning_rate=1.51"));
    await page.locator('[data-parameter="learning_rate"] input[type=text]').focus();
    await page.keyboard.press("Control+A");
    await page.keyboard.type("0.8");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => location.hash.includes("learning_rate=0.8"));
    await page.locator('[data-parameter="parameter"] select').focus();
    await page.keyboard.press("ArrowDown");
    await page.waitForFunction(() => location.hash.includes("parameter=momentum"));
    assert.equal(hashOf(page).to, "1", "a new axis starts with its own range");
    await page.locator('[data-parameter="hessian"] textarea').focus();
    await page.keyboard.press("Control+A");
    await page.keyboard.type("3, 0; 0, 1");
    await page.keyboard.press("Tab");
    await page.waitForFunction(() => location.hash.includes("hessian=3,0;0,1"));
    // The plot is read with the arrow keys.
    await measured(page);
    await page.locator("nd-sweep .picture").focus();
    await page.keyboard.press("End");
    await page.waitForFunction(() =>
      /^μ = 0\.9/.test(document.querySelector("nd-sweep [role=status]").textContent),
    );
    page.verify();
  });

  await t.test("every slider has its number beside it, every control its range in words", async () => {
    const page = await open(site, `#v=1&${SMALL}`, calm);
    const missing = await page.evaluate(() =>
      [...document.querySelectorAll("[data-parameter]:not([hidden])")]
        .filter((control) => {
          const field = control.querySelector("input[type=text], select, textarea");
          const label = field && control.querySelector(`label[for="${field.id}"]`);
          const hint =
            field && document.getElementById(field.getAttribute("aria-describedby")?.split(" ")[0] ?? "");
          return !label?.textContent || !hint?.textContent;
        })
        .map((control) => control.dataset.parameter),
    );
    assert.deepEqual(missing, []);
  });

  await t.test("no page is wider than its window", async () => {
    for (const hash of ["", "&noise_variance=1e12", "&learning_rate=1e-9", "&replicas=2"]) {
      const page = await open(site, `#v=1&${SMALL}${hash}`, calm);
      await measured(page);
      await page.waitForFunction(() =>
        /^step 300,/.test(document.querySelector("nd-cloud .counter").textContent),
      );
      for (const width of [360, 390, 768, 1280, 1920]) {
        await page.setViewportSize({ width, height: 800 });
        // Two frames: one for the layout, one for what the pictures do about it.
        const scroll = await page.evaluate(async () => {
          for (let i = 0; i < 2; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
          return document.documentElement.scrollWidth;
        });
        assert.ok(scroll <= width, `${scroll} px at ${width} with ${hash}`);
        if (width >= 1280) {
          const inside = await page
            .locator("nd-cloud .wide")
            .evaluate((box) => box.scrollWidth - box.clientWidth);
          assert.ok(inside <= 0, `the table is ${inside} px too wide at ${width} with ${hash}`);
        }
      }
      await page.context().close();
    }
  });

  await t.test("on a phone the instrument comes first, and the controls are a drawer", async () => {
    for (const [name, seen] of [
      ["experiment.html", "nd-sweep canvas"],
      ["table.html", "#table1 thead"],
    ]) {
      const url = site.url.replace("experiment.html", name);
      const phone = (hash) =>
        open({ ...site, url }, `#v=1&${SMALL}${hash}`, {
          reducedMotion: "reduce",
          viewport: { width: 390, height: 800 },
        });
      const page = await phone("");
      await page.locator(seen).first().waitFor();
      const summary = page.locator("#drawer > summary");
      for (const [width, value] of [
        [390, "0.3"],
        [360, "0.4"],
      ]) {
        await page.setViewportSize({ width, height: 800 });
        const { y } = await page.locator(seen).first().boundingBox();
        assert.ok(y < 480, `${name} at ${width}: the first picture begins at ${y} px`);
        const rate = page.locator('[data-parameter="learning_rate"] input[type=text]');
        assert.ok(!(await rate.isVisible()));
        const box = await summary.boundingBox();
        assert.ok(box.y < 800 && box.height >= 40, "it is in sight, and large enough for a thumb");
        await summary.click();
        await type(page, "learning_rate", value);
        await page.waitForFunction((text) => location.hash.includes(`learning_rate=${text}`), value);
        // Half of the window is left for what is looked at.
        assert.ok((await page.locator("#drawer").boundingBox()).height < 0.8 * 800);
        await summary.click();
      }
      page.verify();
      await page.context().close();
      // What is wrong with a link is not left in a drawer that is shut.
      const wrong = await phone("&momentum=3");
      for (const width of [390, 360]) {
        await wrong.setViewportSize({ width, height: 800 });
        assert.match(await complaint(wrong, "momentum"), /\[0, 1\).*got 3/);
      }
      await wrong.context().close();
    }
  });

  await t.test("at 1280 x 800 the first instrument and the controls are in sight", async () => {
    const page = await open(site, `#v=1&${SMALL}`, calm);
    await measured(page);
    const bottom = (selector) =>
      page
        .locator(selector)
        .first()
        .evaluate((element) => element.getBoundingClientRect().bottom);
    for (const selector of ["nd-sweep canvas", "nd-sweep button.run", '[data-parameter="seed"]']) {
      assert.ok((await bottom(selector)) <= 800, `${selector} ends at ${await bottom(selector)}`);
    }
  });

  await t.test(
    "with many messages, whether it is stable stays in sight, and what is wrong is dashed",
    async () => {
      const wrong = "momentum=3&learning_rate=0&hessian=x&replicas=0&steps=0&seed=-1&noise_variance=-1";
      const page = await open(site, `#v=1&${wrong}&nonsense=1`, { viewport: { width: 1280, height: 500 } });
      await page.locator("#stability:not(:empty)").waitFor();
      await page.locator('[data-parameter="seed"] .problem:not([hidden])').waitFor();
      const { top, bottom, style } = await page.evaluate(() => {
        document.querySelector(".controls").scrollTop = 1e6;
        const box = document.querySelector("#stability").getBoundingClientRect();
        const field = document.querySelector('[data-parameter="momentum"] input[type=text]');
        return { top: box.top, bottom: box.bottom, style: getComputedStyle(field).borderTopStyle };
      });
      assert.ok(top >= 0 && bottom <= 500, `it is at ${top} to ${bottom}`);
      assert.equal(style, "dashed");
    },
  );

  await t.test("the first load is under 325 kB of brotli", async () => {
    site.asked.clear();
    const page = await open(site, "", calm);
    await measured(page);
    const { files, bytes } = loaded(site);
    assert.ok(
      [".wasm", ".css", "experiment.html"].every((end) => files.some((file) => file.endsWith(end))) &&
        files.some((file) => /worker[^/]*\.js$/.test(file)),
      `something is missing from ${files}`,
    );
    assert.ok(
      !files.some((file) => file.includes("noisy_descent_wasm")),
      `more than is needed is loaded: ${files}`,
    );
    assert.ok(bytes < 325_000, `${bytes} bytes`);
  });
});

test("the Lab, looked at", async (t) => {
  const site = await setUp(t, "lab.html");
  const calm = { reducedMotion: "reduce" };

  await t.test("no number is broken over two lines, at any width", async () => {
    const page = await open(site, `#v=1&${SMALL}`, { ...calm, viewport: { width: 360, height: 800 } });
    await measured(page);
    for (const instrument of ["nd-modes", "nd-stability-map", "nd-over-time"]) {
      await page.locator(instrument).scrollIntoViewIfNeeded();
      await page.locator(`${instrument} .words .whole`).first().waitFor();
    }
    for (const width of [360, 390, 768, 1280, 1920]) {
      await page.setViewportSize({ width, height: 800 });
      const broken = await page
        .locator(".whole")
        .evaluateAll((all) =>
          all.filter((one) => one.getClientRects().length > 1).map((one) => one.textContent),
        );
      assert.deepEqual(broken, [], `at ${width}`);
    }
    const wholes = await page.locator("nd-sweep .whole").allTextContents();
    for (const form of [/^λ = [\d.]+/, /^p < 10−\d+$/, /±/])
      assert.ok(
        wholes.some((text) => form.test(text)),
        `${form} is not among ${wholes}`,
      );
    page.verify();
    await page.context().close();
  });

  await t.test("what is wrong with a link is not left in a drawer that is shut", async () => {
    for (const [wrong, where] of [
      ["momentum=3", '[data-parameter="momentum"] .problem'],
      ["nonsense=1", "#link-problem"],
    ]) {
      const page = await open(site, `#v=1&${SMALL}&${wrong}`, {
        ...calm,
        viewport: { width: 390, height: 800 },
      });
      await page.locator(where).waitFor({ state: "visible" });
      await page.context().close();
    }
  });

  await t.test("an ensemble that has spread along a flat direction is in the picture", async () => {
    const page = await open(site, "#v=1&hessian=1,0;0,0&learning_rate=0.5&replicas=2000&steps=1000", calm);
    const picture = page.locator('nd-cloud [aria-label^="The ensemble;"]');
    await picture.scrollIntoViewIfNeeded();
    await page.waitForFunction(() =>
      /^step 1.000,/.test(document.querySelector("nd-cloud .counter").textContent),
    );
    await picture.focus();
    for (let n = 0; n < 12; n++) await page.keyboard.press("Shift+ArrowUp");
    // The standard deviation along it is √250 by then.
    const read = await page.waitForFunction(
      () => /w₂ = ([\d.]+)/.exec(document.querySelector("nd-cloud > [role=status]").textContent)?.[1],
    );
    assert.ok(Number(await read.jsonValue()) > 40, `the picture ends at ${await read.jsonValue()}`);
    page.verify();
    await page.context().close();
  });

  await t.test("from the head a link leads to the controls, open or shut", async () => {
    for (const width of [1280, 390]) {
      const page = await open(site, `#v=1&${SMALL}`, { ...calm, viewport: { width, height: 800 } });
      await page.locator("#stability:not(:empty)").waitFor({ state: "attached" });
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the controls");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      assert.equal(await page.evaluate(() => document.activeElement.textContent), "Optimizer");
      // Where nobody can shut the drawer, the keyboard comes to no button for it.
      assert.equal(await page.locator("#drawer > summary").isVisible(), width < 960);
      await page.context().close();
    }
  });

  await t.test("what is said in the head moves no button", async () => {
    const page = await open(site, `#v=1&${SMALL}`, calm);
    const places = () =>
      page.locator("#tools button").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().x));
    const before = await places();
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.locator("#tools .said:not(:empty)").waitFor();
    assert.deepEqual(await places(), before);
    await page.context().close();
  });

  await t.test(
    "of one weight no coordinate is chosen, and its curvature has a range of its own",
    async () => {
      const page = await open(site, `#v=1&${SMALL}&hessian=1`, calm);
      await measured(page);
      const coordinate = page.locator('[data-parameter="coordinate"]');
      assert.equal(await coordinate.isVisible(), false);
      await page.locator('[data-parameter="parameter"] select').selectOption("curvature");
      await page.waitForFunction(() => location.hash.includes("parameter=curvature"));
      const { from, to, scale } = hashOf(page);
      assert.deepEqual([from, to, scale], ["0.01333", "1.333", "log"]);
      await type(page, "hessian", "1, 0; 0, 1");
      await coordinate.waitFor({ state: "visible" });
      page.verify();
      await page.context().close();
    },
  );

  await t.test("beside an agreement it is said that Adam's average has not settled", async () => {
    const page = await open(
      site,
      "#v=1&optimizer=adam&learning_rate=0.1&replicas=512&steps=40&points=3",
      calm,
    );
    await measured(page);
    const words = page.locator("nd-sweep .words");
    assert.match(await words.textContent(), /Adam’s average, behind the preconditioner, is not settled yet/);
    // A hundred steps back, and many times as many on.
    await type(page, "beta2", "0.99");
    await type(page, "steps", "4000");
    await page.waitForFunction(
      () => location.hash.includes("beta2=0.99") && location.hash.includes("steps=4000"),
    );
    await measured(page);
    assert.doesNotMatch(await words.textContent(), /preconditioner/);
    page.verify();
    await page.context().close();
  });

  await t.test("a wide screen has both pictures of a pair side by side", async () => {
    for (const width of [1280, 1920]) {
      const page = await open(site, `#v=1&${SMALL}`, { ...calm, viewport: { width, height: 900 } });
      const pictures = page.locator("nd-bayes .picture canvas");
      await pictures.first().scrollIntoViewIfNeeded();
      await pictures.nth(1).waitFor();
      const [one, other] = [await pictures.first().boundingBox(), await pictures.nth(1).boundingBox()];
      assert.ok(other.x > one.x + one.width - 1, `${width}: they stand at ${one.x} and ${other.x}`);
      await page.context().close();
    }
  });
});
