// How the instruments of the Lab are shown is in the link too: nothing that was chosen is lost on reload.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hashOf, open, setUp } from "./harness.mjs";

/** A window in which every instrument is seen at once. */
const tall = { reducedMotion: "reduce", viewport: { width: 1280, height: 6000 } };
const SMALL = "replicas=500&steps=50&points=3";

/** Every field with a name in every instrument, with what it shows. */
const shownBy = (page) =>
  page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll(".instrument")].flatMap((instrument) =>
        [...instrument.querySelectorAll(":is(select, input, button)[name]")].map((field) => [
          `${instrument.localName} ${field.name}`,
          field.localName === "button" ? field.getAttribute("aria-pressed") : field.value,
        ]),
      ),
    ),
  );
const filled = (page) =>
  page.waitForFunction(() =>
    ["nd-over-time", "nd-correlation"].every(
      (name) => document.querySelectorAll(`${name} select[name=component] option`).length > 1,
    ),
  );

test("how instruments are shown", async (t) => {
  const site = await setUp(t);
  const lab = async (hash, options = tall) => {
    const page = await open(site, `lab.html#v=1&${SMALL}${hash}`, options);
    await page.locator("#stability:not(:empty)").waitFor();
    return page;
  };
  const done = async (page) => {
    page.verify();
    await page.context().close();
  };
  const THREE = "&hessian=1,0,0;0,0.5,0;0,0,0.1";
  const DATA = "&loss=least_squares&data=diabetes&columns=bmi,bp,s5&learning_rate=0.2";

  await t.test("everything that is chosen is in the link and there again after a reload", async () => {
    const page = await lab(THREE);
    await filled(page);
    assert.equal(page.url().includes("."), page.url().includes("127.0.0.1"), page.url());
    const usual = await shownBy(page);
    // Another choice of every field that has one.
    const names = Object.keys(usual);
    assert.ok(names.length >= 10, names.join());
    const change = (name) =>
      page.evaluate((of) => {
        const [instrument, field] = of.split(" ");
        const found = document.querySelector(`${instrument} [name=${field}]`);
        if (found.localName === "button") return found.click();
        if (found.localName === "select") {
          if (found.options.length < 2) return undefined;
          found.selectedIndex = found.selectedIndex === 0 ? found.options.length - 1 : 0;
        } else found.value = String(Number(found.value) + 7);
        found.dispatchEvent(new Event("change", { bubbles: true }));
      }, name);
    for (const name of names) await change(name);
    const chosen = await shownBy(page);
    const changed = names.filter((name) => chosen[name] !== usual[name]);
    assert.ok(changed.length >= 9, changed.join());
    assert.equal(
      Object.keys(hashOf(page)).filter((key) => key.includes(".")).length,
      changed.length,
      page.url(),
    );
    const address = page.url();
    await page.reload();
    await filled(page);
    await page.waitForFunction(
      (wanted) =>
        Object.entries(wanted).every(([name, value]) => {
          const [instrument, field] = name.split(" ");
          const found = document.querySelector(`${instrument} [name=${field}]`);
          return (found.localName === "button" ? found.getAttribute("aria-pressed") : found.value) === value;
        }),
      chosen,
    );
    assert.equal(page.url(), address);
    // A change of the scenario keeps them; to go back to the usual leaves the link as short as it was.
    await page.locator('[data-parameter="momentum"] input[type=text]').fill("0.3");
    await page.waitForFunction(() => location.hash.includes("momentum=0.3"));
    assert.ok(page.url().includes("over-time.quantity="), page.url());
    for (const name of changed)
      await page.evaluate(
        ([of, value]) => {
          const [instrument, field] = of.split(" ");
          const found = document.querySelector(`${instrument} [name=${field}]`);
          if (found.localName === "button") return found.click();
          found.value = value;
          found.dispatchEvent(new Event("change", { bubbles: true }));
        },
        [name, usual[name]],
      );
    assert.deepEqual(
      Object.keys(hashOf(page)).filter((key) => key.includes(".")),
      [],
    );
    await done(page);
  });

  await t.test("a look at something is no step to undo, and comes back with its scenario", async () => {
    const page = await lab("");
    const quantity = page.locator("nd-over-time select[name=quantity]");
    await quantity.selectOption("mean");
    await page.waitForFunction(() => location.hash.includes("over-time.quantity=mean"));
    assert.ok(await page.getByRole("button", { name: "Undo" }).isDisabled());
    await page.locator('[data-parameter="momentum"] input[type=text]').fill("0.3");
    await page.waitForFunction(() => location.hash.includes("momentum=0.3"));
    await quantity.selectOption("variance");
    await page.waitForFunction(() => !location.hash.includes("quantity="));
    await page.getByRole("button", { name: "Undo" }).click();
    await page.waitForFunction(() => location.hash.includes("over-time.quantity=mean"));
    assert.equal(await quantity.inputValue(), "mean");
    await page.goBack();
    await done(page);
  });

  await t.test("the columns of the data are chosen when there are data", async () => {
    const page = await lab(`${DATA}&data.across=3&data.upwards=2`);
    await page.waitForFunction(() => document.querySelector("nd-data select[name=across]").value === "3");
    assert.equal(await page.locator("nd-data select[name=upwards]").inputValue(), "2");
    await done(page);
  });

  await t.test("what cannot be shown is said, and the rest is shown", async () => {
    const page = await lab("&over-time.quantity=mode&nobody.size=3&posterior.N=x&stability.colour=variance");
    await page.locator("#link-problem:not([hidden])").waitFor();
    const said = await page.locator("#link-problem").textContent();
    assert.match(said, /“over-time\.quantity”, which must be one of variance,/);
    assert.match(said, /“nobody\.size”, which no instrument here has/);
    assert.match(said, /“posterior\.N”, which must be a whole number from 2 on/);
    assert.equal(await page.locator("nd-stability-map select[name=colour]").inputValue(), "variance");
    await done(page);
  });

  await t.test("a frame shows its instrument as it was chosen", async () => {
    const options = { ...tall, permissions: ["clipboard-read", "clipboard-write"] };
    const page = await lab("&stability.colour=variance&over-time.quantity=mean", options);
    await page.locator(".share summary").click();
    await page.getByLabel("Instrument to embed").selectOption("over-time");
    await page.getByRole("button", { name: "Copy as embed" }).click();
    await page.locator(".said", { hasText: "Frame copied" }).waitFor();
    const frame = await page.evaluate(() => navigator.clipboard.readText());
    const source = /src="([^"]+)"/.exec(frame)[1].replaceAll("&amp;", "&");
    assert.ok(source.endsWith("&over-time.quantity=mean"), source);
    const embedded = await open(site, source.slice(site.url.length), tall);
    await embedded.locator("nd-over-time .words:not(:empty)").waitFor();
    assert.equal(await embedded.locator("nd-over-time select[name=quantity]").inputValue(), "mean");
    await done(embedded);
    await done(page);
  });
});
