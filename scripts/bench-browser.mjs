// Headless Chromium with the wasm package, and whatever a benchmark adds to it, at an origin of its own; no server is needed.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { build } from "vite";

const ORIGIN = "http://localhost/";
const CANDIDATES = ["/usr/bin/chromium", "/usr/bin/google-chrome"];

const folder = (path) => fileURLToPath(new URL(path, import.meta.url));
const ENGINE = folder("../target/bench/engine/");

/** Builds the page's engine alone, with its workers and the core. */
export async function buildEngine() {
  await build({
    configFile: false,
    logLevel: "warn",
    root: folder("../www/"),
    base: "./",
    publicDir: false,
    worker: { format: "es" },
    build: {
      outDir: ENGINE,
      emptyOutDir: true,
      target: "es2022",
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: folder("../www/engine/engine.ts"),
        preserveEntrySignatures: "strict",
        output: { entryFileNames: "engine.js" },
      },
    },
  });
}

/**
 * Starts the browser; the page finds the package in `pkg/`, the folder `scripts/bench-peers/` in `bench/`, and in `engine/` what `buildEngine`
 * built.
 */
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
  const folders = { pkg: folder("../www/engine/pkg/"), bench: folder("bench-peers/"), engine: ENGINE };
  await context.route(`${ORIGIN}**`, (route) => {
    const [, from, ...file] = new URL(route.request().url()).pathname.split("/");
    if (file.length === 0) return route.fulfill({ body: "", contentType: "text/html" });
    return route.fulfill({ path: folders[from] + file.join("/") });
  });
  const page = await context.newPage();
  await page.goto(ORIGIN);
  return { browser, page, origin: ORIGIN };
}
