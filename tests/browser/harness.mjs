// What every browser test shares: the production build served from a sub-path, a browser, and a page that is watched for
// whatever must never happen.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { chromium } from "playwright-core";
import { serve } from "../../scripts/static-server.mjs";
import { launchFirefox } from "./firefox.mjs";

/** Where the site lies: never at the root, since it must work from any folder of any host. */
const BASE = "/some/path/";

const CANDIDATES = ["/usr/bin/chromium", "/usr/bin/google-chrome"];
const executablePath = process.env.CHROME_PATH || CANDIDATES.find((path) => existsSync(path));

/**
 * What is off in the browser: first what playwright turns off, since of two such flags only the last one holds; then what the address bar
 * of every window keeps ready in a process of its own, for half a second of a processor with each page that is opened here.
 */
const OFF = [
  "AimEnabled",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsFirstBalancedModeAutoEnable",
  "HttpsUpgrades",
  "LensOverlay",
  "MediaRouter",
  "NetworkTimeServiceQuerying",
  "OptimizationHints",
  "PaintHolding",
  "PreconnectToSearch",
  "ThirdPartyStoragePartitioning",
  "WebUIOmniboxAimPopup",
  "WebUIOmniboxPopup",
];

/**
 * Flags for a machine without a screen; the last ones keep the browser from calling home. Its own windows are without motion; what a page
 * is told about motion is a matter of the page.
 */
const FLAGS = [
  "--no-sandbox",
  "--headless=new",
  "--disable-gpu",
  `--disable-features=${OFF}`,
  "--force-prefers-reduced-motion",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** The command line: scripts/test builds it; whoever has built another one lately has that run. */
export const program = [
  process.env.NOISY_DESCENT,
  at("target/release/noisy-descent"),
  at("target/debug/noisy-descent"),
].find((path) => path && existsSync(path));

/** What a test is run in: Chromium, or with `BROWSER=firefox` Firefox. */
export const inFirefox = process.env.BROWSER === "firefox";

/**
 * Starts a server and a browser; pages are opened relative to `page`. `asked` collects what the server is asked for, `opened` what is open,
 * and `close` ends all of it.
 */
export async function startSite(page = "", firefox = inFirefox) {
  const dir = at("dist/");
  const asked = new Set();
  const server = await serve({ dir, base: BASE, port: 0, heard: (path) => asked.add(path) });
  const browser = await (firefox ? launchFirefox() : chromium.launch({ executablePath, args: FLAGS }));
  const close = async () => {
    await browser.close();
    await server.close();
  };
  return { browser, url: `${server.url}${page}`, asked, opened: [], close };
}

/**
 * A site for the tests of one file; `t` is node's test context. A page that a test opens is gone with it: what it still computes would be
 * in the way of the next.
 */
export async function setUp(t, page = "", firefox = inFirefox) {
  const site = await startSite(page, firefox);
  t.after(site.close);
  let kept = 0; // what is opened outside of a test is for several
  t.beforeEach(() => {
    kept = site.opened.length;
  });
  t.afterEach(async () => {
    for (const context of site.opened.splice(kept)) await context.close();
  });
  return site;
}

/**
 * What the pages have loaded since `site.asked` was cleared, workers and what they load included: names of files, and their size
 * together as a host sends them, with brotli.
 */
export function loaded({ asked }) {
  const files = [...asked].map((path) => (path.endsWith("/") ? `${path}index.html` : path));
  const bytes = files.reduce(
    (sum, path) =>
      sum + brotliCompressSync(readFileSync(new URL(`../../dist${path}`, import.meta.url))).length,
    0,
  );
  return { files, bytes };
}

/**
 * Opens a page and watches it: an error on the console, an exception, a failed request, or a request to another origin
 * fails the test when `page.verify()` is called. `init` is run in the page before anything of its own.
 */
export async function open({ browser, url, opened }, hash = "", { init, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  opened.push(context);
  if (init) await context.addInitScript(init);
  const page = await context.newPage();
  const wrong = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") wrong.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => wrong.push(`exception: ${error.message}`));
  page.on("requestfailed", (request) => {
    // A reload may come before the browser has its icon.
    const left =
      request.url().endsWith("/icon.svg") &&
      ["net::ERR_ABORTED", "NS_BINDING_ABORTED"].includes(request.failure()?.errorText);
    if (!left) wrong.push(`failed: ${request.url()}`);
  });
  context.on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin && !/^(data|blob):/.test(request.url())) {
      wrong.push(`another origin: ${request.url()}`);
    }
  });
  // By the clock: to ask at every frame, as is usual, makes the browser produce frames for nothing.
  const wait = page.waitForFunction.bind(page);
  page.waitForFunction = (test, arg, options) => wait(test, arg, { polling: 20, ...options });
  page.verify = () => assert.deepEqual(wrong, []);
  await page.goto(url + hash);
  return page;
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe knows of colours. */
const COLOURS = ["color-contrast", "link-in-text-block"];

/**
 * Takes rows out of axe's way, or puts them back. In a long table that is all there is to look at for most of its time, and nothing to find:
 * beyond a table's third row, those with nothing but text in them, and no class, role or other attribute. The table keeps its size, so that
 * what scrolls does so still.
 */
function setRows(display) {
  const bare = (cell) => cell.childElementCount === 0 && (cell.localName === "th" || !cell.hasAttributes());
  const alike = [...document.querySelectorAll("tbody > tr:nth-child(n + 4)")].filter(
    (row) => ["", "style"].includes(row.getAttributeNames().join()) && [...row.cells].every(bare),
  );
  const tables = [...new Set(alike.map((row) => row.closest("table")))];
  const sizes = tables.map(({ offsetWidth, offsetHeight }) => [offsetWidth, offsetHeight]);
  for (const [i, { style }] of tables.entries())
    [style.minWidth, style.height] = display === "" ? ["", ""] : sizes[i].map((size) => `${size}px`);
  for (const { style } of alike) style.display = display;
}

/** Fails for everything that axe finds wrong with a page as it stands, or with what some rules are about. */
export async function accessible(page, rules) {
  // Through the debugger: the page's own policy would let no foreign script in.
  await page.evaluate(axe);
  await page.evaluate(setRows, "none");
  const { violations } = await page.evaluate(
    // Of what is right it need not say where.
    (runOnly) =>
      globalThis.axe.run(document, { resultTypes: ["violations"], ...(runOnly ? { runOnly } : {}) }),
    rules,
  );
  await page.evaluate(setRows, "");
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`),
    [],
  );
}

/** The same of a page in both themes, of which the other one is another set of colours and nothing else. */
export async function accessibleInBothThemes(page) {
  await accessible(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await accessible(page, COLOURS);
  await page.emulateMedia({ colorScheme: "light" });
}

/** Opens every fold of a page. */
export const unfold = (page) =>
  page.locator("details").evaluateAll((folds) => {
    for (const fold of folds) fold.open = true;
  });

/** Scrolls to an instrument, as a reader would: it works when it is seen. */
export const see = (page, instrument) => page.locator(instrument).scrollIntoViewIfNeeded();

/** A sweep that is quick: 12 points, 2000 replicas, 300 steps. */
export const SMALL = "replicas=2000&steps=300&points=12";

/** Waits until the sweep that is shown has been measured. */
export async function measured(page) {
  await page.waitForFunction(
    () => /points?, .* in /.test(document.querySelector("nd-sweep .status")?.textContent ?? ""),
    null,
    {
      timeout: 60_000,
    },
  );
}

/** The sweep's data as its own table says them: an array of rows by column name. */
export async function sweepTable(page) {
  await page.locator("nd-sweep details").evaluate((details) => {
    details.open = true;
  });
  await page.locator("nd-sweep .scroll table").waitFor();
  return page.locator("nd-sweep .scroll table").evaluate((table) => {
    const names = [...table.querySelectorAll("th")].map((cell) => cell.textContent);
    const number = (text) => (text === "–" ? null : Number(text.replace("−", "-").replace(/\s/g, "")));
    return [...table.querySelectorAll("tbody tr")].map((row) =>
      Object.fromEntries([...row.children].map((cell, i) => [names[i], number(cell.textContent)])),
    );
  });
}

/** An instrument's own table, as rows by column name. */
export async function table(page, instrument) {
  await see(page, instrument);
  await page.locator(`${instrument} details.data`).evaluate((details) => {
    details.open = true;
  });
  await page.locator(`${instrument} .scroll table`).waitFor();
  return page.locator(`${instrument} .scroll table`).evaluate((element) => {
    const names = [...element.querySelectorAll("thead th")].map((cell) => cell.textContent);
    const read = (text) => {
      const [mantissa, power] = text.replace("−", "-").replace(/\s/g, "").split("×10");
      const exponent = [...(power ?? "⁰")].map((sign) => "-0123456789"["⁻⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(sign)]).join("");
      const value = Number(`${mantissa}e${exponent}`);
      return text === "–" ? null : Number.isNaN(value) ? text : value;
    };
    return [...element.querySelectorAll("tbody tr")].map((row) =>
      Object.fromEntries([...row.children].map((cell, i) => [names[i], read(cell.textContent)])),
    );
  });
}

/** Waits until an instrument's table passes a test, and gives it. */
export async function tableWhen(page, instrument, passes) {
  for (let tries = 0; ; tries++) {
    const rows = await table(page, instrument);
    if (passes(rows)) return rows;
    assert.ok(tries < 60, `${instrument} shows ${JSON.stringify(rows)}`);
    await page.waitForTimeout(100);
  }
}

/** Types into a control as a person would: everything that stood there is replaced. */
export async function type(page, parameter, text) {
  const field = page.locator(`[data-parameter="${parameter}"]`).locator("input[type=text], textarea").first();
  await field.fill(text);
  await field.blur();
}

/** The message beside a control; empty when there is none. */
export async function message(page, parameter) {
  return (
    await page.locator(`[data-parameter="${parameter}"] .problem:not([hidden])`).allTextContents()
  ).join();
}

/** Waits for a message beside a control. */
export async function complaint(page, parameter) {
  await page.locator(`[data-parameter="${parameter}"] .problem:not([hidden])`).waitFor();
  return message(page, parameter);
}

/** The hash as parameters. */
export const hashOf = (page) => Object.fromEntries(new URLSearchParams(new URL(page.url()).hash.slice(1)));
