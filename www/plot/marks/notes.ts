import type { Frame, Mark } from "../mark";
import { estimateWidth, toRuns } from "../rich";
import type { Rect } from "../surface";
import { fontSize } from "../theme";
import type { NoteOptions } from "./note";

/** What words keep away from, in data units: curves and points. A single number of `x` without `y` is a line upwards. */
export interface Obstacle {
  readonly x: ArrayLike<number>;
  readonly y?: ArrayLike<number>;
}

type Place = Pick<NoteOptions, "dx" | "dy" | "anchor">;

/** Where else a word may stand about its place, the best ones first. */
const PLACES: readonly Place[] = [
  { dx: 9, anchor: "start" },
  { dx: -9, anchor: "end" },
  ...[13, 24].flatMap((dy): Place[] => [
    { dx: 8, dy: -dy, anchor: "start" },
    { dx: 8, dy, anchor: "start" },
    { dx: -8, dy: -dy, anchor: "end" },
    { dx: -8, dy, anchor: "end" },
    { dy: -dy - 3, anchor: "middle" },
    { dy: dy + 3, anchor: "middle" },
  ]),
];

/** Several words at their places, each where it lies over the least: over no other word, no edge, and few curves. */
export function notes(list: readonly NoteOptions[], obstacles: readonly Obstacle[] = []): Mark {
  return {
    name: "notes",
    draw(surface, frame) {
      const { theme } = frame;
      const size = fontSize(theme, "label");
      const lines = obstacles.map((obstacle) => pathOf(obstacle, frame));
      const taken: Rect[] = [];
      for (const one of list) {
        if (!frame.x.shows(one.x) || !frame.y.shows(one.y)) continue;
        const at = [frame.x.px(one.x), frame.y.px(one.y)] as const;
        const width = estimateWidth(one.text, size);
        const tried = [one, ...PLACES].map((place) => {
          const [x, y] = [at[0] + (place.dx ?? 0) * theme.scale, at[1] + (place.dy ?? 0) * theme.scale];
          const left = place.anchor === "end" ? x - width : place.anchor === "middle" ? x - width / 2 : x;
          const box = { x: left, y: y - 0.6 * size, width, height: 1.2 * size };
          return { x, y, anchor: place.anchor ?? "start", box, cost: costOf(box, frame, taken, lines) };
        });
        const best = tried.reduce((least, other) => (other.cost < least.cost ? other : least));
        taken.push(best.box);
        surface.text(toRuns(one.text), best.x, best.y, {
          color: one.series === undefined ? theme.muted : theme[one.series],
          size,
          anchor: best.anchor,
          baseline: "middle",
          halo: theme.paper,
        });
      }
    },
  };
}

/** Over another word or beyond an edge is worse than over any number of curves. */
function costOf(box: Rect, { area }: Frame, taken: readonly Rect[], lines: readonly Path[]): number {
  const beyond =
    box.x < area.x ||
    box.y < area.y ||
    box.x + box.width > area.x + area.width ||
    box.y + box.height > area.y + area.height;
  const words = taken.filter(
    (other) =>
      box.x < other.x + other.width &&
      other.x < box.x + box.width &&
      box.y < other.y + other.height &&
      other.y < box.y + box.height,
  ).length;
  return 100 * (words + (beyond ? 1 : 0)) + lines.filter((line) => crosses(line, box)).length;
}

type Path = readonly (readonly [number, number])[];

function pathOf({ x, y }: Obstacle, { area, ...frame }: Frame): Path {
  if (y === undefined) {
    const at = frame.x.px(x[0] ?? Number.NaN);
    return [
      [at, area.y],
      [at, area.y + area.height],
    ];
  }
  return Array.from(x, (value, i) => [frame.x.px(value), frame.y.px(y[i] ?? Number.NaN)] as const);
}

/** Whether a path, or a point of it, lies in a box. */
function crosses(path: Path, { x, y, width, height }: Rect): boolean {
  return path.some(([x1, y1], i) => {
    const [x0, y0] = path[i - 1] ?? [x1, y1];
    // The part of the segment that is within the box, first across, then upwards.
    let [from, to] = [0, 1];
    for (const [start, change, low, high] of [
      [x0, x1 - x0, x, x + width],
      [y0, y1 - y0, y, y + height],
    ] as const) {
      if (!Number.isFinite(start + change)) return false;
      if (change === 0) {
        if (start < low || start > high) return false;
        continue;
      }
      const ends = [(low - start) / change, (high - start) / change];
      from = Math.max(from, Math.min(...ends));
      to = Math.min(to, Math.max(...ends));
    }
    return from <= to;
  });
}
