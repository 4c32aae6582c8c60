import { type Grid, levelLine, type Segment } from "../contour";
import type { Frame, Mark } from "../mark";
import { estimateWidth, type TextLike, toRuns } from "../rich";
import { fontSize } from "../theme";

/** Level lines with their values. */
export interface ContoursOptions extends Grid {
  readonly levels: readonly { readonly value: number; readonly text: TextLike }[];
  /** Places in data units that labels keep away from. */
  readonly avoid?: { readonly x: ArrayLike<number>; readonly y: ArrayLike<number> };
}

/** Distance, in CSS pixels at scale 1, beyond which a label is no better for being further from another or from the edge. */
const ROOM = 60;

/** Level lines over a grid in thin ink, each with its value once, where there is most room for it. */
export function contours(options: ContoursOptions): Mark {
  return {
    name: "contours",
    draw(surface, frame) {
      const { theme, area } = frame;
      const stroke = { color: theme.ink, width: 0.8 * theme.scale, opacity: 0.55 };
      const lines = options.levels.map(({ value, text }) => ({
        text,
        segments: inPixels(options, value, frame),
      }));
      surface.clip(area, () => {
        for (const { segments } of lines) {
          if (segments.length === 0) continue;
          surface.path(
            (path) => {
              for (const [x0, y0, x1, y1] of segments) {
                path.moveTo(x0, y0);
                path.lineTo(x1, y1);
              }
            },
            { stroke },
          );
        }
      });
      const size = fontSize(theme, "tick");
      const { x: atX = [], y: atY = [] } = options.avoid ?? {};
      const avoid = Array.from(
        atX,
        (value, i) => [frame.x.px(value), frame.y.px(atY[i] ?? Number.NaN)] as const,
      );
      const taken = avoid.filter((place) => place.every(Number.isFinite));
      for (const { text, segments } of lines) {
        const width = estimateWidth(text, size);
        const place = placeOfLabel(segments, width, frame, taken);
        // A line that has no room for its value goes without.
        if (place === undefined || taken.some((other) => overlap(place, other, width, size))) continue;
        taken.push(place);
        surface.text(toRuns(text), place[0], place[1], {
          color: theme.ink,
          size,
          face: "number",
          anchor: "middle",
          baseline: "middle",
          halo: theme.paper,
        });
      }
    },
  };
}

function inPixels(grid: Grid, value: number, frame: Frame): Segment[] {
  return levelLine(grid, value)
    .map(([x0, y0, x1, y1]): Segment => [frame.x.px(x0), frame.y.px(y0), frame.x.px(x1), frame.y.px(y1)])
    .filter((segment) => segment.every(Number.isFinite));
}

/** Whether a label would touch what is at a place already. */
const overlap = (
  [x, y]: readonly [number, number],
  [ox, oy]: readonly [number, number],
  width: number,
  size: number,
) => Math.abs(x - ox) < width && Math.abs(y - oy) < 1.2 * size;

/** The middle of a piece that is far from the edges and from the labels that are there already. */
function placeOfLabel(
  segments: readonly Segment[],
  width: number,
  { area, theme }: Frame,
  taken: readonly (readonly [number, number])[],
): readonly [number, number] | undefined {
  let best: readonly [number, number] | undefined;
  let most = 0;
  const room = ROOM * theme.scale;
  for (const [x0, y0, x1, y1] of segments) {
    const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2];
    const sides = Math.min(x - area.x, area.x + area.width - x) - width / 2;
    const ends = Math.min(y - area.y, area.y + area.height - y);
    const others = taken.map(([ox, oy]) => Math.hypot(x - ox, y - oy));
    const free = Math.min(room / 2, sides, 2 * ends) + Math.min(room, ...others);
    if (Math.min(sides, ends) > 8 * theme.scale && free > most) [best, most] = [[x, y], free];
  }
  return best;
}
