import { crisp, HEAD } from "../axis";
import { type LineStyle, type Mark, type Sketch, strokeOf } from "../mark";
import { estimateWidth, type TextLike, toRuns } from "../rich";
import { place } from "../scale";
import { segment } from "../surface";
import { fontSize } from "../theme";

/** A reference line across the whole area. */
export interface RuleOptions extends LineStyle {
  /** Data units: a vertical line at this x, or … */
  readonly x?: number;
  /** … a horizontal line at this y. */
  readonly y?: number;
  /** Set above a vertical line, or at the right end of a horizontal one. */
  readonly label?: TextLike;
}

/** A vertical or horizontal line at one value, say where a run starts to diverge. Not drawn outside of the domain. */
export function rule(options: RuleOptions): Mark {
  const { x, y, label } = options;
  return {
    name: "rule",
    reserve: (sketch) => (besideTitle(options, sketch) ? {} : { top: 1.3 * fontSize(sketch.theme, "label") }),
    draw(surface, frame) {
      const { area, theme } = frame;
      const stroke = strokeOf(theme, options);
      const size = fontSize(theme, "label") * 0.96;
      const paint = { color: options.color ?? theme.muted, size, halo: theme.paper };
      if (x !== undefined && frame.x.shows(x)) {
        const at = crisp(frame.x.px(x));
        surface.path(segment(at, area.y, at, area.y + area.height), { stroke });
        if (label === undefined) return;
        const half = estimateWidth(label, size) / 2;
        const middle = Math.max(half + 2, Math.min(frame.width - half - 2, at));
        surface.text(toRuns(label), middle, area.y - HEAD * theme.scale, { ...paint, anchor: "middle" });
      } else if (y !== undefined && frame.y.shows(y)) {
        const at = crisp(frame.y.px(y));
        surface.path(segment(area.x, at, area.x + area.width, at), { stroke });
        if (label === undefined) return;
        const right = area.x + area.width - 4 * theme.scale;
        const below = at - size < area.y;
        surface.text(toRuns(label), right, at + (below ? 5 : -5) * theme.scale, {
          ...paint,
          anchor: "end",
          baseline: below ? "top" : "alphabetic",
        });
      }
    },
  };
}

/** Whether the label needs no line of its own, above the area: it has none, or the axis' title leaves it room. */
function besideTitle({ x, label }: RuleOptions, { width, x: axis, y, theme }: Sketch): boolean {
  if (label === undefined || x === undefined || y.title === undefined || y.hidden === true) return true;
  const margin = 40 * theme.scale; // left and right, about
  const at = place(axis.scale, [margin, width - margin / 2]).px(x);
  const half = estimateWidth(label, fontSize(theme, "label")) / 2;
  return Math.min(at, width - half) - half > estimateWidth(y.title, fontSize(theme, "axis")) + margin;
}
