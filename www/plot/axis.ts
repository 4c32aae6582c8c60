import { estimateWidth, plain, type RichText, type TextLike, toRuns } from "./rich";
import type { Scale, ScaleSpec, Tick } from "./scale";
import { type Rect, type Stroke, type Surface, segment } from "./surface";
import { fontSize, type Theme } from "./theme";

/** One axis of a plot. */
export interface Axis {
  readonly scale: ScaleSpec;
  /** What is shown, its symbol in stars, and its unit: "learning rate *λ*". */
  readonly title?: TextLike;
  /** Values to label instead of those chosen by the scale. */
  readonly ticks?: readonly number[];
  /** Writes a tick's label. */
  readonly format?: (value: number) => RichText;
  /** A very faint line at each labelled tick. */
  readonly grid?: boolean;
  /** No line, ticks or title: for an axis that a neighbour already shows. */
  readonly hidden?: boolean;
}

/** Length of a tick and its distance to its label, in CSS pixels at scale 1. */
const TICK = 4;
const GAP = 4;
/** Distance between the area and the baseline of what stands above it: clear of the uppermost tick's label. */
export const HEAD = 12;

/** Ticks of an axis in its place: about one every 95 pixels across, one every 50 upwards, about three to six. */
export function ticksOf(axis: Axis, scale: Scale, theme: Theme, across: boolean): readonly Tick[] {
  const length = Math.abs(scale.range[1] - scale.range[0]) / theme.scale;
  const count = Math.max(3, Math.min(6, Math.round(length / (across ? 95 : 50))));
  if (axis.ticks === undefined) return scale.ticks(count, axis.format);
  const write = axis.format ?? ((value: number) => plain(String(value).replace("-", "−")));
  return axis.ticks
    .filter((value) => scale.shows(value))
    .map((value) => ({ value, label: write(value), minor: false }));
}

/** Room below the plot area, in CSS pixels. */
export function bottomRoom(axis: Axis, theme: Theme): number {
  if (axis.hidden === true) return 8 * theme.scale;
  const labels = (TICK + GAP) * theme.scale + fontSize(theme, "tick");
  return labels + (axis.title === undefined ? 4 * theme.scale : fontSize(theme, "axis") + 12 * theme.scale);
}

/** Room left of the plot area for tick labels, in CSS pixels. */
export function leftRoom(axis: Axis, ticks: readonly Tick[], theme: Theme): number {
  if (axis.hidden === true) return 8 * theme.scale;
  const widths = ticks.map((tick) => estimateWidth(tick.label, fontSize(theme, "tick")));
  return Math.ceil(Math.max(0, ...widths) + (TICK + GAP + 4) * theme.scale);
}

/** Room above the plot area for the vertical axis' title, in CSS pixels. */
export function topRoom(axis: Axis, theme: Theme): number {
  if (axis.title === undefined || axis.hidden === true) return 10 * theme.scale;
  return 0.74 * fontSize(theme, "axis") + (2 + HEAD) * theme.scale;
}

/** The horizontal axis below an area; its title centred below the labels. */
export function drawXAxis(surface: Surface, axis: Axis, scale: Scale, area: Rect, theme: Theme): void {
  if (axis.hidden === true) return;
  const base = crisp(area.y + area.height);
  const size = fontSize(theme, "tick");
  const line = hairline(theme);
  surface.path(segment(area.x, base, area.x + area.width, base), { stroke: line });
  for (const tick of ticksOf(axis, scale, theme, true)) {
    const x = crisp(scale.px(tick.value));
    const length = (tick.minor ? TICK / 2 : TICK) * theme.scale;
    surface.path(segment(x, base, x, base + length), { stroke: line });
    if (tick.minor) continue;
    const y = base + (TICK + GAP) * theme.scale;
    surface.text(tick.label, x, y, { ...number(theme), size, anchor: "middle", baseline: "top" });
  }
  if (axis.title === undefined) return;
  const y = base + (TICK + GAP + 8) * theme.scale + size;
  const paint = {
    color: theme.ink,
    size: fontSize(theme, "axis"),
    anchor: "middle",
    baseline: "top",
  } as const;
  surface.text(toRuns(axis.title), area.x + area.width / 2, y, paint);
}

/** The vertical axis left of an area; its title level above it, where it reads without turning one's head. */
export function drawYAxis(surface: Surface, axis: Axis, scale: Scale, area: Rect, theme: Theme): void {
  if (axis.hidden === true) return;
  const base = crisp(area.x);
  const line = hairline(theme);
  const ticks = ticksOf(axis, scale, theme, false);
  surface.path(segment(base, area.y, base, area.y + area.height), { stroke: line });
  for (const tick of ticks) {
    const y = crisp(scale.px(tick.value));
    const length = (tick.minor ? TICK / 2 : TICK) * theme.scale;
    surface.path(segment(base - length, y, base, y), { stroke: line });
    if (tick.minor) continue;
    const x = base - (TICK + GAP) * theme.scale;
    const size = fontSize(theme, "tick");
    surface.text(tick.label, x, y, { ...number(theme), size, anchor: "end", baseline: "middle" });
  }
  if (axis.title === undefined) return;
  const x = Math.max(theme.scale, area.x - leftRoom(axis, ticks, theme));
  surface.text(toRuns(axis.title), x, 2 * theme.scale, {
    color: theme.ink,
    size: fontSize(theme, "axis"),
    baseline: "top",
  });
}

/** The faint lines of both axes, where asked for. */
export function drawGrid(
  surface: Surface,
  x: [Axis, Scale],
  y: [Axis, Scale],
  area: Rect,
  theme: Theme,
): void {
  const stroke: Stroke = { color: theme.grid, width: theme.scale };
  const major = ([axis, scale]: [Axis, Scale], across: boolean) =>
    axis.grid === true ? ticksOf(axis, scale, theme, across).filter((tick) => !tick.minor) : [];
  for (const tick of major(x, true)) {
    const at = crisp(x[1].px(tick.value));
    surface.path(segment(at, area.y, at, area.y + area.height), { stroke });
  }
  for (const tick of major(y, false)) {
    const at = crisp(y[1].px(tick.value));
    surface.path(segment(area.x, at, area.x + area.width, at), { stroke });
  }
}

/** The middle of the pixel which holds a place: a line of one pixel stays one pixel. */
export function crisp(px: number): number {
  return Math.floor(px) + 0.5;
}

function hairline(theme: Theme): Stroke {
  return { color: theme.muted, width: theme.scale, opacity: 0.75 };
}

function number(theme: Theme): { color: string; face: "number" } {
  return { color: theme.muted, face: "number" };
}
