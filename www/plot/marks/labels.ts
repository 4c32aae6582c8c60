import type { Frame, Mark, Sketch } from "../mark";
import { estimateWidth, type TextLike, toRuns } from "../rich";
import { place, type ScaleSpec } from "../scale";
import { spread } from "../spread";
import { fontSize, type Series } from "../theme";
import { key } from "./key";

/** A curve's name, to be set where the curve ends. */
export interface EndLabel {
  readonly text: TextLike;
  /** The curve's points in data units, as given to `line`. */
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** The series whose colour the name has; ink where absent. */
  readonly series?: Series;
  /** CSS colour, instead of the series'. */
  readonly color?: string;
}

/** A plot at least this wide, in CSS pixels at scale 1, has its labels in a margin at the right. */
export const WIDE = 520;
const GAP = 7;

/**
 * Names of curves at their ends: in the right margin where the plot is wide enough to have one, else inside beside the
 * end. A curve that leaves through the upper edge has its name to the left of where it leaves. Names keep apart. Where curves end so
 * near to each other that a name would lie on the next curve, all of them are in a key above instead.
 */
export function endLabels(labels: readonly EndLabel[]): Mark {
  const entries = labels.flatMap(({ series, text }) => (series ? [{ series, text }] : []));
  const legend = entries.length === labels.length ? key(entries) : undefined;
  return {
    name: "labels",
    reserve(sketch) {
      const { theme, width, x, y } = sketch;
      if (legend && crowded(labels, { width, theme, x: x.scale, y: y.scale }))
        return legend.reserve?.(sketch) ?? {};
      if (width < WIDE * theme.scale) return {};
      // Which curves end at the right edge does not depend on the area's size: any square tells.
      const square = { area: { x: 0, y: 0, width: 1000, height: 1000 }, x: place(x.scale, [0, 1000]) };
      const trial = { ...square, y: place(y.scale, [1000, 0]) };
      const atEdge = labels.filter((label) => (endOf(label, trial)?.x ?? 0) > 990);
      const widths = atEdge.map((label) => estimateWidth(label.text, fontSize(theme, "label")));
      return widths.length === 0 ? {} : { right: Math.max(...widths) + (GAP + 4) * theme.scale };
    },
    draw(surface, frame) {
      if (legend && crowded(labels, frame)) return legend.draw(surface, frame);
      const ends = labels.flatMap((label) => {
        const end = endOf(label, frame);
        return end === undefined ? [] : [{ label, ...end }];
      });
      const names = atTheSide(
        ends.filter((end) => !end.leavesAbove),
        frame,
      );
      const above = ends.filter((end) => end.leavesAbove).sort((a, b) => b.x - a.x);
      for (const end of above) names.push(atTheTop(end, names, frame));
      const { theme } = frame;
      for (const { end, x, y, anchor } of names) {
        const { text, color, series } = end.label;
        surface.text(toRuns(text), x, y, {
          color: color ?? (series === undefined ? theme.ink : theme[series]),
          size: fontSize(theme, "label"),
          anchor,
          baseline: "middle",
          halo: theme.paper,
        });
      }
    },
  };
}

/** Whether names at the ends would lie on neighbouring curves. The height is not known before a plot is laid out: a usual one stands for it. */
function crowded(
  labels: readonly EndLabel[],
  { width, theme, x, y }: Pick<Sketch, "width" | "theme"> & Readonly<Record<"x" | "y", ScaleSpec>>,
): boolean {
  const size = fontSize(theme, "label");
  const area = { x: 0, y: 0, width: width - 70 * theme.scale, height: 0.5 * width };
  const trial = { area, x: place(x, [0, area.width]), y: place(y, [area.height, 0]) };
  const ends = labels.flatMap((label) => {
    const end = endOf(label, trial);
    return end === undefined
      ? []
      : [{ ...end, needed: estimateWidth(label.text, size) + 2 * GAP * theme.scale }];
  });
  const near = (list: readonly (typeof ends)[number][], apart: (a: number, b: number) => boolean) =>
    list.some((_, b) => list.some((_, a) => a < b && apart(a, b)));
  const over = ends.filter(({ leavesAbove }) => leavesAbove).sort((a, b) => a.x - b.x);
  const aside = ends.filter(({ leavesAbove }) => !leavesAbove);
  const of = <T>(list: readonly T[], i: number) => list[i] as T;
  return (
    near(over, (a, b) => of(over, b).x - of(over, a).x < of(over, b).needed) ||
    (width < WIDE * theme.scale &&
      near(aside, (a, b) => Math.abs(of(aside, a).y - of(aside, b).y) < 1.5 * size))
  );
}

interface End {
  /** CSS pixels. */
  readonly x: number;
  readonly y: number;
  readonly leavesAbove: boolean;
  /** The curve comes from below, so that there is room above its end. */
  readonly rising: boolean;
}
type LabelledEnd = End & { readonly label: EndLabel };

/** The last place of a curve inside the area. */
function endOf(label: EndLabel, frame: Pick<Frame, "area" | "x" | "y">): End | undefined {
  const top = frame.area.y;
  const bottom = top + frame.area.height;
  const right = frame.area.x + frame.area.width;
  let next: readonly [number, number] | undefined;
  for (let i = Math.min(label.x.length, label.y.length) - 1; i >= 0; i--) {
    const here = [frame.x.px(label.x[i] as number), frame.y.px(label.y[i] as number)] as const;
    if (!here.every(Number.isFinite) || here[0] > right) {
      next = here[0] > right ? here : undefined;
      continue;
    }
    const inside = here[0] >= frame.area.x && here[1] >= top && here[1] <= bottom;
    if (!inside) {
      next = here;
      continue;
    }
    const before = frame.y.px(label.y[Math.max(0, i - 1)] as number);
    const rising = !(before < here[1]);
    if (next === undefined) return { x: here[0], y: here[1], leavesAbove: false, rising };
    // Where the segment to the next point crosses the edge that it leaves through.
    const [dx, dy] = [next[0] - here[0], next[1] - here[1]];
    const toSide = dx > 0 ? (right - here[0]) / dx : 1;
    const toTop = dy < 0 ? (top - here[1]) / dy : 1;
    const toBottom = dy > 0 ? (bottom - here[1]) / dy : 1;
    const part = Math.max(0, Math.min(1, toSide, toTop, toBottom));
    return {
      x: here[0] + part * dx,
      y: here[1] + part * dy,
      leavesAbove: toTop < 1 && toTop < toSide,
      rising: dy <= 0,
    };
  }
  return undefined;
}

/** A name in its place: (x, y) in CSS pixels is the middle of its `anchor` end. */
interface Name {
  readonly end: LabelledEnd;
  readonly x: number;
  readonly y: number;
  readonly anchor: "start" | "end";
}

function atTheSide(ends: readonly LabelledEnd[], { area, theme, width }: Frame): Name[] {
  const size = fontSize(theme, "label");
  const right = area.x + area.width;
  // A name must not lie across the area's edge: a curve that ends before it has its name inside.
  const fits = (end: LabelledEnd) =>
    end.x + GAP * theme.scale + estimateWidth(end.label.text, size) <= (end.x > right - 2 ? width : right);
  const levels = (wishes: readonly number[]) =>
    spread(wishes, 1.25 * size, area.y + size / 2, area.y + area.height - size / 2);
  const beside = ends.filter(fits);
  const within = ends.filter((end) => !fits(end));
  const besideY = levels(beside.map((end) => end.y));
  const withinY = levels(within.map((end) => end.y + (end.rising ? -0.95 : 0.95) * size));
  return [
    ...beside.map((end, i): Name => {
      return { end, x: end.x + GAP * theme.scale, y: besideY[i] as number, anchor: "start" };
    }),
    ...within.map((end, i): Name => {
      return { end, x: Math.min(end.x, right) - 2 * theme.scale, y: withinY[i] as number, anchor: "end" };
    }),
  ];
}

/** The name of a curve that leaves above: left of it if there is room, at the first level where no other name is. */
function atTheTop(end: LabelledEnd, names: readonly Name[], frame: Frame): Name {
  const { area, theme } = frame;
  const size = fontSize(theme, "label");
  const step = 1.3 * size;
  const at = (level: number): Name => {
    const left = crossing(end, frame, level) - GAP * theme.scale;
    const fits = left - estimateWidth(end.label.text, size) > area.x;
    return { end, x: fits ? left : end.x + GAP * theme.scale, y: level, anchor: fits ? "end" : "start" };
  };
  const reach = ({ end: { label }, x, anchor }: Name) => {
    const width = estimateWidth(label.text, size);
    return anchor === "end" ? ([x - width, x] as const) : ([x, x + width] as const);
  };
  for (let level = area.y + 0.7 * size; level < area.y + area.height; level += step) {
    const name = at(level);
    const [from, to] = reach(name);
    const free = names.every((other) => {
      const [otherFrom, otherTo] = reach(other);
      return (
        Math.abs(other.y - level) >= 1.1 * size || otherTo + size / 2 < from || to + size / 2 < otherFrom
      );
    });
    if (free) return name;
  }
  return at(area.y + 0.7 * size);
}

/** Where a curve that leaves above last passes a height, in CSS pixels. */
function crossing(end: LabelledEnd, frame: Frame, level: number): number {
  const { x, y } = end.label;
  let above: readonly [number, number] = [end.x, end.y];
  for (let i = Math.min(x.length, y.length) - 1; i >= 0; i--) {
    const here = [frame.x.px(x[i] as number), frame.y.px(y[i] as number)] as const;
    if (!here.every(Number.isFinite) || here[0] > end.x) continue;
    if (here[1] >= level) {
      const part = here[1] === above[1] ? 0 : (here[1] - level) / (here[1] - above[1]);
      return here[0] + part * (above[0] - here[0]);
    }
    above = here;
  }
  return end.x;
}
