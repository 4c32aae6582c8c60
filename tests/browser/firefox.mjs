// Firefox as it is installed, by playwright over WebDriver BiDi: the same tests drive it as drive Chromium. What playwright's or Firefox's
// part of BiDi leaves out is in firefox-page.mjs.
import { existsSync } from "node:fs";
import { firefox } from "playwright-core";
import { completed } from "./firefox-page.mjs";

const CANDIDATES = [
  "/usr/bin/firefox-esr",
  "/usr/bin/firefox",
  "/Applications/Firefox.app/Contents/MacOS/firefox",
];

/** Where Firefox is; undefined where it is not installed. */
export const firefoxPath = [process.env.FIREFOX_PATH, ...CANDIDATES].find((path) => path && existsSync(path));

/** Nothing that calls home, nothing that asks on the first run, and a clipboard that a test may read. */
const PREFERENCES = {
  "app.normandy.enabled": false,
  "app.update.enabled": false,
  "browser.download.alwaysOpenPanel": false,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "dom.events.testing.asyncClipboard": true,
  "dom.push.connection.enabled": false,
  "extensions.getAddons.cache.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "data:,",
  "toolkit.telemetry.enabled": false,
};

/** Starts Firefox without a screen, in a profile of its own; the browser is used as playwright's Chromium is. */
export async function launchFirefox() {
  if (!firefoxPath) throw new Error("Firefox is not installed: scripts/setup --browser does where it can");
  const browser = await firefox.launch({
    channel: "moz-firefox",
    executablePath: firefoxPath,
    args: ["--remote-allow-system-access"],
    firefoxUserPrefs: PREFERENCES,
  });
  const complete = await completed(browser);
  const newContext = browser.newContext.bind(browser);
  // A phone is a narrow page with touch here, and for the clipboard there are no permissions to give.
  browser.newContext = async ({ isMobile, permissions, ...options } = {}) => {
    const context = await newContext(options);
    const newPage = context.newPage.bind(context);
    context.newPage = async () => complete(await newPage(), options);
    return context;
  };
  return browser;
}
