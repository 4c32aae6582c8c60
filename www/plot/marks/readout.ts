import { crisp } from "../axis";
import type { Mark } from "../mark";
import { estimateWidth, type TextLike, toRuns } from "../rich";
import { circle, segment, toTrace } from "../surface";
import { fontSize, type Series } from "../theme";

/** What is read under a cursor, a finger or the keyboard's focus. */
export interface ReadoutOptions {
  /** Data units: where the vertical hairline stands. */
  readonly x: number;
  /** Places on it that get a ring. */
  readonly rings?: readonly { readonly y: number; readonly series: Series }[];
  /** Data units: a horizontal hairline too, which makes a crosshair. */
  readonly y?: number;
  /** Lines of text beside the hairline, at its upper end. */
  readonly lines?: readonly { readonly text: TextLike; readonly series?: Series }[];
}

/** A hairline, a ring on every value read, and the values in words. */
export function readout(options: ReadoutOptions): Mark {
  return {
    name: "readout",
    draw(surface, frame) {
      const { area, theme } = frame;
      if (!frame.x.shows(options.x)) return;
      const at = frame.x.px(options.x);
      const hairline = { color: theme.muted, width: theme.scale };
      const [x, right, bottom] = [crisp(at), area.x + area.width, area.y + area.height];
      surface.path(segment(x, area.y, x, bottom), { stroke: hairline });
      if (options.y !== undefined && frame.y.shows(options.y)) {
        const y = crisp(frame.y.px(options.y));
        surface.path(segment(area.x, y, right, y), { stroke: hairline });
      }
      for (const { y, series } of options.rings ?? []) {
        if (!frame.y.shows(y)) continue;
        const stroke = { color: theme[series], width: 1.6 * theme.scale };
        surface.path(circle(at, frame.y.px(y), 5 * theme.scale), { stroke });
      }
      const lines = options.lines ?? [];
      const size = fontSize(theme, "tick");
      const widest = Math.max(0, ...lines.map((line) => estimateWidth(line.text, size)));
      const gap = 8 * theme.scale;
      const leftwards = at + gap + widest > right && at - gap - widest > area.x;
      const left = leftwards ? x - gap - widest : x + gap;
      const box = {
        x: left - gap / 2,
        y: area.y,
        width: widest + gap,
        height: (lines.length + 0.1) * 1.35 * size,
      };
      // Names and curves under the words stay visible, but no longer in the way.
      if (lines.length > 0) surface.path(toTrace(box), { fill: theme.paper, fillOpacity: 0.82 });
      lines.forEach(({ text, series }, i) => {
        surface.text(toRuns(text), leftwards ? x - gap : x + gap, area.y + (i + 0.6) * 1.35 * size, {
          color: series === undefined ? theme.ink : theme[series],
          size,
          face: "number",
          anchor: leftwards ? "end" : "start",
          baseline: "middle",
          halo: theme.paper,
        });
      });
    },
  };
}
