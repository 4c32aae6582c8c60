import type { Frame, Mark } from "../mark";
import type { PathContext, Trace } from "../surface";
import type { Series } from "../theme";

/** A histogram. */
export interface BarsOptions {
  /** Edges of the bins in data units, ascending: one more than there are heights. */
  readonly edges: ArrayLike<number>;
  /** Data units of the other axis. */
  readonly heights: ArrayLike<number>;
  /** Half length of an error bar at each bin's middle, data units: one standard error. Not drawn where bins are too narrow to tell them apart. */
  readonly errors?: ArrayLike<number>;
  /** Experiment where absent. */
  readonly series?: Series;
  /** CSS colour, instead of the series'. */
  readonly color?: string;
  /** Bars grow rightwards from the left edge rather than up: for a margin beside a plot. */
  readonly sideways?: boolean;
}

/** A histogram as one stepped outline over a faint filling, standing on zero (or the edge, on a log scale). */
export function bars(options: BarsOptions): Mark {
  const series = options.series ?? "experiment";
  return {
    name: `bars ${series}`,
    draw(surface, frame) {
      const { theme } = frame;
      const color = options.color ?? theme[series];
      const runs = runsOf(options, frame);
      const swap = options.sideways === true;
      const to = (path: PathContext, along: number, up: number, move = false) => {
        if (move) path.moveTo(swap ? up : along, swap ? along : up);
        else path.lineTo(swap ? up : along, swap ? along : up);
      };
      const trace = (closed: boolean) => (path: PathContext) => {
        for (const { base, bins } of runs) {
          bins.forEach(([from, until, top], i) => {
            if (i === 0) to(path, from, base, true);
            to(path, from, top);
            to(path, until, top);
            if (i === bins.length - 1) to(path, until, base);
          });
          if (closed) path.closePath();
        }
      };
      surface.clip(frame.area, () => {
        surface.path(trace(true), { fill: color, fillOpacity: 0.1 });
        surface.path(trace(false), { stroke: { color, width: theme.scale } });
        const whiskers: Trace = (path) => {
          for (const [middle, from, until] of whiskersOf(options, frame)) {
            to(path, middle, from, true);
            to(path, middle, until);
          }
        };
        surface.path(whiskers, { stroke: { color, width: theme.scale } });
      });
    },
  };
}

/** Bins narrower than this, in CSS pixels at scale 1, have no error bars. */
const NARROW = 6;

/** The error bars, in CSS pixels. */
function whiskersOf(options: BarsOptions, frame: Frame): [middle: number, from: number, until: number][] {
  const { edges, heights, errors } = options;
  const [along, up] = options.sideways === true ? [frame.y, frame.x] : [frame.x, frame.y];
  const floor = up.kind === "log" ? Math.min(...up.domain) : Number.NEGATIVE_INFINITY;
  const whiskers: [number, number, number][] = [];
  for (let i = 0; i < Math.min(errors?.length ?? 0, heights.length, edges.length - 1); i++) {
    const [height, half] = [heights[i] as number, errors?.[i] as number];
    const [from, until] = [along.px(edges[i] as number), along.px(edges[i + 1] as number)];
    if (!(half > 0) || Math.abs(until - from) < NARROW * frame.theme.scale) continue;
    const ends = [Math.max(height - half, floor), height + half].map((value) => up.px(value));
    if ([from, until, ...ends].every(Number.isFinite))
      whiskers.push([(from + until) / 2, ends[0] as number, ends[1] as number]);
  }
  return whiskers;
}

interface BinRun {
  readonly base: number;
  readonly bins: [from: number, until: number, top: number][];
}

/** Neighbouring bins that have a place, in CSS pixels; a bin without a place ends a run. */
function runsOf(options: BarsOptions, frame: Frame): BinRun[] {
  const { edges, heights } = options;
  const [along, up] = options.sideways === true ? [frame.y, frame.x] : [frame.x, frame.y];
  const zero = up.kind === "log" ? Math.min(...up.domain) : 0;
  const base = up.px(zero);
  const runs: BinRun[] = [];
  let bins: BinRun["bins"] = [];
  for (let i = 0; i < Math.min(heights.length, edges.length - 1); i++) {
    const height = heights[i] as number;
    const top = up.kind === "log" && height <= 0 ? base : up.px(height);
    const [from, until] = [along.px(edges[i] as number), along.px(edges[i + 1] as number)];
    if ([from, until, top].every(Number.isFinite)) {
      if (bins.length === 0) runs.push({ base, bins });
      bins.push([from, until, top]);
    } else {
      bins = [];
    }
  }
  return runs;
}
