// Makes the still pictures of the article from its own instruments, in dist/ as it was built: those that stand in for the instruments
// where there is no JavaScript (www/public/article/), the one that other sites show beside a link, and the two of the README.
//
//     scripts/build && node scripts/pictures.mjs && scripts/build
//     scripts/build && node scripts/pictures.mjs law second       only these sections' still pictures
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "./static-server.mjs";

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const folder = path("www/public/article/");
await mkdir(folder, { recursive: true });

const { url, close } = await serve({ dir: path("dist") });
const browser = await chromium.launch({
  executablePath: process.env.CHROME_PATH || "/usr/bin/chromium",
  args: ["--no-sandbox", "--headless=new", "--disable-gpu", "--disable-dev-shm-usage"],
});

const chosen = process.argv.slice(2);

/** The pictures of every section, or of those that are named, each settled. */
async function stills(colorScheme) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    colorScheme,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  await page.goto(url);
  for (const id of await page
    .locator(".spread")
    .evaluateAll((sections) => sections.map((section) => section.id))) {
    if (chosen.length > 0 && !chosen.includes(id)) continue;
    const section = page.locator(`#${id}`);
    await section.scrollIntoViewIfNeeded();
    await section.locator(".stage .instrument").waitFor();
    await settled(page, `#${id} .stage`);
    const summary = section.locator("details.data > summary");
    await summary.click();
    const download = page.waitForEvent("download");
    await section.getByRole("button", { name: "SVG", exact: true }).first().click();
    await (await download).saveAs(`${folder}${id}-${colorScheme}.svg`);
    await summary.click();
  }
  await context.close();
}

/** Waits until a section's words and picture stay as they are for a while. */
async function settled(page, place) {
  let before = "";
  for (let still = 0; still < 4; ) {
    await page.waitForTimeout(500);
    const now = await page.locator(place).evaluate((stage) => {
      const canvas = stage.querySelector("canvas");
      return `${stage.textContent} ${canvas?.width} ${canvas?.toDataURL().length}`;
    });
    still = now === before && !now.endsWith("undefined") ? still + 1 : 0;
    before = now;
  }
}

async function screenshot(file, { width, height, at, scroll = true, page: name = "", dark = false }) {
  const context = await browser.newContext({
    viewport: { width, height },
    reducedMotion: "reduce",
    colorScheme: dark ? "dark" : "light",
  });
  const page = await context.newPage();
  await page.goto(new URL(name, url).href);
  if (scroll) await page.locator(at).evaluate((section) => section.scrollIntoView());
  await settled(page, at);
  await writeFile(path(file), await page.screenshot());
  await context.close();
}

for (const scheme of ["light", "dark"]) await stills(scheme);
if (chosen.length === 0) {
  await screenshot("www/public/social.png", { width: 1200, height: 630, at: "#step", scroll: false });
  await screenshot("docs/article.png", { width: 1280, height: 800, at: "#discrete" });
  await screenshot("docs/lab.png", {
    page: "lab.html",
    // So wide that the sweep and the ensemble stand beside each other.
    width: 1720,
    height: 980,
    at: ".instruments",
    scroll: false,
    dark: true,
  });
}
await browser.close();
await close();
