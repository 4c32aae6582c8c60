import { crisp } from "../axis";
import type { Mark } from "../mark";
import { estimateWidth, type TextLike, toRuns } from "../rich";
import { segment } from "../surface";
import { fontSize, type Series, seriesStroke, type Theme } from "../theme";
import { drawMarkers, type Marker } from "./points";

/** A series and its name in this plot. */
export interface KeyEntry {
  readonly series: Series;
  readonly text: TextLike;
  /** The series is shown as single markers of this shape, not as a line. */
  readonly marker?: Marker;
  /** CSS pixels at scale 1; 2.4 where absent. */
  readonly radius?: number;
}

const SAMPLE = 26;
const SPACE = 6;
const BETWEEN = 18;

/**
 * A key in rows above the area, each name behind a sample of its line: for closed or crossing curves, whose ends cannot
 * carry their names.
 */
export function key(entries: readonly KeyEntry[]): Mark {
  return {
    name: "key",
    reserve: ({ theme, width }) => ({ top: rows(entries, theme, width).length * lineHeight(theme) }),
    draw(surface, frame) {
      const { theme, area } = frame;
      const size = fontSize(theme, "label");
      const lines = rows(entries, theme, frame.width);
      lines.forEach((line, row) => {
        const y = crisp(area.y - (lines.length - row) * lineHeight(theme) + size * 0.35);
        let x = area.x;
        for (const { series, text, marker, radius = 2.4 } of line) {
          const stroke = seriesStroke(theme, series);
          const end = x + SAMPLE * theme.scale;
          if (marker !== undefined) {
            const paint = { fill: theme.paper, stroke: { color: stroke.color, width: 1.5 * theme.scale } };
            drawMarkers(surface, [[end - 7 * theme.scale, y]], marker, radius * theme.scale, paint);
          } else if (series === "experiment") {
            const paint = {
              fill: theme.paper,
              stroke: { ...stroke, width: 1.1 * theme.scale },
              color: stroke.color,
            };
            const places = [0.15, 0.5, 0.85].map((part): [number, number] => [x + part * (end - x), y]);
            drawMarkers(surface, places, "circle", 2.2 * theme.scale, paint);
          } else {
            surface.path(segment(x, y, end, y), { stroke });
          }
          const paint = { color: stroke.color, size, baseline: "middle" } as const;
          surface.text(toRuns(text), end + SPACE * theme.scale, y, paint);
          x += widthOf(text, theme);
        }
      });
    },
  };
}

function lineHeight(theme: Theme): number {
  return fontSize(theme, "label") * 1.5;
}

function widthOf(text: TextLike, theme: Theme): number {
  return estimateWidth(text, fontSize(theme, "label")) + (SAMPLE + SPACE + BETWEEN) * theme.scale;
}

/** Entries broken into rows that fit; the area's left edge is not known yet, so that a usual margin stands for it. */
function rows(entries: readonly KeyEntry[], theme: Theme, width: number): KeyEntry[][] {
  const room = width - 44 * theme.scale;
  const lines: KeyEntry[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    const needed = widthOf(entry.text, theme);
    if (used + needed - BETWEEN > room) {
      lines.push([]);
      used = 0;
    }
    lines.at(-1)?.push(entry);
    used += needed;
  }
  return lines;
}
