import type { Mark } from "../mark";
import { type TextLike, toRuns } from "../rich";
import { fontSize, type Series } from "../theme";

/** A word at a place. */
export interface NoteOptions {
  readonly text: TextLike;
  /** Data units. */
  readonly x: number;
  readonly y: number;
  /** Shift in CSS pixels at scale 1, right and down. */
  readonly dx?: number;
  readonly dy?: number;
  readonly anchor?: "start" | "middle" | "end";
  /** The series whose colour the text has; muted where absent. */
  readonly series?: Series;
}

/** One line of text inside the plot. Not drawn if its place is outside of both domains. */
export function note(options: NoteOptions): Mark {
  return {
    name: "note",
    draw(surface, frame) {
      const { theme } = frame;
      if (!frame.x.shows(options.x) || !frame.y.shows(options.y)) return;
      const x = frame.x.px(options.x) + (options.dx ?? 0) * theme.scale;
      const y = frame.y.px(options.y) + (options.dy ?? 0) * theme.scale;
      surface.text(toRuns(options.text), x, y, {
        color: options.series === undefined ? theme.muted : theme[options.series],
        size: fontSize(theme, "label"),
        anchor: options.anchor ?? "start",
        baseline: "middle",
        halo: theme.paper,
      });
    },
  };
}
