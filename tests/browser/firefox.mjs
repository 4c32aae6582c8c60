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
  const perform = (actions) => send("input.performActions", { context, actions });
  return { evaluate, until, perform, wrong, close: () => send("browsingContext.close", { context }) };
}

/** Keys by the names that playwright has for them, as WebDriver writes them. */
const KEYS = {
  Tab: "\ue004",
  Enter: "\ue007",
  Shift: "\ue008",
  Control: "\ue009",
  Escape: "\ue00c",
  Space: " ",
  End: "\ue010",
  Home: "\ue011",
  ArrowLeft: "\ue012",
  ArrowUp: "\ue013",
  ArrowRight: "\ue014",
  ArrowDown: "\ue015",
};

/**
 * A page of Firefox with the methods of playwright's that harness.mjs and the tests use, so that both browsers go through the same
 * steps. Selectors are CSS; clicks and keys are those of a person.
 */
export function driven({ evaluate: plain, perform, wrong, close }) {
  let url = "";
  /** The page's answer; where the page is by then is remembered, since playwright tells that at once. */
  const evaluate = async (work, ...values) => {
    const source = `async (...values) => [location.href, (await (${work})(...values)) ?? null]`;
    const [href, value] = await plain(source, ...values);
    url = href;
    return value;
  };
  const page = {
    evaluate,
    url: () => url,
    wrong,
    waitForTimeout: (time) => new Promise((resolve) => setTimeout(resolve, time)),
    async waitForFunction(work, value, { timeout = 60_000 } = {}) {
      const end = Date.now() + timeout;
      for (;;) {
        const found = await evaluate(work, value);
        if (found) return found;
        if (Date.now() > end) throw new Error(`waited in vain for ${work}: ${JSON.stringify(wrong)}`);
        await page.waitForTimeout(50);
      }
    },
    keyboard: {
      async press(chord) {
        const keys = chord.split("+").map((key) => KEYS[key] ?? key);
        const down = keys.map((value) => ({ type: "keyDown", value }));
        const up = [...keys].reverse().map((value) => ({ type: "keyUp", value }));
        await perform([{ type: "key", id: "keyboard", actions: [...down, ...up] }]);
      },
    },
    locator: (selector) => locate([selector], 0),
    /** Fails for every error, failed request and request to another origin so far. */
    verify() {
      if (wrong.length > 0) throw new Error(wrong.join("\n"));
    },
    close,
  };

  /** `path` are selectors, each within what the one before has found; `nth` chooses among them. */
  function locate(path, nth) {
    const all = `[...${JSON.stringify(path)}.reduce((roots, selector) => roots.flatMap((root) => [...root.querySelectorAll(selector)]), [document])]`;
    const one = `${all}.at(${nth})`;
    const of = (work, value) => evaluate(`(value) => (${work})(${one}, value)`, value ?? null);
    const found = {
      locator: (selector) => locate([...path, selector], 0),
      first: () => locate(path, 0),
      last: () => locate(path, -1),
      nth: (n) => locate(path, n),
      count: () => evaluate(`() => ${all}.length`),
      waitFor: () => page.waitForFunction(`() => ${one}?.checkVisibility()`),
      evaluate: of,
      evaluateAll: (work) => evaluate(`() => (${work})(${all})`),
      allTextContents: () => evaluate(`() => ${all}.map((element) => element.textContent)`),
      textContent: () => of((element) => element.textContent),
      inputValue: () => of((element) => element.value),
      getAttribute: (name) => of((element, attribute) => element.getAttribute(attribute), name),
      scrollIntoViewIfNeeded: () => of((element) => element.scrollIntoView({ block: "center" })),
      focus: () => of((element) => element.focus()),
      blur: () => of((element) => element.blur()),
      async fill(text) {
        await found.waitFor();
        await of((element, value) => {
          element.focus();
          element.value = value;
          element.dispatchEvent(new Event("input", { bubbles: true }));
        }, text);
        // What a person has typed is told when the field is left.
        await of((element) =>
          element.addEventListener(
            "blur",
            () => element.dispatchEvent(new Event("change", { bubbles: true })),
            { once: true },
          ),
        );
      },
      selectOption: (value) =>
        of((element, chosen) => {
          element.value = chosen;
          for (const type of ["input", "change"]) element.dispatchEvent(new Event(type, { bubbles: true }));
        }, value),
      async click() {
        await found.waitFor();
        const [x, y] = await of((element) => {
          element.scrollIntoView({ block: "center" });
          const box = element.getBoundingClientRect();
          return [box.x + box.width / 2, box.y + box.height / 2];
        });
        const at = { type: "pointerMove", x: Math.round(x), y: Math.round(y) };
        const press = [
          { type: "pointerDown", button: 0 },
          { type: "pointerUp", button: 0 },
        ];
        await perform([{ type: "pointer", id: "mouse", actions: [at, ...press] }]);
      },
    };
    return found;
  }
  return page;
}
