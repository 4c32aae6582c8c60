// Headless Chromium with the wasm package, and whatever a benchmark adds to it, at an origin of its own; no server is needed.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const ORIGIN = "http://localhost/";
const CANDIDATES = ["/usr/bin/chromium", "/usr/bin/google-chrome"];

/** Starts the browser; the page finds the package in `pkg/` and the folder `scripts/bench-peers/` in `bench/`. */
export async function openPage() {
  const browser = await chromium.launch({
    executablePath: process.env.CHROME_PATH || CANDIDATES.find((path) => existsSync(path)),
    args: [
      "--no-sandbox",
      "--headless=new",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  });
  const context = await browser.newContext();
  const folders = { pkg: "../www/engine/pkg/", bench: "bench-peers/" };
  await context.route(`${ORIGIN}**`, (route) => {
    const [, folder, file] = new URL(route.request().url()).pathname.split("/");
    if (!file) return route.fulfill({ body: "", contentType: "text/html" });
    return route.fulfill({ path: fileURLToPath(new URL(folders[folder] + file, import.meta.url)) });
  });
  const page = await context.newPage();
  await page.goto(ORIGIN);
  return { browser, page, origin: ORIGIN };
}
