// What the tests need of a page and playwright does not do in Firefox, or not as a person would: how a page is shown, typing, touch, and
// files that are saved. It reaches into playwright, whose version package.json holds fast.
import { basename } from "node:path";
import { reaching } from "./firefox-workers.mjs";

/** Runs in Firefox's own scope, for want of a command: how the page of an id is shown. */
const SHOW = `(id, colorScheme, reducedMotion, hasTouch) => {
  const { NavigableManager } = ChromeUtils.importESModule("chrome://remote/content/shared/NavigableManager.sys.mjs");
  const page = NavigableManager.getBrowsingContextById(id);
  page.prefersColorSchemeOverride = colorScheme;
  page.prefersReducedMotionOverride = reducedMotion;
  page.touchEventsOverride = hasTouch ? "enabled" : "disabled";
}`;

/** For a browser: what makes its new pages complete, by the options of their context. */
export async function completed(browser) {
  const inside = (object) => browser._connection.toImpl(object);
  const session = inside(browser)._browserSession;
  const send = session.send.bind(session);
  // playwright sets colours by a command that Firefox does not know.
  session.send = async (method, params) =>
    method === "emulation.setMediaFeaturesOverride" ? {} : send(method, params);
  const { contexts } = await send("browsingContext.getTree", { "moz:scope": "chrome" });

  /** Calls a function in Firefox's own scope. */
  const within = async (work, ...values) => {
    const { result, exceptionDetails } = await send("script.callFunction", {
      target: { context: contexts[0].context },
      awaitPromise: true,
      functionDeclaration: work,
      arguments: values.map((value) => ({ type: typeof value, value })),
    });
    if (exceptionDetails) throw new Error(exceptionDetails.text);
    return result.value;
  };
  const show = (page, { colorScheme, reducedMotion, hasTouch }) =>
    within(SHOW, inside(page).delegate._session.sessionId, colorScheme, reducedMotion, hasTouch);
  const reach = await reaching(within, inside);

  return async (page, options) => {
    const shown = { colorScheme: "light", reducedMotion: "no-preference", hasTouch: false, ...options };
    await show(page, shown);
    page.emulateMedia = (change) => show(page, Object.assign(shown, change));
    const { delegate } = inside(page);
    types(page, delegate);
    taps(delegate);
    saves(inside(browser), inside(page), delegate);
    reach(page);
    return page;
  };
}

/** Text goes in as typed: playwright would set the value, and Firefox tell of no change when the field is left. */
function types(page, delegate) {
  delegate.rawKeyboard.sendText = (_, text) =>
    page.evaluate((typed) => void document.execCommand("insertText", false, typed), text);
}

/** A tap of a finger, which playwright leaves out. */
function taps({ rawTouchscreen, _session: session }) {
  rawTouchscreen.tap = (_, x, y) =>
    session.send("input.performActions", {
      context: session.sessionId,
      actions: [
        {
          type: "pointer",
          id: "finger",
          parameters: { pointerType: "touch" },
          actions: [
            { type: "pointerMove", x: Math.round(x), y: Math.round(y) },
            { type: "pointerDown", button: 0 },
            { type: "pointerUp", button: 0 },
          ],
        },
      ],
    });
}

/** A file that is saved: playwright looks for a number of it, which Firefox does not give. */
function saves(browser, page, { _session: session }) {
  const names = new Map();
  session.on("browsingContext.downloadWillBegin", ({ url, suggestedFilename }) =>
    names.set(url, suggestedFilename),
  );
  session.on("browsingContext.downloadEnd", ({ url, filepath, status }) => {
    const failed = status === "complete" ? undefined : status;
    browser.downloadCreated(page, url, url, names.get(url), basename(filepath ?? ""));
    browser.downloadFinished(url, failed);
  });
}
