/**
 * What a mark draws on. Two surfaces implement it, a canvas and SVG text, and a mark cannot tell which it has.
 * All lengths and places are CSS pixels, x to the right and y downwards from the plot's upper left corner.
 */
import type { Path } from "d3-path";
import type { RichText } from "./rich";

/** A rectangle in CSS pixels. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The part of CanvasPath which both d3-path and a canvas offer. d3-shape draws into it. */
export type PathContext = Pick<
  Path,
  "moveTo" | "lineTo" | "closePath" | "rect" | "arc" | "arcTo" | "quadraticCurveTo" | "bezierCurveTo"
>;

/** Draws a path, without painting it. It may be called more than once. */
export type Trace = (path: PathContext) => void;

/** How a path's line is painted. */
export interface Stroke {
  /** CSS colour. */
  readonly color: string;
  /** CSS pixels. */
  readonly width: number;
  /** Lengths of dashes and gaps in CSS pixels; solid where absent. */
  readonly dash?: readonly number[];
  readonly cap?: "butt" | "round";
  /** 0 to 1. */
  readonly opacity?: number;
}

/** How a path is painted: filled, stroked or both, the fill first. */
export interface PathPaint {
  /** CSS colour. */
  readonly fill?: string;
  /** 0 to 1. */
  readonly fillOpacity?: number;
  readonly stroke?: Stroke;
}

/** How text is painted. */
export interface TextPaint {
  /** CSS colour. */
  readonly color: string;
  /** Font size in CSS pixels. */
  readonly size: number;
  /** The theme's face for words, or the one for numbers. Words where absent. */
  readonly face?: "text" | "number";
  /** Which end of the text lies at its place; the start where absent. */
  readonly anchor?: "start" | "middle" | "end";
  /** Which height of the text lies at its place; the alphabetic baseline where absent. */
  readonly baseline?: "top" | "middle" | "alphabetic";
  /** Degrees clockwise about the text's place. */
  readonly rotate?: number;
  /** Colour of a soft outline that keeps text readable over lines: the paper's. */
  readonly halo?: string;
}

/** Pixels of a picture: RGBA, 4 bytes each, rows from the top. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** A place to draw. Nothing that is drawn may hold a NaN: surfaces pass numbers on as they come. */
export interface Surface {
  /** Draws and paints one path. */
  path(trace: Trace, paint: PathPaint): void;
  /** Sets one line of text at (x, y). */
  text(text: RichText, x: number, y: number, paint: TextPaint): void;
  /** Stretches pixels over a rectangle, with interpolation between them if `smooth`. */
  image(pixels: Pixels, place: Rect, smooth: boolean): void;
  /** Draws with everything outside of a rectangle or a path cut off. */
  clip(shape: Rect | Trace, draw: () => void): void;
  /** Draws as one named group: structure in SVG, nothing on a canvas. */
  group(name: string, draw: () => void): void;
}

/** Height of the text's place above its baseline, in em: the same on both surfaces, whatever the font says. */
export const BASELINE_SHIFT = { top: 0.74, middle: 0.34, alphabetic: 0 } as const;

/** A rectangle's or a trace's outline as a trace. */
export function toTrace(shape: Rect | Trace): Trace {
  if (typeof shape === "function") return shape;
  return (path) => path.rect(shape.x, shape.y, shape.width, shape.height);
}

/** A straight line from (x0, y0) to (x1, y1) as a trace. */
export function segment(x0: number, y0: number, x1: number, y1: number): Trace {
  return (path) => {
    path.moveTo(x0, y0);
    path.lineTo(x1, y1);
  };
}

/** A circle as a trace, starting at its right. */
export function circle(x: number, y: number, radius: number): Trace {
  return (path) => {
    path.moveTo(x + radius, y);
    path.arc(x, y, radius, 0, 2 * Math.PI);
  };
}

/** A path as d3-shape's types want it: they ask for a whole canvas context, the library only for what a path has. */
export function forShape(path: PathContext): CanvasRenderingContext2D {
  return path as unknown as CanvasRenderingContext2D;
}
