import { afterEach, describe, expect, test, vi } from "vitest";
import { type HostOptions, hostPlot } from "./host";
import { line } from "./marks/line";
import { plotOf } from "./testing";
import { darkTheme, lightTheme } from "./theme";

/** Just enough of a browser: events, animation frames that are run by hand, and canvases that draw nothing. */
function browser() {
  const context = () =>
    new Proxy({} as Record<string, unknown>, {
      get: (state, name: string) =>
        name in state
          ? state[name]
          : name === "canvas"
            ? {}
            : name === "measureText"
              ? () => ({ width: 1 })
              : () => {},
    });
  const canvases: { width: number; height: number; style: Record<string, string>; removed: boolean }[] = [];
  const makeCanvas = () => {
    const attributes: Record<string, string> = {};
    const canvas = {
      width: 300,
      height: 150,
      style: {} as Record<string, string>,
      removed: false,
      drawing: context(),
      getContext: () => canvas.drawing,
      setAttribute: (name: string, value: string) => {
        attributes[name] = value;
      },
      getAttribute: (name: string) => attributes[name] ?? null,
      remove: () => {
        canvas.removed = true;
      },
      toBlob: (take: (blob: unknown) => void) => take(`${canvas.width}x${canvas.height}`),
    };
    canvases.push(canvas);
    return canvas;
  };
  const queries = new Map<string, EventTarget & { matches: boolean }>();
  const frames = new Map<number, () => void>();
  const observers: { act: () => void; live: boolean }[] = [];
  let id = 0;
  class Observer {
    readonly entry: { act: () => void; live: boolean };
    constructor(act: () => void) {
      this.entry = { act, live: false };
      observers.push(this.entry);
    }
    observe() {
      this.entry.live = true;
    }
    disconnect() {
      this.entry.live = false;
    }
  }
  const window = {
    devicePixelRatio: 2,
    ResizeObserver: Observer,
    MutationObserver: Observer,
    requestAnimationFrame: (act: () => void) => {
      id += 1;
      frames.set(id, act);
      return id;
    },
    cancelAnimationFrame: (which: number) => frames.delete(which),
    matchMedia: (query: string) => {
      const found = queries.get(query) ?? Object.assign(new EventTarget(), { matches: false });
      queries.set(query, found);
      return found;
    },
  };
  const document = Object.assign(new EventTarget(), {
    defaultView: window,
    hidden: false,
    fonts: new EventTarget(),
    documentElement: {},
    createElement: makeCanvas,
  });
  const element = { ownerDocument: document, clientWidth: 400, clientHeight: 250, append: () => {} };
  vi.stubGlobal("getComputedStyle", () => ({ getPropertyValue: () => "" }));
  const runFrames = () => {
    const waiting = [...frames.values()];
    frames.clear();
    for (const act of waiting) act();
    return waiting.length;
  };
  return { canvases, document, element, frames, observers, queries, runFrames, window };
}

function setUp(options: Partial<HostOptions> = {}) {
  const page = browser();
  const sizes: [number, number][] = [];
  const host = hostPlot(page.element as unknown as HTMLElement, {
    plot: (width, height) => {
      sizes.push([width, height]);
      return { ...plotOf([line({ x: [0, 1], y: [0, 1] })]), width, height };
    },
    ...options,
  });
  return { ...page, host, sizes };
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("hostPlot", () => {
  test("draws once for many requests, at the device's resolution, and says what is seen", () => {
    const { canvases, host, runFrames, sizes } = setUp();
    host.invalidate();
    host.invalidate();
    expect(runFrames()).toBe(1);
    expect(sizes).toEqual([[400, 250]]);
    expect([canvases[0]?.width, canvases[0]?.height]).toEqual([800, 500]);
    expect(host.canvas.getAttribute("aria-label")).toBe("A test. Marks for a test.");
    expect(host.frame?.width).toBe(400);
    expect(host.toSvg()).toMatch(/^<svg/);
  });

  test("draws nothing while hidden and catches up on return", () => {
    const { document, host, runFrames, sizes } = setUp();
    document.hidden = true;
    runFrames();
    expect(sizes).toEqual([]);
    expect(host.toSvg()).toBe("");
    document.hidden = false;
    document.dispatchEvent(new Event("visibilitychange"));
    runFrames();
    expect(sizes).toHaveLength(1);
  });

  test("redraws for another size, but not for the height that it set itself", () => {
    const { canvases, element, observers, runFrames, sizes } = setUp({ height: (width) => width / 2 });
    runFrames();
    expect(canvases[0]?.style.height).toBe("200px");
    element.clientHeight = 200;
    observers[0]?.act();
    expect(runFrames()).toBe(0);
    element.clientWidth = 300;
    observers[0]?.act();
    expect(runFrames()).toBe(1);
    expect(sizes.at(-1)).toEqual([300, 150]);
  });

  test("redraws for another colour scheme, theme attribute, font or pixel ratio, again and again", () => {
    const { canvases, document, observers, queries, runFrames, window } = setUp();
    runFrames();
    queries.get("(prefers-color-scheme: dark)")?.dispatchEvent(new Event("change"));
    expect(runFrames()).toBe(1);
    observers[1]?.act();
    expect(runFrames()).toBe(1);
    document.fonts.dispatchEvent(new Event("loadingdone"));
    expect(runFrames()).toBe(1);
    for (const ratio of [3, 1]) {
      const before = window.devicePixelRatio;
      window.devicePixelRatio = ratio;
      queries.get(`(resolution: ${before}dppx)`)?.dispatchEvent(new Event("change"));
      expect(runFrames()).toBe(1);
      expect(canvases[0]?.width).toBe(400 * ratio);
    }
  });

  test("takes the dark theme where the page sets no colours and the visitor wants dark", () => {
    const { host, queries, runFrames } = setUp();
    const query = queries.get("(prefers-color-scheme: dark)");
    runFrames();
    expect(host.toSvg()).toContain(lightTheme.paper);
    if (query !== undefined) query.matches = true;
    expect(host.toSvg()).toContain(darkTheme.paper);
  });

  test("exports a PNG of twice the size", async () => {
    const { host, runFrames } = setUp();
    expect(await host.toPng()).toBeUndefined();
    runFrames();
    expect(await host.toPng()).toBe("864x564");
    expect(await host.toPng(3)).toBe("1296x846");
  });

  test("leaves nothing behind", () => {
    const { canvases, document, frames, host, observers, queries, runFrames } = setUp();
    runFrames();
    host.invalidate();
    host.dispose();
    expect(frames.size).toBe(0);
    for (const target of [document, document.fonts, ...queries.values()]) {
      for (const kind of ["change", "visibilitychange", "loadingdone"]) target.dispatchEvent(new Event(kind));
    }
    host.invalidate();
    expect(frames.size).toBe(0);
    expect(observers.some((observer) => observer.live)).toBe(false);
    expect(canvases[0]?.removed).toBe(true);
  });

  test("keeps the last picture where there is no plot, and draws none without room", () => {
    const { element, host, runFrames, sizes } = setUp();
    element.clientWidth = 0;
    runFrames();
    expect(sizes).toEqual([]);
    expect(host.frame).toBeUndefined();
  });
});
