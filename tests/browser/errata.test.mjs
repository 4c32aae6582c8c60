// The errata page: every demonstration computes, shows the core's numbers, follows its values, and is kept by its link.
import assert from "node:assert/strict";
import { test } from "node:test";
import { core, numberOf } from "./core.mjs";
import { accessible, open, setUp } from "./harness.mjs";

const entries = core.errata();

/** Six figures are shown, five beside a power of ten. */
const SHOWN = 5e-5;

const article = (page, number) => page.locator(`[data-erratum="${number}"]`);
const outcome = (page, number) => article(page, number).locator(".outcome").textContent();
const field = (page, number, name) => article(page, number).locator(`[data-parameter="${name}"] input`);

/** Waits until an erratum is computed. */
const computed = (page, number, state = "confirmed") =>
  article(page, number)
    .and(page.locator(`[data-state="${state}"]`))
    .waitFor({ timeout: 60_000 });

const computeAll = async (page) => {
  await page.locator("#all").click();
  await page.waitForFunction(
    () => /^32 of 32 computed/.test(document.querySelector("#progress").textContent),
    null,
    { timeout: 120_000 },
  );
};

/** The table of evidence: its quantities, and of each cell the number, the word and the class. */
const rows = (page, number) =>
  article(page, number)
    .locator("tbody tr")
    .evaluateAll((list) => {
      // Superscripts as the text before them is written: 10⁻³ is 10-3.
      const text = (element) => element.textContent;
      return list.map((row) => ({
        quantity: text(row.querySelector("th")),
        cells: [...row.querySelectorAll("td")].map((cell) => ({
          value: text(cell.querySelector(".value")),
          mark: text(cell.querySelector(".mark")),
          tone: cell.className,
        })),
      }));
    });

const near = (shown, value, words) => {
  if (value === null) assert.equal(shown, null, words);
  else assert.ok(Math.abs(shown - value) <= SHOWN * Math.abs(value), `${words}: ${shown} and not ${value}`);
};

test("the errata", async (t) => {
  const site = await setUp(t);

  await t.test(
    "every one computes: the print is off, the correction is right, and all is the core's",
    async () => {
      const page = await open(site, "errata.html");
      await computeAll(page);
      assert.equal(await page.locator("#progress").textContent(), "32 of 32 computed, 32 confirmed");
      assert.equal(entries.length, 32);
      for (const { number } of entries) {
        const { value } = core.demonstrate(number, {});
        const table = await rows(page, number);
        assert.equal(table.length, value.evidence.length, number);
        assert.ok(
          table.some(({ cells }) => cells[0].tone === "wrong"),
          `the print of ${number} is not off: ${JSON.stringify(table)}`,
        );
        for (const [i, { quantity, cells }] of table.entries()) {
          const { printed, corrected, independent, ...piece } = value.evidence[i];
          const plain = piece.quantity.replaceAll(/[\^_]\(([^)]*)\)|[\^_]/g, "$1");
          assert.equal(
            quantity.replaceAll("T", "ᵀ"),
            plain.replaceAll("T", "ᵀ").replaceAll("²", "2").replaceAll("₁", "1").replaceAll("₀", "0"),
            number,
          );
          assert.equal(cells[1].tone, "right", `${number}, ${quantity}`);
          for (const [j, number_] of [printed, corrected, independent].entries())
            if (j < 2 || piece.standard_error === null)
              near(numberOf(cells[j].value), number_, `${number}, ${quantity}`);
        }
        assert.match(
          await outcome(page, number),
          /^The independent value confirms the correction; the printed one is /,
        );
      }
      page.verify();
    },
  );

  await t.test("only what is seen is computed, the rest when it is scrolled to", async () => {
    const page = await open(site, "errata.html");
    await computed(page, "1");
    await page.waitForTimeout(500);
    assert.equal(await article(page, "28").getAttribute("data-state"), null);
    await article(page, "28").scrollIntoViewIfNeeded();
    await computed(page, "28");
    assert.equal(await article(page, "14").getAttribute("data-state"), null, "what was passed over");
    page.verify();
  });

  await t.test("other values give other numbers, those of the corrected formula", async () => {
    const page = await open(site, "errata.html#erratum-3");
    await computed(page, "3");
    for (const [rate, k] of [
      [1.2, 1],
      [1.2, 1.5],
      [0.25, 0.4],
    ]) {
      await field(page, "3", "learning_rate").fill(String(rate));
      await field(page, "3", "curvature").fill(String(k));
      await field(page, "3", "curvature").blur();
      // K − (λ/2)K² and K + (λ/2)K², by hand.
      const [printed, corrected] = [k + (rate / 2) * k * k, k - (rate / 2) * k * k];
      const shown = String(Number(printed.toPrecision(6)));
      await article(page, "3")
        .locator(".value", { hasText: new RegExp(`^${shown}$`) })
        .waitFor();
      const [{ cells }] = await rows(page, "3");
      near(numberOf(cells[0].value), printed, "printed");
      near(numberOf(cells[1].value), corrected, "corrected");
      near(numberOf(cells[2].value), corrected, "independent");
    }
    // 28: (N−S)/(S(N−1)), and as printed (N−S)/(NS).
    await field(page, "28", "data_size").fill("10");
    await field(page, "28", "batch_size").fill("4");
    await field(page, "28", "batch_size").blur();
    await article(page, "28")
      .locator(".value", { hasText: /^0\.166667$/ })
      .first()
      .waitFor();
    const [{ cells }] = await rows(page, "28");
    near(numberOf(cells[0].value), 6 / 40, "printed");
    near(numberOf(cells[1].value), 6 / 36, "corrected");
    // 14: where the two X are one, the print is right.
    await field(page, "14", "momentum").fill("0.5");
    await field(page, "14", "momentum").press("Enter");
    await page.waitForFunction(() =>
      /at these values the printed one agrees/.test(
        document.querySelector('[data-erratum="14"] .outcome').textContent,
      ),
    );
    page.verify();
  });

  await t.test("the link holds the values, Reset takes them back, Back and Forward follow", async () => {
    const page = await open(site, "errata.html#erratum-3");
    await computed(page, "3");
    assert.ok(await article(page, "3").locator(".reset").isDisabled());
    await field(page, "3", "learning_rate").fill("1.2");
    await field(page, "3", "learning_rate").press("Enter");
    await page.waitForFunction(() => location.hash === "#v=1&at=3&3.learning_rate=1.2");
    await field(page, "18", "learning_rate").fill("0.2");
    await field(page, "18", "learning_rate").press("Enter");
    await page.waitForFunction(() => location.hash === "#v=1&at=18&3.learning_rate=1.2&18.learning_rate=0.2");

    const copy = await open(site, new URL(page.url()).pathname.split("/").pop() + new URL(page.url()).hash);
    await computed(copy, "18");
    assert.deepEqual(await rows(copy, "18"), await rows(page, "18"));
    assert.ok(
      await article(copy, "18").evaluate((element) => Math.abs(element.getBoundingClientRect().top) < 400),
    );
    await article(copy, "3").scrollIntoViewIfNeeded();
    await computed(copy, "3");
    assert.deepEqual(await rows(copy, "3"), await rows(page, "3"));
    assert.equal(copy.url(), page.url());

    // A link within the page keeps the values.
    await copy.locator('.index [data-to="5"]').click();
    await copy.waitForFunction(() => location.hash === "#v=1&at=5&3.learning_rate=1.2&18.learning_rate=0.2");
    await copy.locator(".skip").evaluate((link) => link.click());
    assert.equal(await field(copy, "3", "learning_rate").inputValue(), "1.2");
    for (const at of ["5", "18"]) {
      await copy.goBack();
      await copy.waitForFunction((number) => location.hash.startsWith(`#v=1&at=${number}&3.`), at);
    }

    await article(page, "18").locator(".reset").click();
    await page.waitForFunction(() => location.hash === "#v=1&at=18&3.learning_rate=1.2");
    assert.ok(await article(page, "18").locator(".reset").isDisabled());
    await page.goBack();
    await page.waitForFunction(
      () =>
        document.querySelector("#erratum-18-learning_rate").value === "0.2" && location.hash.includes("18."),
    );
    await page.goForward();
    await page.waitForFunction(() => document.querySelector("#erratum-18-learning_rate").value === "0.1");
    for (let i = 0; i < 3; i++) await page.goBack();
    await page.waitForFunction(
      () =>
        location.hash === "#erratum-3" && document.querySelector("#erratum-3-learning_rate").value === "0.5",
    );
    page.verify();
    copy.verify();
  });

  await t.test("what cannot be computed is said beside its value, and the rest goes on", async () => {
    const page = await open(site, "errata.html#erratum-3");
    await computed(page, "3");
    const message = article(page, "3").locator('[data-parameter="learning_rate"] .problem');
    for (const [text, words] of [
      ["7", /learning_rate must lie in \[0\.001, 1\.9\], got 7/],
      ["abc", /must be a number in \[0\.001, 1\.9\], got “abc”/],
      ["", /got nothing/],
      ["1e999", /“1e999”/],
    ]) {
      await field(page, "3", "learning_rate").fill(text);
      await field(page, "3", "learning_rate").blur();
      await message.filter({ hasText: words }).waitFor();
      assert.equal(await field(page, "3", "learning_rate").getAttribute("aria-invalid"), "true");
      assert.match(await outcome(page, "3"), /^Not computed: .* The table is for λ = 0\.5, k = 1\.$/);
    }
    // Each is in range, but together nothing is stationary.
    await field(page, "3", "learning_rate").fill("1.5");
    await field(page, "3", "curvature").fill("2");
    await field(page, "3", "curvature").blur();
    await message.filter({ hasText: /learning_rate must lie in \(0, 1\), got 1\.5/ }).waitFor();
    // A batch has to be smaller than the data.
    await field(page, "28", "batch_size").fill("2.5");
    await field(page, "28", "batch_size").blur();
    await article(page, "28")
      .locator(".problem", { hasText: /whole number in \[1, 15\], got 2\.5/ })
      .waitFor();
    await field(page, "28", "batch_size").fill("6");
    await field(page, "28", "batch_size").blur();
    await article(page, "28")
      .locator(".problem", { hasText: /batch_size must lie in \[1, 5\], got 6/ })
      .waitFor();
    // λ = 1.5 was good before k = 2 came.
    assert.equal(new URL(page.url()).hash, "#v=1&at=3&3.learning_rate=1.5", "what is wrong is no link");
    await field(page, "28", "batch_size").fill("5");
    await field(page, "28", "batch_size").blur();
    await computed(page, "28");
    await article(page, "3").locator(".reset").click();
    await computed(page, "3");
    assert.ok(await message.isHidden());
    page.verify();
  });

  await t.test("a hostile link is named, and the rest of it is taken", async () => {
    for (const [part, words] of [
      ["99.learning_rate=1", /“99\.learning_rate”, which is no value/],
      ["3.colour=1", /“colour” of erratum 3, which has learning_rate, curvature/],
      ["at=<img src=x onerror=alert(1)>", /erratum “<img src=x onerror=alert\(1\)>”, and there is none/],
      ["v=99", /version “99”/],
      ["3.curvature=%E0%A4%A", /cannot be decoded/],
      ["x".repeat(20_000), /at most 10000 are read/],
    ]) {
      const page = await open(site, `errata.html#v=1&${part}&5.learning_rate=0.2`);
      await page.locator("#link-problem:not([hidden])").waitFor();
      assert.match(await page.locator("#link-problem").textContent(), words);
      assert.equal(await page.locator("#link-problem *").count(), 0, "a link has become markup");
      if (part.length < 1000) assert.equal(await field(page, "5", "learning_rate").inputValue(), "0.2");
      await computed(page, "1");
      page.verify();
      await page.context().close();
    }
    const page = await open(site, "errata.html#v=1&at=3&3.learning_rate=1e400&3.curvature=1.5");
    await article(page, "3")
      .locator(".problem", { hasText: /got “1e400”/ })
      .waitFor();
    assert.match(await outcome(page, "3"), /^Not computed: a value has to be mended first\.$/);
    page.verify();
  });

  await t.test("the last of many quick changes has the last word", async () => {
    const page = await open(site, "errata.html#erratum-1");
    await computed(page, "1");
    await page.evaluate(() => {
      const input = document.querySelector("#erratum-1-learning_rate");
      for (let i = 1; i <= 20; i++) {
        input.value = String(i / 20);
        input.dispatchEvent(new Event("input"));
        input.dispatchEvent(new Event("change"));
      }
    });
    await page.waitForFunction(() => location.hash === "#v=1&at=1&1.learning_rate=1", null, {
      timeout: 30_000,
    });
    await page.waitForTimeout(500);
    const { value } = core.demonstrate("1", { learning_rate: 1 });
    const [{ cells }] = await rows(page, "1");
    near(numberOf(cells[1].value), value.evidence[0].corrected, "corrected");
    page.verify();
  });

  await t.test("it is worked by keys alone", async () => {
    const page = await open(site, "errata.html#erratum-3");
    await computed(page, "3");
    const focus = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent);
    assert.equal(await focus(), "erratum-3", "a link leads there for the keyboard too");
    await page.keyboard.press("Tab"); // its number, a link to it
    await page.keyboard.press("Tab");
    assert.equal(await focus(), "erratum-3-learning_rate");
    await page.keyboard.press("Control+A");
    await page.keyboard.type("1.2");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => location.hash.includes("3.learning_rate=1.2"));
    await page.keyboard.press("Tab");
    assert.equal(await focus(), "erratum-3-curvature");
    await page.keyboard.press("Tab");
    assert.match(await focus(), /^Reset/);
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => location.hash === "#erratum-3");
    assert.equal(await focus(), "erratum-3-learning_rate", "the focus is not lost with the button");
    page.verify();
  });

  await t.test("nothing moves while numbers come, from top to bottom", async () => {
    for (const width of [390, 1280]) {
      const page = await open(site, "errata.html", { viewport: { width, height: 800 } });
      await page.evaluate(async () => {
        // Faces that replace their stand-ins are another matter: every one, also those that only the text further down asks for, and
        // the frame in which they do.
        await Promise.all([...document.fonts].map((face) => face.load()));
        for (let i = 0; i < 2; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
        globalThis.shifts = [];
        new PerformanceObserver((list) => {
          for (const { value, sources } of list.getEntries())
            globalThis.shifts.push([value, sources.map(({ node }) => node?.nodeName ?? "").join()]);
        }).observe({ type: "layout-shift" });
      });
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      for (let y = 0; y < height; y += 600) {
        await page.evaluate((top) => scrollTo(0, top), y);
        await page.waitForTimeout(60);
      }
      await page.waitForFunction(() => /^32 of/.test(document.querySelector("#progress").textContent), null, {
        timeout: 60_000,
      });
      const after = await page.evaluate(() => document.documentElement.scrollHeight);
      const shifts = await page.evaluate(() => globalThis.shifts);
      const total = shifts.reduce((sum, [value]) => sum + value, 0);
      // What a reader would notice begins at 0.1.
      assert.ok(total < 0.005, `${total} at ${width}: ${JSON.stringify(shifts)}`);
      assert.ok(Math.abs(after - height) < 40, `${height} px became ${after} at ${width}`);
      await page.context().close();
    }
  });

  await t.test("it is read without JavaScript", async () => {
    const page = await open(site, "errata.html", { javaScriptEnabled: false });
    assert.equal(await page.locator("article").count(), 32);
    assert.match(await article(page, "3").textContent(), /K − \(λ\/2\)K2, exactly/);
    await page.context().close();
  });

  for (const [colorScheme, width] of [
    ["light", 1280],
    ["dark", 390],
  ]) {
    await t.test(`axe finds nothing, ${colorScheme}`, async () => {
      const page = await open(site, "errata.html#v=1&at=3&3.learning_rate=x&99.a=1", {
        colorScheme,
        viewport: { width, height: 800 },
      });
      await page.locator("#all").click();
      await page.waitForFunction(
        () => /^31 of 32 computed/.test(document.querySelector("#progress").textContent),
        null,
        { timeout: 120_000 },
      );
      await accessible(page);
      page.verify();
    });
  }

  await t.test("it is no wider than its window", async () => {
    const page = await open(site, "errata.html");
    await computeAll(page);
    for (const width of [360, 390, 768, 1280, 1920]) {
      await page.setViewportSize({ width, height: 800 });
      const wide = await page.evaluate(async () => {
        for (let i = 0; i < 2; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
        const over = [...document.querySelectorAll("article *")].filter(
          (element) =>
            !element.closest(".visually-hidden, thead") &&
            element.getBoundingClientRect().right > document.documentElement.clientWidth + 1,
        );
        return [document.documentElement.scrollWidth, over.map((element) => element.outerHTML.slice(0, 200))];
      });
      assert.ok(wide[0] <= width, `${wide[0]} px at ${width}`);
      assert.deepEqual(wide[1], [], `at ${width}`);
    }
    page.verify();
  });
});
