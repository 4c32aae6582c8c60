import { type Axis, bottomRoom, drawGrid, drawXAxis, drawYAxis, leftRoom, ticksOf, topRoom } from "./axis";
import type { Frame, Margin, Mark } from "./mark";
import { estimateWidth } from "./rich";
import { place, type ScaleSpec } from "./scale";
import type { Rect, Surface } from "./surface";
import { SvgSurface } from "./svg";
import { fontSize, type Theme } from "./theme";

/** A figure as data: what it shows and how large it is. Draw it with {@link draw} or {@link toSvg}. */
export interface Plot {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** The figure's name, for the text alternative. It is not drawn. */
  readonly title: string;
  /** What is seen, with numbers, for the text alternative. It is not drawn. */
  readonly description: string;
  readonly x: Axis;
  readonly y: Axis;
  /** Drawn in this order, the last on top. */
  readonly marks: readonly Mark[];
  /** CSS pixels around the plot area; sides not named are made large enough for axes and marks. */
  readonly margin?: Partial<Margin>;
  /** `equal`: one unit is as long upwards as across; one of the two domains is widened for it (linear scales). */
  readonly aspect?: "free" | "equal";
}

/** Lays a plot out: the place of its area and its scales. Marks draw by it; readouts map pixels to data by it. */
export function frameOf(plot: Plot, theme: Theme): Frame {
  const sketch = { width: plot.width, x: plot.x, y: plot.y, theme };
  const reserved = plot.marks.map((mark) => mark.reserve?.(sketch) ?? {});
  const room = (side: keyof Margin, own: number) =>
    plot.margin?.[side] ?? Math.max(own, ...reserved.map((margin) => margin[side] ?? 0));
  const extra = Math.max(0, ...reserved.map((margin) => margin.top ?? 0));
  const top = plot.margin?.top ?? topRoom(plot.y, theme) + extra;
  const bottom = room("bottom", bottomRoom(plot.x, theme));
  const height = Math.max(1, plot.height - top - bottom);

  const rough = ticksOf(plot.y, place(plot.y.scale, [height, 0]), theme, false);
  const left = room("left", leftRoom(plot.y, rough, theme));
  const guess = ticksOf(plot.x, place(plot.x.scale, [0, plot.width]), theme, true);
  const last = Math.max(
    0,
    ...guess.slice(-1).map((tick) => estimateWidth(tick.label, fontSize(theme, "tick")) / 2),
  );
  const right = room("right", Math.max(8 * theme.scale, last + 2));
  const width = Math.max(1, plot.width - left - right);

  const area: Rect = { x: left, y: top, width, height };
  const [xSpec, ySpec] = plot.aspect === "equal" ? equalAspect(plot, area) : [plot.x.scale, plot.y.scale];
  return {
    width: plot.width,
    height: plot.height,
    area,
    x: place(xSpec, [left, left + width]),
    y: place(ySpec, [top + height, top]),
    theme,
  };
}

/** Draws a plot and returns its layout. */
export function draw(plot: Plot, surface: Surface, theme: Theme): Frame {
  const frame = frameOf(plot, theme);
  const { area, x, y } = frame;
  const page = { x: 0, y: 0, width: plot.width, height: plot.height };
  surface.path((path) => path.rect(page.x, page.y, page.width, page.height), { fill: theme.paper });
  surface.group("grid", () => drawGrid(surface, [plot.x, x], [plot.y, y], area, theme));
  const ground = plot.marks.filter((mark) => mark.ground === true);
  const rest = plot.marks.filter((mark) => mark.ground !== true);
  for (const mark of ground) surface.group(mark.name, () => mark.draw(surface, frame));
  surface.group("axis x", () => drawXAxis(surface, plot.x, x, area, theme));
  surface.group("axis y", () => drawYAxis(surface, plot.y, y, area, theme));
  for (const mark of rest) surface.group(mark.name, () => mark.draw(surface, frame));
  return frame;
}

/** A plot as a standalone SVG document, which may also be put into a page, with `pad` CSS pixels of paper around it. */
export function toSvg(plot: Plot, theme: Theme, pad = 0): string {
  const { width, height, title, description } = plot;
  const head = { width, height, title, description, fonts: theme.fonts };
  const edge = { pad: { width: pad, color: theme.paper } };
  const surface = new SvgSurface(pad > 0 ? { ...head, ...edge } : head);
  draw(plot, surface, theme);
  return surface.toString();
}

/** Widens the domain of the axis which shows fewer units per pixel, about its middle. */
function equalAspect(plot: Plot, area: Rect): [ScaleSpec, ScaleSpec] {
  const [x, y] = [plot.x.scale, plot.y.scale];
  if (x.kind !== "linear" || y.kind !== "linear") return [x, y];
  const span = (spec: ScaleSpec) => spec.domain[1] - spec.domain[0];
  const unit = Math.max(Math.abs(span(x)) / area.width, Math.abs(span(y)) / area.height);
  const widen = (spec: ScaleSpec, length: number): ScaleSpec => {
    if (Math.abs(span(spec)) >= unit * length * (1 - 1e-9)) return spec; // not a bit is lost of the wider one
    const middle = (spec.domain[0] + spec.domain[1]) / 2;
    const half = (Math.sign(span(spec)) * unit * length) / 2;
    return { kind: "linear", domain: [middle - half, middle + half] };
  };
  return [widen(x, area.width), widen(y, area.height)];
}
