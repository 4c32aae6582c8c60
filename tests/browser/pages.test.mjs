// Every page of the production build: what axe says in both themes, and that its policy lets nothing in.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { accessibleInBothThemes, open, setUp } from "./harness.mjs";

const dist = new URL("../../dist/", import.meta.url);
const PAGES = readdirSync(dist).filter((name) => name.endsWith(".html"));
const SMALL = "v=1&replicas=500&steps=50&points=3";
/** The instruments that stand alone, with a scenario that shows something in each. */
const INSTRUMENTS = {
  sweep: "",
  cloud: "",
  directions: "",
  stability: "",
  escape: "&loss=piecewise_quadratic&covariance=curvature&batch_size=3&noise_variance=0&learning_rate=0.6",
  posterior: "&learning_rate=0.3",
  data: "&loss=least_squares&data=diabetes&columns=bmi,bp&covariance=minibatch&batch_size=8&learning_rate=0.3",
  "over-time": "",
  correlation: "",
  optimizers: "&learning_rate=0.5",
};
const ADDRESSES = PAGES.flatMap((page) => {
  if (page === "embed.html")
    return Object.entries(INSTRUMENTS).map(
      ([name, scenario]) => `${page}#instrument=${name}&${SMALL}${scenario}`,
    );
  return [page === "lab.html" || page === "experiment.html" ? `${page}#${SMALL}` : page];
});
/** What a page is kept from. */
const REFUSED = ["script-src-elem", "script-src-attr", "img-src", "frame-src", "connect-src", "script-src"];
const calm = { reducedMotion: "reduce" };

/** Opens everything that is folded, lets what is below come into view, and waits a while until nothing new appears. */
async function unfold(page) {
  await page.evaluate(async () => {
    for (const fold of document.querySelectorAll("details:not(.menu)")) fold.open = true;
    for (let y = 0; y < document.documentElement.scrollHeight; y += 600) {
      window.scrollTo(0, y);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    for (const fold of document.querySelectorAll("details:not(.menu)")) fold.open = true;
    window.scrollTo(0, 0);
  });
  // The gallery measures for minutes: it is looked at as it is then.
  for (let [before, tries] = [-1, 0]; tries < 10; tries++) {
    const now = await page.evaluate(() => document.body.innerText.length);
    if (now === before) return;
    before = now;
    await page.waitForTimeout(400);
  }
}

test("every page", async (t) => {
  const site = await setUp(t);
  assert.equal(PAGES.length, 7, PAGES.join());
  // The registry names each once; a new one is to be looked at here too.
  const registry = readFileSync(new URL("../../www/pages/instruments.ts", import.meta.url), "utf8");
  const names = [...registry.matchAll(/^ {4}name: "([a-z-]+)"/gm)].map(([, name]) => name);
  assert.deepEqual(Object.keys(INSTRUMENTS).sort(), names.sort());

  for (const address of ADDRESSES) {
    await t.test(`axe finds nothing, light and dark: ${address}`, async () => {
      const page = await open(site, address, calm);
      await unfold(page);
      await accessibleInBothThemes(page);
      page.verify();
      await page.context().close();
    });
  }

  await t.test("the Lab's menus and windows, opened", async () => {
    const page = await open(site, `lab.html#${SMALL}`, calm);
    await page.locator("#stability:not(:empty)").waitFor();
    for (const menu of [".presets", ".share"]) {
      await page.locator(`${menu} > summary`).click();
      await accessibleInBothThemes(page);
      await page.locator(`${menu} > summary`).click();
    }
    for (const button of ["Keys", "What am I seeing?"]) {
      await page.getByRole("button", { name: button }).first().click();
      await page.getByRole("dialog").waitFor();
      await accessibleInBothThemes(page);
      await page.keyboard.press("Escape");
    }
    page.verify();
    await page.context().close();
  });

  for (const name of PAGES) {
    await t.test(`${name} lets in no foreign script, style or request`, async () => {
      const [policy, ...more] = readFileSync(new URL(name, dist), "utf8").match(
        /<meta\s+http-equiv="Content-Security-Policy"\s+content="[^"]*"/g,
      );
      assert.equal(more.length, 0);
      const rules = Object.fromEntries(
        /content="([^"]*)"/
          .exec(policy)[1]
          .split(";")
          .map((rule) => rule.trim().split(/\s+(.*)/)),
      );
      assert.equal(rules["default-src"], "'self'");
      assert.equal(rules["script-src"], "'self' 'wasm-unsafe-eval'");
      for (const rule of ["object-src", "base-uri", "form-action"]) assert.equal(rules[rule], "'none'", rule);
      // Not that of the page which is opened, whose watching would take what is refused for a failure.
      const context = await site.browser.newContext();
      const page = await context.newPage();
      await page.goto(site.url + name);
      const found = await page.evaluate(async (directives) => {
        const refused = [];
        document.addEventListener("securitypolicyviolation", (event) =>
          refused.push(event.effectiveDirective),
        );
        const add = (tag, fill) => {
          const element = Object.assign(document.createElement(tag), fill);
          document.body.append(element);
          return element;
        };
        add("script", { textContent: "window.inlineRan = true" });
        add("div", { innerHTML: "<img src=x: onerror='window.handlerRan = true'>" });
        add("script", { src: "https://elsewhere.example/x.js" });
        add("img", { src: "https://elsewhere.example/x.png" });
        add("iframe", { src: "https://elsewhere.example/" });
        // By the page's own clock: what a debugger evaluates is not held to the policy.
        const evaluated = await new Promise((resolve) => {
          setTimeout(() => {
            const tries = [() => (0, eval)("1"), () => new Function("return 1")()];
            resolve(
              tries.map((act) => {
                try {
                  return act();
                } catch (error) {
                  return error.name;
                }
              }),
            );
          });
        });
        const fetched = await fetch("https://elsewhere.example/").then(
          () => "fetched",
          () => "refused",
        );
        // Told when the browser comes to it.
        for (let tries = 0; tries < 50 && !directives.every((one) => refused.includes(one)); tries++)
          await new Promise((resolve) => setTimeout(resolve, 100));
        return { refused, evaluated, fetched, ran: [window.inlineRan, window.handlerRan] };
      }, REFUSED);
      assert.deepEqual(found.ran, [undefined, undefined]);
      assert.deepEqual(found.evaluated, ["EvalError", "EvalError"]);
      assert.equal(found.fetched, "refused");
      for (const directive of REFUSED)
        assert.ok(found.refused.includes(directive), `${directive} is not refused: ${found.refused}`);
      await context.close();
    });
  }
});
