import { CanvasSurface } from "./canvas";
import type { Frame } from "./mark";
import { draw, type Plot, toSvg } from "./plot";
import { toTrace } from "./surface";
import { darkTheme, lightTheme, type Theme, themeFromCss } from "./theme";

/** Paper around an exported picture, in CSS pixels: on a page the text around it has its own margin. */
const EXPORT_PAD = 16;

/** What a host draws and how. */
export interface HostOptions {
  /** Makes the plot for a size in CSS pixels. Called once for each picture; undefined leaves the last one. */
  readonly plot: (width: number, height: number) => Plot | undefined;
  /** Height in CSS pixels for a width; where absent, CSS gives the element its height. */
  readonly height?: (width: number) => number;
  /** The theme, asked for before each picture; where absent, read from the element's custom properties. */
  readonly theme?: (element: HTMLElement) => Theme;
}

/** A canvas that keeps itself sharp, of the right size and in the page's colours. */
export interface PlotHost {
  readonly canvas: HTMLCanvasElement;
  /** Layout of the last picture, by which a pointer's place becomes data. */
  readonly frame: Frame | undefined;
  /** Asks for a new picture in the next animation frame; more calls before it cost nothing. */
  invalidate(): void;
  /** The present plot as standalone SVG with a margin; empty before there is one. */
  toSvg(theme?: Theme): string;
  /** The present plot as a PNG with a margin, `ratio` pixels to a CSS pixel. */
  toPng(ratio?: number, theme?: Theme): Promise<Blob | undefined>;
  /** Removes the canvas and every listener. */
  dispose(): void;
}

/**
 * Puts a canvas into an element and redraws it when asked, and when its size, the pixel ratio, the colour scheme, the
 * root's `data-theme` or the fonts change. Nothing is drawn in a hidden tab: what was missed is drawn on return.
 */
export function hostPlot(element: HTMLElement, options: HostOptions): PlotHost {
  const document = element.ownerDocument;
  const window = document.defaultView;
  if (window === null) throw new Error("hostPlot needs an element of a page that is shown");
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("this browser gives no 2-D canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", "A picture that is not drawn yet");
  canvas.style.display = "block";
  canvas.style.width = "100%";
  canvas.style.height = options.height === undefined ? "100%" : "0";
  element.append(canvas);

  const undo: (() => void)[] = [];
  const listen = (target: EventTarget, kind: string, act: () => void) => {
    target.addEventListener(kind, act);
    undo.push(() => target.removeEventListener(kind, act));
  };
  const themeOf = () => (options.theme ?? readTheme)(element);
  const stage = document.createElement("canvas");
  let [width, height, wanted] = [0, 0, 0];
  let frame: Frame | undefined;
  let shown: Plot | undefined;
  let disposed = false;

  const paint = () => {
    wanted = 0;
    if (document.hidden) return; // visibilitychange asks again
    width = element.clientWidth;
    if (options.height !== undefined) canvas.style.height = `${options.height(width)}px`;
    height = options.height?.(width) ?? element.clientHeight;
    const plot = width > 0 && height > 0 ? options.plot(width, height) : undefined;
    if (plot === undefined) return;
    const ratio = window.devicePixelRatio || 1;
    const [across, down] = [Math.round(plot.width * ratio), Math.round(plot.height * ratio)];
    if (canvas.width !== across) canvas.width = across;
    if (canvas.height !== down) canvas.height = down;
    const theme = themeOf();
    const surface = new CanvasSurface(context, theme.fonts, () => stage);
    surface.begin(ratio);
    frame = draw(plot, surface, theme);
    shown = plot;
    const label = `${plot.title}. ${plot.description}`;
    if (canvas.getAttribute("aria-label") !== label) canvas.setAttribute("aria-label", label);
  };
  const invalidate = () => {
    if (wanted === 0 && !disposed) wanted = window.requestAnimationFrame(paint);
  };

  const resize = new window.ResizeObserver(() => {
    // The picture itself may have changed the height: that is no reason for another.
    const grown = options.height === undefined && element.clientHeight !== height;
    if (element.clientWidth !== width || grown) invalidate();
  });
  resize.observe(element);
  undo.push(() => resize.disconnect());
  const root = new window.MutationObserver(invalidate);
  root.observe(document.documentElement, {
    attributes: true,
    attributeFilter: ["data-theme", "class", "style"],
  });
  undo.push(() => root.disconnect());
  listen(window.matchMedia("(prefers-color-scheme: dark)"), "change", invalidate);
  listen(document, "visibilitychange", invalidate);
  listen(document.fonts, "loadingdone", invalidate);
  undo.push(watchPixelRatio(window, invalidate));
  invalidate();

  return {
    canvas,
    get frame() {
      return frame;
    },
    invalidate,
    toSvg: (theme = themeOf()) => (shown === undefined ? "" : toSvg(shown, theme, EXPORT_PAD)),
    toPng: (ratio = 2, theme = themeOf()) => toPng(document, shown, ratio, theme),
    dispose() {
      disposed = true;
      window.cancelAnimationFrame(wanted);
      for (const step of undo) step();
      canvas.remove();
    },
  };
}

/** A media query holds for one ratio only: after each change there is a new one to listen to. */
function watchPixelRatio(window: Window, act: () => void): () => void {
  let query: MediaQueryList;
  const watch = () => {
    query = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    query.addEventListener("change", changed);
  };
  const changed = () => {
    query.removeEventListener("change", changed);
    watch();
    act();
  };
  watch();
  return () => query.removeEventListener("change", changed);
}

/** The page's theme; where it sets no colours, the one for the visitor's colour scheme. */
function readTheme(element: HTMLElement): Theme {
  const dark = element.ownerDocument.defaultView?.matchMedia("(prefers-color-scheme: dark)").matches === true;
  return themeFromCss(element, dark ? darkTheme : lightTheme);
}

async function toPng(document: Document, plot: Plot | undefined, ratio: number, theme: Theme) {
  if (plot === undefined) return undefined;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round((plot.width + 2 * EXPORT_PAD) * ratio);
  canvas.height = Math.round((plot.height + 2 * EXPORT_PAD) * ratio);
  const context = canvas.getContext("2d");
  if (context === null) return undefined;
  const surface = new CanvasSurface(context, theme.fonts, () => document.createElement("canvas"));
  surface.begin(ratio);
  const paper = { x: 0, y: 0, width: canvas.width, height: canvas.height };
  surface.path(toTrace(paper), { fill: theme.paper });
  context.translate(EXPORT_PAD, EXPORT_PAD);
  draw(plot, surface, theme);
  return new Promise<Blob | undefined>((resolve) =>
    canvas.toBlob((blob) => resolve(blob ?? undefined), "image/png"),
  );
}
