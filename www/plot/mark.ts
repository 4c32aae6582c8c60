import type { Axis } from "./axis";
import type { Scale } from "./scale";
import type { Rect, Stroke, Surface } from "./surface";
import { type Series, seriesStroke, type Theme } from "./theme";

/** Room around a plot's area, in CSS pixels. */
export interface Margin {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/** Where a mark draws: all places in CSS pixels from the plot's upper left corner. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  /** The rectangle between the axes. */
  readonly area: Rect;
  readonly x: Scale;
  readonly y: Scale;
  readonly theme: Theme;
}

/** What is known of a plot before it is laid out. */
export interface Sketch {
  /** CSS pixels. */
  readonly width: number;
  readonly x: Axis;
  readonly y: Axis;
  readonly theme: Theme;
}

/**
 * One layer of a plot. A mark is made from data by a function of its name (`line(…)`, `points(…)`), draws in a frame,
 * keeps no state, and never hands a surface a number that is not finite.
 */
export interface Mark {
  /** Names the mark's group in SVG. */
  readonly name: string;
  draw(surface: Surface, frame: Frame): void;
  /** Drawn below the axes. */
  readonly ground?: boolean;
  /** Room which the mark wants outside of the area; room on top is added to the title's. */
  reserve?(sketch: Sketch): Partial<Margin>;
}

/** Options which lines share. A series sets colour, width and dash; the rest overrides it. */
export interface LineStyle {
  readonly series?: Series;
  /** CSS colour. */
  readonly color?: string;
  /** CSS pixels at scale 1. */
  readonly width?: number;
  /** 0 to 1. */
  readonly opacity?: number;
}

/** The stroke that a line style asks for; thin and muted without a series. */
export function strokeOf(theme: Theme, style: LineStyle): Stroke {
  const { series, color, width, opacity } = style;
  const base =
    series === undefined ? { color: theme.muted, width: theme.scale } : seriesStroke(theme, series);
  return {
    ...base,
    ...(color === undefined ? {} : { color }),
    ...(width === undefined ? {} : { width: width * theme.scale }),
    ...(opacity === undefined ? {} : { opacity }),
  };
}

/** The rectangle grown by `by` CSS pixels on every side. */
export function grow(rect: Rect, by: number): Rect {
  return { x: rect.x - by, y: rect.y - by, width: rect.width + 2 * by, height: rect.height + 2 * by };
}
