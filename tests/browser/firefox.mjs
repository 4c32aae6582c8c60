// Firefox by its own remote protocol, WebDriver BiDi over a socket: as much of it as the tests need. playwright drives only a Firefox
// that it has patched.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";

const CANDIDATES = [
  "/usr/bin/firefox-esr",
  "/usr/bin/firefox",
  "/Applications/Firefox.app/Contents/MacOS/firefox",
];

/** Where Firefox is; undefined where it is not installed. */
export const firefoxPath = [process.env.FIREFOX_PATH, ...CANDIDATES].find((path) => path && existsSync(path));

/** Nothing that calls home, and nothing that asks on the first run. */
const PREFERENCES = {
  "app.update.enabled": false,
  "app.normandy.enabled": false,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "dom.push.connection.enabled": false,
  "extensions.getAddons.cache.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "data:,",
  "toolkit.telemetry.enabled": false,
  "ui.prefersReducedMotion": 1,
};

/** Starts Firefox without a screen, in a profile of its own, until `t` is over. */
export async function startFirefox(t) {
  const profile = mkdtempSync(join(tmpdir(), "noisy-descent-firefox-"));
  const lines = Object.entries(PREFERENCES).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  writeFileSync(join(profile, "user.js"), lines.join("\n"));
  const browser = spawn(
    firefoxPath,
    ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"],
    {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, MOZ_CRASHREPORTER_DISABLE: "1" },
    },
  );
  const gone = new Promise((resolve) => browser.once("exit", resolve));
  t.after(async () => {
    browser.kill();
    await gone;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  });
  const address = await new Promise((resolve, reject) => {
    let heard = "";
    browser.stderr.on("data", (data) => {
      heard += data;
      const found = /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(heard);
      if (found) resolve(`${found[1]}/session`);
    });
    browser.once("exit", (code) => reject(new Error(`Firefox ended with ${code}: ${heard.slice(-500)}`)));
    browser.once("error", reject);
  });
  const socket = new WebSocket(address, { maxPayload: 1 << 28 });
  await new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  return connected(socket);
}

/** Commands and events over a socket. */
async function connected(socket) {
  const waiting = new Map();
  const listeners = new Set();
  let last = 0;
  socket.on("message", (data) => {
    const message = JSON.parse(data);
    if (message.type === "event") for (const hear of listeners) hear(message.method, message.params);
    const promise = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.type === "success") promise?.resolve(message.result);
    if (message.type === "error") promise?.reject(new Error(`${message.error}: ${message.message}`));
  });
  const send = (method, params) =>
    new Promise((resolve, reject) => {
      waiting.set(++last, { resolve, reject });
      socket.send(JSON.stringify({ id: last, method, params }));
    });
  await send("session.new", { capabilities: {} });
  await send("session.subscribe", {
    events: ["log.entryAdded", "network.fetchError", "network.beforeRequestSent"],
  });
  return { send, listen: (hear) => listeners.add(hear) };
}

/** Opens a page; `wrong` collects errors, failed requests and requests to another origin. */
export async function openInFirefox({ send, listen }, url, { width = 1280, height = 800 } = {}) {
  const { context } = await send("browsingContext.create", { type: "tab" });
  await send("browsingContext.setViewport", { context, viewport: { width, height } });
  const wrong = [];
  const origin = new URL(url).origin;
  listen((method, params) => {
    if ((params.source?.context ?? params.context) !== context) return;
    if (method === "log.entryAdded" && params.level === "error") wrong.push(`${params.type}: ${params.text}`);
    if (method === "network.fetchError") wrong.push(`failed: ${params.request.url} ${params.errorText}`);
    if (method === "network.beforeRequestSent" && !/^(data|blob|about):/.test(params.request.url)) {
      if (new URL(params.request.url).origin !== origin) wrong.push(`another origin: ${params.request.url}`);
    }
  });
  await send("browsingContext.navigate", { context, url, wait: "complete" });
  /** The value of a function of the page, by way of JSON; its arguments too. */
  const evaluate = async (work, ...values) => {
    const { result, exceptionDetails } = await send("script.callFunction", {
      target: { context },
      awaitPromise: true,
      functionDeclaration: `async () => JSON.stringify(await (${work})(...${JSON.stringify(values)})) ?? "null"`,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.text);
    return JSON.parse(result.value);
  };
  /** Waits until a function of the page gives something, and gives it. */
  const until = async (work, ...values) => {
    const end = Date.now() + 60_000;
    for (;;) {
      const found = await evaluate(work, ...values);
      if (found) return found;
      if (Date.now() > end) throw new Error(`waited in vain for ${work} on ${url}: ${JSON.stringify(wrong)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  return { evaluate, until, wrong, close: () => send("browsingContext.close", { context }) };
}
