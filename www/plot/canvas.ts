import { type RichText, type Run, SCRIPT_SHIFT, SCRIPT_SIZE } from "./rich";
import {
  BASELINE_SHIFT,
  type PathPaint,
  type Pixels,
  type Rect,
  type Surface,
  type TextPaint,
  type Trace,
  toTrace,
} from "./surface";
import type { Fonts } from "./theme";

/** Either kind of 2-D context: of a canvas on the page, or off it. */
export type Context2d = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** A small canvas that holds an image's pixels before they are stretched. */
type Stage = { width: number; height: number; getContext(kind: "2d"): Context2d | null };

/** Draws on a canvas. One surface may serve many frames: it keeps the small canvas which images need. */
export class CanvasSurface implements Surface {
  readonly #context: Context2d;
  readonly #fonts: Fonts;
  readonly #makeStage: () => Stage;
  #stage: Stage | undefined;

  /**
   * @param context whose bitmap is `pixelRatio` times as large as the plot in CSS pixels
   * @param fonts families for words and numbers
   * @param makeStage makes a canvas for images; an OffscreenCanvas where absent
   */
  constructor(context: Context2d, fonts: Fonts, makeStage: () => Stage = () => new OffscreenCanvas(1, 1)) {
    this.#context = context;
    this.#fonts = fonts;
    this.#makeStage = makeStage;
  }

  /** Empties the bitmap and sets the scale for a frame: `pixelRatio` device pixels to a CSS pixel. */
  begin(pixelRatio: number): void {
    const context = this.#context;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, context.canvas.width, context.canvas.height);
    context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
    context.lineJoin = "round";
  }

  path(trace: Trace, paint: PathPaint): void {
    const context = this.#context;
    context.beginPath();
    trace(context);
    if (paint.fill !== undefined) {
      context.globalAlpha = paint.fillOpacity ?? 1;
      context.fillStyle = paint.fill;
      context.fill();
    }
    if (paint.stroke !== undefined) {
      const { color, width, dash, cap, opacity } = paint.stroke;
      context.globalAlpha = opacity ?? 1;
      context.strokeStyle = color;
      context.lineWidth = width;
      context.lineCap = cap ?? "butt";
      context.setLineDash(dash === undefined ? [] : [...dash]);
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  text(text: RichText, x: number, y: number, paint: TextPaint): void {
    const context = this.#context;
    const family = this.#fonts[paint.face ?? "text"];
    const font = (run: Run) => {
      const size = run.script === undefined ? paint.size : paint.size * SCRIPT_SIZE;
      return `${run.italic === true ? "italic " : ""}${size}px ${family}`;
    };
    const widths = text.map((run) => {
      context.font = font(run);
      return context.measureText(run.text).width;
    });
    const total = widths.reduce((sum, width) => sum + width, 0);
    context.save();
    context.translate(x, y);
    if (paint.rotate !== undefined) context.rotate((paint.rotate * Math.PI) / 180);
    context.textAlign = "left";
    context.textBaseline = "alphabetic";
    context.fillStyle = paint.color;
    const start = paint.anchor === "middle" ? -total / 2 : paint.anchor === "end" ? -total : 0;
    const line = BASELINE_SHIFT[paint.baseline ?? "alphabetic"] * paint.size;
    const each = (draw: (text: string, x: number, y: number) => void) => {
      let at = start;
      text.forEach((run, i) => {
        context.font = font(run);
        const shift = run.script === undefined ? 0 : SCRIPT_SHIFT[run.script] * paint.size;
        draw(run.text, at, line + shift);
        at += widths[i] ?? 0;
      });
    };
    if (paint.halo !== undefined) {
      context.strokeStyle = paint.halo;
      context.lineWidth = paint.size * 0.3;
      context.setLineDash([]);
      each((run, atX, atY) => context.strokeText(run, atX, atY));
    }
    each((run, atX, atY) => context.fillText(run, atX, atY));
    context.restore();
  }

  image(pixels: Pixels, place: Rect, smooth: boolean): void {
    if (pixels.width === 0 || pixels.height === 0) return;
    this.#stage ??= this.#makeStage();
    const stage = this.#stage;
    stage.width = pixels.width;
    stage.height = pixels.height;
    stage.getContext("2d")?.putImageData(new ImageData(pixels.rgba, pixels.width, pixels.height), 0, 0);
    this.#context.imageSmoothingEnabled = smooth;
    this.#context.imageSmoothingQuality = "high";
    this.#context.drawImage(stage as CanvasImageSource, place.x, place.y, place.width, place.height);
  }

  clip(shape: Rect | Trace, draw: () => void): void {
    const context = this.#context;
    context.save();
    context.beginPath();
    toTrace(shape)(context);
    context.clip();
    draw();
    context.restore();
  }

  group(_name: string, draw: () => void): void {
    draw();
  }
}
